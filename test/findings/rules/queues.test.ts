/** The rules about queues, vectors and events: what they say, and when they keep quiet. */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/findings/rules/rule.ts';
import { analyzeFile, analyzeText } from '../../helpers.ts';

const KVM = 'kernel: "6.12"\nplatform: kvm\nhpet: off\n';

async function findings(text: string, rule: string): Promise<readonly Finding[]> {
  return (await analyzeText(KVM + text)).findings.filter((finding) => finding.rule === rule);
}

describe('vector-reservation-failed', () => {
  test('names the CPU that had no vector left, and the fallback', async () => {
    const { findings: all, run } = await analyzeFile('scenarios/rules/vector-reservation-failed.bad.yaml');
    const found = all.find(({ rule }) => rule === 'vector-reservation-failed');
    expect(found?.message).toBe(
      'CPU 0 has no vector left (-ENOSPC): 2 devices got fewer than asked (disk0, disk1); disk0 has 2 of 5: 2 vectors, one of them shared by all queues',
    );
    expect(found?.cpus?.toString()).toBe('0');
    expect(run.devices.slice(-2).map(({ fullCpu }) => fullCpu)).toEqual([0, 0]);
    expect(run.vectors.perCpu[0].available).toBe(0);
  });

  test('tells a CPU that ran out of vectors without ever being online', async () => {
    const [found] = await findings(
      'extDestId: off\nlegacyIrqs: off\ncpus:\n  - { apicId: "0-2", node: 0 }\n  - { apicId: 0x100, node: 1 }\n' +
        'devices:\n  - { name: hba, driver: generic, managed: true, vectors: 4, count: 203 }\n',
      'vector-reservation-failed',
    );
    expect(found.message).toMatch(/^CPU 3 has no vector left/);
    expect(found.cause[1]).toContain('CPU 3, which is not even online, has none left');
  });

  test('an ordinary vector that no online CPU has to spare', async () => {
    const [found] = await findings(
      'topology: { cores: 2 }\ndevices:\n  - { name: nvme, driver: nvme, count: 210, queues: 2 }\n',
      'vector-reservation-failed',
    );
    expect(found.message).toMatch(/^no online CPU has a vector left \(-ENOSPC\)/);
    expect(found.cpus?.toString()).toBe('0-1');
  });
});

describe('queue-waits-for-cpus', () => {
  test('tells offline CPUs from hot-plug slots, in one note', async () => {
    const found = await findings(
      'topology: { sockets: 8, present: 4 }\ndevices:\n  - { name: disk, driver: virtio-blk, queues: 8, count: 2 }\n' +
        'events:\n  - { offline: 3 }\n',
      'queue-waits-for-cpus',
    );
    expect(found).toHaveLength(1);
    expect(found[0].message).toBe(
      '10 queues of 16 on disk0, disk1 wait: 2 for the offline CPU 3, 8 for CPUs 4-7, not plugged',
    );
    expect(found[0].cause[1]).toContain('effective_affinity shows CPU 0');
    expect(found[0].fix[0]).toBe('echo 1 > /sys/devices/system/cpu/cpu3/online');
  });

  test('leaves queues that can never start to queue-never-starts', async () => {
    const text =
      'extDestId: off\ncpus:\n  - { apicId: "0-1,0x100-0x101" }\ndevices:\n  - { name: nvme, driver: nvme, queues: 4 }\n';
    expect(await findings(text, 'queue-waits-for-cpus')).toEqual([]);
    expect(await findings(text, 'queue-never-starts')).toHaveLength(1);
  });
});

describe('event-refused', () => {
  const busy =
    'topology: { cores: 2 }\ndevices:\n  - { name: serial, driver: generic, managed: off, vectors: 65, count: 4 }\n';

  test('gives errno and kernel message, at the line of the event', async () => {
    const [found] = await findings(`${busy}events:\n  - { offline: 1 }\n`, 'event-refused');
    expect(found.message).toMatch(
      /^offline CPU 1 is refused with ENOSPC: CPU 1 has \d+ vectors, \d+ available\. Cannot disable CPU$/,
    );
    expect(found.location?.line).toBe(8);
    expect(found.fix.length).toBeGreaterThan(0);
  });

  test('counts events refused alike, and keeps others apart', async () => {
    const found = await findings(
      `${busy}events:\n  - { offline: 1 }\n  - { offline: 1 }\n  - { offline: 0 }\n`,
      'event-refused',
    );
    expect(found).toHaveLength(2);
    expect(found[0].message).toContain('(and 1 other event like it)');
    expect(found[1].message).toMatch(/^offline CPU 0 is refused with EPERM/);
  });

  test('a CPU above the limit, and one that firmware never listed', async () => {
    const above = await findings(
      'extDestId: off\ncpus:\n  - { apicId: "0,0x100" }\nevents:\n  - { online: 1 }\n  - { plug: { apicId: 77 } }\n',
      'event-refused',
    );
    expect(above.map(({ message }) => message)).toEqual([
      'online CPU 1 is refused with EINVAL: smpboot: CPU 1 has invalid APIC ID 100. Aborting bringup',
      expect.stringMatching(/^plug APIC ID 77 is refused with ENODEV: ACPI: Unable to map lapic/),
    ]);
  });

  test('an accepted event is none', async () => {
    expect(await findings('topology: { cores: 2 }\nevents:\n  - { offline: 1 }\n', 'event-refused')).toEqual(
      [],
    );
  });
});

