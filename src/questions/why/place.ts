/** Where a CPU comes from: its place in the description, its APIC ID, its firmware entry, its number. */

import type { Analysis } from '../../findings/analyze.ts';
import type { KernelCpu } from '../../linux/model/enumerate.ts';
import { XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import { apicIdOf, type CpuTopology, fieldWidth } from '../../machine/topology.ts';
import { idText, originOf, type Step } from './chain.ts';

/** The counts behind "40 x 5 x 1" (Machine.shape). */
function topologyOf(shape: string): CpuTopology {
  const counts = shape.split(' x ').map(Number);
  const [cores, threads] = counts.slice(-2);
  const [sockets, dies = 1, modules = 1] = counts.slice(0, -2);
  return { sockets, dies, modules, cores, threads };
}

/** "socket 37 << 3 | core 1 = 297 (0x129); 5 cores take 3 bits". */
function fieldsText(index: number, topology: CpuTopology): string {
  const levels = ['thread', 'core', 'module', 'die'] as const;
  const counts = [topology.threads, topology.cores, topology.modules, topology.dies];
  const parts: string[] = [];
  const holes: string[] = [];
  let rest = index;
  let shift = 0;
  for (const [level, count] of counts.entries()) {
    const width = fieldWidth(count);
    if (count > 1) parts.unshift(`${levels[level]} ${rest % count}${shift > 0 ? ` << ${shift}` : ''}`);
    if (count !== 2 ** width) holes.push(`${count} ${levels[level]}s take ${width} bits`);
    rest = Math.floor(rest / count);
    shift += width;
  }
  parts.unshift(`socket ${rest}${shift > 0 ? ` << ${shift}` : ''}`);
  return [`${parts.join(' | ')} = ${idText(apicIdOf(index, topology))}`, ...holes].join('; ');
}

const STATES = { online: 'plugged', offline: 'plugged, taken offline', absent: 'not plugged' } as const;

function describedStep({ machine }: Analysis, index: number): Step {
  const { apicId, node, state } = machine.cpus[index];
  const origin = originOf(machine, machine.cpuPath?.(index));
  if (machine.shape !== null) {
    const text = `CPU index ${index} of the topology ${machine.shape}, node ${node}, ${STATES[state]}`;
    return { topic: 'described', text, origin };
  }
  const id = apicId === null ? 'a slot without APIC ID' : `APIC ID ${idText(apicId)}`;
  return { topic: 'described', text: `${id}, node ${node}, ${STATES[state]}`, origin };
}

function entryStep({ machine }: Analysis, index: number, outcome: string): Step {
  const { apicId, state } = machine.cpus[index];
  const flag = state === 'absent' ? 'disabled' : 'enabled';
  const x2apic = apicId !== null && apicId > XAPIC_MAX_ID;
  return {
    topic: 'entry',
    text: `MADT type ${x2apic ? '9 (x2APIC)' : '0 (xAPIC)'}, ${flag}: ${outcome}`,
    by: x2apic ? 'acpi_parse_x2apic' : 'acpi_parse_lapic',
  };
}

/** Steps about a firmware CPU, by its index, up to what became of its entry. */
export function firmwareSteps(analysis: Analysis, index: number, outcome: string): Step[] {
  const { shape } = analysis.machine;
  const id = shape === null ? [] : [{ topic: 'APIC ID', text: fieldsText(index, topologyOf(shape)) }];
  return [describedStep(analysis, index), ...id, entryStep(analysis, index, outcome)];
}

/** How the kernel came to the CPU number. */
function numberStep({ machine }: Analysis, { cpu, apicId, predictedApicId, firmwareIndex }: KernelCpu): Step {
  const fixed = machine.kernel.has('topology-fixed-at-boot');
  const absent = firmwareIndex === null || machine.cpus[firmwareIndex].state === 'absent';
  const by = absent ? 'topology_init_possible_cpus' : 'topology_register_apic';
  const rule =
    cpu === 0
      ? 'the boot CPU'
      : !absent
        ? 'plugged CPUs are numbered in the order of their entries'
        : fixed
          ? 'slots are numbered at boot after the plugged CPUs, by ascending APIC ID'
          : 'this kernel counts slots and forgets their APIC IDs; plugging takes the next free number';
  const predicted =
    apicId === null && predictedApicId !== null
      ? `; firmware lists APIC ID ${idText(predictedApicId)} next`
      : '';
  return { topic: 'number', text: `CPU ${cpu}: ${rule}${predicted}`, by };
}

/** Steps from the description to the CPU number. */
export function cpuSteps(analysis: Analysis, slot: KernelCpu): Step[] {
  const { machine } = analysis;
  const number = numberStep(analysis, slot);
  if (slot.firmwareIndex !== null)
    return [...firmwareSteps(analysis, slot.firmwareIndex, 'accepted'), number];
  const padded = machine.cmdline.possibleCpus !== undefined;
  const origin = originOf(machine, padded ? ['cmdline'] : undefined);
  const text = padded
    ? 'a number that possible_cpus= adds beyond what firmware lists'
    : 'a number that no firmware entry is bound to';
  return [{ topic: 'described', text, origin }, number];
}
