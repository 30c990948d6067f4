/** One boot and what follows: hand over, enumerate, decide the APIC mode, boot, probe, let the events happen. */
import { assert } from '../../lib/assert.ts';
import { giveBackTable } from '../../lib/spare-table.ts';
import type { Machine } from '../../machine/machine.ts';
import { decideApic } from '../model/apic.ts';
import { domainReach, innerReach } from '../model/irqdomain.ts';
import { findPolicy } from '../policy/index.ts';
import { liftLimit } from '../policy/lift-limit.ts';
import type { Policy } from '../policy/policy.ts';
import { deliveryOf } from './delivery.ts';
import { neverBooted } from './never-booted.ts';
import type { Simulation } from './simulation.ts';
import { type BootFacts, KERNEL_STEPS } from './steps.ts';

function policyNamed(name: string): Policy {
  const policy = findPolicy(name);
  assert(policy, `policy ${name} is not registered`);
  return policy;
}

/** Simulates a machine from firmware hand-over to the last event, under its policy. */
export function simulate(described: Machine, steps = KERNEL_STEPS): Simulation {
  const policy = policyNamed(described.policy);
  const machine = policy.adapt?.(described) ?? described;

  const handover = steps.handOver(machine);
  const numbered = steps.enumerate(machine, handover);
  const decision = decideApic(machine, handover, numbered);
  const apic = policy.onlinesUnreachable ? liftLimit(machine, decision, policy.name) : decision;

  const boot = () => {
    const facts: BootFacts = { machine, delivery: deliveryOf(machine, apic, policy), policy };
    const system = steps.boot(numbered, facts);
    const ran = steps.probeAndRun(system, facts);
    // Others may keep the system.
    if (steps === KERNEL_STEPS) giveBackTable(system.life.vectorTable);
    return ran;
  };
  const { enumeration, run } = apic.fatal ? neverBooted(machine, numbered) : boot();

  // After the events: a CPU that was plugged may have made its APIC ID known.
  const domains = domainReach(machine, enumeration, apic, policy.domainMax);
  const innerDomains = innerReach(machine, enumeration, apic);
  const messages = [...numbered.messages, ...apic.messages, ...run.messages];
  return { machine, policy, handover, enumeration, apic, domains, innerDomains, run: { ...run, messages } };
}
