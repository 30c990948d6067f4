/** The APIC mode of kernels that bring CPUs online whatever device messages can address. */
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ApicDecision } from '../model/apic.ts';
import { apicDisabled } from '../model/handover.ts';

/**
 * Mainline's decision without the machine-wide limit: where x2APIC can be used it stays on, in physical mode,
 * and only the interrupt domains keep their limits. Unchanged where nothing is limited, or without x2APIC.
 */
export function liftLimit(machine: Machine, decision: ApicDecision, policy: string): ApicDecision {
  const { x2apic, cmdline, kernelConfig } = machine;
  const canUse = x2apic.supported && kernelConfig.x2apic && !cmdline.nox2apic && !apicDisabled(machine);
  if (!canUse || decision.limit === NO_LIMIT) return decision;
  return {
    ...decision,
    mode: 'x2apic-physical',
    limit: NO_LIMIT,
    fatal: null,
    messages: [],
    because: [
      ...decision.because,
      {
        text: `the policy ${policy} brings CPUs online that device messages cannot address`,
        path: ['policy'],
      },
    ],
  };
}
