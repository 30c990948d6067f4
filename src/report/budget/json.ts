/** The account of vectors for programs. */
import type { Analysis } from '../../findings/analyze.ts';
import { formatList } from '../../lib/cpumask.ts';
import { type Budget, CPU_VECTORS } from '../../questions/budget/budget.ts';
import type { Fit } from '../../questions/budget/fits.ts';
import type { OfflineAnswer, Tried } from '../../questions/budget/offline.ts';
import { documentHead, machineJson } from '../json.ts';

/** The set in the order tried, and what the kernel said. */
function triedJson({ cpus, refused }: Tried): object {
  const base = { cpus: formatList([...cpus].sort((a, b) => a - b)), order: cpus };
  if (!refused) return { ...base, refusedAt: null, errno: 0, messages: [] };
  const { cpu, run } = refused;
  return { ...base, refusedAt: cpu, errno: run.errno, reason: run.reason, messages: run.messages };
}

function offlineJson({ exact, mayLeave, mustStay, confirmed, refused }: OfflineAnswer): object {
  return {
    exact,
    mayLeave,
    mustStay,
    confirmed: confirmed && triedJson(confirmed),
    refused: refused && triedJson(refused),
  };
}

function fitJson({ name, driver, node, count, asks, more, atLeast, next, each }: Fit): object {
  return { name, driver, node: node ?? null, count, asks, more, atLeast, next, each };
}

/** `irqsim budget --format json`; null where the kernel panics at boot. */
export function budgetJson(analysis: Analysis, budget: Budget, version: string): object {
  const { capacity, perCpu, devices, exhaustedBy, fits, offline, suspend, full } = budget;
  return {
    ...documentHead(version),
    machine: machineJson(analysis),
    layout: { vectors: CPU_VECTORS, system: CPU_VECTORS - capacity, capacity },
    perCpu: perCpu.map(({ cpus, ...account }) => ({ cpus: cpus.toString(), ...account })),
    full: full?.toString() ?? '',
    devices,
    exhaustedBy,
    fits: fits.map(fitJson),
    offlineAtMost: offline?.atMost ?? null,
    offline: offline && offlineJson(offline),
    suspend: suspend && (suspend.result === 'ok' ? 'ok' : 'refused'),
    suspended: suspend && {
      result: suspend.result,
      errno: suspend.errno,
      reason: suspend.reason,
      messages: suspend.messages,
    },
  };
}
