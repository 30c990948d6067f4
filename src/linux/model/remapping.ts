/**
 * Interrupt remapping: which of Intel, AMD and Hyper-V's stub the kernel takes, and in which mode. Mirrors
 * irq_remapping_prepare() and irq_remapping_enable() of drivers/iommu/irq_remapping.c, as far as a machine
 * description can express what they look at.
 */
import type { Machine } from '../../machine/machine.ts';
import type { Handover, Reason } from './handover.ts';
import type { Hypervisor } from './hypervisor.ts';

export interface IrqRemapping {
  /** x2apic: 32-bit destinations; xapic: 8-bit destinations. */
  readonly mode: 'none' | 'xapic' | 'x2apic';
  /** Hyper-V's stub: only IO-APIC interrupts pass it. */
  readonly stub: boolean;
  /** Why it is in this mode. */
  readonly because: Reason;
  readonly messages: readonly string[];
}

/** Never fails. */
export function irqRemappingPrepare(machine: Machine, start: Handover, hypervisor: Hypervisor): IrqRemapping {
  const { remapping, cmdline, kernelConfig } = machine;
  if (!kernelConfig.irqRemap) {
    const text = 'the kernel is built without interrupt remapping (CONFIG_IRQ_REMAP)';
    return none({ text, path: ['kernelConfig', 'irqRemap'] });
  }
  if (cmdline.intremapOff) {
    return none({ text: 'the command line switches interrupt remapping off', path: ['cmdline'] });
  }
  const amdOff = remapping.vendor === 'amd' && cmdline.amdIommuOff;
  if (remapping.enabled && !amdOff && !remapping.ioapics) return strayIoapic(machine);
  if (remapping.enabled && !amdOff) {
    return remapping.vendor === 'intel' ? intelPrepare(machine, start) : amdPrepare(machine);
  }
  const stub = hypervPrepare(machine, start, hypervisor);
  if (stub) return stub;
  return amdOff && remapping.enabled
    ? none({ text: 'amd_iommu=off also switches interrupt remapping off', path: ['cmdline'] })
    : none({ text: 'there is no interrupt remapping', path: ['remapping'] });
}

function none(because: Reason): IrqRemapping {
  return { mode: 'none', stub: false, because, messages: [] };
}

/** parse_ioapics_under_ir() of Intel's driver, check_ioapic_information() of AMD's. */
function strayIoapic({ remapping }: Machine): IrqRemapping {
  const text = 'the tables put an IO-APIC under no IOMMU, so the kernel does not enable interrupt remapping';
  const message =
    remapping.vendor === 'intel'
      ? 'DMAR-IR: Not enabling interrupt remapping'
      : 'AMD-Vi: Disabling interrupt remapping';
  return { ...none({ text, path: ['remapping', 'ioapics'] }), messages: [message] };
}

/** intel_prepare_irq_remapping(), intel_enable_irq_remapping(). */
function intelPrepare(machine: Machine, start: Handover): IrqRemapping {
  const { remapping, cmdline } = machine;
  const messages: string[] = [];
  const noEim = intelWithoutEim(machine, start);
  if (start.x2apicSupported && remapping.optOut && !cmdline.noX2apicOptout) {
    messages.push('DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit.');
    messages.push("DMAR-IR: Use 'intremap=no_x2apic_optout' to override the BIOS setting.");
  } else if (start.x2apicSupported && !remapping.eim) {
    messages.push('DMAR-IR: dmar0 does not support EIM');
  }
  if (noEim) {
    messages.push('DMAR-IR: Enabled IRQ remapping in xapic mode');
    return { mode: 'xapic', stub: false, because: noEim, messages };
  }
  messages.push('DMAR-IR: Queued invalidation will be enabled to support x2apic and Intr-remapping.');
  messages.push('DMAR-IR: Enabled IRQ remapping in x2apic mode');
  return { mode: 'x2apic', stub: false, because: IN_X2APIC_MODE, messages };
}

const IN_X2APIC_MODE: Reason = {
  text: 'interrupt remapping runs in x2APIC mode, so an interrupt can carry any APIC ID',
  path: ['remapping'],
};

/** Why VT-d remaps with 8-bit destinations, or null if it does not. */
function intelWithoutEim(machine: Machine, start: Handover): Reason | null {
  const { remapping, cmdline } = machine;
  if (!start.x2apicSupported) {
    return { text: 'interrupt remapping follows the APIC, which stays in xAPIC mode', path: ['x2apic'] };
  }
  if (remapping.optOut && !cmdline.noX2apicOptout) {
    const text = 'firmware asks the kernel not to use x2APIC, so interrupt remapping runs in xAPIC mode';
    return { text, path: ['remapping', 'optOut'] };
  }
  if (!remapping.eim) {
    const text =
      'the IOMMU has no extended interrupt mode (EIM), so interrupt remapping runs in xAPIC mode with 8-bit destinations';
    return { text, path: ['remapping', 'eim'] };
  }
  return null;
}

/** amd_iommu_prepare(): X2APIC mode if any IOMMU has XT. The mode itself is not printed at this point. */
function amdPrepare(machine: Machine): IrqRemapping {
  if (machine.remapping.eim) return { mode: 'x2apic', stub: false, because: IN_X2APIC_MODE, messages: [] };
  const text =
    'the IOMMU has no x2APIC support (XT), so interrupt remapping runs in xAPIC mode with 8-bit destinations';
  return { mode: 'xapic', stub: false, because: { text, path: ['remapping', 'eim'] }, messages: [] };
}

/** hyperv_prepare_irq_remapping(); null: not used. The extended destination ID, where used, is preferred. */
function hypervPrepare(machine: Machine, start: Handover, hypervisor: Hypervisor): IrqRemapping | null {
  const { kernel } = machine;
  if (machine.platform !== 'hyperv' || !hypervisor.detected || !kernel.has('hyperv-iommu')) return null;
  if (machine.extDestId && kernel.has('ext-dest-id')) return null;
  if (!start.x2apicSupported && !kernel.has('hyperv-remap-xapic')) return null;
  return {
    mode: start.x2apicSupported ? 'x2apic' : 'xapic',
    stub: true,
    because: {
      text: "Hyper-V's stub stands in for interrupt remapping, for IO-APIC interrupts to APIC IDs below 256 only",
      path: ['platform'],
    },
    messages: [],
  };
}
