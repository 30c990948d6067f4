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
  const advice = await adviceOn(scenarioText('imported/kubevirt-64-vcpus.yaml'), {
    stack: { kubevirt: '1.4' },
  });
  expect(titles(advice)).toEqual([
    ['lower the CPU maximum to 255: 1 hot-plug slot fewer'],
    ['run KubeVirt 1.8 or newer: its libvirt 11.9 adds the virtual IOMMU above 255 possible vCPUs by itself'],
  ]);
  expect(advice.answers[0].file?.text).toContain('maxSockets: 255');
  expect(advice.answers[1].stack).toEqual(['kubevirt=1.8']);
  expect(advice.answers[1].file).toBeNull();
});

test('bare metal above 255: firmware, and nothing that gives CPUs up that work', async () => {
  const advice = await adviceOn(scenarioText('bare-metal-without-remapping.yaml'));
  const [[first], ...others] = titles(advice);
  expect(first).toBe('remap interrupts by an IOMMU with 32-bit destinations (EIM)');
  expect(others).toEqual([['boot with the 144 CPUs that interrupts can reach']]);
  expect(advice.answers[1].changes[0].givesUp).toBe('144 plugged CPUs (none of which works now)');
  expect(advice.answers[1].difference.usable.lost).toBe(0);
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

test('words of every product for a plain description', async () => {
  const { answers } = await adviceOn(scenarioText('240-vcpus-of-5-cores.yaml'));
  expect(Object.keys(answers[0].changes[0].wording)).toEqual(expect.arrayContaining(['QEMU', 'libvirt']));
});

describe('what a platform cannot do is not offered', () => {
  const guest = (platform: string) => `kernel: "6.12"\nplatform: ${platform}\ntopology: { sockets: 300 }\n`;
  const familiesOf = async (platform: string) => {
    const { answers } = await adviceOn(guest(platform), { max: 20 });
    return [...new Set(answers.flatMap(({ changes }) => changes.map(({ remedy }) => remedy)))];
  };

  test('libvirt before 12.8 starts no more than 255 vCPUs without an IOMMU, whatever the interrupt chip', async () => {
    const { answers } = await adviceOn(guest('kvm'));
    expect(answers[0].changes[0].wording.libvirt).toEqual([
      "<features><ioapic driver='qemu'/></features>  (libvirt 12.8 or newer)",
    ]);
    expect(answers[1].changes[0].wording.libvirt).toHaveLength(2);
  });

  test('TCG has no split interrupt chip', async () => {
    const { answers } = await adviceOn(guest('tcg'));
    expect(answers[0].changes[0].wording).toMatchObject({
      QEMU: ['-machine q35 -device intel-iommu,intremap=on,eim=on'],
      libvirt: [expect.stringMatching(/^<devices><iommu/)],
    });
  });

  test.each(['acrn', 'jailhouse', 'xen-hvm', 'hyperv', 'bhyve'])(
    '%s has no IOMMU that remaps for its guests',
    async (platform) => {
      expect(await familiesOf(platform)).not.toContain('interrupt-remapping');
    },
  );

  test.each(['bare-metal', 'vmware', 'xen-hvm', 'acrn'])('%s has no extended ID', async (platform) => {
    expect(await familiesOf(platform)).not.toContain('extended-destination-id');
  });

  test.each(['xen-pvh', 'hyperv', 'bhyve'])('%s has no HPET to switch', async (platform) => {
    const text = `platform: ${platform}\ntopology: { cores: 4 }\nhpet: off\nlegacyIrqs: off\ntimers: { tscDeadline: off, knownFrequency: off }\n`;
    const { answers } = await adviceOn(text, { level: 'note', max: 20 });
    expect(answers.flatMap(({ sets }) => sets)).not.toContain('hpet=true');
  });
});

test('KVM that hides is QEMU all the same: its IOMMU is no firmware setup', async () => {
  const { answers } = await adviceOn('kvm -M q35 -cpu host,kvm=off -smp 288\n', { file: 'guest.sh' });
  expect(answers[0].changes[0].wording.QEMU).toEqual([
    '-machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on',
  ]);
  expect(answers[1].file?.text).toBe('kvm -M q35,kernel-irqchip=split -cpu host,kvm=on -smp 288\n');
});

test('a command line keeps its machine type', async () => {
  const text = 'kvm -M pc -smp 240,sockets=48,cores=5\n';
  const { answers } = await adviceOn(text, { file: 'guest.sh' });
  expect(answers[0].changes[0].wording.QEMU).toEqual(['-machine kernel-irqchip=split']);
  expect(answers[0].file?.text).toBe('kvm -M pc,kernel-irqchip=split -smp 240,sockets=48,cores=5\n');
});

test('a domain without ACPI: <acpi/>', async () => {
  const text = `<domain type='kvm'>
  <name>db</name>
  <vcpu>4</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
</domain>
`;
  const { status, answers } = await adviceOn(text, { level: 'warning', file: 'db.xml' });
  expect(status).toBe('advised');
  expect(answers[0].cost).toBe(2);
  expect(answers[0].file?.text).toContain('  <features>\n    <acpi/>\n  </features>\n');
});

describe('notes', () => {
  test("KubeVirt's room for more sockets goes with maxSockets", async () => {
    const text = scenarioText('rules/kubevirt-times-four.bad.yaml');
    const { answers } = await adviceOn(text, { level: 'note' });
    expect(answers[0].file?.text).toContain('maxSockets: 4');
  });

  test('queues that wait for slots go with the slots', async () => {
    const text =
      'platform: kvm\nhpet: off\ntopology: { sockets: 8, present: 4 }\ndevices: [{ name: d, driver: nvme, queues: 8 }]\n';
    const { answers } = await adviceOn(text, { level: 'note' });
    expect(answers.map(({ sets }) => sets)).toEqual([['topology.sockets=4']]);
  });

  test('a crash kernel of one CPU', async () => {
    const text = scenarioText('rules/crash-kernel-loses-boot-cpu.bad.yaml');
    const { answers } = await adviceOn(text, { level: 'note' });
    expect(answers[0].sets).toEqual(['kdump="irqpoll nr_cpus=1"']);
  });
});

test('a parameter of which a part stays is changed, not removed', async () => {
  const text = scenarioText('rules/queue-stays-on-isolated-cpu.bad.yaml');
  const advice = await adviceOn(text, { level: 'warning' });
  expect(titles(advice)[0]).toEqual([
    'change isolcpus=managed_irq,domain,3,7 to isolcpus=domain,3,7 in the kernel parameters',
  ]);
});
