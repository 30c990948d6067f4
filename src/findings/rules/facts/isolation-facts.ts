/** Which interrupts go to CPUs that `isolcpus=` and `nohz_full=` set apart, and which of them could go elsewhere. */
import { CpuMask } from '../../../lib/cpumask.ts';
import { housekeepingSetup, type IgnoredIsolation } from '../../../linux/model/housekeeping.ts';
import { defaultAffinity } from '../../../linux/sim/boot.ts';
import type { DeviceRun, InterruptRow, QueueRow } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { IsolationFlag } from '../../../machine/cmdline.ts';

/** An interrupt that is effective on an isolated CPU that runs. */
export interface IsolatedInterrupt {
  readonly device: string;
  /** The one queue that it serves; null: none, or several. */
  readonly queue: number | null;
  readonly irq: number;
  readonly cpu: number;
}

/** Queues of one device. */
export interface IsolatedQueues {
  readonly device: DeviceRun;
  readonly queues: readonly QueueRow[];
}

export interface IsolationFacts {
  /** Possible CPUs that are set apart, by what from; a flag that no parameter sets is missing. */
  readonly isolated: Readonly<Partial<Record<IsolationFlag, CpuMask>>>;
  /** Of any of these. */
  readonly all: CpuMask;
  /** Possible CPUs that are set apart from nothing. */
  readonly housekeeping: CpuMask;
  /** What an ordinary interrupt may use when it starts: irq_default_affinity. */
  readonly defaultAffinity: CpuMask;
  readonly ignored: readonly IgnoredIsolation[];
  /** Users may move these. */
  readonly movable: readonly IsolatedInterrupt[];
  /** The kernel manages these, and their masks hold housekeeping CPUs too. */
  readonly managed: readonly IsolatedInterrupt[];
  /** These cannot be anywhere else: masks without housekeeping CPU, timers of single CPUs. */
  readonly bound: readonly IsolatedInterrupt[];
  /** Managed queues without a housekeeping CPU in their mask, started or not. */
  readonly withoutHousekeeping: readonly IsolatedQueues[];
}

type Bucket = 'movable' | 'managed' | 'bound';

/** Adds what goes to isolated CPUs to the right list. */
function sorter(facts: Simulation, all: CpuMask, keepers: CpuMask) {
  const lists: Record<Bucket, IsolatedInterrupt[]> = { movable: [], managed: [], bound: [] };
  const seen = new Set<number>();
  const add = (
    device: string,
    queue: number | null,
    row: Pick<InterruptRow, 'irq' | 'managed' | 'affinity' | 'effective'>,
  ): void => {
    const { irq, managed, affinity, effective: cpu } = row;
    if (!all.test(cpu) || !facts.run.online.test(cpu) || seen.has(irq)) return;
    seen.add(irq);
    const bucket = !managed ? 'movable' : affinity.intersects(keepers) ? 'managed' : 'bound';
    lists[bucket].push({ device, queue, irq, cpu });
  };
  return { lists, add };
}

/** Several queues share the interrupt. */
const isShared = ({ queues }: DeviceRun, irq: number): boolean =>
  queues.length > 1 && queues[0].irq === irq && queues[1].irq === irq;

/** CPUs of the parameters that took effect, by flag. */
function isolatedBy(facts: Simulation, masks: Readonly<Partial<Record<IsolationFlag, CpuMask>>>) {
  const { possible } = facts.enumeration;
  const entries = Object.entries(masks).map(
    ([flag, kept]) => [flag, CpuMask.andNot(possible, kept)] as const,
  );
  return Object.fromEntries(entries) as Partial<Record<IsolationFlag, CpuMask>>;
}

/** Null where no isolation parameter is given, or the kernel panics at boot. */
export function isolationFacts(facts: Simulation): IsolationFacts | null {
  const { machine, enumeration, run, apic } = facts;
  if (machine.cmdline.isolation.length === 0 || apic.fatal) return null;
  const { masks, ignored } = housekeepingSetup(machine, enumeration);
  const isolated = isolatedBy(facts, masks);
  const all = new CpuMask(enumeration.nrCpuIds);
  for (const mask of Object.values(isolated)) all.orWith(mask);
  const housekeeping = CpuMask.andNot(enumeration.possible, all);
  const { lists, add } = sorter(facts, all, housekeeping);
  for (const device of run.devices) {
    for (const row of device.interrupts) if (row.vector !== null && !row.lost) add(device.name, null, row);
    for (const { irq, effective, state, lost, index, ...row } of device.queues) {
      if (irq === null || effective === null || state !== 'started' || lost) continue;
      add(device.name, isShared(device, irq) ? null : index, { ...row, irq, effective });
    }
  }
  for (const { irq, cpu } of run.hpet)
    if (cpu !== null && all.test(cpu)) lists.bound.push({ device: 'hpet', queue: null, irq, cpu });
  const withoutHousekeeping = run.devices.flatMap((device) => {
    const queues = device.queues.filter(
      ({ managed, affinity }) => managed && !affinity.isEmpty() && !affinity.intersects(housekeeping),
    );
    return queues.length === 0 ? [] : [{ device, queues }];
  });
  return {
    isolated,
    all,
    housekeeping,
    defaultAffinity: defaultAffinity(machine, enumeration.nrCpuIds),
    ignored,
    ...lists,
    withoutHousekeeping,
  };
}
