/**
 * IOMMUs: whether interrupts are remapped, with destinations of which width
 * (docs/model/hypervisors.md#virtual-iommus).
 */

import { FIRST_X2APIC_ID } from '../../machine/apic-ids.ts';
import type { Notes } from '../notes.ts';
import type { Version } from '../version.ts';
import type { Accel } from './accel.ts';
import type { IommuDriver, QemuDevice, QemuMachine } from './facts.ts';
import type { MachineType } from './machine-type.ts';
import { deviceMessage, onOffAuto } from './props.ts';

export interface Iommu {
  readonly model: 'intel-iommu' | 'amd-iommu' | 'virtio-iommu';
  readonly remapping: boolean;
  /** 32-bit destinations: Intel EIM, AMD XT. */
  readonly eim: boolean;
}

export interface IommuContext {
  readonly type: MachineType;
  readonly accel: Accel;
  /** Highest APIC ID of all possible CPUs. */
  readonly maxApicId: number;
  readonly qemu: Version;
  readonly notes: Notes;
}

export const IOMMU_DRIVERS: Readonly<Record<IommuDriver, Iommu['model']>> = {
  'intel-iommu': 'intel-iommu',
  'amd-iommu': 'amd-iommu',
  'virtio-iommu': 'virtio-iommu',
  'virtio-iommu-pci': 'virtio-iommu',
};

const WITH_IRQCHIP = "Interrupt Remapping cannot work with kernel-irqchip=on, please use 'split|off'.";
const NOT_HERE = "Parameter 'driver' expects a dynamic sysbus device type for the machine";
const REMAPPING = ['remapping', 'enabled'];
const EIM = ['remapping', 'eim'];

/** The IOMMU of a machine, null without one. */
export function resolveIommu(machine: QemuMachine, context: IommuContext): Iommu | null {
  const device = machine.iommu;
  if (!device) return null;
  const model = IOMMU_DRIVERS[device.driver];
  if (model === 'virtio-iommu') {
    context.notes.assume('virtio-iommu remaps no interrupts', ['remapping']);
    return { model, remapping: false, eim: false };
  }
  if (context.type.family !== 'q35' && context.type.family !== 'other') {
    context.notes.fail(deviceMessage(device, NOT_HERE), device.at, {
      cause: [`the machine type ${context.type.name} has no place for an IOMMU`],
      fix: ['use the machine type q35'],
    });
    return null;
  }
  const xtsup = device.props.get('xtsup');
  if (xtsup && context.qemu < 9000) {
    context.notes.fail(deviceMessage(device, "Property 'amd-iommu.xtsup' not found"), xtsup.at);
  }
  const remapping = resolveRemapping(device, context);
  const eim = model === 'intel-iommu' ? resolveEim(device, remapping, context) : resolveXt(device, context);
  return { model, remapping, eim: remapping && eim };
}

function resolveRemapping(device: QemuDevice, { accel, notes }: IommuContext): boolean {
  const asked = onOffAuto(device, 'intremap');
  const possible = !(accel.name === 'kvm' && accel.irqchip === 'on');
  if (asked === 'auto') {
    const why = possible ? 'on' : 'off, because kernel-irqchip is on';
    notes.assume(`${device.driver} without intremap= has it ${why}`, REMAPPING);
    return possible;
  }
  if (asked === 'on' && !possible) {
    notes.fail(deviceMessage(device, WITH_IRQCHIP), device.props.get('intremap')?.at ?? device.at, {
      fix: ['kernel-irqchip=split'],
    });
  }
  return asked === 'on' && possible;
}

function resolveEim(
  device: QemuDevice,
  remapping: boolean,
  { type, accel, qemu, notes }: IommuContext,
): boolean {
  const asked = onOffAuto(device, 'eim');
  const split = accel.name === 'kvm' && accel.irqchip === 'split';
  const at = device.props.get('eim')?.at ?? device.at;
  if (asked === 'auto') {
    const on = remapping && split;
    notes.assume(`intel-iommu without eim= has it ${on ? 'on' : 'off'}`, EIM);
    return on;
  }
  if (asked === 'off') return false;
  if (!remapping) {
    notes.fail(deviceMessage(device, 'eim=on cannot be selected without intremap=on'), at, {
      fix: ['intremap=on'],
    });
  } else if (qemu < 9000 && !split && !isBuggyEim(type, accel)) {
    notes.fail(deviceMessage(device, 'eim=on requires accel=kvm,kernel-irqchip=split'), at);
  }
  return true;
}

/** Machine types up to 2.7 let eim=on pass with the interrupt chip outside of the kernel (x-buggy-eim). */
function isBuggyEim({ version }: MachineType, { irqchip }: Accel): boolean {
  return version <= 2007 && irqchip === 'off';
}

function resolveXt(device: QemuDevice, { accel, maxApicId, qemu, notes }: IommuContext): boolean {
  const xt = qemu >= 9000 && onOffAuto(device, 'xtsup') === 'on';
  if (!device.props.has('xtsup')) notes.assume('amd-iommu without xtsup= has it off', EIM);
  if (!xt && qemu >= 9000 && accel.name === 'kvm' && maxApicId >= FIRST_X2APIC_ID) {
    notes.fail(deviceMessage(device, 'AMD IOMMU with x2APIC configuration requires xtsup=on'), device.at, {
      cause: [`the highest APIC ID is ${maxApicId}`],
      fix: ['xtsup=on'],
    });
  }
  return xt;
}
