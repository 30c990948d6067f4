/**
 * CPUs that are alike: whichever of them goes, the machines that are left differ in names only
 * (docs/model/proofs.md#symmetry).
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { vectorTableIrqs } from '../engine/irq-life.ts';
import { reachOf } from '../sim/domain-use.ts';
import { placeOf } from '../sim/events/stage.ts';
import { effectiveCpu } from '../sim/loss.ts';
import type { State } from './property.ts';

/** Numbers masks by what they hold. */
interface Masks {
  readonly numbers: Map<CpuMask, number>;
  readonly byText: Map<string, number>;
}

function numberOf({ numbers, byText }: Masks, mask: CpuMask): number {
  const known = numbers.get(mask);
  if (known !== undefined) return known;
  const text = mask.words.join();
  const number = byText.get(text) ?? byText.size;
  byText.set(text, number);
  numbers.set(mask, number);
  return number;
}

/** Every mask that anything of the machine goes by. */
function masksOf({ stage: { system }, isolated }: State, candidates: CpuMask): Masks {
  const masks: Masks = { numbers: new Map(), byText: new Map() };
  const { life, devices, housekeeping, domainMasks, spread } = system;
  const add = (mask: CpuMask | null | undefined): void => {
    if (mask) numberOf(masks, mask);
  };
  for (const d of life.irqs.values()) {
    add(d.affinity);
    add(d.pendingMask);
    add(d.effectiveMask);
  }
  for (const { mapped, domain } of devices) {
    for (const mask of mapped) add(mask);
    const reach = reachOf(system, domain);
    for (const mask of [reach.reachable, reach.unreachable, reach.unknown]) add(mask);
  }
  for (const mask of Object.values(housekeeping)) add(mask);
  for (const mask of [
    life.config.hkManaged,
    life.config.lineMask,
    spread.defaultAffinity,
    ...domainMasks.values(),
  ])
    add(mask);
  for (const { usable, defaultAffinity } of life.domains) {
    add(usable);
    add(defaultAffinity);
  }
  for (const mask of [isolated, candidates, system.online, life.online.bits]) add(mask);
  return masks;
}

/** An interrupt by all that decides what becomes of it, but not by its number. */
function kindOf({ stage }: State, masks: Masks, d: IrqDesc): string {
  const place = placeOf(stage, d.irq);
  const pending = d.pendingMask ? numberOf(masks, d.pendingMask) : '';
  const whose = place ? `${place.index}:${place.queues.length}` : `irq${d.irq}`;
  return `${whose}/${d.flags}/${d.domain}/${d.node}/${numberOf(masks, d.affinity)}/${pending}`;
}

function residents({ stage: { system } }: State, cpu: number): IrqDesc[] {
  return vectorTableIrqs(system.life, cpu).sort((a, b) => a.irq - b.irq);
}

/** Something is on a CPU that is gone: every CPU that goes moves it first, whatever else it moves. */
function hasLeftBehind({ stage: { system } }: State): boolean {
  return [...system.life.unsettled].some(
    (d) => hasFlags(d, IrqFlag.started) && !system.online.test(effectiveCpu(d)),
  );
}

/**
 * The candidates that are online, one list for those that are alike, each ascending. Alike are neighbours only, as the
 * kernel prefers low numbers where CPUs are equal, so that nothing comes between them.
 */
export function alikeCpus(state: State, candidates: CpuMask): number[][] {
  const { system } = state.stage;
  const online = system.online.toArray();
  const wanted = online.filter((cpu) => candidates.test(cpu));
  if (hasLeftBehind(state)) return wanted.map((cpu) => [cpu]);
  const masks = masksOf(state, candidates);
  const signs = signatures(state, masks, online);
  const ranks = ranksOf(state);
  const groups: number[][] = [];
  for (const [at, cpu] of online.entries()) {
    const like = at > 0 && signs[at] === signs[at - 1] && inTurn(state, ranks, online[at - 1], cpu);
    if (like) groups[groups.length - 1].push(cpu);
    else groups.push([cpu]);
  }
  return groups.filter(([cpu]) => candidates.test(cpu));
}

/** The place of each interrupt that has a vector among all of them, by number. */
function ranksOf({ stage: { system } }: State): ReadonlyMap<IrqDesc, number> {
  const holding = [...system.life.irqs.values()].filter(({ vector }) => vector !== 0);
  return new Map(holding.sort((a, b) => a.irq - b.irq).map((d, rank) => [d, rank]));
}

/** What each of the CPUs is, as text: equal texts, equal CPUs. */
function signatures(state: State, masks: Masks, online: readonly number[]): string[] {
  const { system } = state.stage;
  const { matrix, unsettled } = system.life;
  const own = new Map<number, string[]>(online.map((cpu) => [cpu, []]));
  for (const [text, number] of masks.byText) {
    const words = text.split(',').map(Number);
    for (const cpu of online)
      if (((words[cpu >>> 5] >>> (cpu & 31)) & 1) === 1) own.get(cpu)?.push(`m${number}`);
  }
  for (const d of unsettled) for (const cpu of new Set([d.cpu, d.prevCpu])) own.get(cpu)?.push(`u${d.irq}`);
  return online.map((cpu) =>
    [
      system.nodeOf[cpu],
      matrix.available[cpu],
      matrix.allocated[cpu],
      matrix.managed[cpu],
      matrix.managedAllocated[cpu],
      system.hpet.some((channel) => channel.cpu === cpu),
      ...(own.get(cpu) ?? []),
      ...residents(state, cpu).map((d) => kindOf(state, masks, d)),
    ].join(),
  );
}

/**
 * The interrupts of two CPUs that are alike follow each other in number, so that which of them moves first decides
 * nothing.
 */
function inTurn(state: State, ranks: ReadonlyMap<IrqDesc, number>, before: number, cpu: number): boolean {
  const theirs = residents(state, before);
  return residents(state, cpu).every((d, place) => ranks.get(d) === (ranks.get(theirs[place]) ?? -2) + 1);
}
