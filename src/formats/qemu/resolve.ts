/** Facts → the machine that QEMU would build: defaults filled in, QEMU's own checks made. */

import { FIRST_X2APIC_ID } from '../../machine/apic-ids.ts';
import { grouped, HPET_CHANNELS, LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Platform } from '../../machine/machine.ts';
import { apicIdOf } from '../../machine/topology.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import type { Notes } from '../notes.ts';
import type { Stack } from '../stack.ts';
import type { Version } from '../version.ts';
import { type Accel, platformOf, resolveAccel, resolveExtDest, resolveX2apic } from './accel.ts';
import { plugIn } from './cold-plug.ts';
import { isCpuModel } from './cpu-models.ts';
import type { Fact, QemuMachine } from './facts.ts';
import { type Iommu, resolveIommu } from './iommu.ts';
import { isUnsupported, type MachineType, machineType, type QemuVersion, qemuFor } from './machine-type.ts';
import { resolveNuma } from './numa.ts';
import { errorAt } from './props.ts';
import { type CompleteSmp, completeSmp } from './smp.ts';

export interface ResolvedMachine {
  readonly type: MachineType;
  /** The newest QEMU that is known, where the machine type is newer; else undefined. */
  readonly standsFor: string | undefined;
  readonly accel: Accel;
  readonly platform: Fact<Platform>;
  readonly smp: CompleteSmp;
  /** 1 for each CPU index that is plugged. */
  readonly present: Uint8Array;
  /** Node by CPU index; null without NUMA. */
  readonly nodes: Int32Array | null;
  readonly x2apic: Fact<boolean> | undefined;
  readonly extDestId: Fact<boolean>;
  readonly iommu: Iommu | null;
  readonly hpet: Fact<boolean>;
  readonly hpetMsi: Fact<boolean>;
  readonly hpetChannels: Fact<number>;
  readonly acpi: Fact<boolean>;
  /** For the description; holds what QEMU assumed and said. */
  readonly sheet: DescriptionBuilder;
}

/** Throws InputError for more CPUs than irqsim takes, or a QEMU version that is none. */
export function resolveMachine(machine: QemuMachine, stack: Stack): ResolvedMachine {
  const { text, version, because, isBehind } = qemuFor(stack, machine.type?.value);
  const sheet = describedBy(`QEMU ${text}`);
  const notes: Notes = sheet;
  if (because !== undefined) notes.assume(because);
  const type = resolveType(machine, { text, version, isBehind }, notes);
  for (const { value, at } of machine.oldOptions) {
    if (version >= 9000) notes.fail(`${value}: invalid option`, at);
  }
  for (const { value, at } of machine.refused) notes.fail(value, at);
  const smp = completeSmp(machine, type, version, notes);
  if (smp.maxcpus > LIMITS.cpus) {
    const limit = `the limit is ${grouped(LIMITS.cpus)} CPUs`;
    throw errorAt(machine.smp.maxcpus?.at ?? machine.smpAt, `${grouped(smp.maxcpus)} CPUs; ${limit}`);
  }
  refuseModel(machine, notes);
  const accel = resolveAccel(machine, type, notes);
  const maxApicId = apicIdOf(smp.maxcpus - 1, smp.topology);
  const nodes = resolveNuma(machine, smp.topology, smp.maxcpus, notes);
  const extDestId = resolveExtDest(machine, type, accel, version, notes);
  const x2apic = resolveX2apic(machine, accel, notes);
  checkApicIds(machine, { smp, accel, version, x2apic, maxApicId, notes });
  const present = new Uint8Array(smp.maxcpus).fill(1, 0, smp.cpus);
  const model = machine.cpuModel?.value ?? 'qemu64';
  plugIn(machine.plugged, present, { topology: smp.topology, model, qemu: version, notes });
  for (const index of machine.hotPlugged?.value ?? []) if (index < present.length) present[index] = 1;
  const iommu = resolveIommu(machine, { type, accel, maxApicId, qemu: version, notes });
  return {
    type,
    standsFor: isBehind ? text : undefined,
    accel,
    platform: platformOf(machine, accel),
    smp,
    present,
    nodes,
    x2apic,
    extDestId,
    iommu,
    hpet: resolveHpet(machine, type, notes),
    hpetMsi: machine.hpetMsi ?? { value: false, at: undefined },
    hpetChannels: resolveHpetChannels(machine, notes),
    acpi: machine.acpi ?? { value: true, at: undefined },
    sheet,
  };
}

function resolveType(
  machine: QemuMachine,
  { text: qemu, version, isBehind }: Omit<QemuVersion, 'because'>,
  notes: Notes,
): MachineType {
  const type = machineType(machine.type?.value ?? 'pc', qemu, version);
  if (!machine.type) notes.assume(`without -machine it is ${type.name}`);
  else if (type.name !== machine.type.value.split('+')[0]) {
    notes.assume(`${machine.type.value} means ${type.name}`);
  }
  if (!isBehind) refuseType(machine, type, version, notes);
  if (type.versionFrom === 'distribution') {
    notes.assume(
      `${type.name} is taken for a type of QEMU ${versionText(type.version)}, which its distribution ships`,
    );
  } else if (type.versionFrom === 'qemu') {
    notes.assume(`${type.name} is taken to behave like the types of QEMU ${qemu}`);
    nameType(machine, type, notes);
  }
  return type;
}

