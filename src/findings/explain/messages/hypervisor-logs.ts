/** Xen's own log and Linux as a Xen guest; other hypervisors' lines. */
import type { MessageEntry } from '../entry.ts';

export const HYPERVISOR_LOG_MESSAGES: readonly MessageEntry[] = [
  {
    name: 'xen-map-irq-failed',
    templates: ['xen map irq failed gsi={} irq={} pirq={} rc={}', 'xen map irq failed'],
    printedBy: 'drivers/xen/events and arch/x86/pci/xen.c; rc is an errno of the hypervisor',
    meaning:
      'Xen refused to map an interrupt of a device for this domain. -28 (ENOSPC): no interrupt or vector is free for it.',
    matters: 'Yes: the device does not work in this domain.',
    why: 'The hypervisor has limits of its own: vectors of physical CPUs, and pirqs for each domain (nr_irqs, extra_guest_irqs).',
    check: 'xl dmesg.',
    change: 'extra_guest_irqs= or nr_irqs= on the Xen command line; fewer vectors for devices.',
    rules: ['vector-reservation-failed'],
  },
  {
    name: 'xen-no-x2apic',
    templates: ['Not enabling x2APIC: depends on iommu_supports_x2apic', '(XEN) Not enabling x2APIC'],
    printedBy: 'x2apic_bsp_setup() of the Xen hypervisor',
    meaning:
      'Xen stays in xAPIC mode because the IOMMU cannot remap interrupts with 32-bit destinations: physical CPUs with APIC IDs above 254 are not used.',
    matters: 'Yes where APIC IDs of 255 and above exist: those CPUs are lost. Else no.',
    why: 'No IOMMU, interrupt remapping off (iommu=no-intremap), or firmware that opted out.',
    check: 'xl dmesg: lines with VT-d, AMD-Vi, "Interrupt Remapping".',
    change: 'Turn the IOMMU and interrupt remapping on in firmware and on the Xen command line.',
    rules: ['bare-metal-apic-limit'],
  },
];
