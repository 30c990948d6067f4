/**
 * The CPUs that `isolcpus=` and `nohz_full=` leave for housekeeping. Mirrors housekeeping_setup() of
 * kernel/sched/isolation.c, which runs when the possible and present CPUs are known and none but the boot CPU runs.
 */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Isolation, IsolationFlag } from '../../machine/cmdline.ts';
import { cpulistParse } from '../../machine/kparam.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Enumeration } from './enumeration.ts';

/** A parameter that the kernel ignores whole. */
export interface IgnoredIsolation {
  readonly parameter: string;
  /** Why, as a sentence without its end. */
  readonly why: string;
}

/** What is left for housekeeping, by what CPUs are isolated from; a flag that no parameter sets is missing. */
export interface Housekeeping {
  readonly masks: Readonly<Partial<Record<IsolationFlag, CpuMask>>>;
  readonly ignored: readonly IgnoredIsolation[];
}

const BOOT_CPU = 0;

type Cpus = Pick<Enumeration, 'possible' | 'present' | 'nrCpuIds'>;

/** CPUs that `isolcpus=managed_irq,...` leaves for managed interrupts; null when nothing is isolated from them. */
export function managedIrqHousekeeping(machine: Machine, cpus: Cpus): CpuMask | null {
  return housekeepingSetup(machine, cpus).masks.managed_irq ?? null;
}

/** All parameters in their order. Never fails; what the kernel ignores is in `ignored`. */
export function housekeepingSetup(machine: Machine, cpus: Cpus): Housekeeping {
  const masks: Partial<Record<IsolationFlag, CpuMask>> = {};
  const ignored: IgnoredIsolation[] = [];
  for (const isolation of machine.cmdline.isolation) {
    const kept = keptCpus(machine, cpus, isolation);
    const why =
      kept === null ? 'the kernel cannot read its CPU list' : conflict(masks, isolation, kept, cpus, machine);
    if (kept === null || why !== null) {
      ignored.push({ parameter: isolation.text, why: why ?? '' });
      continue;
    }
    for (const flag of isolation.flags) masks[flag] = kept;
  }
  return { masks, ignored };
}

/**
 * What one parameter leaves. The boot CPU is kept if no present CPU would be, or none of those that `maxcpus=`
 * starts.
 */
function keptCpus({ kernel, cmdline }: Machine, cpus: Cpus, { list }: Isolation): CpuMask | null {
  const isolated = cpulistParse(kernel, list, cpus.nrCpuIds);
  if (isolated === null) return null;
  const kept = CpuMask.andNot(cpus.possible, isolated);
  const first = kept.firstAnd(cpus.present);
  if (first < 0 || first >= (cmdline.maxCpus ?? cpus.nrCpuIds)) kept.set(BOOT_CPU);
  return kept;
}

/** Why a parameter that can be read is ignored all the same; null if it is not. */
function conflict(
  masks: Housekeeping['masks'],
  { flags }: Isolation,
  kept: CpuMask,
  { present }: Cpus,
  { kernel }: Machine,
): string | null {
  const differs = flags.some((flag) => masks[flag] !== undefined && !masks[flag].equals(kept));
  if (differs) return 'an earlier parameter isolates other CPUs from the same';
  if (!kernel.has('isolation-keeps-a-cpu')) return null;
  const other = flags.includes('domain') ? masks.nohz : flags.includes('nohz') ? masks.domain : undefined;
  return other && !CpuMask.and(other, kept).intersects(present)
    ? 'together with an earlier one it would leave no present CPU'
    : null;
}
