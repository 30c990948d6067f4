/** The machine QEMU would build → a description in irqsim's form. */
import { formatList } from '../../lib/cpumask.ts';
import type { Location, Refusal } from '../../machine/machine.ts';
import { apicIdOf, levelShift, nodeOfSocket, socketOf } from '../../machine/topology.ts';
import { cpuEntries } from '../cpu-entries.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { NO_ACPI } from '../notes.ts';
import type { ReadResult } from '../reader.ts';
import { describeDevices } from './devices.ts';
import type { QemuMachine, SmpKey } from './facts.ts';
import { fadtRevision } from './machine-type.ts';
import { memoryNodes } from './numa.ts';
import type { ResolvedMachine } from './resolve.ts';

/** Writes the description; places are those of the facts. */
export function describe(machine: QemuMachine, resolved: ResolvedMachine): ReadResult {
  const { sheet, platform, smp, type } = resolved;
  if (machine.name) sheet.set(['name'], machine.name.value, machine.name.at);
  sheet.set(['platform'], platform.value, platform.at);
  if (machine.cmdline) sheet.set(['cmdline'], machine.cmdline.value, machine.cmdline.at);
  describeCpus(machine, resolved);
  describeMemoryNodes(machine, resolved);
  const { x2apic, extDestId } = resolved;
  if (x2apic?.value === false) sheet.set(['x2apic'], 'unsupported', x2apic.at);
  describeRemapping(machine, resolved, sheet);
  sheet.set(['extDestId'], extDestId.value, extDestId.at);
  const enlightened = [...machine.cpuFlags].find(([flag, { value }]) => flag.startsWith('hv-') && value);
  if (enlightened) sheet.set(['hypervEnlightenments'], true, enlightened[1].at);
  sheet.set(['hpet', 'present'], resolved.hpet.value, resolved.hpet.at);
  if (resolved.hpetMsi.value) sheet.set(['hpet', 'msi'], true, resolved.hpetMsi.at);
  if (resolved.hpet.value)
    sheet.set(['hpet', 'channels'], resolved.hpetChannels.value, resolved.hpetChannels.at);
  describeTimers(machine, sheet);
  sheet.set(['firmware', 'fadt'], fadtRevision(type));
  sheet.set(['firmware', 'onlineCapable'], false);
  const remaps = resolved.iommu?.remapping ?? false;
  describeDevices(machine, { type, cpus: smp.cpus, remaps, nodes: new Set(resolved.nodes ?? [0]) }, sheet);
  if (machine.guestOs) sheet.set(['guestOs'], machine.guestOs.value, machine.guestOs.at);
  for (const { part, at, mayHold, remedy } of machine.unread) sheet.notUnderstood(part, at, mayHold, remedy);
  for (const remark of machine.remarks) sheet.assume(remark);
  const { raw, assumptions, refusals: said } = sheet.result();
  const refusals = [...newerType(machine, resolved), ...said];
  if (!resolved.acpi.value) {
    refusals.push({
      by: 'irqsim',
      level: 'warning',
      message: NO_ACPI,
      cause: ['without ACPI tables Linux sees no interrupt remapping and no CPU that is not plugged'],
      fix: ['libvirt: <features><acpi/></features>', 'QEMU: -machine acpi=on'],
      location: resolved.acpi.at,
    });
  }
  return { raw, assumptions, refusals };
}

/** Said by irqsim: a type of a QEMU that it does not know yet. */
function newerType({ type: written }: QemuMachine, { standsFor, type }: ResolvedMachine): Refusal[] {
  if (standsFor === undefined) return [];
  const message = `the machine type ${type.name} is newer than QEMU ${standsFor}, the newest that is known: what holds for ${standsFor} is taken for it`;
  const fix = [`a machine type of QEMU ${standsFor} or older`, 'a newer irqsim, if there is one'];
  return [{ by: 'irqsim', level: 'warning', message, cause: [], fix, location: written?.at }];
}

const TOPOLOGY_KEYS = ['sockets', 'dies', 'modules', 'cores', 'threads'] as const;

