/** Accelerator, interrupt chip and what the CPU is told: hypervisor, x2APIC, extended destination ID. */
import { lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Platform } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import type { Version } from '../version.ts';
import { hasX2apicUnderTcg } from './cpu-models.ts';
import type { Fact, Irqchip, QemuMachine } from './facts.ts';
import { type MachineType, since, splitsByDefault } from './machine-type.ts';

export interface Accel {
  /** "kvm", "tcg", "xen" … */
  readonly name: string;
  readonly irqchip: Irqchip | 'userspace';
}

/** Accelerators whose guests are known, and what only the shell knows, which is named elsewhere. */
const MODELLED = /^(?:tcg|xen|qtest)$|[$%`]/;

/** The accelerator and where the interrupt chip is emulated. */
export function resolveAccel(machine: QemuMachine, type: MachineType, notes: Notes): Accel {
  const name = machine.accel?.value ?? (machine.startedAsKvm ? 'kvm' : 'tcg');
  if (!machine.accel) {
    const why = machine.startedAsKvm ? 'a program named kvm uses KVM' : 'without -accel it is TCG';
    notes.assume(why, ['platform']);
  }
  if (name !== 'kvm') {
    if (!MODELLED.test(name)) {
      notes.notUnderstood(`-accel ${excerpt(name)}: what its guests are told`, machine.accel?.at, [
        'the irqchip',
        'CPUs',
      ]);
    }
    return { name, irqchip: 'userspace' };
  }
  if (machine.tdx?.value) return { name, irqchip: tdxIrqchip(machine, notes) };
  if (machine.irqchip) return { name, irqchip: machine.irqchip.value };
  const irqchip = splitsByDefault(type) ? 'split' : 'on';
  notes.assume(`kernel-irqchip=${irqchip} is the default for ${type.name}`, ['extDestId']);
  return { name, irqchip };
}

/** TDX guests have the split interrupt chip (tdx_kvm_init, QEMU 10.1). */
function tdxIrqchip({ irqchip }: QemuMachine, notes: Notes): Irqchip {
  if (!irqchip) notes.assume('kernel-irqchip=split is what a TDX guest gets', ['extDestId']);
  if (irqchip && irqchip.value !== 'split') {
    notes.fail('TDX VM requires kernel_irqchip to be split', irqchip.at, { fix: ['kernel-irqchip=split'] });
  }
  return 'split';
}

const PLATFORMS = { kvm: 'kvm', tcg: 'tcg', xen: 'xen-hvm' } as const satisfies Readonly<
  Record<string, Platform>
>;

/** What the kernel takes the machine for: CPU flags can hide the hypervisor. */
export function platformOf(machine: QemuMachine, accel: Accel): Fact<Platform> {
  const hypervisor = machine.cpuFlags.get('hypervisor');
  if (hypervisor?.value === false) return { value: 'bare-metal', at: hypervisor.at };
  const kvm = machine.cpuFlags.get('kvm');
  if (accel.name === 'kvm' && kvm?.value === false) {
    return { value: seesHyperv(machine) ? 'hyperv' : 'other', at: kvm.at };
  }
  const value = lookup(PLATFORMS, accel.name) ?? 'other';
  return { value, at: machine.accel?.at };
}

/**
 * With KVM hidden, Linux takes a guest with Hyper-V's features for one of Hyper-V: the signature has to be its own,
 * and since 5.16 the VP index has to be offered (ms_hyperv_platform).
 */
function seesHyperv({ cpuFlags, hvVendor }: QemuMachine): boolean {
  const offers = ['hv-vpindex', 'hv-passthrough'].some((flag) => cpuFlags.get(flag)?.value);
  return offers && (hvVendor === undefined || hvVendor.value === 'Microsoft Hv');
}

const EXT_DEST = 'kvm-msi-ext-dest-id';
const NO_EXT_DEST =
  "warning: host doesn't support requested feature: CPUID.40000001H:EAX.kvm-msi-ext-dest-id [bit 15]";

/**
 * Whether the 15-bit extended destination ID is offered (docs/model/hypervisors.md#qemu-and-ext), and what
 * decides it.
 */
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

/** Whether the CPU has x2APIC; undefined if the model is one irqsim does not know. */
export function resolveX2apic(machine: QemuMachine, accel: Accel, notes: Notes): Fact<boolean> | undefined {
  const flag = machine.cpuFlags.get('x2apic');
  if (flag) return flag;
  if (accel.name === 'kvm') return { value: true, at: undefined };
  const model = machine.cpuModel?.value ?? 'qemu64';
  const known = accel.name === 'tcg' ? hasX2apicUnderTcg(model) : undefined;
  if (known !== false) return known && { value: known, at: machine.cpuModel?.at };
  notes.assume(`the CPU ${model} has no x2APIC under TCG`, ['x2apic']);
  return { value: false, at: machine.cpuModel?.at };
}
