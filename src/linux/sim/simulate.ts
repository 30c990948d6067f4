/** One run: enumerate, decide the APIC mode, boot, probe the devices in order, let the events happen. */
import { assert } from '../../lib/assert.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import type { Machine } from '../../machine/machine.ts';
import { type ApicDecision, decideApic } from '../model/apic.ts';
import { type Enumeration, enumerate } from '../model/enumerate.ts';
import { domainReach } from '../model/irqdomain.ts';
import { findPolicy } from '../policy/index.ts';
import { liftLimit } from '../policy/lift-limit.ts';
import type { Policy } from '../policy/policy.ts';
import { boot } from './boot.ts';
import { copyBooted, enumerationToChange, keepBooted } from './boot-copy.ts';
import { perCpuCapacity } from './capacity.ts';
import { deliveryOf, policyInRun, withoutVainLimits } from './delivery.ts';
import { neverHappened } from './events/stage.ts';
import { runEvents } from './events.ts';
import { probe } from './probe.ts';
import { NO_REUSE, type Ran, type Reuse, type RunFacts } from './reuse.ts';
import { deviceRun, vectorsRun } from './rows.ts';
import type { Run } from './run.ts';
import type { Simulation } from './simulation.ts';
import type { System } from './system.ts';

function policyNamed(name: string): Policy {
  const policy = findPolicy(name);
  assert(policy, `policy ${name} is not registered`);
  return policy;
}

/**
 * Simulates a machine from firmware hand-over to the last event, under its policy. With `reuse`, what like
 * machines came to before is taken from there; the result is the same.
 */
export function simulate(described: Machine, reuse: Reuse = NO_REUSE): Simulation {
  const policy = policyNamed(described.policy);
  const machine = policy.adapt?.(described) ?? described;
  const enumeration = reuse.enumeration(machine.cpus, machine, enumerate);
  const decision = decideApic(machine, enumeration);
  const apic = policy.onlinesUnreachable ? liftLimit(machine, decision, policy.name) : decision;
  const ran = apic.fatal
    ? neverBooted(machine, enumeration)
    : ranFrom(enumeration, factsOf(machine, apic, policy), reuse);
  return {
    machine,
    policy,
    enumeration: ran.enumeration,
    apic,
    // After the events: a CPU that was plugged may have made its APIC ID known.
    domains: domainReach(machine, ran.enumeration, apic, policy.domainMax),
    run: { ...ran.run, messages: [...enumeration.messages, ...apic.messages, ...ran.run.messages] },
  };
}

function factsOf(machine: Machine, apic: ApicDecision, policy: Policy): RunFacts {
  const delivery = withoutVainLimits(deliveryOf(machine, apic, policy), machine);
  return { machine, delivery, policy: policyInRun(policy).name };
}

/** `enumeration` stays as it is. */
function ranFrom(enumeration: Enumeration, facts: RunFacts, { booted, ran }: Reuse): Ran {
  const { machine } = facts;
  const system = booted(enumeration, facts, (seen) => {
    const policy = policyNamed(seen.policy);
    if (seen !== facts) return keepBooted(boot(seen.machine, enumeration, seen.delivery, policy));
    return boot(machine, enumerationToChange(enumeration, machine), seen.delivery, policy);
  });
  // A system that was made for this run alone need not be copied.
  if (system.machine === machine) return probeAndRun(system);
  return ran(system, facts, (seen) => probeAndRun(copyBooted(system, seen)));
}

function probeAndRun(system: System): Ran {
  const { machine, enumeration } = system;
  for (const spec of machine.devices) probe(system, spec);
  const { events, timeline } = runEvents(system, machine.events);
  const run: Run = {
    online: system.online.clone(),
    present: enumeration.present.clone(),
    refused: system.refused,
    devices: system.devices.map((device) => deviceRun(system, device)),
    events,
    timeline,
    vectors: vectorsRun(system),
    messages: system.log,
  };
  return { enumeration, run };
}

/** The kernel panicked before it had an interrupt: nothing is online, no device was probed. */
function neverBooted(machine: Machine, enumeration: Enumeration): Ran {
  const { nrCpuIds, present } = enumeration;
  const unused = { available: 0, allocated: 0, managed: 0, managedAllocated: 0 };
  const run: Run = {
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
    messages: [],
  };
  return { enumeration, run };
}
