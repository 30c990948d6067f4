/** Plays what the machine went through in the model: allocations in the machine's order, then its events. */

import { irqFiles } from '../../formats/linux-capture/interrupts.ts';
import { numberOf, type Tree } from '../../formats/linux-capture/tree.ts';
import { CpuMask } from '../../lib/cpumask.ts';
import { setAffinity } from '../../linux/engine/irq-affinity.ts';
import { allocIoapic, allocMsi } from '../../linux/engine/irq-alloc.ts';
import { hasFlags, IrqFlag } from '../../linux/engine/irq-desc.ts';
import { destroyIrq, fire, freeIrq, requestIrq } from '../../linux/engine/irq-manage.ts';
import { freeMovedVector, tick } from '../../linux/engine/vector.ts';
import type { ApicDecision } from '../../linux/model/apic.ts';
import { earlyBoot } from '../../linux/model/early-boot.ts';
import { findPolicy } from '../../linux/policy/index.ts';
import { mainline } from '../../linux/policy/mainline.ts';
import { boot, NR_LEGACY } from '../../linux/sim/boot.ts';
import { deliveryOf } from '../../linux/sim/delivery.ts';
import { domainIndex, placeIn } from '../../linux/sim/domain-use.ts';
import { createStage, type Stage } from '../../linux/sim/events/stage.ts';
import { createWatch } from '../../linux/sim/events/watch.ts';
import { assignChannelIrq, hpetCpuOnline } from '../../linux/sim/hpet.ts';
import { applyHints } from '../../linux/sim/probe.ts';
import type { ProbedDevice, System } from '../../linux/sim/system.ts';
import type { Machine } from '../../machine/machine.ts';
import { playedChannels } from './hpet-irqs.ts';
import { type Numbers, noteNumber, numbersOf, racing, skipNumbers } from './numbers.ts';
import { type Owners, type PredictedDevice, predictDevice, predictVector, probedDevice } from './probing.ts';
import type { CaptureStage } from './stage.ts';
import type { Counter } from './tally.ts';
import { type AllocStep, type TraceStep, transientAllocs } from './trace.ts';

/** The model of a captured machine while it is played. */
export interface Replay {
  readonly system: System;
  readonly apic: ApicDecision;
  readonly devices: readonly PredictedDevice[];
  /** By interrupt number: the device it belongs to in the end, and the index of the vector. */
  readonly owner: Owners;
  readonly stage: Stage;
  /** Why vectors and effective CPUs cannot be predicted exactly; null if they can. */
  inexact: string | null;
  /** Interrupts of devices that were plugged in after the boot. */
  readonly late: Set<number>;
  /** Interrupts of devices behind VMD: they take no vector of a CPU. */
  readonly behindVmd: ReadonlySet<number>;
  /** Masks that drivers set with a trace line of their own, by interrupt number: not played yet. */
  readonly hints: Map<number, CpuMask>;
  /** The machine ran out of vectors: what drivers were granted is not decided by the model. */
  ranOut: boolean;
  /** CPUs that were plugged in with an APIC ID that nothing shows. */
  readonly unplaced: Set<number>;
  readonly numbers: Numbers;
}

const TIMER = 0;

/** Boots the model and probes the devices as the first stage shows them. */
export function startReplay(machine: Machine, first: CaptureStage, counter: Counter): Replay | null {
  const { enumeration, apic } = earlyBoot(machine);
  if (apic.fatal) return null;
  const policy = findPolicy(machine.policy) ?? mainline;
  const system = boot(machine, enumeration, deliveryOf(machine, apic, policy), policy);
  const specs = new Map(machine.devices.map((spec) => [spec.path[1], spec]));
  const devices: PredictedDevice[] = [];
  const probed: ProbedDevice[] = [];
  const behindVmd = new Set<number>();
  first.devices.forEach((found, index) => {
    const spec = specs.get(index);
    if (!spec) return;
    if (spec.behind !== null) {
      for (const irq of found.irqs) behindVmd.add(irq);
      return;
    }
    const device = predictDevice(system, spec, found);
    devices.push(device);
    probed.push(probedDevice(spec, device));
  });
  system.devices.push(...probed);
  system.hpet.push(...playedChannels(system, first));
  const owner = new Map(
    devices.flatMap((device) => device.found.irqs.map((irq, index) => [irq, { device, index }] as const)),
  );
  const replay: Replay = {
    system,
    apic,
    devices,
    owner,
    stage: createStage(system, createWatch()),
    inexact: null,
    late: new Set(),
    behindVmd,
    hints: new Map(),
    ranOut: false,
    unplaced: new Set(),
    numbers: numbersOf(system, first),
  };
  playBoot(replay, first, counter);
  return replay;
}

