/** The events of a description, checked against the CPUs that exist when each one happens. */

import { grouped, MAX_APIC_ID } from './limits.ts';
import { listText, parseRanges, rangeSize } from './lists.ts';
import { type Path, type Problems, pathText } from './locate.ts';
import type { FirmwareCpu, MachineEvent } from './machine.ts';
import type { EventInput } from './schema.ts';

const KINDS = ['online', 'offline', 'unplug', 'plug'] as const;

/** CPU numbers that different lists may expand to in all: keeps memory bounded, nothing real comes near. */
const MAX_LISTED_CPUS = 4_194_304;

/** What the checks know of the machine as the events go by. */
interface Progress {
  /** CPU numbers that can exist: one for each firmware CPU and each plugged one. */
  cpuCount: number;
  readonly highestNode: number;
  /** Lists already expanded; equal lists share one array. */
  readonly lists: Map<string, readonly number[]>;
  listed: number;
}

/** Builds the events, in order. Notes problems. */
export function normaliseEvents(
  inputs: readonly EventInput[],
  cpus: readonly FirmwareCpu[],
  problems: Problems,
): MachineEvent[] {
  const progress: Progress = {
    cpuCount: cpus.length,
    highestNode: cpus.reduce((highest, { node }) => Math.max(highest, node), 0),
    lists: new Map(),
    listed: 0,
  };
  const events: MachineEvent[] = [];
  for (const [index, input] of inputs.entries()) {
    const event = normaliseEvent(input, ['events', index], progress, problems);
    if (event) events.push(event);
  }
  return events;
}

function normaliseEvent(
  input: EventInput,
  path: Path,
  progress: Progress,
  problems: Problems,
): MachineEvent | undefined {
  const given = KINDS.filter((kind) => input[kind] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'it has none' : `it has ${given.join(' and ')}`;
    problems.add(path, `${pathText(path)}: an event is one of ${KINDS.join(', ')}; ${found}`);
    return undefined;
  }
  const [kind] = given;
  if (kind === 'plug') return input.plug && plug(input.plug, path, progress, problems);
  const cpus = input[kind];
  if (cpus === undefined) return undefined;
  const numbers = cpuNumbers(cpus, [...path, kind], progress, problems);
  return numbers && { kind, cpus: numbers, path };
}

function cpuNumbers(
  input: NonNullable<EventInput['online']>,
  path: Path,
  progress: Progress,
  problems: Problems,
): readonly number[] | undefined {
  const text = listText(input);
  const known = progress.lists.get(text);
  if (known) return known;
  const ranges = parseRanges(input, path, problems);
  if (!ranges) return undefined;
  if (ranges.length === 0) problems.add(path, `${pathText(path)} names no CPU`);
  const beyond = ranges.find(([, last]) => last >= progress.cpuCount);
  if (beyond) {
    const highest = progress.cpuCount - 1;
    problems.add(path, `${pathText(path)}: CPU ${beyond[1]} does not exist, the highest is ${highest}`);
    return undefined;
  }
  progress.listed += rangeSize(ranges);
  if (progress.listed > MAX_LISTED_CPUS) {
    problems.add(['events'], `the events name more than ${grouped(MAX_LISTED_CPUS)} CPUs in all`);
    problems.throwIfAny();
  }
  const cpus: number[] = [];
  for (const [first, last] of ranges) for (let cpu = first; cpu <= last; cpu++) cpus.push(cpu);
  progress.lists.set(text, cpus);
  return cpus;
}

function plug(
  input: NonNullable<EventInput['plug']>,
  path: Path,
  progress: Progress,
  problems: Problems,
): MachineEvent | undefined {
  const at = [...path, 'plug', 'apicId'];
  const ranges = parseRanges(input.apicId, at, problems);
  if (!ranges) return undefined;
  const apicId = ranges[0]?.[0];
  if (apicId === undefined || rangeSize(ranges) !== 1 || apicId > MAX_APIC_ID) {
    problems.add(at, `${pathText(at)}: expected one APIC ID from 0 to ${MAX_APIC_ID}`);
    return undefined;
  }
  if (input.node !== undefined && input.node > progress.highestNode) {
    const message = `node ${input.node} does not exist, the highest node with CPUs is ${progress.highestNode}`;
    problems.add([...path, 'plug', 'node'], `${pathText(path)}: ${message}`);
  }
  progress.cpuCount++;
  return { kind: 'plug', apicId, node: input.node, path };
}