/** Names a type of a distribution that nobody here knows; what no QEMU has is refused. */
function nameType({ type: written }: QemuMachine, { family, name }: MachineType, notes: Notes): void {
  if (!written || family === 'other' || /[$%]/.test(name)) return;
  notes.notUnderstood(`the machine type ${excerpt(name)}: whose it is`, written.at, ['the machine type']);
}

const versionText = (version: Version): string => `${Math.floor(version / 1000)}.${version % 1000}`;

/** Types that this QEMU does not have; a shell's variable is none, and named elsewhere. */
function refuseType({ type: written }: QemuMachine, type: MachineType, qemu: Version, notes: Notes): void {
  if (!written || !isUnsupported(type, qemu) || /[$%]/.test(written.value)) return;
  notes.fail(`unsupported machine type: "${written.value}"`, written.at, {
    fix: ['use a machine type that -machine help lists'],
  });
}

/** microvm has none; elsewhere it is on. */
function resolveHpet(machine: QemuMachine, type: MachineType, notes: Notes): Fact<boolean> {
  if (type.family === 'microvm') {
    if (machine.hpet) notes.fail("Property 'microvm-machine.hpet' not found", machine.hpet.at);
    return { value: false, at: undefined };
  }
  if (machine.hpet) return machine.hpet;
  notes.assume(`the HPET is on by default for ${type.name}`, ['hpet']);
  return { value: true, at: undefined };
}

/** As many as an HPET has at least; numbers beyond what one can have are cut to that. */
function resolveHpetChannels({ hpetTimers }: QemuMachine, notes: Notes): Fact<number> {
  const { least, most } = HPET_CHANNELS;
  if (!hpetTimers) return { value: least, at: undefined };
  const value = Math.min(Math.max(hpetTimers.value, least), most);
  if (value !== hpetTimers.value)
    notes.assume(`hpet.timers=${hpetTimers.value} is taken as ${value}`, ['hpet', 'channels']);
  return { value, at: hpetTimers.at };
}

function refuseModel({ cpuModel, cpuOption }: QemuMachine, notes: Notes): void {
  if (!cpuModel || cpuOption === undefined || isCpuModel(cpuModel.value) || /[$%]/.test(cpuModel.value))
    return;
  notes.fail(`unable to find CPU model '${cpuModel.value}'`, cpuModel.at);
}

interface ApicIdChecks {
  readonly smp: CompleteSmp;
  readonly accel: Accel;
  readonly version: Version;
  readonly x2apic: Fact<boolean> | undefined;
  readonly maxApicId: number;
  readonly notes: Notes;
}

/** First version with a wording, and its end. */
const SMP_NEEDS: readonly { from: Version; until: Version; message: string }[] = [
  {
    from: 2008,
    until: 6000,
    message:
      'current -smp configuration requires Extended Interrupt Mode enabled. You can add an IOMMU using: ' +
      '-device intel-iommu,intremap=on,eim=on',
  },
  { from: 6000, until: 7000, message: 'current -smp configuration requires kernel irqchip support.' },
  {
    from: 7000,
    until: 9000,
    message: 'current -smp configuration requires kernel irqchip and X2APIC API support.',
  },
];

/** From here on KVM without an interrupt chip in the kernel is refused whatever the APIC IDs. */
const NO_USERSPACE_APIC: Version = 8000;

function checkApicIds(machine: QemuMachine, checks: ApicIdChecks): void {
  const { accel, version, maxApicId, notes, smp, x2apic } = checks;
  const smpAt = machine.smpAt;
  const highest = { cause: [`the highest APIC ID is ${maxApicId}`] };
  const inKernel = accel.irqchip === 'on' || accel.irqchip === 'split';
  if (maxApicId >= FIRST_X2APIC_ID && accel.name !== 'xen') {
    const row = SMP_NEEDS.find(({ from, until }) => version >= from && version < until);
    const fulfilled = version < 6000 ? hasEim(machine) : accel.name === 'kvm' && inKernel;
    if (row && !fulfilled) notes.fail(row.message, smpAt, highest);
  }
  if (accel.name === 'kvm' && !inKernel && version >= NO_USERSPACE_APIC) {
    const asked = machine.cpuFlags.get('x2apic');
    if (asked?.value) {
      notes.warn("warning: host doesn't support requested feature: CPUID.01H:ECX.x2apic [bit 21]", asked.at);
    }
    notes.fail('KVM does not support userspace APIC', machine.irqchip?.at, { fix: ['kernel-irqchip=split'] });
  }
  if (accel.name !== 'tcg' || x2apic?.value !== false) return;
  for (let index = 0; index < smp.cpus; index++) {
    const apicId = apicIdOf(index, smp.topology);
    if (apicId < FIRST_X2APIC_ID) continue;
    notes.fail(`APIC ID ${apicId} requires x2APIC feature in CPU`, x2apic.at ?? smpAt, {
      fix: ['Try x2apic=on in -cpu.'],
    });
    return;
  }
}

function hasEim({ iommu }: QemuMachine): boolean {
  return iommu?.driver === 'intel-iommu' && iommu.props.get('eim')?.value === 'on';
}