/** Everything up to the first mark; what the trace does not tell is done last. */
function playBoot(replay: Replay, first: CaptureStage, counter: Counter): void {
  const { steps, lossy } = first.trace;
  const end = steps.findIndex(({ kind }) => kind === 'mark');
  const early = lossy ? [] : steps.slice(0, end < 0 ? undefined : end);
  if (!early.some(({ kind }) => kind === 'alloc')) {
    replay.inexact ??= lossy
      ? 'the trace of the vector allocations has lost events'
      : 'the capture has no trace of the vector allocations, so their order is not known';
  }
  if (first.trace.unordered) {
    replay.inexact ??=
      'devices were probed in parallel, and the trace does not tell in which order they took vectors';
  }
  const transient = transientAllocs(early);
  const deviceOf = (step: AllocStep) => replay.owner.get(transient.get(step) ?? step.irq)?.device;
  const raced = racing(early, deviceOf);
  for (const step of early) {
    noteNumber(replay, first, step, raced, counter);
    playStep(replay, first, step, transient);
  }
  skipNumbers(replay.numbers, first, counter);
  completeBoot(replay, first);
  playHint(replay);
  tick(replay.system.life);
}

/** Allocates and requests what the trace did not show: never-started interrupts leave no trace. */
function completeBoot(replay: Replay, first: CaptureStage): void {
  const { life } = replay.system;
  for (const { irq } of replay.system.hpet) if (!life.irqs.has(irq)) assignChannelIrq(life, irq);
  for (const irq of [...replay.owner.keys()].sort((a, b) => a - b)) {
    if (!life.irqs.has(irq)) allocate(replay, first, irq);
  }
  const used = [...first.lines.values()].filter(
    ({ irq, names }) => names !== '' && irq !== TIMER && !replay.behindVmd.has(irq),
  );
  for (const { irq } of used) {
    if (!life.irqs.has(irq)) allocate(replay, first, irq);
    request(replay, irq);
  }
}

function allocate(replay: Replay, { tree, lines }: CaptureStage, irq: number): void {
  const { life } = replay.system;
  const node = numberOf(tree, `proc/irq/${irq}/node`) ?? -1;
  const place = replay.owner.get(irq);
  if (!place) {
    // The machine's own: IO-APIC pins, and messages of the HPET and the IOMMU.
    const chip = lines.get(irq)?.chip ?? 'IO-APIC';
    if (replay.system.hpet.some((channel) => channel.irq === irq)) assignChannelIrq(life, irq);
    else if (chip.includes('IO-APIC')) allocIoapic(life, irq, node, domainIndex('ioapic'));
    else {
      allocMsi(life, irq, { node });
      bindOwn(replay, tree, irq);
    }
    return;
  }
  const { managed, affinity } = predictVector(replay.system, place.device, place.index);
  const kind = { node, managed, ...placeIn(place.device.domain) };
  const result = allocMsi(life, irq, { ...kind, ...(affinity ? { affinity } : {}) });
  if (result < 0)
    replay.inexact ??= `irq ${irq} cannot be had in the model (error ${result}), and is there on the machine`;
}

/** The IOMMU's interrupt is bound to the CPUs that ran when it was set up, which is before all others came up. */
function bindOwn({ system }: Replay, tree: Tree, irq: number): void {
  const { affinity } = irqFiles(tree, irq);
  const mask = affinity === undefined ? undefined : readableMask(system, affinity);
  if (mask && !mask.equals(system.life.config.defaultAffinity)) setAffinity(system.life, irq, mask);
}

/** request_irq(), once; drivers that set hints do so behind their last one. */
function request(replay: Replay, irq: number): void {
  const { life, hpet } = replay.system;
  const d = life.irqs.get(irq);
  if (!d || hasFlags(d, IrqFlag.requested)) return;
  if (hpet.some((channel) => channel.irq === irq)) {
    giveChannel(replay.system);
    return;
  }
  requestIrq(life, irq);
  const place = replay.owner.get(irq);
  if (!place || place.index !== place.device.found.irqs.length - 1) return;
  const probed = replay.system.devices.find(({ firstIrq }) => firstIrq === place.device.found.irqs[0]);
  if (probed) setHints(replay, probed);
}

