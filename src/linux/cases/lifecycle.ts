/**
 * Runs an interrupt life cycle case of golden form: `{id, kernel, cfg, ops}` in,
 * `{id, boot, ops, final}` out.
 */

import { CpuMask, formatList } from '../../lib/cpumask.ts';
import { lookup } from '../../lib/lookup.ts';
import type { Kernel } from '../../machine/kernel.ts';
import { LIMITS } from '../../machine/limits.ts';
import {
  allocIoapic,
  allocLegacy,
  allocMsi,
  cpuDown,
  cpuUp,
  createIrqLife,
  destroyIrq,
  drainLog,
  fire,
  freeIrq,
  type IrqLife,
  type LifecycleConfig,
  requestIrq,
  setAffinity,
  setAffinityUser,
  tick,
} from '../engine/irq.ts';
import { PIC_CASCADE_IR } from '../engine/vector-layout.ts';
import {
  asArray,
  asBoolean,
  asCpuMask,
  asFields,
  asInteger,
  asKernel,
  asOp,
  asString,
  CaseError,
  type Fields,
  runCase,
} from './case-fields.ts';
import { watchIrqs } from './irq-results.ts';
import { bitList, bitLists, matrixCpu, matrixGlobals, watchMatrixCpus } from './matrix-results.ts';

/** Far above what an x86 kernel gives out (NR_IRQS), so that a table entry holds any number. */
const MAX_IRQ = 0x7ffffffe;
const MAX_NODES = 1024;

type Run = (life: IrqLife, op: Fields, what: string) => number;

function newIrq(life: IrqLife, op: Fields, what: string): number {
  const irq = asInteger(op.irq, `irq of ${what}`, 0, MAX_IRQ);
  if (life.irqs.has(irq)) throw new CaseError(`${what}: irq ${irq} exists already`);
  return irq;
}

function knownIrq(life: IrqLife, op: Fields, what: string): number {
  const irq = asInteger(op.irq, `irq of ${what}`, 0, MAX_IRQ);
  if (!life.irqs.has(irq)) throw new CaseError(`${what}: there is no irq ${irq}`);
  return irq;
}

function nodeOf(life: IrqLife, op: Fields, what: string): number {
  return asInteger(op.node, `node of ${what}`, -1, life.config.nrNodes - 1);
}

function cpuOf(life: IrqLife, op: Fields, what: string): number {
  return asInteger(op.cpu, `cpu of ${what}`, 0, life.config.nrCpus - 1);
}

function maskOf(life: IrqLife, op: Fields, what: string): CpuMask {
  return asCpuMask(op.mask, `mask of ${what}`, life.config.nrCpus);
}

function runAllocMsi(life: IrqLife, op: Fields, what: string): number {
  return allocMsi(life, newIrq(life, op, what), {
    node: nodeOf(life, op, what),
    managed: asBoolean(op.managed, `managed of ${what}`, false),
    maskable: asBoolean(op.maskable, `maskable of ${what}`, true),
    ...(op.aff !== undefined && { affinity: asCpuMask(op.aff, `aff of ${what}`, life.config.nrCpus) }),
  });
}

function runAllocLegacy(life: IrqLife, op: Fields, what: string): number {
  const irq = newIrq(life, op, what);
  if (irq >= life.config.nrLegacy || irq === PIC_CASCADE_IR) {
    throw new CaseError(`${what}: irq ${irq} is no legacy interrupt of this machine`);
  }
  return allocLegacy(life, irq, asBoolean(op.preActivated, `preActivated of ${what}`));
}

const OPS = {
  allocMsi: runAllocMsi,
  allocLegacy: runAllocLegacy,
  allocIoapic: (life, op, what) => allocIoapic(life, newIrq(life, op, what), nodeOf(life, op, what)),
  request: (life, op, what) => requestIrq(life, knownIrq(life, op, what)),
  freeIrq: (life, op, what) => freeIrq(life, knownIrq(life, op, what)),
  destroy: (life, op, what) => destroyIrq(life, knownIrq(life, op, what)),
  setAffinityUser: (life, op, what) =>
    setAffinityUser(life, knownIrq(life, op, what), maskOf(life, op, what)),
  setAffinity: (life, op, what) => setAffinity(life, knownIrq(life, op, what), maskOf(life, op, what)),
  fire: (life, op, what) => fire(life, knownIrq(life, op, what), asBoolean(op.old, `old of ${what}`, false)),
  tick,
  cpuUp: (life, op, what) => cpuUp(life, cpuOf(life, op, what)),
  cpuDown: (life, op, what) => cpuDown(life, cpuOf(life, op, what)),
} satisfies Readonly<Record<string, Run>>;

