/** Where findings and advise once said different things, or spoke to a product in another's words. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { advise } from '../../../src/questions/advise/advise.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';
import { adviceOn, subjectOf } from '../../questions/advise/advising.ts';

/** All that findings propose for the first machine of a text. */
async function fixes(text: string, file = 'm.yaml', stack = {}): Promise<readonly string[]> {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file, stack });
  return analyze(machineOf(source)).findings.flatMap(({ fix }) => fix);
}

/** What advise says to one product, in all of its answers. */
async function advised(text: string, language: string): Promise<readonly string[]> {
  const { answers } = await adviceOn(text, { max: 10 });
  return answers.flatMap(({ changes }) =>
    changes.flatMap(({ wording }) => (wording as Record<string, readonly string[]>)[language] ?? []),
  );
}

describe('the version of libvirt that takes the AMD IOMMU', () => {
  const guest = (sockets: number) =>
    `kernel: "5.4"\nplatform: kvm\nx2apic: auto\ntopology: { sockets: ${sockets}, cores: 5 }\nremapping: { enabled: on, eim: off, vendor: amd }\n`;

  test.each([
    [40, '11.5'],
    [60, '12.2'],
  ])('%i sockets of 5 cores: %s', async (sockets, version) => {
    const amd = (line: string) => line.includes("model='amd'");
    const proposed = (await fixes(guest(sockets))).filter(amd);
    expect(proposed.length).toBeGreaterThan(0);
    for (const line of proposed) expect(line).toContain(`libvirt ${version} or newer`);
    for (const line of (await advised(guest(sockets), 'libvirt')).filter(amd))
      expect(line).toContain(`libvirt ${version} or newer`);
  });
});

describe('240 vCPUs of 5 cores', () => {
  const guest = (kernel: string) =>
    `kernel: "${kernel}"\nplatform: kvm\ntopology: { sockets: 48, cores: 5 }\n`;

  test('the interrupt chip alone is enough for libvirt', async () => {
    const alone = "<features><ioapic driver='qemu'/></features>";
    expect(await fixes(guest('6.12'))).toContain(`libvirt: ${alone}`);
    expect(await advised(guest('6.12'), 'libvirt')).toContain(alone);
  });

  test('a kernel that ignores the extended destination ID is not told to use it', async () => {
    for (const line of await fixes(guest('5.4'))) {
      if (/irqchip=split|ioapic driver/.test(line)) expect(line).toMatch(/iommu/);
    }
    const { answers } = await adviceOn(guest('5.4'), { max: 10 });
    for (const { changes } of answers) {
      const remedies = changes.map(({ remedy }) => remedy);
      if (remedies.includes('extended-destination-id')) expect(remedies).toContain('kernel-release');
    }
  });
});

describe('more than 255 vCPUs', () => {
  const xml = "<domain type='kvm'><vcpu>288</vcpu><os><type machine='pc-q35-9.0'>hvm</type></os></domain>";

  test('libvirt takes the interrupt chip instead of an IOMMU from 12.8 on', async () => {
    const text = 'kernel: "6.12"\nplatform: kvm\ntopology: { sockets: 288 }\n';
    const lines = (await fixes(text)).filter(
      (line) => line.startsWith('libvirt:') && line.includes('ioapic'),
    );
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/<iommu|libvirt 12\.8 or newer/);
  });

  test('an older libvirt is not proposed it', async () => {
    for (const line of await fixes(xml, 'm.xml', { libvirt: '10.0' })) {
      if (line.includes('ioapic')) expect(line).toContain('iommu');
    }
  });
});

describe('each product in its own words', () => {
  const others = /QEMU:|-machine|-smp|-device|num-queues|libvirt:|<\w+/;

  test.each([
    ['Proxmox VE', 'vm.conf', 'cores: 5\nsockets: 48\ncpu: host\nmachine: q35\n'],
    [
      'KubeVirt',
      'vm.yaml',
      'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: a }\nspec:\n  domain:\n    cpu: { sockets: 48, cores: 5, maxSockets: 48 }\n    devices: {}\n',
    ],
    ['Cloud Hypervisor', 'ch.sh', 'cloud-hypervisor --kernel k --cpus boot=2,max=4 --disk path=/srv/d.img\n'],
  ])('%s', async (product, file, text) => {
    const found = await fixes(text, file);
    const foreign = found.filter((line) => others.test(line) && !line.startsWith(`${product}:`));
    expect(foreign).toEqual([]);
  });
});

test('CPUs lost to limits on their number have a remedy', async () => {
  const guest = (more: string) => `kernel: "6.12"\nplatform: kvm\ntopology: { sockets: 8 }\n${more}`;
  expect(await fixes(guest('cmdline: nr_cpus=4\n'))).toContain('kernel parameters: remove nr_cpus=4');
  expect(await fixes(guest('cmdline: possible_cpus=4\n'))).toContain(
    'kernel parameters: remove possible_cpus=4',
  );
  expect(await fixes(guest('kernelConfig: { nrCpus: 4 }\n'))).toContain(
    'kernel configuration: CONFIG_NR_CPUS=8',
  );
  const advice = await advise(await subjectOf(guest('cmdline: nr_cpus=4\n')), { max: 1 });
  expect([advice.status, advice.level]).toEqual(['advised', 'warning']);
});

test('a crash kernel keeps its nr_cpus=1', async () => {
  const text = 'kernel: "6.12"\ncmdline: "irqpoll nr_cpus=1 reset_devices"\ntopology: { cores: 8 }\n';
  expect((await fixes(text)).join()).not.toContain('remove nr_cpus');
});

test('a virtual IOMMU is never proposed to go', async () => {
  const text =
    'kernel: "6.12"\nplatform: kvm\ntopology: { sockets: 288 }\nextDestId: on\nremapping: on\nx2apic: auto\n';
  expect((await fixes(text)).join()).not.toMatch(/remov/);
});
