/**
 * Every order of probing on one machine: a driver lets go of its device again, and another is probed. Devices that
 * differ in names only are one, and orders that leave as many vectors on each CPU are continued once.
 */
import { groupBy } from '../../lib/group-by.ts';
import type { DeviceSpec } from '../../machine/machine.ts';
import { boot } from '../sim/boot.ts';
import { deliveryOf } from '../sim/delivery.ts';
import { hpetLateInit } from '../sim/hpet.ts';
import { remove, setUp } from '../sim/probe.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { ProbedDevice, System } from '../sim/system.ts';
import type { Progress } from './answer.ts';
import type { Budget } from './search.ts';

/** What a device that comes and goes takes from the budget, in offlines; so many vectors or CPUs take one more. */
const PROBE = 4;
const VECTORS = 4;
const CPUS = 256;

/** What was found. */
export interface OrderFound {
  /** The last of these gets less than it asks for; null: each gets all, as far as was tried. */
  readonly order: readonly DeviceSpec[] | null;
  /** Every order was tried, or one like it. */
  readonly complete: boolean;
  /** Beginnings of orders that were tried. */
  readonly tried: number;
  /** Some stood for others. */
  readonly merged: boolean;
}

/** All that decides what a device gets, but for its name. */
export function kindOf({ name: _name, path: _path, ...rest }: DeviceSpec): string {
  return JSON.stringify(rest);
}

/** The device gets less than it asks for. Of those behind VMD nobody knows. */
export const isShort = ({ spec, fallback, errno, granted }: ProbedDevice): boolean =>
  spec.behind === null && (fallback !== null || errno !== 0 || granted === 0);

interface Search {
  readonly system: System;
  readonly kinds: readonly (readonly DeviceSpec[])[];
  /** How many of each kind are probed. */
  readonly taken: number[];
  readonly path: DeviceSpec[];
  /** Vectors on each CPU after devices, of those that orders went on from. */
  readonly seen: Set<string>;
  readonly budget: Budget;
  readonly progress: { readonly property: string; readonly size: number; done: number; readonly of: number };
  merged: boolean;
  cut: boolean;
}

/** Tries the orders of the devices of a machine that boots; `facts` are of it without events. */
export function* searchOrders(facts: Simulation, budget: Budget): Generator<Progress, OrderFound, void> {
  const { machine, enumeration, apic, policy } = facts;
  const system = boot(machine, enumeration, deliveryOf(machine, apic, policy), policy);
  hpetLateInit(system);
  const kinds = groupBy(machine.devices, kindOf);
  const size = machine.devices.length;
  const progress = { property: 'probe-order-free', size, done: 0, of: 0 };
  const search: Search = {
    system,
    kinds: [...kinds.values()],
    taken: [...kinds.values()].map(() => 0),
    path: [],
    seen: new Set(),
    budget,
    progress,
    merged: kinds.size < size,
    cut: false,
  };
  const found = yield* below(search);
  return {
    order: found ? search.path : null,
    complete: !search.cut,
    tried: progress.done,
    merged: search.merged,
  };
}

/** Goes on from the devices that are probed; true: one is short, the last of the path. */
function* below(search: Search): Generator<Progress, boolean, void> {
  const { system, kinds, taken, path, seen, budget, progress } = search;
  for (const [kind, devices] of kinds.entries()) {
    if (taken[kind] === devices.length) continue;
    if (budget.left <= 0) {
      search.cut = true;
      return false;
    }
    const spec = devices[taken[kind]];
    const device = setUp(system, spec);
    system.devices.push(device);
    system.log.length = 0;
    progress.done++;
    budget.left -= PROBE + device.granted / VECTORS + system.enumeration.nrCpuIds / CPUS;
    path.push(spec);
    if (isShort(device)) return true;
    taken[kind]++;
    yield { ...progress };
    const key = stateKey(search);
    const isNew = !seen.has(key);
    seen.add(key);
    search.merged ||= !isNew;
    if (isNew && (yield* below(search))) return true;
    taken[kind]--;
    path.pop();
    system.devices.pop();
    remove(system, device);
  }
  return false;
}

/**
 * What decides how orders go on: which devices are probed, and how many vectors on each CPU are of interrupts that are
 * not managed. Those that are reserved follow from the devices.
 */
function stateKey({ system: { life }, taken }: Search): string {
  const { allocated, managedAllocated } = life.matrix;
  let vectors = '';
  for (let cpu = 0; cpu < allocated.length; cpu++)
    vectors += String.fromCharCode(allocated[cpu] - managedAllocated[cpu]);
  return `${taken.join()}/${vectors}`;
}