describe('affinity-broken', () => {
  test('names where the interrupts are and where they should be', async () => {
    const [found] = await findings(
      'cmdline: irqaffinity=0\ntopology: { cores: 2 }\ndevices:\n' +
        '  - { name: nic, driver: generic, managed: off, vectors: 64, count: 4 }\n',
      'affinity-broken',
    );
    expect(found.message).toMatch(/^\d+ queues on nic3 interrupt CPU 1 instead of CPU 0: affinity broken/);
    expect(found.cpus?.toString()).toBe('1');
  });

  test('a shared fallback interrupt is not one', async () => {
    expect(
      await findings(
        'topology: { cores: 4 }\ndevices:\n  - { name: disk, driver: virtio-blk, queues: 4, vectors: 3 }\n',
        'affinity-broken',
      ),
    ).toEqual([]);
  });
});

test('queues-share-interrupt: also without message interrupts', async () => {
  const [found] = await findings(
    'cmdline: pci=nomsi\ntopology: { cores: 4 }\ndevices:\n  - { name: disk, driver: virtio-blk, queues: 4 }\n',
    'queues-share-interrupt',
  );
  expect(found.cause[0]).toContain('message interrupts are off');
  expect(found.fix[0]).toContain('pci=nomsi');
});

test('queue-stays-on-isolated-cpu: an unreachable housekeeping CPU cannot be brought online', async () => {
  const text = (nrCpus: string) =>
    `extDestId: off\ncmdline: "isolcpus=managed_irq,1 ${nrCpus}"\ncpus:\n  - { apicId: "0-1,0x100,2" }\n` +
    'devices:\n  - { name: nvme, driver: nvme, queues: 2 }\n';
  const masks = (await analyzeText(KVM + text(''))).run.devices[0].queues.map(
    ({ affinity }) => `${affinity}`,
  );
  expect(masks).toEqual(['0-1', '2-3']);
  expect(await findings(text(''), 'queue-stays-on-isolated-cpu')).toEqual([]);
  const isolated = text('').replace('managed_irq,1', 'managed_irq,3');
  const [found] = await findings(isolated, 'queue-stays-on-isolated-cpu');
  expect(found.message).toContain('isolated CPU (CPU 3)');
  expect(found.fix.join()).not.toContain('echo 1');
  expect(found.fix[0]).toMatch(/^kernel parameters: remove isolcpus=managed_irq,3, keep isolcpus=3/);
});

test('device-node-without-cpus: an offline node counts too', async () => {
  const text =
    'topology: { sockets: 2, cores: 2, nodes: 2 }\ndevices:\n  - { name: nic, driver: virtio-net, queues: 2, node: 1 }\n';
  expect(await findings(text, 'device-node-without-cpus')).toEqual([]);
  const [found] = await findings(`${text}events:\n  - { offline: "2-3" }\n`, 'device-node-without-cpus');
  expect(found.message).toBe('1 device (nic) interrupts remote CPUs only: no CPU of node 1 (2-3) is usable');
  expect(found.fix[0]).toBe('bring a CPU of node 1 online');
});

test('device-node-without-cpus: interrupts on CPUs of the node that the domain cannot reach are lost, not remote', async () => {
  const text =
    'remapping: on\ndomains: { pci-msi: { reach: { unreachable: "2-3" } } }\ntopology: { sockets: 2, cores: 2, nodes: 2 }\n' +
    'devices:\n  - { name: nic, driver: generic, vectors: 2, node: 1 }\n';
  expect(await findings(text, 'device-node-without-cpus')).toEqual([]);
  const [lost] = await findings(text, 'domain-misses-cpus');
  expect(lost.cause.at(-1)).toBe('2 interrupts are on such a CPU now, and are lost');
});

test.each([
  [
    'domains: { pci-msi: { maxApicId: 0 } }\ndevices: [{ name: nic, driver: generic, managed: off, vectors: 1 }]\n',
    'the queue interrupts of nic are on CPUs that cannot be reached, and are lost',
  ],
  [
    'domains: { pci-msi: { reach: { unreachable: 0-3 } } }\ndevices: [{ name: hba, driver: mpt3sas, queues: 2 }]\n',
    'every CPU in the masks of hba is unreachable',
  ],
])('why no queue of a device works: %j', async (text, cause) => {
  const { findings } = await analyzeText(`platform: kvm\ntopology: { cores: 4 }\n${text}`);
  expect(findings.find(({ rule }) => rule === 'device-without-queue')?.cause).toEqual([cause]);
});
