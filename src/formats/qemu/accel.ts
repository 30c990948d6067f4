/** Accelerator, interrupt chip and what the CPU is told: hypervisor, x2APIC, extended destination ID. */
import type { Platform } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import type { Version } from '../version.ts';
import type { Fact, Irqchip, QemuMachine } from './facts.ts';
import { type MachineType, since, splitsByDefault } from './machine-type.ts';

export interface Accel {
  /** "kvm", "tcg", "xen" … */
  readonly name: string;
  readonly irqchip: Irqchip | 'userspace';
}

/** The accelerator and where the interrupt chip is emulated. */
export function resolveAccel(machine: QemuMachine, type: MachineType, notes: Notes): Accel {
  const name = machine.accel?.value ?? (machine.startedAsKvm ? 'kvm' : 'tcg');
  if (!machine.accel) {
    const why = machine.startedAsKvm ? 'a program named kvm uses KVM' : 'without -accel it is TCG';
    notes.assume(why, ['platform']);
  }
  if (name !== 'kvm') return { name, irqchip: 'userspace' };
  if (machine.irqchip) return { name, irqchip: machine.irqchip.value };
  const irqchip = splitsByDefault(type) ? 'split' : 'on';
  notes.assume(`kernel-irqchip=${irqchip} is the default for ${type.name}`, ['extDestId']);
  return { name, irqchip };
}

const PLATFORMS: Readonly<Record<string, Platform>> = { kvm: 'kvm', tcg: 'tcg', xen: 'xen-hvm' };

/** What the kernel takes the machine for: CPU flags can hide the hypervisor. */
export function platformOf(machine: QemuMachine, accel: Accel): Fact<Platform> {
  const hypervisor = machine.cpuFlags.get('hypervisor');
  if (hypervisor?.value === false) return { value: 'bare-metal', at: hypervisor.at };
  const kvm = machine.cpuFlags.get('kvm');
  if (accel.name === 'kvm' && kvm?.value === false) return { value: 'other', at: kvm.at };
  const value = Object.hasOwn(PLATFORMS, accel.name) ? PLATFORMS[accel.name] : 'other';
  return { value, at: machine.accel?.at };
}

const EXT_DEST = 'kvm-msi-ext-dest-id';
const NO_EXT_DEST =
  "warning: host doesn't support requested feature: CPUID.40000001H:EAX.kvm-msi-ext-dest-id [bit 15]";

/** Whether the 15-bit extended destination ID is offered (import.md 1.5), and what decides it. */
export function resolveExtDest(
  machine: QemuMachine,
  type: MachineType,
  accel: Accel,
  qemu: Version,
  notes: Notes,
): Fact<boolean> {
  const flag = machine.cpuFlags.get(EXT_DEST);
  if (accel.name !== 'kvm' || qemu < 6000) return { value: false, at: undefined };
  const at = machine.irqchip?.at;
  if (accel.irqchip !== 'split') {
    if (flag?.value) notes.warn(NO_EXT_DEST, flag.at, { fix: ['kernel-irqchip=split'] });
    return { value: false, at };
  }
  if (platformOf(machine, accel).value !== 'kvm')
    return { value: false, at: machine.cpuFlags.get('kvm')?.at };
  if (flag) return flag;
  const value = since(type, 'ext-dest-id');
  const offers = value ? 'offers' : 'does not offer';
  notes.assume(`${type.name} with kernel-irqchip=split ${offers} the extended destination ID`, ['extDestId']);
  return { value, at };
}

/** TCG has no x2APIC in these models unless asked. */
const PLAIN_MODELS: readonly string[] = ['qemu64', 'qemu32', 'kvm64', 'kvm32'];

/** Whether the CPU has x2APIC; undefined if the model is one irqsim does not know. */
export function resolveX2apic(machine: QemuMachine, accel: Accel, notes: Notes): Fact<boolean> | undefined {
  const flag = machine.cpuFlags.get('x2apic');
  if (flag) return flag;
  if (accel.name === 'kvm') return { value: true, at: undefined };
  const model = machine.cpuModel?.value ?? 'qemu64';
  if (accel.name !== 'tcg' || !PLAIN_MODELS.includes(model)) return undefined;
  notes.assume(`the CPU ${model} has no x2APIC under TCG`, ['x2apic']);
  return { value: false, at: machine.cpuModel?.at };
}
