/**
 * Runs a vector matrix case of golden form: `{id, kernel, init, ops}` in, `{id, ops, final}` out.
 */

import { BugError } from '../../lib/assert.ts';
import { lookup } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';
import {
  type IrqMatrix,
  irqAllocMatrix,
  irqMatrixAlloc,
  irqMatrixAllocated,
  irqMatrixAllocManaged,
  irqMatrixAssign,
  irqMatrixAssignSystem,
  irqMatrixAvailable,
  irqMatrixFree,
  irqMatrixOffline,
  irqMatrixOnline,
  irqMatrixRemoveManaged,
  irqMatrixRemoveReserved,
  irqMatrixReserve,
  irqMatrixReserveManaged,
  placedBit,
  placedCpu,
} from '../engine/matrix.ts';
import { MATRIX_BITS } from '../engine/matrix-state.ts';
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
  runCase,
} from './case-fields.ts';
import { bitList, bitLists, matrixCpu, matrixGlobals, watchMatrixCpus } from './matrix-results.ts';

/** Arguments of one op, read in order and checked. */
interface Args {
  cpu(): number;
  bit(): number;
  cpus(): ReturnType<typeof asCpuMask>;
  flag(): boolean;
}

type Result = Readonly<Record<string, unknown>>;

const warned = (warnings: number): Result => (warnings > 0 ? { warn: warnings } : {});
const placed = (result: number): Result =>
  result < 0 ? { rc: result } : { rc: placedBit(result), cpu: placedCpu(result) };

interface Op {
  readonly args: number;
  run(m: IrqMatrix, args: Args): Result;
}

const OPS = {
  online: {
    args: 1,
    run(m, args) {
      irqMatrixOnline(m, args.cpu());
      return {};
    },
  },
  offline: {
    args: 1,
    run(m, args) {
      irqMatrixOffline(m, args.cpu());
      return {};
    },
  },
  system: {
    args: 3,
    run(m, args) {
      irqMatrixAssignSystem(m, args.cpu(), args.bit(), args.flag());
      return {};
    },
  },
  reserveManaged: { args: 1, run: (m, args) => ({ rc: irqMatrixReserveManaged(m, args.cpus()) }) },
  removeManaged: { args: 1, run: (m, args) => warned(irqMatrixRemoveManaged(m, args.cpus())) },
  allocManaged: { args: 1, run: (m, args) => placed(irqMatrixAllocManaged(m, args.cpus())) },
  alloc: { args: 2, run: (m, args) => placed(irqMatrixAlloc(m, args.cpus(), args.flag())) },
  assign: { args: 2, run: (m, args) => warned(irqMatrixAssign(m, args.cpu(), args.bit()) ? 0 : 1) },
  reserve: { args: 0, run: (m) => (irqMatrixReserve(m) ? { msg: 1 } : {}) },
  removeReserved: {
    args: 0,
    run(m) {
      irqMatrixRemoveReserved(m);
      return {};
    },
  },
  free: {
    args: 3,
    run: (m, args) => warned(irqMatrixFree(m, args.cpu(), args.bit(), args.flag()) ? 0 : 1),
  },
  available: { args: 2, run: (m, args) => ({ rc: irqMatrixAvailable(m, args.cpu(), args.flag()) }) },
  reserved: { args: 0, run: (m) => ({ rc: m.globalReserved }) },
  allocated: { args: 1, run: (m, args) => ({ rc: irqMatrixAllocated(m, args.cpu()) }) },
} satisfies Readonly<Record<string, Op>>;

/** A bit is an `unsigned int` of the kernel: one outside the matrix is for the kernel to judge. */
const MAX_BIT = 0xffffffff;

function argsOf(op: readonly unknown[], what: string, nrCpus: number): Args {
  let next = 1;
  return {
    cpu: () => asInteger(op[next++], `CPU of ${what}`, 0, nrCpus - 1),
    bit: () => asInteger(op[next++], `bit of ${what}`, 0, MAX_BIT),
    cpus: () => asCpuMask(op[next++], `CPUs of ${what}`, nrCpus),
    flag: () => asBoolean(op[next++], `flag of ${what}`),
  };
}

/** Runs one op. A BUG_ON ends the kernel, so it also ends the case: `{bug: 1}`. */
function runOp(m: IrqMatrix, value: unknown, what: string): Result {
  const op = asArray(value, what);
  const name = asString(op[0], `name of ${what}`);
  const known: Op | undefined = lookup(OPS, name);
  if (!known) throw new CaseError(`${what}: unknown op "${name.slice(0, 40)}"`);
  if (op.length !== known.args + 1) {
    throw new CaseError(`${what}: ${name} takes ${known.args} argument${known.args === 1 ? '' : 's'}`);
  }
  if (name === 'system' && op[2] === m.matrixBits) {
    throw new CaseError(`${what}: bit ${m.matrixBits} would be written behind the kernel's bitmap`);
  }
  try {
    return known.run(m, argsOf(op, what, m.nrCpus));
  } catch (error) {
    if (error instanceof BugError) return { bug: 1 };
    throw error;
  }
}

function readMatrix(value: unknown, kernel: IrqMatrix['kernel']): IrqMatrix {
  const init = asFields(value, 'init');
  const matrixBits = asInteger(init.bits, 'init.bits', 1, MATRIX_BITS);
  const allocEnd = asInteger(init.end, 'init.end', 0, matrixBits);
  return irqAllocMatrix({
    matrixBits,
    allocStart: asInteger(init.start, 'init.start', 0, allocEnd),
    allocEnd,
    nrCpus: asInteger(init.ncpus, 'init.ncpus', 1, LIMITS.cpus),
    kernel,
  });
}

/**
 * Runs one matrix case: `{"id", "ops": [[op, result], ...], "final"}`, or `{"id", "error"}` if it cannot
 * be read. Results in the input are ignored; ops after a kernel BUG are not run.
 */
export function runMatrixCase(value: unknown): object {
  return runCase(value, (fields) => {
    const m = readMatrix(fields.init, asKernel(fields.kernel));
    const changedCpus = watchMatrixCpus(m);
    const ops: [unknown, Result][] = [];
    for (const [index, element] of asArray(fields.ops, 'ops').entries()) {
      const op = asOp(element, `ops[${index}]`);
      const result = runOp(m, op, `ops[${index}]`);
      const c = changedCpus();
      ops.push([op, { ...result, g: matrixGlobals(m), ...(c && { c }) }]);
      if (result.bug) break;
    }
    return { ops, final: finalState(m) };
  });
}

function finalState(m: IrqMatrix): Result {
  return {
    g: matrixGlobals(m),
    cpus: Array.from({ length: m.nrCpus }, (_, cpu) => [...matrixCpu(m, cpu), m.initialized[cpu]]),
    alloc: bitLists(m, m.allocMap),
    managed: bitLists(m, m.managedMap),
    system: bitList(m.systemMap, 0),
  };
}
