/** CPUs plugged before the guest starts, by `-device …-x86_64-cpu`: which they are, and what QEMU refuses. */
import { apicIdOf, type CpuTopology, fieldWidth } from '../../machine/topology.ts';
import type { Notes } from '../notes.ts';
import type { Version } from '../version.ts';
import { indexOf, indexOfApicId, LEVELS, type Level } from './cpu-place.ts';
import type { PluggedCpu } from './facts.ts';
import { deviceMessage } from './props.ts';

export interface PlugContext {
  readonly topology: CpuTopology;
  /** The model of `-cpu`. */
  readonly model: string;
  readonly qemu: Version;
  readonly notes: Notes;
}

/** Marks cold-plugged CPUs as present; QEMU's own checks are noted. */
export function plugIn(plugged: readonly PluggedCpu[], present: Uint8Array, context: PlugContext): void {
  const { topology, notes } = context;
  for (const cpu of plugged) {
    const wrong = refusal(cpu, present.length, context);
    if (wrong !== undefined) {
      notes.fail(deviceMessage(cpu, wrong), cpu.at);
      continue;
    }
    const index =
      cpu.apicId === undefined ? indexOf(cpu.place, topology) : indexOfApicId(cpu.apicId, topology);
    if (index === undefined || index >= present.length) continue;
    if (present[index] === 1) {
      const message = `CPU[${index}] with APIC ID ${apicIdOf(index, topology)} exists`;
      notes.fail(deviceMessage(cpu, message), cpu.at);
    }
    present[index] = 1;
  }
}

/** Levels that may be left out where there is one of them. */
const OPTIONAL: readonly Level[] = ['die-id', 'module-id'];

/** What QEMU says to a CPU that it refuses for what it is (pc_cpu_pre_plug, QEMU 11.1). */
function refusal(
  cpu: PluggedCpu,
  maxcpus: number,
  { topology, model, qemu }: PlugContext,
): string | undefined {
  // Products above QEMU plug the model of the guest.
  if (cpu.option !== undefined && cpu.model !== model)
    return `Invalid CPU type, expected cpu type: '${model}-x86_64-cpu'`;
  if (cpu.apicId !== undefined) {
    const index = indexOfApicId(cpu.apicId, topology);
    if (index !== undefined && index < maxcpus) return undefined;
    const place = fieldsOf(cpu.apicId, topology, qemu);
    return `Invalid CPU [${place}] with APIC ID ${cpu.apicId}, valid index range 0:${maxcpus - 1}`;
  }
  for (const [level, count] of LEVELS) {
    const value = cpu.place[level];
    const mayMiss = OPTIONAL.includes(level) && topology[count] === 1;
    if (value === undefined && !mayMiss) return `CPU ${level} is not set`;
    if (value !== undefined && value >= topology[count]) {
      return `Invalid CPU ${level}: ${value} must be in range 0:${topology[count] - 1}`;
    }
  }
  return undefined;
}

/** "socket: 4, die: 0, module: 0, core: 1, thread: 0": the fields of an APIC ID. */
function fieldsOf(apicId: number, topology: CpuTopology, qemu: Version): string {
  const fields: string[] = [];
  let rest = apicId;
  for (const [level, count] of LEVELS.toReversed()) {
    const name = level.replace('-id', '');
    const size = name === 'socket' ? Number.POSITIVE_INFINITY : 2 ** fieldWidth(topology[count]);
    const value = name === 'socket' ? rest : rest % size;
    rest = Math.floor(rest / size);
    // Modules came with 9.1.
    if (name !== 'module' || qemu >= 9001) fields.unshift(`${name}: ${value}`);
  }
  return fields.join(', ');
}
