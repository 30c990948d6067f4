/**
 * Probes one device: the driver's plan, the PCI layer's allocation with its retry rule, requests, and
 * the driver's fallbacks. Mirrors pci_alloc_irq_vectors_affinity() and drivers/pci/msi/msi.c (6.12).
 */

import type { CpuMask } from '../../lib/cpumask.ts';
import { EINVAL, ENOSPC } from '../../lib/errno.ts';
import type { DeviceDomain } from '../../machine/interrupt-domains.ts';
import type { DeviceSpec } from '../../machine/machine.ts';
import type { DriverPlan, VectorAttempt } from '../drivers/driver.ts';
import { profileOf } from '../drivers/index.ts';
import { irqCalcAffinityVectors } from '../engine/affinity.ts';
import { setAffinity } from '../engine/irq-affinity.ts';
import { allocMsi, type MsiRequest } from '../engine/irq-alloc.ts';
import { drainLog, onlineMask } from '../engine/irq-life.ts';
import { destroyIrq, freeIrq, requestIrq } from '../engine/irq-manage.ts';
import { freeBit } from '../engine/matrix-search.ts';
import { tick } from '../engine/vector.ts';
import { deviceDomain } from '../model/irqdomain.ts';
import { behindVmd } from './behind-vmd.ts';
import { countCpus, placeIn, policyCpus, spreadIn } from './domain-use.ts';
import { fallbackText, lineText } from './fallback.ts';
import { type IrqPlaces, irqOf, placesOf, releaseIrq, takeIrq } from './irq-numbers.ts';
import { planIn } from './multi-msi.ts';
import { type BareDevice, type Hung, probeLine } from './probe-line.ts';
import { mapsOf } from './queue-map.ts';
import { type ProbedDevice, type SharedMasks, type System, spreadOnce } from './system.ts';

/** Where the device is. */
interface Hanging {
  /** -1: on no node. */
  readonly node: number;
  readonly domain: DeviceDomain;
}

