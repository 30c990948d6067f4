/** How many more devices a machine has vectors for: they are probed behind the others until one gets too few. */

import { firstAttempt, probe } from '../../linux/sim/probe.ts';
import type { DeviceRun } from '../../linux/sim/run.ts';
import { simulate } from '../../linux/sim/simulate.ts';
import type { Simulation } from '../../linux/sim/simulation.ts';
import { KERNEL_STEPS } from '../../linux/sim/steps.ts';
import type { System } from '../../linux/sim/system.ts';
import { LIMITS } from '../../machine/limits.ts';
import type { DeviceSpec, Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';

/** Devices that are alike but for their names. */
export interface Kind {
  readonly name: string;
  readonly spec: DeviceSpec;
  /** How many of them the machine has. */
  readonly count: number;
  /** Their names. */
  readonly members: ReadonlySet<string>;
}

export interface Fit extends Pick<Kind, 'name' | 'count'> {
  readonly driver: DeviceSpec['driver'];
  readonly node: number | undefined;
  /** Vectors that one more would ask for. */
  readonly asks: number;
  /** So many more get all they ask for. */
  readonly more: number;
  /** More may fit: descriptions have no more devices, or vectors. */
  readonly atLeast: boolean;
  /** What the first that gets less gets, and how the driver falls back; null: none was tried. */
  readonly next: (Pick<DeviceRun, 'fallback' | 'fullCpu'> & { readonly granted: number }) | null;
  /** Vectors that each of those that are there could have with all devices getting all they ask for; null: not tried. */
  readonly each: number | null;
}

/** "nic3" → "nic"; "" for other names, such as "0000:00:01.0". */
const stem = (name: string): string => (/^[a-z][a-z_-]*\d+$/i.test(name) ? name.replace(/\d+$/, '') : '');

/** Devices by all that decides about their vectors; names of each kind differ from those of the others. */
export function kindsOf(devices: readonly DeviceSpec[]): Kind[] {
  const groups = new Map<string, DeviceSpec[]>();
  for (const spec of devices) {
    const { name: _, path: __, ...rest } = spec;
    const key = JSON.stringify([stem(spec.name), rest]);
    const group = groups.get(key);
    if (group) group.push(spec);
    else groups.set(key, [spec]);
  }
  const stems = [...groups.values()].map(([{ name }]) => stem(name));
  return [...groups.values()].map(([spec, ...others], index) => {
    const alone = others.length > 0 && stems.filter((one) => one === stems[index]).length === 1;
    const members = new Set([spec, ...others].map(({ name }) => name));
    return { name: alone ? stems[index] || spec.name : spec.name, spec, count: members.size, members };
  });
}

/** Devices of a kind that nobody has described: so many vectors that nobody manages, such as virtual functions ask for. */
export function plainKind(vectors: number): Kind {
  const spec: DeviceSpec = {
    name: `${vectors}-vector device`,
    driver: 'generic',
    queues: undefined,
    vectors,
    node: undefined,
    managed: undefined,
    preVectors: undefined,
    postVectors: undefined,
    interrupts: 'msi-x',
    remapped: true,
    behind: null,
    path: ['devices'],
  };
  return { name: spec.name, spec, count: 0, members: new Set() };
}

/** The machine as its drivers find it, without its events; `system` may be changed, null: the kernel panics at boot. */
function probed(machine: Machine): { readonly facts: Simulation; readonly system: System | null } {
  let system: System | null = null;
  const facts = simulate(varied(machine, { events: [] }), {
    ...KERNEL_STEPS,
    probeAndRun(booted, seen) {
      system = booted;
      return KERNEL_STEPS.probeAndRun(booted, seen);
    },
  });
  return { facts, system };
}

type Tried = Pick<Fit, 'asks' | 'more' | 'atLeast' | 'next'>;

/** Probes one after the other; the system is used up. */
function probeMore(system: System, { spec }: Kind): Tried {
  let vectors = system.devices.reduce((sum, { granted }) => sum + granted, 0);
  let asks = 0;
  for (let more = 0; ; more++) {
    if (system.devices.length >= LIMITS.devices || vectors >= LIMITS.vectors)
      return { asks, more, atLeast: true, next: null };
    probe(system, { ...spec, name: `${spec.name}+${more}` });
    const { granted, fallback, fullCpu, errno, plan, domain } = system.devices[system.devices.length - 1];
    asks = firstAttempt(system, domain, plan).vectors;
    if (errno !== 0 || granted === 0)
      return { asks, more, atLeast: false, next: { granted, fallback, fullCpu } };
    vectors += granted;
  }
}

/** Interrupts times CPUs of all boots that are tried for one kind. */
const WORK = 50_000_000;
const MOST_VECTORS = 2048;

/** The machine with other numbers of queues, and vectors, for the devices of a kind. */
function sized(machine: Machine, kind: Kind, size: number): Machine {
  const resized =
    kind.spec.driver === 'generic'
      ? { vectors: size, queues: undefined }
      : { queues: size, vectors: undefined };
  const devices = machine.devices.map((spec) =>
    kind.members.has(spec.name) ? { ...spec, ...resized } : spec,
  );
  return varied(machine, { devices });
}

/** What each device of the kind gets at this size, if all devices get all they ask for; null: some do not. */
function getsAt(machine: Machine, kind: Kind, size: number): number | null {
  const { devices } = probed(sized(machine, kind, size)).facts.run;
  if (devices.some(({ errno, vectorsGranted }) => errno !== 0 || vectorsGranted === 0)) return null;
  return devices.find(({ name }) => kind.members.has(name))?.vectorsGranted ?? null;
}

/** The most that each device of the kind could have: by halving, with the neighbours at the end tried. */
function eachAtMost(machine: Machine, kind: Kind): number | null {
  if (kind.spec.interrupts !== 'msi-x') return null;
  let best = getsAt(machine, kind, 1);
  if (best === null) return 0;
  let [fits, fails] = [1, MOST_VECTORS + 1];
  while (fails - fits > 1) {
    const size = (fits + fails) >>> 1;
    const gets = getsAt(machine, kind, size);
    if (gets === null) fails = size;
    else [fits, best] = [size, gets];
  }
  return best;
}

/** The machine's boot and devices, without its events, and then more devices of the kind. Null: the kernel panics at boot. */
export function fitOf(machine: Machine, kind: Kind): Fit | null {
  const { system } = probed(machine);
  if (!system) return null;
  const { name, count, spec } = kind;
  const work = (system.life.irqs.size + count * MOST_VECTORS) * Math.max(1, system.enumeration.nrCpuIds / 64);
  const each = count > 0 && work * 12 <= WORK ? eachAtMost(machine, kind) : null;
  return { name, count, driver: spec.driver, node: spec.node, ...probeMore(system, kind), each };
}