/** The next CPU takes a channel, as hpet_late_init() has them do in order. */
function giveChannel(system: System): void {
  const { online, hpet } = system;
  const owners = hpet.map(({ cpu }) => cpu);
  let cpu = online.first();
  while (cpu >= 0 && owners.includes(cpu)) cpu = online.next(cpu);
  if (cpu >= 0) hpetCpuOnline(system, cpu);
}

/**
 * With remapping each hint moves its interrupt at once, and vectors are freed between one and the next: each is
 * set at its own line of the trace. Without, all of them wait for an interrupt.
 */
function setHints(replay: Replay, device: ProbedDevice): void {
  const { system, hints } = replay;
  const movesLater = !system.delivery.remapped || device.domain === 'pci-msi-unremapped';
  if (movesLater || replay.inexact) {
    applyHints(system, device.plan, device);
    return;
  }
  for (const { vector, mask } of device.plan.hints?.(system.online, device.granted) ?? []) {
    if (vector < device.granted) hints.set(device.firstIrq + vector, mask);
  }
}

/** A hint whose line is reached, or (`irq` undefined) all that had none. */
function playHint({ system, hints }: Replay, irq?: number): void {
  for (const [number, mask] of [...hints]) {
    if (irq !== undefined && irq !== number) continue;
    hints.delete(number);
    setAffinity(system.life, number, mask);
  }
}

/** One step of the trace while the machine boots; `transient` as transientAllocs() gives it. */
function playStep(
  replay: Replay,
  first: CaptureStage,
  step: TraceStep,
  transient: ReturnType<typeof transientAllocs>,
): void {
  if (step.kind === 'mark') return;
  const { irq } = step;
  const { life } = replay.system;
  if (irq === TIMER) return;
  if (step.kind === 'alloc') {
    // The model's boot has set the legacy interrupts up already.
    if (irq < NR_LEGACY || life.irqs.has(irq)) return;
    if (step.failed) {
      replay.ranOut = true;
      replay.inexact ??= 'the machine ran out of vectors while devices were probed';
    } else if (!transient.has(step)) allocate(replay, first, irq);
    else if (step.managed) replay.inexact ??= 'a driver gave managed vectors back while it was probed';
    else allocTransient(replay, irq, transient.get(step));
  } else if (step.kind === 'request') request(replay, irq);
  else playChange(replay, step.kind, irq);
}

/**
 * An interrupt that a driver gave back, on the node and in the domain of the device that has `lasting` in the end. Not
 * the node in /proc/irq/N/node: an interrupt with a mask has the node of its mask there.
 */
function allocTransient({ owner, system }: Replay, irq: number, lasting: number | undefined): void {
  const device = lasting === undefined ? undefined : owner.get(lasting)?.device;
  allocMsi(system.life, irq, {
    node: device?.found.device.node ?? -1,
    ...placeIn(device?.domain ?? 'pci-msi'),
  });
}

/** A step that is the same at boot and later. */
export function playChange(replay: Replay, kind: 'free' | 'destroy' | 'move' | 'settle', irq: number): void {
  const { life } = replay.system;
  const d = life.irqs.get(irq);
  if (!d) return;
  if (kind === 'settle') freeMovedVector(life, d);
  else if (kind === 'move') {
    if (replay.hints.has(irq)) playHint(replay, irq);
    else if (hasFlags(d, IrqFlag.affinityPending)) fire(life, irq, false);
  } else if (kind === 'free') {
    if (hasFlags(d, IrqFlag.requested)) freeIrq(life, irq);
  } else destroyIrq(life, irq);
}

/** {@link maskOfList} of a text that may be damaged; undefined if it is. */
export function readableMask(system: System, list: string): CpuMask | undefined {
  try {
    return maskOfList(system, list);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A CPU list of the kernel as a mask of this machine; CPUs beyond it are left out. */
export function maskOfList(system: System, list: string): CpuMask {
  const { nrCpuIds } = system.enumeration;
  return CpuMask.of(
    nrCpuIds,
    CpuMask.parse(list, 32_768)
      .toArray()
      .filter((cpu) => cpu < nrCpuIds),
  );
}
