/** Devices that want several messages of one MSI capability, and get one. */
import { remapsMessages, takesMultiMsi } from '../../../linux/model/irqdomain.ts';
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const multiMsiNeedsRemapping: Rule = {
  name: 'multi-msi-needs-remapping',
  aliases: ['R060'],
  level: 'warning',
  summary: 'A device that interrupts by plain MSI gets one vector, as several need interrupt remapping.',
  explain: [
    'The messages of one MSI capability (not MSI-X) share an address and differ in the low bits of their data: they would need vectors in a row on one CPU. The vector domain of x86 does not give them; a remapping unit does, for there each message is an index into its table. The extended destination ID changes nothing about it.',
    'Without a unit, or outside its scope, pci_alloc_irq_vectors() grants one vector, and a driver that needs more falls back to what it can do with one, or fails.',
    'Check: lspci -vv shows "MSI: Enable+ Count=1/8".',
    'Change: interrupt remapping (an IOMMU that covers the device), or a device with MSI-X.',
  ],
  messages: [],
  check({ machine, run, apic }) {
    if (apic.fatal) return [];
    const ways = { remapped: remapsMessages(apic) };
    const wanting = new Set(
      machine.devices.filter(({ interrupts }) => interrupts === 'msi').map(({ name }) => name),
    );
    const devices = run.devices.filter(
      ({ name, vectorsAsked, vectorsGranted, domain }) =>
        wanting.has(name) &&
        vectorsAsked > 1 &&
        vectorsGranted === 1 &&
        domain !== 'ioapic' &&
        !takesMultiMsi(machine, ways, domain),
    );
    if (devices.length === 0) return [];
    const [first] = devices;
    const outside = first.domain === 'pci-msi-unremapped';
    return [
      {
        message: `${deviceNames(devices)} ${devices.length === 1 ? 'gets' : 'get'} 1 vector${devices.length === 1 ? '' : ' each'} of MSI: ${first.name} asked for ${count(first.vectorsAsked, 'vector')}`,
        cause: [
          outside
            ? 'no IOMMU covers the device: its messages pass no table'
            : 'interrupts are not remapped: messages of one MSI capability would need vectors in a row on one CPU',
        ],
        devices,
        path: [...first.path, 'interrupts'],
      },
    ];
  },
};