function describeCpus(machine: QemuMachine, resolved: ResolvedMachine): void {
  const { smp, sheet } = resolved;
  const { topology, maxcpus } = smp;
  const { l2 } = machine;
  const nodeAt = machine.numaNodes[0]?.at;
  const nodes = equalBlocks(resolved);
  const worked = (['maxcpus', ...TOPOLOGY_KEYS] as const).filter(
    (key) => smp.derived.includes(key) && (key === 'maxcpus' || topology[key] > 1),
  );
  if (worked.length > 0) {
    const values = worked.map((key) => `${key}=${key === 'maxcpus' ? maxcpus : topology[key]}`);
    sheet.assume(`-smp is completed with ${values.join(',')}`, [nodes === undefined ? 'cpus' : 'topology']);
  }
  if (nodes === undefined) {
    const cpus = Array.from(resolved.present, (isPresent, index) => ({
      apicId: apicIdOf(index, topology),
      node: resolved.nodes?.[index] ?? 0,
      present: isPresent === 1,
    }));
    for (const [index, entry] of cpuEntries(cpus).entries()) {
      sheet.set(['cpus', index], entry, nodeAt);
      if (l2) sheet.set(['cpus', index, 'l2'], 2 ** levelShift(topology, l2.value), l2.at);
    }
    if (topology.threads > 1) sheet.set(['smt'], topology.threads, machine.smp.threads?.at);
    return;
  }
  for (const key of TOPOLOGY_KEYS) {
    sheet.set(['topology', key], topology[key], machine.smp[key]?.at);
  }
  if (l2) sheet.set(['topology', 'l2'], l2.value, l2.at);
  // `max` says nothing new where the product is exact, but has the place of maxcpus.
  sheet.set(['topology', 'max'], maxcpus, placeOfMax(machine));
  if (nodes > 1) sheet.set(['topology', 'nodes'], nodes, nodeAt);
  const plugged = resolved.present.reduce((sum, isPresent) => sum + isPresent, 0);
  if (plugged === smp.cpus) sheet.set(['topology', 'present'], plugged, machine.smp.cpus?.at);
  else {
    const indexes = [...resolved.present.keys()].filter((index) => resolved.present[index] === 1);
    const at = machine.hotPlugged?.at ?? machine.plugged[0]?.at;
    sheet.set(['topology', 'present'], formatList(indexes), at);
  }
}

function describeMemoryNodes(machine: QemuMachine, { nodes, sheet }: ResolvedMachine): void {
  const found = memoryNodes(machine, nodes);
  if (found.length > 0) sheet.set(['memoryNodes'], formatList(found.map(({ id }) => id)), found[0].at);
}

function placeOfMax({ smp, smpAt }: QemuMachine): Location | undefined {
  const key: SmpKey = smp.maxcpus ? 'maxcpus' : 'cpus';
  return smp[key]?.at ?? smpAt;
}

/** Number of nodes if sockets are dealt to them in equal blocks, 1 without NUMA; else undefined. */
function equalBlocks({ nodes, smp }: ResolvedMachine): number | undefined {
  if (!nodes) return 1;
  const { sockets } = smp.topology;
  const count = nodes.reduce((highest, node) => Math.max(highest, node), 0) + 1;
  if (count > sockets) return undefined;
  const fits = nodes.every(
    (node, index) => node === nodeOfSocket(socketOf(index, smp.topology), sockets, count),
  );
  return fits ? count : undefined;
}

function describeRemapping(
  machine: QemuMachine,
  { iommu }: ResolvedMachine,
  sheet: DescriptionBuilder,
): void {
  const device = machine.iommu;
  if (!iommu?.remapping || !device) {
    const at = device?.props.get('intremap')?.at ?? device?.at;
    sheet.set(['remapping', 'enabled'], false, at);
    return;
  }
  const intel = iommu.model === 'intel-iommu';
  const eimAt = device.props.get(intel ? 'eim' : 'xtsup')?.at;
  sheet.set(['remapping', 'enabled'], true, device.props.get('intremap')?.at);
  sheet.set(['remapping', 'eim'], iommu.eim, eimAt);
  sheet.set(['remapping', 'vendor'], intel ? 'intel' : 'amd', device.at);
}

/** CPU flags that take a timer away or add one. */
const TIMER_FLAGS = { kvmclock: 'kvmclock', tscDeadline: 'tsc-deadline', arat: 'arat' } as const;

function describeTimers({ cpuFlags }: QemuMachine, sheet: DescriptionBuilder): void {
  for (const [key, flag] of Object.entries(TIMER_FLAGS)) {
    const fact = cpuFlags.get(flag);
    if (fact) sheet.set(['timers', key], fact.value, fact.at);
  }
}
