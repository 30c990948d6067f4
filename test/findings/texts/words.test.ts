/** Sentences agree with what they name, be it one thing or several. */
import { expect, test } from 'vitest';
import { whyQueue } from '../../../src/questions/why/queue.ts';
import { analyzeText } from '../../helpers.ts';

async function finding(text: string, rule: string) {
  const { findings } = await analyzeText(text);
  const found = findings.find((one) => one.rule === rule);
  if (!found) throw new Error(`${rule} is not raised`);
  return found;
}

test.each([
  ['300', '1 plugged CPU (APIC ID 300); never registered (APIC ID 300)'],
  ['300-301', '2 plugged CPUs (APIC IDs 300-301); never registered (APIC IDs 300-301)'],
])('nox2apic and APIC IDs %s', async (ids, said) => {
  const text = `kernel: "7.2"\ncmdline: nox2apic\ncpus: [{ apicId: "0-1" }, { apicId: "${ids}" }]\n`;
  const found = await finding(text, 'nox2apic-with-high-ids');
  expect(found.message).toBe(`nox2apic makes the kernel skip ${said}`);
  // They have no CPU numbers.
  expect(found).not.toHaveProperty('cpus');
});

test.each([
  ['256', 'CPU 2 (APIC ID 256)'],
  ['256-257', 'one of 2 CPUs (2-3, APIC IDs 256-257)'],
])('a crash kernel that panics with APIC IDs %s', async (ids, said) => {
  const text =
    `kernel: "6.1"\nremapping: on\nkdump: intremap=off\n` +
    `cpus: [{ apicId: "0-1" }, { apicId: "${ids}" }]\n`;
  const { message } = await finding(text, 'crash-kernel-panics');
  expect(message).toContain(`the crash happens on ${said}: `);
});

test.each([
  ['256', '1 CPU with an APIC ID of 255 or above (256) is '],
  ['256-257', '2 CPUs with APIC IDs of 255 or above (256-257) are '],
])('firmware in xAPIC mode with APIC IDs %s', async (ids, said) => {
  const text = `platform: kvm\nextDestId: true\nx2apic: supported\ncpus: [{ apicId: "0-1" }, { apicId: "${ids}" }]\n`;
  const { message } = await finding(text, 'firmware-in-xapic-mode');
  expect(message).toContain(said);
});

test.each(['the bus of a disk', 'the APIC IDs of CPUs 2-3, which do not run'])(
  'not understood: %s',
  async (part) => {
    const parts = (mayHold: string) =>
      `topology: { cores: 2 }\nnotUnderstood: [{ part: "${part}"${mayHold} }]\n`;
    const some = await finding(parts(', mayHold: [CPUs, devices]'), 'input-not-understood');
    expect(some.message).toBe(
      `not understood: ${part}; this may be about CPUs or devices, which the report then lacks`,
    );
    const none = await finding(parts(''), 'input-not-understood');
    expect(none.message).toBe(
      `not understood: ${part}; this has no bearing on CPUs and interrupts that irqsim knows of`,
    );
  },
);

test('a queue that ran on a CPU out of reach can get no interrupt; one that never ran can never start', async () => {
  const text = (end: string) =>
    'kernel: "6.12"\ncmdline: noapic\nremapping: { enabled: on, eim: off, vendor: amd }\n' +
    `cpus: [{ apicId: "0-1" }, { apicId: 300${end}\ndevices: [{ name: nvme, driver: nvme, queues: 3 }]\n`;
  const ran = await finding(`${text('}]')}events: [{ offline: 2 }]\n`, 'queue-never-starts');
  expect(ran.message).toBe('1 queue of 3 on nvme can get no interrupt: its CPU 2 is unreachable');
  const never = await finding(text(', state: offline }]'), 'queue-never-starts');
  expect(never.message).toBe('1 queue of 3 on nvme can never start: its CPU 2 is unreachable');
});

test.each([
  [1, 'one of 1 group;'],
  [2, 'one of 2 groups;'],
])('why a queue of %i', async (queues, groups) => {
  const analysis = await analyzeText(
    `topology: { cores: ${queues} }\ndevices: [{ name: nvme, driver: nvme, queues: ${queues} }]\n`,
  );
  const [device] = analysis.run.devices;
  const { steps } = whyQueue(analysis, device, device.queues[0]);
  const said = (topic: string) => steps.find((step) => step.topic === topic)?.text;
  expect(said('mask')).toContain(groups);
  expect(said('granted')).toBe(`${queues + 1} vectors`);
  expect(said('asks')).toContain(`${queues} possible, ${queues} online CPU${queues === 1 ? '' : 's'})`);
});
