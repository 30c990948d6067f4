/** Machines whose files were kept by support tools: no proc/version, no sys/bus/pci. */
import { describe, expect, test } from 'vitest';
import { describeMachine } from '../../src/formats/linux-capture/machine.ts';
import { enterpriseProfile } from '../../src/machine/enterprise.ts';
import { kernelProfile } from '../../src/machine/kernel.ts';
import { memoryTree } from './memory-tree.ts';

const CPUINFO = `processor\t: 0\nvendor_id\t: GenuineIntel\napicid\t\t: 0\n\nprocessor\t: 1\nvendor_id\t: GenuineIntel\napicid\t\t: 2\n`;
const LSPCI = `00:02.0 Ethernet controller [0200]: Red Hat, Inc. Virtio 1.0 network device [1af4:1041] (rev 01)
	Capabilities: [98] MSI-X: Enable+ Count=9 Masked-
	Kernel driver in use: virtio-pci

3b:00.0 Non-Volatile memory controller [0108]: Some NVMe [144d:a808]
	NUMA node: 0
	Capabilities: [50] MSI: Enable- Count=1/1 Maskable- 64bit+
	Capabilities: [b0] MSI-X: Enable+ Count=33 Masked-
	Kernel driver in use: nvme

3c:00.0 Ethernet controller [0200]: Some NIC [15b3:1017]
	Capabilities: [9c] MSI-X: Enable+ Count=64 Masked-
	Kernel driver in use: mlx5_core

3d:00.0 SATA controller [0106]: quiet [8086:0001]
	Capabilities: [80] MSI: Enable- Count=1/1
	Kernel driver in use: ahci
`;

const described = (files: Readonly<Record<string, string>>) => {
  const { raw, assumptions } = describeMachine(
    memoryTree({ 'proc/cpuinfo': CPUINFO, 'proc/cmdline': 'quiet\n', ...files }),
    'sos',
  );
  return {
    value: raw.value as Record<string, unknown>,
    assumptions: assumptions.map(({ text }) => text).join('\n'),
  };
};

describe('the kernel release', () => {
  test.each([
    ['proc/version', 'Linux version 6.1.90 (a@b) #1\n', '6.1.90'],
    [
      'proc/version',
      'Linux version 6.6.87.2-microsoft-standard-WSL2 (a@b) #1\n',
      '6.6.87.2-microsoft-standard-WSL2',
    ],
    ['uname', 'Linux host 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\n', '5.15.0-91-generic'],
    ['sos_commands/kernel/uname_-a', 'Linux h 6.8.12-4-pve #1 SMP x86_64\n', '6.8.12-4-pve'],
    [
      'sos_commands/logs/journalctl_--no-pager_--catalog_--boot',
      'Nov 29 08:00:01 h kernel: Linux version 6.6.52-generic (x) #1\nNov 29 08:00:02 h systemd[1]: Started.\n',
      '6.6.52-generic',
    ],
    ['sos_commands/kernel/dmesg', '[    0.000000] Linux version 5.10.0-28-amd64 (x) #1\n', '5.10.0-28-amd64'],
  ])('is in %s', (path, text, release) => {
    expect(described({ [path]: text }).value.kernel).toBe(release);
  });

  test('that no file tells is named, and never taken for known', () => {
    const { value } = described({});
    expect(value.kernel).toBeUndefined();
    expect(value.notUnderstood).toMatchObject([{ mayHold: ['the kernel'], remedy: '--kernel RELEASE' }]);
  });

  test.each([
    ['4.18.0-553.8.1.el8_10.x86_64', '5.10.13'],
    ['5.14.0-503.11.1.el9_5.x86_64', '5.14'],
    ['6.12.0-55.9.1.el10_0.x86_64', '6.12'],
    ['4.18.0-305.rt7.72.el8.x86_64', '5.10.13'],
    ['5.14.21-150500.55.59-default', '5.14.21'],
    ['6.4.0-150600.23.25-default', '6.4.0'],
  ])('of an enterprise distribution (%s) is modelled as %s, and says so', (text, release) => {
    expect(enterpriseProfile(text)?.release).toBe(release);
    expect(kernelProfile(text).has('ext-dest-id')).toBe(kernelProfile(release).has('ext-dest-id'));
    expect(described({ 'proc/version': `Linux version ${text} (x) #1\n` }).assumptions).toMatch(
      /(?:Red Hat|SUSE).*backports/,
    );
  });

  test.each([
    ['el8', '5.10.13'],
    ['rhel9', '5.14'],
    ['rhel-9.4', '5.14'],
    ['el10', '6.12'],
  ])('%s is a name for --kernel', (name, release) => {
    const [kernel, taken] = [kernelProfile(name), kernelProfile(release)];
    for (const behaviour of ['ext-dest-id', 'guest-apic-limit'] as const)
      expect(kernel.has(behaviour)).toBe(taken.has(behaviour));
    expect(kernel.text).toBe(name);
  });

  test('of a kernel that is numbered so by nobody else keeps its number', () => {
    expect(kernelProfile('6.6.87.2-microsoft-standard-WSL2')).toMatchObject({
      major: 6,
      minor: 6,
      patch: 87,
    });
    for (const text of ['5.14.0-1-amd64', '5.15.0-205.149.5.1.el9uek.x86_64', '5.15.0-113-generic'])
      expect(enterpriseProfile(text)).toBeUndefined();
  });
});

