/** A captured machine: every value that was read somewhere says where. */
import { expect, test } from 'vitest';
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import { dmar, fadt, hpet, local, madt } from './acpi-tables.ts';
import { memoryTree } from './memory-tree.ts';

const CPUINFO = [0, 300]
  .map(
    (id, cpu) =>
      `processor\t: ${cpu}\nmodel name\t: X\napicid\t\t: ${id}\nflags\t\t: x2apic hypervisor arat\n`,
  )
  .join('\n');
const LOG = [
  '[    0.0] Linux version 6.12.41 (x) #1',
  '[    0.0] Hypervisor detected: KVM',
  '[    0.1] x2apic: enabled by BIOS, switching to x2apic ops',
];
const TABLES = 'sys/firmware/acpi/tables';
const FILES = {
  'proc/version': 'Linux version 6.12.41 (x) #1',
  'proc/cmdline': 'quiet',
  'proc/cpuinfo': CPUINFO,
  'proc/interrupts': '     CPU0\n  2:   0   HPET-MSI   2-edge   hpet2\n',
  [`${TABLES}/APIC`]: madt(local(0, 1), [9, 16, 0, 0, 44, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
  [`${TABLES}/FACP`]: fadt(3, 0),
  [`${TABLES}/HPET`]: hpet(),
};
const read = (files: Readonly<Record<string, string | Uint8Array>>) =>
  readMachineTree(memoryTree(files), 'web7');
const at = (file: string, line: number) => ({ file: `web7/${file}`, line, column: 1 });

test('values that the log decides', () => {
  const { raw } = read({ ...FILES, 'var/log/dmesg': LOG.join('\n') });
  expect(raw.value).toMatchObject({
    platform: 'kvm',
    x2apic: 'enabled',
    extDestId: true,
    hpet: { msi: true },
  });
  expect(raw.locate(['platform'])).toEqual(at('var/log/dmesg', 2));
  expect(raw.locate(['x2apic'])).toEqual(at('var/log/dmesg', 3));
  expect(raw.locate(['extDestId'])).toEqual(at('proc/cpuinfo', 8));
  expect(raw.locate(['hpet', 'msi'])).toEqual(at('proc/interrupts', 2));
  expect(raw.locate(['timers', 'arat'])).toEqual(at('proc/cpuinfo', 4));
});

test('values that other files decide', () => {
  const vendor = { 'sys/class/dmi/id/sys_vendor': 'VMware, Inc.\n' };
  const guessed = read({ ...FILES, ...vendor }).raw;
  expect(guessed.value).toMatchObject({ platform: 'vmware' });
  expect(guessed.locate(['platform'])).toEqual(at('sys/class/dmi/id/sys_vendor', 1));
  expect(guessed.locate(['x2apic'])).toBeUndefined();
  const old = read({ ...FILES, 'proc/cpuinfo': CPUINFO.replaceAll('x2apic hypervisor', 'fpu') }).raw;
  expect(old.value).toMatchObject({ platform: 'bare-metal', x2apic: 'unsupported' });
  expect(old.locate(['x2apic'])).toEqual(at('proc/cpuinfo', 4));
  const cpuid = '   0x40000000 0x00: eax=0x40000001\n   0x40000001 0x00: eax=0x01008000 ebx=0x0\n';
  const low = {
    ...FILES,
    'proc/cpuinfo': CPUINFO.replace('300', '1'),
    'sos_commands/processor/cpuid_-r': cpuid,
  };
  expect(read(low).raw.value).toMatchObject({ extDestId: true });
  expect(read(low).raw.locate(['extDestId'])).toEqual(at('sos_commands/processor/cpuid_-r', 2));
});

test('nox2apic hides the flag; it does not say that the CPU lacks it', () => {
  const files = {
    ...FILES,
    'proc/cmdline': 'quiet nox2apic',
    'proc/cpuinfo': CPUINFO.replaceAll('x2apic ', ''),
    'dmesg.txt': LOG.slice(0, 2).join('\n'),
  };
  const { raw } = read(files);
  expect(raw.value).toMatchObject({ x2apic: 'supported' });
  expect(raw.locate(['x2apic'])).toEqual(at('proc/cmdline', 1));
});

test('remapping by the registers of the IOMMU', () => {
  const ecap = 'DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c22260206 ecap f00f5e';
  const table = { [`${TABLES}/DMAR`]: dmar(1, 1) };
  const { raw } = read({ ...FILES, ...table, 'dmesg.txt': [...LOG, `[    0.2] ${ecap}`].join('\n') });
  expect(raw.value).toMatchObject({ remapping: { enabled: true, eim: true } });
  expect(raw.locate(['remapping', 'eim'])).toEqual(at('dmesg.txt', 4));
  const register = { 'sys/class/iommu/dmar0/intel-iommu/ecap': 'f00f4e\n' };
  const other = read({ ...FILES, ...table, ...register }).raw;
  expect(other.value).toMatchObject({ remapping: { eim: false } });
  expect(other.locate(['remapping', 'eim'])).toEqual(at('sys/class/iommu/dmar0/intel-iommu/ecap', 1));
});

test('what capture left out is said', () => {
  const { assumptions } = read({ ...FILES, 'extra/left-out.txt': 'kernel parameters left out: 1\n' });
  expect(assumptions.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('irqsim capture left 1 kernel parameter out'),
  );
});