function runOp(life: IrqLife, op: Fields, what: string): number {
  const name = asString(op.op, `op of ${what}`);
  const run = lookup(OPS, name);
  if (!run) throw new CaseError(`${what}: unknown op "${name.slice(0, 40)}"`);
  return run(life, op, what);
}

/** Node by CPU, from the CPU lists of the nodes. */
function readNodes(value: unknown, nrCpus: number): { nodeOf: Int32Array; nrNodes: number } {
  const nodes = asArray(value, 'cfg.nodes');
  if (nodes.length < 1 || nodes.length > MAX_NODES)
    throw new CaseError(`cfg.nodes must be 1 to ${MAX_NODES} lists`);
  const byCpu = new Int32Array(nrCpus).fill(-1);
  nodes.forEach((list, node) => {
    asCpuMask(list, `cfg.nodes[${node}]`, nrCpus).forEach((cpu) => {
      byCpu[cpu] = node;
    });
  });
  return { nodeOf: byCpu, nrNodes: nodes.length };
}

function readConfig(value: unknown, kernel: Kernel): LifecycleConfig {
  const cfg = asFields(value, 'cfg');
  const nrCpus = asInteger(cfg.ncpus, 'cfg.ncpus', 1, LIMITS.cpus);
  const mask = (list: unknown, what: string): CpuMask | null =>
    list === null || list === undefined ? null : asCpuMask(list, what, nrCpus);
  const nrLegacy = cfg.nrLegacy;
  if (nrLegacy !== 0 && nrLegacy !== 16) throw new CaseError('cfg.nrLegacy must be 16 or 0');
  const irqRemap = asBoolean(cfg.irqRemap, 'cfg.irqRemap');
  return {
    nrCpus,
    ...readNodes(cfg.nodes, nrCpus),
    irqRemap: () => irqRemap,
    nrLegacy,
    defaultAffinity: mask(cfg.defaultAffinity, 'cfg.defaultAffinity') ?? CpuMask.full(nrCpus),
    hkManaged: mask(cfg.hkManaged, 'cfg.hkManaged'),
    kernel,
    ia32: asBoolean(cfg.ia32, 'cfg.ia32'),
  };
}

/** Watches all that a result shows; each call gives what the op that is over has changed. */
function watchLife(life: IrqLife): (op: Fields) => object {
  const changedIrqs = watchIrqs(life.irqs);
  const changedCpus = watchMatrixCpus(life.matrix);
  changedCpus();
  let globals = matrixGlobals(life.matrix).join();
  return (op) => {
    const log = drainLog(life);
    // An op that names an interrupt changes no other.
    const irqs = changedIrqs(typeof op.irq === 'number' ? [op.irq] : life.irqs.keys());
    const g = matrixGlobals(life.matrix);
    const sameGlobals = g.join() === globals;
    globals = g.join();
    const cpus = changedCpus();
    return {
      ...(log.length > 0 && { log }),
      ...(irqs && { irqs }),
      ...(!sameGlobals && { g }),
      ...(cpus && { cpus }),
    };
  };
}

/**
 * Runs one life cycle case: `{"id", "boot", "ops": [[op, result], ...], "final"}`, or `{"id", "error"}`
 * if it cannot be read. Results in the input are ignored. `kernelOverride` replaces the case's kernel.
 */
export function runLifecycleCase(value: unknown, kernelOverride?: Kernel): object {
  return runCase(value, (fields) => {
    const life = createIrqLife(readConfig(fields.cfg, kernelOverride ?? asKernel(fields.kernel)));
    const { matrix } = life;
    const boot = { g: matrixGlobals(matrix), cpu0: matrixCpu(matrix, 0) };
    const changes = watchLife(life);
    const ops = asArray(fields.ops, 'ops').map((element, index) => {
      const what = `ops[${index}]`;
      const op = asFields(asOp(element, what), what);
      const rc = runOp(life, op, what);
      return [op, { rc, ...changes(op) }];
    });
    return { boot, ops, final: finalState(life) };
  });
}

function finalState({ matrix, cleanupLists }: IrqLife): object {
  return {
    g: matrixGlobals(matrix),
    cpus: Array.from({ length: matrix.nrCpus }, (_, cpu) => matrixCpu(matrix, cpu)),
    alloc: bitLists(matrix, matrix.allocMap),
    managed: bitLists(matrix, matrix.managedMap),
    system: bitList(matrix.systemMap, 0),
    timers: formatList([...cleanupLists.keys()].sort((a, b) => a - b)),
  };
}
