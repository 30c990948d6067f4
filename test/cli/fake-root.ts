/** A small machine as files: what its `/` would hold, with secrets planted where a capture must not take them. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fadt, hpet, local, madt } from '../formats/acpi-tables.ts';

/** Part of everything that must not be in an archive. */
export const SECRET = 'pl4nt3d-s3cr3t';

export const CMDLINE = [
  `BOOT_IMAGE=/vmlinuz root=UUID=${SECRET} rd.key="${SECRET} nox2apic" nr-cpus=8`,
  `foo="a maxcpus=1 ${SECRET}" "crashkernel=256M" my.nr_cpus=1 -- nosmp ${SECRET}`,
].join(' ');

export const LOG = [
  `[    0.000000] Linux version 6.12.41 (${SECRET}@build) (gcc 12) #1 SMP`,
  `[    0.000000] Command line: ${CMDLINE}`,
  '[    0.000000] Hypervisor detected: KVM',
  `[    0.100000] Kernel command line: ${CMDLINE} Hypervisor detected: Xen HVM`,
  `[    0.100000] Unknown kernel command line parameters "rd.key=${SECRET}", will be passed to user space.`,
  `[    0.200000] x2apic: enabled by BIOS, switching to x2apic ops, ${SECRET}`,
  '[    0.300000] Switched APIC routing to: physical x2apic',
  `[   12.345678] agent: token ${SECRET} x2APIC DMAR`,
];

const CPUINFO = [0, 1]
  .map(
    (cpu) =>
      `processor\t: ${cpu}\nmodel name\t: Small CPU\napicid\t\t: ${cpu}\nflags\t\t: x2apic tsc_deadline_timer arat hypervisor\n`,
  )
  .join('\n');

/** MSI-X table of three entries; the serial number is in extended space. */
function pciConfig(): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes[6] = 0x10;
  bytes[0x34] = 0x40;
  bytes.set([0x11, 0, 2, 0x80], 0x40);
  bytes.set(new TextEncoder().encode(SECRET), 0x104);
  return bytes;
}

const DEVICE = 'sys/bus/pci/devices/0000:00:04.0';
/** The nvme controller's interrupts: one for the admin queue, one for each CPU. */
const IRQS: readonly (readonly [irq: number, affinity: string, effective: string])[] = [
  [24, '0-1', '0'],
  [25, '0,2', '0'],
  [26, '1', '1'],
];

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'proc/version': `Linux version 6.12.41 (${SECRET}@build) (gcc 12) #1 SMP\n`,
  'proc/cmdline': `${CMDLINE}\n`,
  'proc/cpuinfo': `${CPUINFO}\n`,
  'proc/interrupts': `           CPU0       CPU1\n${IRQS.map(
    ([irq], index) =>
      ` ${irq}:          1          2  PCI-MSIX-0000:00:04.0    ${index}-edge      nvme0q${index}\n`,
  ).join('')}`,
  'sys/firmware/acpi/tables/APIC': madt(local(0, 1), local(1, 1), local(2, 0)),
  'sys/firmware/acpi/tables/FACP': fadt(3, 0),
  'sys/firmware/acpi/tables/HPET': hpet(),
  'sys/devices/system/cpu/possible': '0-2\n',
  'sys/devices/system/cpu/present': '0-1\n',
  'sys/devices/system/cpu/online': '0-1\n',
  'sys/devices/system/cpu/kernel_max': '8191\n',
  [`${DEVICE}/config`]: pciConfig(),
  [`${DEVICE}/numa_node`]: '-1\n',
  [`${DEVICE}/serial`]: SECRET,
  'var/log/dmesg': `${LOG.join('\n')}\n`,
  'home/user/notes': SECRET,
  ...Object.fromEntries(
    IRQS.flatMap(([irq, affinity, effective], index) => [
      [`proc/irq/${irq}/smp_affinity_list`, `${affinity}\n`],
      [`proc/irq/${irq}/effective_affinity_list`, `${effective}\n`],
      [`proc/irq/${irq}/node`, '-1\n'],
      [`sys/kernel/irq/${irq}/hwirq`, `${65536 + index}\n`],
      [`${DEVICE}/msi_irqs/${irq}`, 'msix\n'],
    ]),
  ),
};

/** Writes files below a new directory, and returns it. */
export function writeTree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'irqsim-root-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** The machine below a new directory; `changes` replaces files. */
export function fakeRoot(changes: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = writeTree({ ...FILES, ...changes });
  const outside = writeTree({ secret: SECRET, sys_vendor: SECRET });
  mkdirSync(join(root, 'sys/class/dmi'), { recursive: true });
  symlinkSync(outside, join(root, 'sys/class/dmi/id'));
  symlinkSync(join(outside, 'secret'), join(root, 'proc/version_signature'));
  symlinkSync('../../../../bus/pci/drivers/nvme', join(root, DEVICE, 'driver'));
  return root;
}
