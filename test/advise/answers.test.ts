/** What people really asked (evidence of the issue, A1 to A8, D1): the answers they should have got. */
import { describe, expect, test } from 'vitest';
import { adviceOn, scenarioText, titles } from './advising.ts';

describe('240 vCPUs as 48 sockets of 5 cores', () => {
  const text = 'kernel: "6.12"\nplatform: kvm\ntopology: { sockets: 48, cores: 5 }\nhpet: off\n';

  test('fit below the limit as 60 sockets of 4 cores', async () => {
    const { answers } = await adviceOn(text);
    expect(answers.map(({ cost }) => cost)).toEqual([2, 3, 3]);
    const [, , topology] = answers;
    expect(topology.sets).toEqual(['topology.sockets=60', 'topology.cores=4']);
    expect(topology.changes[0].wording.QEMU).toEqual(['-smp 240,sockets=60,cores=4,threads=1']);
    expect(topology.changes[0].title).toContain('APIC IDs then end at 239');
  });

  test('or as 30 sockets of 8, which is asked for with --max', async () => {
    const { answers } = await adviceOn(text, { max: 5 });
    expect(answers.map(({ sets }) => sets.join(' '))).toContain('topology.sockets=30 topology.cores=8');
  });
});

test('288 vCPUs on QEMU: the split interrupt chip, in the command line itself', async () => {
  const advice = await adviceOn(scenarioText('imported/qemu-288-vcpus.sh'), { file: 'guest.sh' });
  expect(titles(advice)[0]).toEqual(['let the hypervisor offer the extended destination ID']);
  expect(advice.answers[0].file?.text).toContain('-machine q35,kernel-irqchip=split');
  expect(advice.answers[0].difference.usable).toEqual({ gained: 144, lost: 0 });
});

test('64 vCPUs on KubeVirt: maxSockets, or a KubeVirt with a newer libvirt', async () => {
  const advice = await adviceOn(scenarioText('imported/kubevirt-64-vcpus.yaml'));
  expect(titles(advice)).toEqual([
    ['lower the CPU maximum to 255: 1 hot-plug slot fewer'],
    ['run KubeVirt 1.6 or newer: its libvirt 11.0 adds the virtual IOMMU above 255 possible vCPUs by itself'],
  ]);
  expect(advice.answers[0].file?.text).toContain('maxSockets: 255');
  expect(advice.answers[1].stack).toEqual(['kubevirt=1.6']);
  expect(advice.answers[1].file).toBeNull();
});

test('bare metal above 255: firmware, and nothing that gives CPUs up', async () => {
  const advice = await adviceOn(scenarioText('seed-bare-metal-without-remapping.yaml'));
  expect(titles(advice)).toEqual([['remap interrupts by an IOMMU with 32-bit destinations (EIM)']]);
  expect(advice.answers[0].changes[0].wording.firmware?.[0]).toMatch(/^enable VT-d/);
});

test('Linux 5.10 with the extended ID on offer: an IOMMU, or the nearest kernel that uses it', async () => {
  const advice = await adviceOn(scenarioText('six-cpus-kvm-extended-5.10.yaml'));
  expect(titles(advice)).toEqual([
    ['remap interrupts by a virtual IOMMU with 32-bit destinations (EIM)'],
    ['run Linux 5.11 or newer'],
  ]);
});

test('both the offer and the kernel are needed: neither is an answer alone', async () => {
  const advice = await adviceOn('kernel: "5.4.90"\nplatform: kvm\ntopology: { sockets: 300 }\n');
  expect(advice.answers.map(({ sets }) => sets)).toEqual([
    ['remapping=on'],
    ['extDestId=true', 'kernel="5.11"'],
  ]);
});

test('vectors that run out: one interrupt a device', async () => {
  const { answers } = await adviceOn(scenarioText('vector-exhaustion.yaml'));
  expect(answers[0].sets).toEqual(['devices.nvme.queues=1', 'devices.nvme.vectors=1']);
  expect(answers[0].changes[0].givesUp).toBe('queues');
});

test('a boot CPU above the limit: the parameter that keeps remapping off goes', async () => {
  const { answers } = await adviceOn(scenarioText('rules/boot-cpu-above-limit.bad.yaml'));
  expect(answers[0].changes[0].intents).toEqual([{ kind: 'parameters', add: [], remove: ['intremap=off'] }]);
});

test('a boot CPU above the limit on Xen: only what gives it up is left, and says so', async () => {
  const { answers } = await adviceOn(scenarioText('rules/timer-check-skipped.ok.yaml'));
  expect(answers[0].cost).toBeGreaterThanOrEqual(20);
  expect(answers[0].changes.map(({ givesUp }) => givesUp)).toEqual(['1 plugged CPU']);
});

test('a locked machine with everything in its way: more parameters than a set has changes', async () => {
  const { answers } = await adviceOn(
    [
      'kernel: "6.12"',
      'cmdline: "quiet noapic intremap=off,nosid amd_iommu=off"',
      'remapping: { enabled: off, vendor: amd }',
      'topology: { sockets: 2, cores: 8 }',
      'x2apic: locked',
      'kernelConfig: { irqRemap: off }',
    ].join('\n'),
  );
  expect(answers[0].changes).toHaveLength(3);
  expect([...answers[0].sets].sort()).toEqual([
    'cmdline="quiet intremap=nosid"',
    'kernelConfig.irqRemap=true',
    'remapping.eim=true',
    'remapping.enabled=true',
    'remapping.vendor=amd',
  ]);
});

test('words of the language that the input is in, and of every product for a plain description', async () => {
  const { answers } = await adviceOn(scenarioText('g3-384-of-512-vcpus.yaml'));
  expect(Object.keys(answers[0].changes[0].wording)).toEqual(expect.arrayContaining(['QEMU', 'libvirt']));
});
