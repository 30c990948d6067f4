/** Changes that cannot take a finding away: known by a bound, without simulating the machine that they make. */
import { perCpuCapacity } from '../../../linux/sim/capacity.ts';
import { managedDevices } from '../../../linux/sim/managed-demand.ts';
import type { Machine } from '../../../machine/machine.ts';
import type { Analysis } from '../../analysis.ts';
import type { Change } from '../remedy.ts';

/**
 * True if the findings of the rule surely stay. Fewer queues do not help where there are more devices with managed
 * interrupts than a CPU has vectors: each needs one on CPU 0, however few its queues are. `changed`: the machine
 * that the changes make of that of the analysis.
 */
export function isVain(
  rule: string,
  { policy, apic, machine, ...booted }: Analysis,
  changes: readonly Change[],
  changed: Machine,
): boolean {
  if (rule !== 'vector-reservation-failed' || policy.name !== 'mainline') return false;
  if (apic.mode === 'off' || apic.fatal !== null || machine.events.length > 0) return false;
  const onlyQueues = changes.every(({ intents }) => intents.every(({ kind }) => kind === 'queues'));
  return onlyQueues && managedDevices(changed, booted) > perCpuCapacity(changed);
}
