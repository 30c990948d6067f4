/** One run: enumerate, decide the APIC mode, boot, probe the devices in order, let the events happen. */
import { assert } from '../lib/assert.ts';
import { CpuMask } from '../lib/cpumask.ts';
import type { Machine } from '../machine/machine.ts';
import { type ApicDecision, decideApic } from '../model/apic.ts';
import { type Enumeration, enumerate } from '../model/enumerate.ts';
import { domainReach } from '../model/irqdomain.ts';
import { findPolicy } from '../policy/index.ts';
import { liftLimit } from '../policy/lift-limit.ts';
import type { Policy } from '../policy/policy.ts';
import { boot } from './boot.ts';
import { copyBooted, keepBooted } from './boot-copy.ts';
import { perCpuCapacity } from './capacity.ts';
import { neverHappened } from './events/stage.ts';
import { runEvents } from './events.ts';
import { probe } from './probe.ts';
import type { Reuse } from './reuse.ts';
import { deviceRun, vectorsRun } from './rows.ts';
import type { Run } from './run.ts';
import type { Booted, Outcome, Simulation } from './simulation.ts';
import type { System } from './system.ts';

function policyOf({ policy: name }: Machine): Policy {
  const policy = findPolicy(name);
  assert(policy, `policy ${name} is not registered`);
  return policy;
}

/**
 * Simulates a machine from firmware hand-over to the last event, under its policy. With `reuse`, what like
 * machines came to before is taken from there; the result is the same.
 */
export function simulate(described: Machine, reuse?: Reuse): Simulation {
  const policy = policyOf(described);
  const machine = policy.adapt?.(described) ?? described;
  const outcome = reuse ? reuse.outcome(machine, (seen) => outcomeOf(seen, reuse)) : outcomeOf(machine);
  return { machine, policy, ...outcome };
}

function outcomeOf(machine: Machine, reuse?: Reuse): Outcome {
  const { enumeration, apic, system } = reuse ? bootedLike(machine, reuse) : bootMachine(machine);
  const run = system ? probeAndRun(system) : neverBooted(machine, enumeration, apic);
  // After the events: a CPU that was plugged may have made its APIC ID known.
  const domains = domainReach(machine, enumeration, apic, policyOf(machine).domainMax);
  return { enumeration, apic, domains, run };
}

function bootMachine(machine: Machine): Booted {
  const policy = policyOf(machine);
  const enumeration = enumerate(machine);
  const decision = decideApic(machine, enumeration);
  const apic = policy.onlinesUnreachable ? liftLimit(machine, decision, policy.name) : decision;
  return { enumeration, apic, system: apic.fatal ? null : boot(machine, enumeration, apic, policy) };
}

/** A booted machine of its own for one simulation. */
function bootedLike(machine: Machine, { booted }: Reuse): Booted {
  const like = booted(machine, (seen) => {
    const made = bootMachine(seen);
    return seen === machine ? made : { ...made, system: made.system && keepBooted(made.system) };
  });
  if (!like.system || like.system.machine === machine) return like;
  const system = copyBooted(like.system, machine);
  return { ...like, enumeration: system.enumeration, system };
}

function probeAndRun(system: System): Run {
  const { machine, enumeration } = system;
  for (const spec of machine.devices) probe(system, spec);
  const { events, timeline } = runEvents(system, machine.events);
  return {
    online: system.online.clone(),
    present: enumeration.present.clone(),
    refused: system.refused,
    devices: system.devices.map((device) => deviceRun(system, device)),
    events,
    timeline,
    vectors: vectorsRun(system),
    messages: system.log,
  };
}

/** The kernel panicked before it had an interrupt: nothing is online, no device was probed. */
function neverBooted(machine: Machine, enumeration: Enumeration, apic: ApicDecision): Run {
  const { nrCpuIds, present, messages } = enumeration;
  const unused = { available: 0, allocated: 0, managed: 0, managedAllocated: 0 };
  return {
    online: new CpuMask(nrCpuIds),
    present: present.clone(),
    refused: [],
    devices: machine.devices.map(({ name, driver, path }) => ({
      name,
      driver,
      path,
      vectorsAsked: 0,
      vectorsGranted: 0,
      health: 'dead',
      fallback: 'never probed: the kernel panics at boot',
      errno: 0,
      fullCpu: null,
      queues: [],
      interrupts: [],
    })),
    events: machine.events.map(neverHappened),
    timeline: null,
    vectors: {
      globalAvailable: 0,
      globalReserved: 0,
      totalAllocated: 0,
      perCpuCapacity: perCpuCapacity(machine),
      perCpu: Array.from({ length: nrCpuIds }, (_, cpu) => ({ cpu, ...unused })),
    },
    messages: [...messages, ...apic.messages],
  };
}
