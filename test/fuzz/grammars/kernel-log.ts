/** Kernel logs: prefixes of every writer, lines that readers look for, with numbers that agree and that do not. */
import { type Grammar, textsOf } from '../grammar.ts';
import { PROC_INTERRUPTS } from './proc-interrupts.ts';

const interruptsTable = textsOf(PROC_INTERRUPTS);

export const KERNEL_LOG: Grammar = {
  start: [
    '<p>Linux version <kernel> (a@b) (gcc) #1 SMP\n<p>Command line: root=/dev/sda <parameter*>\n<p><count>\n<line*><line*><line*>',
    '<p>Linux version <kernel> (a@b) (gcc) #1 SMP\n<p>Command line: root=/dev/sda <parameter*>\n<p><count>\n<line*><line*><line*>\n$ cat /proc/interrupts\n<table>',
    '<table>\n# dmesg\n<p>Linux version <kernel> (a@b) (gcc) #1 SMP\n<p><count>\n<line*><line*>',
    '{"_TRANSPORT":"kernel","MESSAGE":"Linux version <kernel> (a@b)"}\n{"_TRANSPORT":"kernel","MESSAGE":"<count>"}\n<journal*>',
  ],
  journal: ['{"_TRANSPORT":"kernel","PRIORITY":"6","MESSAGE":"<text>"}\n'],
  table: (random) => interruptsTable(random),
  p: [
    '[    0.000000] ',
    '[    0.000000] ',
    '<6>[    1.5] ',
    'Nov 29 08:00:01 host kernel: ',
    '> [    2.0] ',
    '',
  ],
  kernel: ['6.12.43', '5.10.223', '7.3.4', '3.10.0-1160.el7', '6.1.0-13-amd64', '5.14.0-427.el9'],
  parameter: ['nr_cpus=4 ', 'maxcpus=2 ', 'nosmt ', 'nox2apic ', 'noapic ', 'isolcpus=1-2 ', 'pci=nomsi '],
  count: [
    'CPU topo: Allowing <n> present CPUs plus <n> hotplug CPUs',
    'smpboot: Allowing 2<n> CPUs, <n> hotplug CPUs',
    'smp: Brought up <n> nodes, <n> CPUs',
    'setup_percpu: NR_CPUS:64 nr_cpumask_bits:8 nr_cpu_ids:<n> nr_node_ids:1',
  ],
  n: ['1', '2', '4', '7', '16'],
  id: ['0', '1', '2', 'fe', 'ff', '100', '13c', '7fff', 'ffffffff'],
  line: ['<p><text>\n', '<p><text>\n', '<p><text>\n', 'the rest of a line\n'],
  text: [
    'Hypervisor detected: <hypervisor>',
    'x2apic: enabled by BIOS, switching to x2apic ops',
    'x2apic enabled',
    "x2apic: IRQ remapping doesn't support X2APIC mode",
    'DMAR-IR: Enabled IRQ remapping in <mode> mode',
    'AMD-Vi: Interrupt remapping enabled',
    'APIC: Switched APIC routing to: physical x2apic',
    '..TIMER: vector=0x30 apic1=0 pin1=2 apic2=-1 pin2=-1',
    'SRAT: PXM 0 -> APIC 0x<id> -> Node <n>',
    'ACPI: X2APIC (apic_id[0x<id>] uid[0x00] <enabled>)',
    'smpboot: CPU <n> has invalid APIC ID <id>. Aborting bringup',
    'smpboot: native_cpu_up: bad cpu <n>',
    'APIC: NR_CPUS/possible_cpus limit of 4 reached. Processor <n>/0x<id> ignored.',
    'CPU topo: CPU limit of 4 reached. Ignoring further CPUs',
    'CPU topo: Rejected CPUs <n>',
    'CPU topo: Max. threads per core:   <n>',
    '.... node  #0, CPUs:   #1 #<n>',
    'smpboot: CPU <n> is now offline',
    'nvme nvme0: <n>/<n>/<n> default/read/poll queues',
    'virtio_blk virtio<n>: <n>/0/0 default/read/poll queues',
    'mlx5_core 0000:41:00.0: firmware version: 1',
    'hpet0: <n> comparators, 64-bit 100.000000 MHz counter',
  ],
  hypervisor: ['KVM', 'Microsoft Hyper-V', 'VMware', 'Xen HVM'],
  mode: ['x2apic', 'xapic'],
  enabled: ['enabled', 'disabled'],
};
