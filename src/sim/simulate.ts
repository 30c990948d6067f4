/** One run: enumerate, decide the APIC mode, boot, probe the devices in order, let the events happen. */
import { assert } from '../lib/assert.ts';
import { CpuMask } from '../lib/cpumask.ts';
import type { Machine } from '../machine/machine.ts';
import { type ApicDecision, decideApic } from '../model/apic.ts';
import { type Enumeration, enumerate } from '../model/enumerate.ts';
import { type DomainReach, domainReach } from '../model/irqdomain.ts';
import { findPolicy } from '../policy/index.ts';
import { liftLimit } from '../policy/lift-limit.ts';
import type { Policy } from '../policy/policy.ts';
import { boot } from './boot.ts';
import { perCpuCapacity } from './capacity.ts';
import { neverHappened } from './events/stage.ts';
import { runEvents } from './events.ts';
import { probe } from './probe.ts';
import { deviceRun, vectorsRun } from './rows.ts';
import type { Run } from './run.ts';

export interface Simulation {
  /** The machine as the policy has it. */
  readonly machine: Machine;
  readonly policy: Policy;
  readonly enumeration: Enumeration;
  readonly apic: ApicDecision;
  readonly domains: readonly DomainReach[];
  readonly run: Run;
}

/** Simulates a machine from firmware hand-over to the last event, under its policy. */
export function simulate(described: Machine): Simulation {
  const policy = findPolicy(described.policy);
  assert(policy, `policy ${described.policy} is not registered`);
  const machine = policy.adapt?.(described) ?? described;
  const enumeration = enumerate(machine);
  const decision = decideApic(machine, enumeration);
  const apic = policy.onlinesUnreachable ? liftLimit(machine, decision, policy.name) : decision;
  const run = apic.fatal
    ? neverBooted(machine, enumeration, apic)
    : bootAndRun(machine, enumeration, apic, policy);
  // After the events: a CPU that was plugged may have made its APIC ID known.
  const domains = domainReach(machine, enumeration, apic, policy.domainMax);
  return { machine, policy, enumeration, apic, domains, run };
}

function bootAndRun(machine: Machine, enumeration: Enumeration, apic: ApicDecision, policy: Policy): Run {
  const system = boot(machine, enumeration, apic, policy);
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