describe('devices of lspci', () => {
  test('that use message interrupts, with driver, vectors and node', () => {
    const { value, assumptions } = described({
      uname: 'Linux h 6.1.0 x\n',
      'sos_commands/pci/lspci_-nnvv': LSPCI,
    });
    expect(value.devices).toEqual([
      { name: '00:02.0', driver: 'virtio-net', vectors: 9 },
      { name: '3b:00.0', driver: 'nvme', vectors: 33, node: 0 },
      { name: '3c:00.0', driver: 'generic', vectors: 64 },
    ]);
    expect(assumptions).toContain('mlx5_core');
  });
});

describe('a sosreport whose log is the journal', () => {
  const JOURNAL = [
    'Linux version 5.14.0-503.11.1.el9_5.x86_64 (x) (gcc) #1 SMP',
    'Command line: quiet',
    'Hypervisor detected: KVM',
    'x2apic: enabled by BIOS, switching to x2apic ops',
    'DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c222f0686 ecap f00f5a',
    'DMAR-IR: Enabled IRQ remapping in x2apic mode',
    'smp: Brought up 1 node, 2 CPUs',
    'hpet0: 3 comparators, 64-bit 100.000000 MHz counter',
  ];
  const lines = JOURNAL.map((text) => `Nov 29 08:00:01 host kernel: ${text}`);
  const { value, assumptions } = described({
    uname: 'Linux host 5.14.0-503.11.1.el9_5.x86_64 #1 SMP x86_64 GNU/Linux\n',
    'sos_commands/logs/journalctl_--no-pager_--catalog_--boot': [
      '-- Logs begin at Sat 2026-11-28 --',
      ...lines,
      'Nov 29 08:00:03 host systemd[1]: x2apic: locked in x2apic mode, says a service',
    ].join('\n'),
    'sos_commands/pci/lspci_-nnvv': LSPCI,
    'proc/interrupts': '           CPU0       CPU1\n 24:  5  0  IR-PCI-MSI 524288-edge  virtio0-config\n',
    'sys/devices/system/cpu/possible': '0-3\n',
    'sys/devices/system/cpu/present': '0-1\n',
    'sys/devices/system/cpu/online': '0-1\n',
  });

  test('tells the hypervisor, x2APIC and the HPET, by the lines of the kernel alone', () => {
    expect(value).toMatchObject({ platform: 'kvm', x2apic: 'enabled', hpet: { channels: 3 } });
    expect(value.kernel).toBe('5.14.0-503.11.1.el9_5.x86_64');
    expect(assumptions).toContain('Red Hat Enterprise Linux 9');
  });

  test('remapping by the names of chips, devices by lspci, slots by sysfs', () => {
    expect(value.remapping).toMatchObject({ enabled: true });
    expect(value.devices).toHaveLength(3);
    expect(value.cpus).toEqual([{ apicId: 0 }, { apicId: 2 }, { count: 2, state: 'absent' }]);
  });
});

describe('devices that only /proc/interrupts shows', () => {
  const ROWS =
    '           CPU0       CPU1\n 0:  1  0  IO-APIC   2-edge      timer\n' +
    ' 24:  5  0  PCI-MSIX-0000:00:03.0   0-edge      virtio0-config\n' +
    ' 25:  5  0  PCI-MSIX-0000:00:03.0   1-edge      virtio0-req.0\n' +
    ' 26:  5  0  PCI-MSIX-0000:00:03.0   2-edge      virtio0-req.1\n 27: 0 0 IO-APIC 9-edge snd IR-receiver\n';

  test('are read, and are said to be known by it alone', () => {
    const { value, assumptions } = described({ 'proc/interrupts': ROWS });
    expect(value.devices).toEqual([{ name: 'virtio0', driver: 'virtio-blk', queues: 2, vectors: 3 }]);
    expect(assumptions).toContain('only proc/interrupts tells of virtio0');
    expect(value.remapping).toBeUndefined();
  });

  test('remapped ones are not said to be taken for others', () => {
    const { value, assumptions } = described({
      'proc/interrupts': ROWS.replaceAll('PCI-MSIX', 'IR-PCI-MSIX'),
    });
    expect(value.remapping).toMatchObject({ enabled: true });
    expect(assumptions).not.toContain('no interrupt remapping is taken');
  });
});