interface Grant extends IrqPlaces {
  readonly granted: number;
  /** Positive errno of the last try that failed, even if a smaller one was granted. */
  readonly errno: number;
  /** The CPU that had no vector left for a managed interrupt, in the last try that failed. */
  readonly fullCpu: number | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is asked for a vector; one object serves all of an attempt. */
type Request = Writable<MsiRequest>;

/** Allocates one vector, with its descriptor if the spreading made one; a policy may refuse the mask. */
function allocVector(
  system: System,
  irq: number,
  vector: number,
  spread: SharedMasks | null,
  { domain }: Hanging,
  request: Request,
): number {
  if (spread?.result.kind === 'masks') {
    const [from, to] = spread.result.managed;
    const affinity = spread.maskOf(vector);
    const only = system.domainMasks.get(domain);
    if (only !== undefined && !affinity.isSubsetOf(only)) return -EINVAL;
    request.affinity = affinity;
    request.managed = vector >= from && vector < to;
    request.reserveOn = system.policy.reserveOn?.(affinity, policyCpus(system, domain));
  }
  return allocMsi(system.life, irq, request);
}

/** Allocates vectors 0 .. nvec-1; returns the interrupts that were had, and undoes nothing. */
function allocate(
  system: System,
  nvec: number,
  attempt: VectorAttempt,
  hanging: Hanging,
): { irqs: readonly number[]; errno: number; fullCpu: number | null } {
  const spread = attempt.affinity ? spreadOnce(system, hanging.domain, nvec, attempt.affinity) : null;
  if (spread?.result.kind === 'crash') return { irqs: [], errno: EINVAL, fullCpu: null };
  const irqs: number[] = [];
  const { domain, unremapped } = placeIn(hanging.domain);
  const request: Request = { node: hanging.node, domain, unremapped };
  for (let vector = 0; vector < nvec; vector++) {
    const irq = takeIrq(system);
    const result = allocVector(system, irq, vector, spread, hanging, request);
    if (result === 0) {
      irqs.push(irq);
      continue;
    }
    releaseIrq(system, irq);
    const full =
      result === -ENOSPC && spread ? firstFullCpu(system, hanging.domain, spread.maskOf(vector)) : null;
    return { irqs, errno: -result, fullCpu: full };
  }
  return { irqs, errno: 0, fullCpu: null };
}

/** The CPU that irq_matrix_reserve_managed() gave up on: the lowest without a free vector. */
function firstFullCpu(system: System, domain: DeviceDomain, affinity: CpuMask): number | null {
  const mask = system.policy.reserveOn?.(affinity, policyCpus(system, domain)) ?? affinity;
  for (let cpu = mask.first(); cpu >= 0; cpu = mask.next(cpu)) {
    if (freeBit(system.life.matrix, cpu) < 0) return cpu;
  }
  return null;
}

/**
 * One attempt, with the retry rule: a vector k >= 1 that cannot be had undoes the whole attempt, which is
 * made again with k vectors (and masks spread anew) unless the driver needs more.
 */
function pciAllocIrqVectors(
  system: System,
  attempt: VectorAttempt,
  tableSize: number,
  hanging: Hanging,
): Grant {
  let fullCpu: number | null = null;
  const failed = (errno: number): Grant => ({ granted: 0, firstIrq: 0, errno, fullCpu });
  if (tableSize < attempt.minvec) return failed(0);
  const possible = spreadIn(system, hanging.domain).possible.weight();
  let nvec = Math.min(attempt.maxvec, tableSize);
  let errno = 0;
  for (;;) {
    if (attempt.affinity) {
      nvec = irqCalcAffinityVectors(system.machine.kernel, possible, attempt.minvec, nvec, attempt.affinity);
    }
    if (nvec < attempt.minvec) return failed(errno || ENOSPC);
    const { irqs, errno: why, fullCpu: full } = allocate(system, nvec, attempt, hanging);
    if (irqs.length === nvec) {
      const places = placesOf(irqs);
      return { granted: nvec, firstIrq: places.firstIrq, irqs: places.irqs, errno, fullCpu };
    }
    errno = why;
    fullCpu = full;
    for (const irq of irqs.toReversed()) destroy(system, irq);
    if (irqs.length < Math.max(1, attempt.minvec)) return failed(errno);
    nvec = irqs.length;
  }
}

function destroy(system: System, irq: number): void {
  destroyIrq(system.life, irq);
  releaseIrq(system, irq);
}

/** Requests every vector in order; undoes the device and returns the errno if one is refused. */
function requestAll(system: System, grant: Grant): number {
  for (let vector = 0; vector < grant.granted; vector++) {
    const result = requestIrq(system.life, irqOf(grant, vector));
    if (result === 0) continue;
    for (let undo = grant.granted - 1; undo >= 0; undo--) {
      if (undo < vector) freeIrq(system.life, irqOf(grant, undo));
      destroy(system, irqOf(grant, undo));
    }
    return -result;
  }
  return 0;
}

/** The driver lets go of the device: its interrupts are freed, then given back with their numbers. */
export function remove(system: System, device: ProbedDevice): void {
  const irqs = Array.from({ length: device.granted }, (_, vector) => irqOf(device, vector));
  for (const irq of irqs) freeIrq(system.life, irq);
  for (const irq of irqs) destroy(system, irq);
}

/** The attempt that a driver makes first, and its vectors if none is missing. */
export function firstAttempt(
  system: System,
  domain: DeviceDomain,
  plan: DriverPlan,
): { readonly attempt: VectorAttempt; readonly vectors: number } {
  const attempt = plan.attempts.find(({ minvec }) => minvec <= plan.tableSize) ?? plan.attempts[0];
  const most = Math.min(attempt.maxvec, plan.tableSize);
  const possible = spreadIn(system, domain).possible.weight();
  const vectors = attempt.affinity
    ? irqCalcAffinityVectors(system.machine.kernel, possible, attempt.minvec, most, attempt.affinity)
    : most;
  return { attempt, vectors };
}

/** Queues the driver would run if every vector were had: limited by the MSI-X table and the CPUs. */
function wantedQueues(system: System, domain: DeviceDomain, plan: DriverPlan): number {
  const { attempt, vectors } = firstAttempt(system, domain, plan);
  let queues = 0;
  while (queues < plan.queues && attempt.vectorOf(queues, vectors) !== null) queues++;
  return queues;
}

/**
 * Probes a device and starts its queues; it is added to the system's devices. Time passes before the next one: old
 * vectors of moves that are over are freed.
 */
export function probe(system: System, spec: DeviceSpec): void {
  system.devices.push(setUp(system, spec));
  tick(system.life);
  system.log.push(...drainLog(system.life));
}

/** The device as its driver sets it up now. */
export function setUp(system: System, spec: DeviceSpec): ProbedDevice {
  const { machine, delivery } = system;
  const domain = deviceDomain(machine, delivery, spec);
  const plan = planIn(system, profileOf(spec.driver).plan(spec, countCpus(system, domain)), spec);
  const hung = { spec, plan, domain };
  if (spec.behind !== null) return behindVmd(spec, plan, domain);
  const isLine = spec.interrupts === 'line' || machine.cmdline.noMsi || delivery.mode === 'off';
  const device = isLine ? probeLine(system, hung) : orLine(system, hung, probeMsi(system, hung));
  const { maps, mapped } = mapsOf(system, device);
  device.maps = maps;
  device.mapped = mapped;
  return device;
}

/** The device as it was set up, or on its line interrupt where that is what its driver has left. */
function orLine(system: System, { spec, plan }: Hung, device: BareDevice): BareDevice {
  if (device.granted > 0 || !plan.orLine) return device;
  const domain = deviceDomain(system.machine, system.delivery, { ...spec, interrupts: 'line' });
  const line = probeLine(system, { spec, plan, domain });
  if (line.granted === 0) return device;
  const { errno, fullCpu } = device;
  return { ...line, errno, fullCpu, fallback: lineText(errno) };
}

/** The first attempt of the driver that is granted. The maps of the device are still to be made. */
function probeMsi(system: System, { spec, plan, domain }: Hung): BareDevice {
  const hanging = { node: spec.node ?? -1, domain };
  const wanted = wantedQueues(system, domain, plan);
  let errno = 0;
  let fullCpu: number | null = null;
  for (const [index, attempt] of plan.attempts.entries()) {
    const grant = pciAllocIrqVectors(system, attempt, plan.tableSize, hanging);
    errno = grant.errno || errno;
    fullCpu = grant.fullCpu ?? fullCpu;
    if (grant.granted === 0) continue;
    const refused = requestAll(system, grant);
    if (refused !== 0) {
      errno = refused;
      continue;
    }
    const queueVectors: (number | null)[] = [];
    let had = 0;
    for (let queue = 0; queue < wanted; queue++) {
      const vector = attempt.vectorOf(queue, grant.granted);
      queueVectors.push(vector);
      if (vector !== null) had++;
    }
    applyHints(system, plan, grant);
    return {
      spec,
      plan,
      domain,
      granted: grant.granted,
      firstIrq: grant.firstIrq,
      irqs: grant.irqs,
      queueVectors,
      shared:
        index > 0 ||
        (had > 0 && queueVectors[0] === 0 && attempt.affinity !== null && attempt.affinity.pre > 0),
      fallback: fallbackText(grant.granted, index, wanted, had, errno),
      errno,
      fullCpu,
      maps: [],
      mapped: [],
    };
  }
  return {
    spec,
    plan,
    domain,
    granted: 0,
    firstIrq: 0,
    queueVectors: Array.from({ length: wanted }, () => null),
    shared: false,
    fallback: fallbackText(0, 0, wanted, 0, errno),
    errno,
    fullCpu,
    maps: [],
    mapped: [],
  };
}

/** The driver's own affinity hints: set when the device starts, and again on every CPU hotplug. */
export function applyHints(
  system: System,
  plan: DriverPlan,
  device: Pick<ProbedDevice, 'granted' | 'firstIrq' | 'irqs'>,
): void {
  const { granted } = device;
  if (!plan.hints) return;
  const online = onlineMask(system.life);
  if (online.isEmpty()) return;
  for (const { vector, mask } of plan.hints(online, granted)) {
    if (vector < granted) setAffinity(system.life, irqOf(device, vector), mask);
  }
}
