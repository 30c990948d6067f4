/** What one event changes: the state of whatever it may touch is noted before, and compared after. */
import { USED_DOMAINS } from '../../../machine/interrupt-domains.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../../engine/irq-desc.ts';
import { vectorTableIrqs } from '../../engine/irq-life.ts';
import { reachOf } from '../domain-use.ts';
import { irqOf } from '../irq-numbers.ts';
import { lossOf } from '../loss.ts';
import type { CpuChanges, InterruptChange, Loss } from '../run.ts';
import { arrivalOf, type ProbedDevice, type System } from '../system.ts';
import { type CpuBefore, type InterruptBefore, placeOf, type Stage, type Watch } from './stage.ts';

export function createWatch(): Watch {
  return { interrupts: new Map(), cpus: new Map(), reprobed: new Set() };
}

/** Notes an interrupt that may change; the first note of an event holds. */
export function watchInterrupt(stage: Stage, d: IrqDesc): void {
  const { watch } = stage;
  if (watch.interrupts.has(d)) return;
  watch.interrupts.set(d, {
    started: hasFlags(d, IrqFlag.started),
    cpu: d.effectiveCpu,
    lost: lossNow(stage, d) !== null,
  });
}

/** Notes a CPU that may change. */
export function watchCpu({ watch, system }: Stage, cpu: number): void {
  if (!watch.cpus.has(cpu)) watch.cpus.set(cpu, stateOf(system, cpu));
}

function stateOf({ online, enumeration }: System, cpu: number): CpuBefore {
  const { present, apicId } = enumeration.cpus[cpu];
  return { online: online.test(cpu), present, known: apicId !== null };
}

/** Interrupts that taking this CPU down can change: those with a vector there, and unsettled ones. */
export function watchInterruptsOn(stage: Stage, cpu: number): void {
  const { life } = stage.system;
  for (const d of life.unsettled) watchInterrupt(stage, d);
  for (const d of vectorTableIrqs(life, cpu)) watchInterrupt(stage, d);
}

/** Interrupts that bringing this CPU up can change: stopped ones, and with housekeeping all on it. */
export function watchInterruptsFor(stage: Stage, cpu: number): void {
  const { life } = stage.system;
  const mayMove = life.config.hkManaged?.test(cpu) ?? false;
  for (const d of mayMove ? life.irqs.values() : life.shutDown) {
    if (d.affinity.test(cpu)) watchInterrupt(stage, d);
  }
}

/** Interrupts of a device whose driver sets hints. */
export function watchDevice(stage: Stage, device: ProbedDevice): void {
  for (let vector = 0; vector < device.granted; vector++) {
    const d = stage.system.life.irqs.get(irqOf(device, vector));
    if (d) watchInterrupt(stage, d);
  }
}

/** Why it is started and arrives nowhere, or null. */
function lossNow(stage: Stage, d: IrqDesc): Loss | null {
  return lossOf(d, arrivalOf(stage.system, USED_DOMAINS[d.domain]));
}

/** The CPU that it is on now; null: none, or it stays where it was, and nothing arrives there. */
function cpuAfter(stage: Stage, d: IrqDesc, kind: InterruptChange['kind']): number | null {
  if (kind === 'shut-down') return null;
  return kind === 'lost' && lossNow(stage, d) !== 'cpu-unreachable' ? null : d.effectiveCpu;
}

function kindOfChange(
  stage: Stage,
  d: IrqDesc,
  { started, cpu, lost }: InterruptBefore,
): InterruptChange['kind'] | null {
  const runs = hasFlags(d, IrqFlag.started);
  if (started && !runs) return 'shut-down';
  if (!lost && lossNow(stage, d) !== null) return 'lost';
  if (!started && runs) return 'started';
  return runs && d.effectiveCpu !== cpu ? 'moved' : null;
}

/** What became of the noted interrupts, by ascending number. */
export function interruptChanges(stage: Stage): InterruptChange[] {
  return [...stage.watch.interrupts]
    .sort(([a], [b]) => a.irq - b.irq)
    .flatMap(([d, before]) => {
      const kind = kindOfChange(stage, d, before);
      if (kind === null) return [];
      const place = placeOf(stage, d.irq);
      const queue = place?.queues.length === 1 ? place.queues[0] : null;
      return [
        {
          kind,
          irq: d.irq,
          device: place?.device.spec.name ?? null,
          queue,
          vector: place?.vector ?? null,
          from: before.started ? before.cpu : null,
          to: cpuAfter(stage, d, kind),
          affinity: d.affinity,
        },
      ];
    });
}

/** What became of the noted CPUs. */
export function cpuChanges({ system, watch }: Stage): CpuChanges {
  const lists: { [K in keyof CpuChanges]: number[] } = {
    online: [],
    offline: [],
    present: [],
    absent: [],
    reachable: [],
    unreachable: [],
  };
  for (const [cpu, before] of [...watch.cpus].sort(([a], [b]) => a - b)) {
    const now = stateOf(system, cpu);
    if (now.online !== before.online) lists[now.online ? 'online' : 'offline'].push(cpu);
    if (now.present !== before.present) lists[now.present ? 'present' : 'absent'].push(cpu);
    if (now.known !== before.known)
      lists[reachOf(system, 'pci-msi').reachable.test(cpu) ? 'reachable' : 'unreachable'].push(cpu);
  }
  return lists;
}
