/** Tables of interrupts: heads with and without gaps, chips of all kernels, names of drivers, and lines that are none. */
import type { Grammar } from '../grammar.ts';

export const PROC_INTERRUPTS: Grammar = {
  start: ['<head>\n  0:   130  0 <apic>   2-edge      timer\n<line*><line*><line*><line*>'],
  head: ['           CPU0       CPU1       ', ' CPU0 CPU2 CPU3', ' CPU1', ' CPU0 CPU<n>', ' CPU3 CPU1'],
  n: (random) =>
    random.oneIn(100) ? random.pick(['4095', '99999']) : random.pick(['1', '2', '7', '12', '31']),
  apic: ['IO-APIC', 'IR-IO-APIC', 'XT-PIC'],
  line: [
    ' <irq>:   <n>  <n>  <chip>   <n>-edge      <name>\n',
    ' <irq>:   <n>  <n>  <old> 52428<n>-edge      <name>\n',
    'NMI:   0  0   Non-maskable interrupts\n',
    '<n> words\n',
  ],
  irq: ['24', '25', '26', '27', '128'],
  chip: [
    'PCI-MSIX-0000:00:0<n>.0',
    'IR-PCI-MSIX-0000:02:00.0',
    'PCI-MSI-0000:00:1f.2',
    'HPET_MSI',
    'Hyper-V PCIe MSI',
  ],
  old: ['PCI-MSI', 'IR-PCI-MSI', 'VMD-MSI'],
  name: [
    'nvme0q<n>',
    'virtio0-config',
    'virtio0-req.<n>',
    'virtio1-input.<n>',
    'mlx5_comp<n>@pci:0000:03:00.0',
    'megasas0-msix<n>',
    'eth0, usb',
  ],
};
