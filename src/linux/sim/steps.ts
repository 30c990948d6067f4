/** The costly steps of a simulation, behind one interface: who simulates many like machines may wrap them. */
import type { Machine } from '../../machine/machine.ts';
import { type Enumeration, enumerate } from '../model/enumerate.ts';
import { type Handover, handOver } from '../model/handover.ts';
import type { Policy } from '../policy/policy.ts';
import { boot } from './boot.ts';
import type { Delivery } from './delivery.ts';
import { runEvents } from './events.ts';
import { hpetLateInit, hpetTimers } from './hpet.ts';
import { probe } from './probe.ts';
import { deviceRun, vectorsRun } from './rows.ts';
import type { Run } from './run.ts';
import type { System } from './system.ts';

/** What boot, probing and events look at, besides the enumeration. */
export interface BootFacts {
  readonly machine: Machine;
  readonly delivery: Delivery;
  readonly policy: Policy;
}

/** A run, and the enumeration as its events left it. */
export interface Ran {
  readonly enumeration: Enumeration;
  readonly run: Run;
}

/** Steps of a simulation. Whoever replaces one gives what the kernel's own step would give. */
export interface Steps {
  /** The local APIC, taken over from firmware. */
  readonly handOver: (machine: Machine) => Handover;
  /** Firmware's CPU list → CPU numbers. */
  readonly enumerate: (machine: Machine, handover: Handover) => Enumeration;
  /** Up to the point where drivers are probed. The system belongs to `probeAndRun`. */
  readonly boot: (enumeration: Enumeration, facts: BootFacts) => System;
  /** Drivers, then events, then what there is to see. */
  readonly probeAndRun: (booted: System, facts: BootFacts) => Ran;
}

/** `watch` is called when drivers are about to be probed, and after each of them; it must not change the system. */
export function probeAndRun(
  system: System,
  { machine }: BootFacts,
  watch: (system: System) => void = () => {},
): Ran {
  hpetLateInit(system);
  watch(system);
  for (const spec of machine.devices) {
    probe(system, spec);
    watch(system);
  }
  const { events, timeline, hangs } = runEvents(system, machine.events);
  const run: Run = {
    online: system.online.clone(),
    usable: system.life.online.bits.clone(),
    present: system.enumeration.present.clone(),
    refused: system.refused,
    hpet: hpetTimers(system),
    devices: system.devices.map((device) => deviceRun(system, device)),
    events,
    timeline,
    hangs,
    vectors: vectorsRun(system),
    messages: system.log,
  };
  return { enumeration: system.enumeration, run };
}

/** Every step anew. */
export const KERNEL_STEPS: Steps = {
  handOver,
  enumerate,
  boot: (enumeration, { machine, delivery, policy }) => boot(machine, enumeration, delivery, policy),
  probeAndRun: (system, facts) => probeAndRun(system, facts),
};
