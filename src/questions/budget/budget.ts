/** The vectors of a machine: who has them, who runs out, and what still fits. */
import type { CpuMask } from '../../lib/cpumask.ts';
import { bringToLife } from '../../linux/proof/live.ts';
import { perCpuCapacity } from '../../linux/sim/capacity.ts';
import type { EventRun } from '../../linux/sim/run.ts';
import { simulate } from '../../linux/sim/simulate.ts';
import { KERNEL_STEPS, probeAndRun } from '../../linux/sim/steps.ts';
import type { Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import { type DeviceAccount, DeviceAccounts, fullCpus } from './devices.ts';
import { type Fit, fitOf, kindsOf, plainKind } from './fits.ts';
import { type OfflineAnswer, offlineAnswer } from './offline.ts';
import { type CpuAccount, cpuAccounts } from './per-cpu.ts';

export interface Budget {
  /** Vectors that a CPU has for devices. */
  readonly capacity: number;
  /** Empty where the kernel panics at boot; so are the others. */
  readonly perCpu: readonly CpuAccount[];
  /** Online CPUs without a free vector. */
  readonly full: CpuMask | null;
  readonly devices: readonly DeviceAccount[];
  /** The first device that got less than it asked for because vectors had run out. */
  readonly exhaustedBy: string | null;
  readonly fits: readonly Fit[];
  readonly offline: OfflineAnswer | null;
  /** What comes of a suspend now; null: the kernel panics at boot. */
  readonly suspend: EventRun | null;
}

/** Vectors of a CPU, all in all. */
export const CPU_VECTORS = 256;

/** Kinds of devices of which it is worked out how many more fit. */
const MOST_KINDS = 64;

function suspendOf(machine: Machine): EventRun {
  const events = [...machine.events, { kind: 'suspend', path: ['events'] } as const];
  const { run } = simulate(varied(machine, { events }));
  return run.events[run.events.length - 1];
}

/** The account of a machine; `vectors`: it is also asked for how many devices of so many vectors each there is room. */
export function budgetOf(machine: Machine, vectors: readonly number[]): Budget {
  const accounts = new DeviceAccounts();
  const { facts, stage } = bringToLife(machine, {
    ...KERNEL_STEPS,
    probeAndRun: (booted, seen) => probeAndRun(booted, seen, accounts.watch),
  });
  const system = stage?.system;
  const capacity = perCpuCapacity(machine);
  if (!system)
    return {
      capacity,
      perCpu: [],
      full: null,
      devices: [],
      exhaustedBy: null,
      fits: [],
      offline: null,
      suspend: null,
    };
  const kinds = [...kindsOf(machine.devices).slice(0, MOST_KINDS), ...vectors.map(plainKind)];
  return {
    capacity,
    perCpu: cpuAccounts(system),
    full: fullCpus(system),
    devices: accounts.accounts,
    exhaustedBy: accounts.accounts.find(({ shortOf }) => shortOf)?.name ?? null,
    fits: kinds.flatMap((kind) => fitOf(machine, kind) ?? []),
    offline: offlineAnswer(machine, facts, system),
    suspend: suspendOf(machine),
  };
}
