/** A capture with a device outside the IOMMU: it moves later, and its table holds vector and destination. */
import { expect, test } from 'vitest';
import { verifyCapture } from '../../../src/questions/verify/verify.ts';
import { memoryTree } from '../../formats/memory-tree.ts';

const CPUS = [0, 1, 2, 3];
const cpuinfo = CPUS.map(
  (id) => `processor\t: ${id}\nvendor_id\t: GenuineIntel\nflags\t\t: fpu apic x2apic\napicid\t\t: ${id}\n`,
).join('\n');
const chips = (outside: string) => `      CPU0 CPU1 CPU2 CPU3
 24:  1 0 0 0  IR-PCI-MSIX-0000:00:02.0  0-edge  inside
 25:  1 0 0 0  ${outside}-0000:20:00.0  0-edge  outside
`;
const device = (address: string, irq: number) => ({
  [`sys/bus/pci/devices/${address}/vendor`]: '0x15b3\n',
  [`sys/bus/pci/devices/${address}/class`]: '0x020000\n',
  [`sys/bus/pci/devices/${address}/msi_irqs/${irq}`]: 'msix\n',
  [`sys/bus/pci/devices/${address}/numa_node`]: '-1\n',
  [`proc/irq/${irq}/smp_affinity_list`]: '0-3\n',
  [`proc/irq/${irq}/node`]: '-1\n',
});
const LOG = `[    0.0] Linux version 6.12.41 (x) #1
[    0.1] DMAR-IR: Enabled IRQ remapping in x2apic mode
[    0.1] APIC: Switched APIC routing to: cluster x2apic
`;
/** Each is requested as soon as it is there; the matrix deals them to the CPUs with most vectors left. */
const TRACE = `# entries-in-buffer/entries-written: 6/6   #P:4
   kworker/0:1-30  [000] d..1.  1.1: vector_reserve: irq=24 ret=0
   kworker/0:1-30  [000] d..1.  1.2: vector_activate: irq=24 is_managed=0 can_reserve=1 reserve=0
   kworker/0:1-30  [000] d..1.  1.3: vector_alloc: irq=24 vector=32 reserved=1 ret=0
   kworker/0:1-30  [000] d..1.  1.4: vector_reserve: irq=25 ret=0
   kworker/0:1-30  [000] d..1.  1.5: vector_activate: irq=25 is_managed=0 can_reserve=1 reserve=0
   kworker/0:1-30  [000] d..1.  1.6: vector_alloc: irq=25 vector=32 reserved=1 ret=0
`;
const FILES = {
  'proc/version': 'Linux version 6.12.41 (x) #1',
  'proc/cmdline': 'quiet',
  'proc/cpuinfo': cpuinfo,
  'dmesg.txt': LOG,
  'sys/kernel/tracing/trace': TRACE,
  ...device('0000:00:02.0', 24),
  ...device('0000:20:00.0', 25),
  'proc/irq/24/effective_affinity_list': '1\n',
  'proc/irq/25/effective_affinity_list': '2\n',
};
/** Logical ID 4 is the third CPU of cluster 0; bit 2 of the address says that it is logical. */
const entry = (low: string) => ({
  'extra/msix/0000:20:00.0.txt': `entry=0 addr_hi=0x0 addr_lo=${low} data=0x20 ctrl=0x0\n`,
});

const verify = (outside: string, low: string) => {
  const files = { ...FILES, 'proc/interrupts': chips(outside), ...entry(low) };
  const { mismatches, notCompared } = verifyCapture(memoryTree(files), 'c');
  return {
    mismatches,
    unseen: notCompared.filter(({ kind }) => kind === 'vectors').map(({ count }) => count),
  };
};

test('the table of a device outside is compared, and that of one inside is not', () => {
  expect(verify('PCI-MSIX', '0xfee04004')).toEqual({ mismatches: [], unseen: [1] });
  expect(verify('PCI-MSIX', '0xfee08004').mismatches).toMatchObject([
    { kind: 'destinations', subject: 'irq 25 (0000:20:00.0 vector 0)' },
  ]);
  expect(verify('IR-PCI-MSIX', '0xfee08004')).toEqual({ mismatches: [], unseen: [2] });
});
