/** The events of a description, checked against the CPUs that exist when each one happens. */

import { MAX_APIC_ID } from './apic-ids.ts';
import { suggestion } from './did-you-mean.ts';
import { grouped } from './limits.ts';
import { listText, parseRanges, rangeSize } from './lists.ts';
import { excerpt, type Path, type Problems, pathText } from './locate.ts';
import type { FirmwareCpu, InterruptName, MachineEvent } from './machine.ts';
import type { EventInput } from './schema.ts';
import { isOn } from './switch.ts';

/** CPU numbers that different lists may expand to in all: keeps memory bounded, nothing real comes near. */
const MAX_LISTED_CPUS = 4_194_304;

/** What the checks know of the machine as the events go by. */
interface Progress {
  /** CPU numbers that can exist: one for each firmware CPU and each plugged one. */
  cpuCount: number;
  readonly deviceNames: ReadonlySet<string>;
  /** Lists already expanded; equal lists share one array. */
  readonly lists: Map<string, readonly number[]>;
  listed: number;
  readonly problems: Problems;
}

type Kind = keyof EventInput & MachineEvent['kind'];
type Build<K extends Kind> = (
  input: NonNullable<EventInput[K]>,
  path: Path,
  progress: Progress,
) => MachineEvent | undefined;

/** How each kind of event is completed; `path` is that of the event. */
const BUILDERS: { readonly [K in Kind]: Build<K> } = {
  online: (cpus, path, progress) => onCpus('online', cpus, path, progress),
  offline: (cpus, path, progress) => onCpus('offline', cpus, path, progress),
  unplug: (cpus, path, progress) => onCpus('unplug', cpus, path, progress),
  plug,
  suspend: (_, path) => ({ kind: 'suspend', path }),
  resume: (_, path) => ({ kind: 'resume', path }),
  smt: (state, path) => ({ kind: 'smt', on: isOn(state, true), path }),
  setAffinity,
  fire(input, path, progress) {
    const interrupt = interruptName(input, [...path, 'fire'], progress);
    return interrupt && { kind: 'fire', interrupt, path };
  },
  reprobe: (device, path, progress) =>
    isKnown(device, [...path, 'reprobe'], progress) ? { kind: 'reprobe', device, path } : undefined,
};
const KINDS = Object.keys(BUILDERS) as Kind[];

/** Builds the events, in order. Notes problems. */
export function normaliseEvents(
  inputs: readonly EventInput[],
  cpus: readonly FirmwareCpu[],
  deviceNames: readonly string[],
  problems: Problems,
): MachineEvent[] {
  const progress: Progress = {
    cpuCount: cpus.length,
    deviceNames: new Set(deviceNames),
    lists: new Map(),
    listed: 0,
    problems,
  };
  const events: MachineEvent[] = [];
  for (const [index, input] of inputs.entries()) {
    const event = normaliseEvent(input, ['events', index], progress);
    if (event) events.push(event);
  }
  return events;
}

function normaliseEvent(input: EventInput, path: Path, progress: Progress): MachineEvent | undefined {
  const given = KINDS.filter((kind) => input[kind] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'it has none' : `it has ${given.join(' and ')}`;
    const message = `${pathText(path)}: an event is one of ${KINDS.join(', ')}; ${found}`;
    progress.problems.add(path, message);
    return undefined;
  }
  const [kind] = given;
  const build = BUILDERS[kind] as Build<Kind>;
  return build(input[kind] as NonNullable<EventInput[Kind]>, path, progress);
}

function onCpus(
  kind: 'online' | 'offline' | 'unplug',
  input: NonNullable<EventInput['online']>,
  path: Path,
  progress: Progress,
): MachineEvent | undefined {
  const cpus = cpuNumbers(input, [...path, kind], progress);
  return cpus && { kind, cpus, path };
}

function cpuNumbers(
  input: NonNullable<EventInput['online']>,
  path: Path,
  progress: Progress,
): readonly number[] | undefined {
  const { problems } = progress;
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
): MachineEvent | undefined {
  const { problems } = progress;
  const at = [...path, 'plug', 'apicId'];
  const ranges = parseRanges(input.apicId, at, problems);
  if (!ranges) return undefined;
  const apicId = ranges[0]?.[0];
  if (apicId === undefined || rangeSize(ranges) !== 1 || apicId > MAX_APIC_ID) {
    problems.add(at, `${pathText(at)}: expected one APIC ID from 0 to ${MAX_APIC_ID}`);
    return undefined;
  }
  progress.cpuCount++;
  return { kind: 'plug', apicId, node: input.node, path };
}

function setAffinity(
  input: NonNullable<EventInput['setAffinity']>,
  path: Path,
  progress: Progress,
): MachineEvent | undefined {
  const at = [...path, 'setAffinity'];
  const interrupt = interruptName(input, at, progress);
  const cpus = cpuNumbers(input.cpus, [...at, 'cpus'], progress);
  return interrupt && cpus && { kind: 'setAffinity', interrupt, cpus, path };
}

/** The description has the device; else that is noted. */
function isKnown(device: string, path: Path, { deviceNames, problems }: Progress): boolean {
  if (deviceNames.has(device)) return true;
  problems.add(
    path,
    () => `unknown device ${excerpt(device)}${suggestion(device, [...deviceNames].slice(0, 100), 'devices')}`,
  );
  return false;
}

/** By number, or by a device of the description with one of queue and vector. */
function interruptName(
  { irq, device, queue, vector }: NonNullable<EventInput['fire']>,
  path: Path,
  progress: Progress,
): InterruptName | undefined {
  if (device !== undefined && !isKnown(device, [...path, 'device'], progress)) return undefined;
  if (irq !== undefined && device === undefined && queue === undefined && vector === undefined)
    return { irq };
  if (device !== undefined && irq === undefined) {
    if (queue !== undefined && vector === undefined) return { device, queue };
    if (vector !== undefined && queue === undefined) return { device, vector };
  }
  progress.problems.add(path, `${pathText(path)}: expected irq, or device with one of queue and vector`);
  return undefined;
}
