/** Devices with a line: one pin of the IO-APIC, whose entries reach what the domain does. */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const MACHINE = `
kernel: "6.12"
hpet: off
cpus: [{ apicId: "0-3" }, { apicId: "256-257" }]
devices:
  - { name: uart, driver: generic, interrupts: line }
  - { name: nvme, driver: nvme, queues: 2 }
`;
const played = (text: string, ...events: string[]) =>
  analyzeText(
    text,
    events.map((event) => `--event ${event}`),
  );

test('it has one interrupt, on the domain of the IO-APIC', async () => {
  const { run, domains } = await played(`${MACHINE}remapping: on\n`);
  const [uart, nvme] = run.devices;
  expect(uart).toMatchObject({ domain: 'ioapic', vectorsAsked: 1, vectorsGranted: 1, fallback: null });
  expect(uart.queues).toMatchObject([{ state: 'started', health: 'healthy', managed: false }]);
  expect(nvme.domain).toBe('pci-msi');
  expect(domains.map(({ name }) => name)).toContain('ioapic');
});

describe('a new affinity', () => {
  test('waits for the next interrupt without remapping, and says so', async () => {
    const waits = await played(`${MACHINE}platform: kvm\nextDestId: on\n`, 'set-affinity=uart:0=4');
    expect(waits.run.events[0].changes).toEqual(['uart queue 0 goes to 4 with its next interrupt']);
    expect(waits.run.devices[0].queues[0]).toMatchObject({ pending: true, health: 'healthy' });
    const text = `${MACHINE}platform: kvm\nextDestId: on\n`;
    const { run } = await played(text, 'set-affinity=uart:0=4', 'fire=uart:0');
    expect(run.events[1].changes[0]).toMatch(/^uart queue 0 moved from CPU \d to CPU 4$/);
  });

  test('holds at once with remapping', async () => {
    const { run } = await played(`${MACHINE}remapping: on\n`, 'set-affinity=uart:0=4');
    expect(run.devices[0].queues[0]).toMatchObject({ effective: 4 });
    expect(run.devices[0].queues[0].pending).toBeUndefined();
  });

  test("is refused by Hyper-V's stub beyond its CPUs, which a finding says", async () => {
    const { run, findings } = await played(
      `${MACHINE}platform: hyperv\nlegacyIrqs: off\n`,
      'set-affinity=uart:0=4',
    );
    expect(run.events[0]).toMatchObject({ result: 'refused', errno: 22 });
    expect(findings.find(({ rule }) => rule === 'hyperv-ioapic-limit')?.devices).toEqual(['uart']);
  });
});

test('what the IO-APIC cannot name is lost', async () => {
  const text = `${MACHINE}remapping: on\ndomains: { ioapic: { maxApicId: 255 } }\n`;
  const { run, findings } = await played(text, 'set-affinity=uart:0=5');
  expect(run.devices[0]).toMatchObject({ health: 'dead', queues: [{ lost: 'cpu-unreachable' }] });
  expect(run.devices[1].health).toBe('healthy');
  expect(findings.find(({ rule }) => rule === 'domain-misses-cpus')?.devices).toEqual(['uart']);
});

test.each([
  ['interrupts: line, vectors: 2', 'a device with interrupts: line has 1 interrupt at most, not 2'],
  ['interrupts: line, queues: 2', 'a device with interrupts: line has 1 interrupt at most, not 2'],
  ['interrupts: line, managed: true', 'managed is only for devices that send messages'],
  ['interrupts: line, remapped: off', 'remapped is only for devices that send messages'],
  ['interrupts: msi, vectors: 33', 'a device with interrupts: msi has 32 interrupts at most, not 33'],
])('%s is refused', async (fields, message) => {
  const text = `kernel: "6.12"\ntopology: { cores: 2 }\ndevices: [{ name: d, driver: generic, ${fields} }]\n`;
  await expect(analyzeText(text)).rejects.toThrow(message);
});

test('other drivers know what they use', async () => {
  const text =
    'kernel: "6.12"\ntopology: { cores: 2 }\ndevices: [{ name: d, driver: nvme, interrupts: line }]\n';
  await expect(analyzeText(text)).rejects.toThrow('interrupts is only for driver generic');
});
