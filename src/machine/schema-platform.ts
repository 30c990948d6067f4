/** Keys of a description about interrupt hardware that has a short and a long form, and about timers. */
import { choice, int, object, optional, toggle } from './fields.ts';
import { HPET_CHANNELS } from './limits.ts';

export const extDestId = object(
  {
    offered: optional(toggle(), 'The hypervisor offers it.', true),
    honoured: optional(
      toggle(),
      'The platform decodes the bits; off: interrupts for APIC IDs above 255 are lost.',
      true,
    ),
  },
  'on, off, or a mapping with offered, honoured',
);

export const remapping = object(
  {
    enabled: optional(toggle(), 'Interrupt remapping works.', true),
    eim: optional(toggle(), '32-bit destinations: Intel EIM, AMD XT.', true),
    optOut: optional(toggle(), 'Firmware asks the kernel not to use x2APIC (DMAR X2APIC_OPT_OUT).', false),
    vendor: optional(choice(['intel', 'amd']), 'Kind of IOMMU.', 'intel'),
    ioapics: optional(
      toggle(),
      'The tables put every IO-APIC under an IOMMU (AMD: that of the southbridge too). Without, the kernel does not remap.',
      true,
    ),
    mixedXt: optional(toggle(), 'AMD: some IOMMUs lack XT; the kernel takes all to have it.', false),
  },
  'on, off, or a mapping with enabled, eim, optOut, vendor, ioapics, mixedXt',
);

export const hpet = object(
  {
    present: optional(toggle(), 'There is an HPET.', true),
    msi: optional(toggle(), 'Its timers can send MSIs (FSB).', false),
    channels: optional(
      int(HPET_CHANNELS.least, HPET_CHANNELS.most),
      'Its comparators; QEMU has 3. Default: as many as there can be.',
      HPET_CHANNELS.most,
    ),
  },
  'on, off, or a mapping with present, msi, channels',
);

export const timers = object(
  {
    kvmclock: optional(toggle(), 'kvm-clock is offered. Default: on for kvm.'),
    tscDeadline: optional(toggle(), 'TSC-deadline timer. Default: on, but off for tcg.'),
    knownFrequency: optional(
      toggle(),
      'The hypervisor tells the TSC frequency, so that the kernel need not measure it. Default by platform.',
    ),
    arat: optional(toggle(), 'The local APIC timer runs on in deep idle states (CPUID ARAT).', true),
  },
  'a mapping with kvmclock, tscDeadline, knownFrequency, arat',
);
