/**
 * `irqsim engine spread`: one spreading case as plain data in, one result as plain data out. The forms
 * are those of the golden data, so that a result equals its golden line key for key.
 */

import { CpuMask, formatList } from '../../lib/cpumask.ts';
import { lookup } from '../../lib/lookup.ts';
import { type Kernel, kernelProfile } from '../../machine/kernel.ts';
import { LIMITS } from '../../machine/limits.ts';
import {
  type AffinityDescriptor,
  type AffinityMasks,
  irqCalcAffinityVectors,
  irqCreateAffinityMasks,
  nvmeCalcIrqSets,
  spreadCpusOf,
} from '../engine/affinity.ts';
import type { SpreadCpus } from '../engine/spread-cpus.ts';

/** A result line. */
export type SpreadCaseResult =
  | {
      id: string;
      kernel: string;
      calcVectors: number;
      setSizes: readonly number[];
      masks: string[] | null;
      managed: readonly [number, number] | null;
      warn: boolean;
    }
  | { id: string; kernel: string; crash: 'div0' }
  | { id: string | null; error: string };

/** Far more than any kernel takes (4; 5.0 does not count them), few enough to answer at once. */
const MAX_SETS = 256;
/** x86 has no more than 1 << NODES_SHIFT nodes. */
const MAX_NODES = 1024;
/** `maxvec` may be UINT_MAX, "as many as there are". */
const UINT_MAX = 0xffff_ffff;
/** Characters of all masks together, so that a line stays well below the longest string there can be. */
const MAX_RESULT_TEXT = 1 << 28;

/** Golden tags that are other releases than the same text elsewhere, where a bare series is its newest. */
const GOLDEN_TAGS = { '4.19': '4.19.191', '5.10': '5.10.13' } as const;

/** The kernel that a case's `kernel` text stands for. Throws `RangeError` as {@link kernelProfile} does. */
export function spreadCaseKernel(text: string): Kernel {
  return kernelProfile(lookup(GOLDEN_TAGS, text) ?? text);
}

/**
 * Runs one case of spread.ndjson; fields of its result, and any others, are ignored. `kernelOverride`
 * replaces the case's `kernel`; its text is read as a golden tag too. Never throws for a bad case: the
 * result says what is wrong with it.
 */
export function runSpreadCase(input: unknown, kernelOverride?: Kernel): SpreadCaseResult {
  const id = isRecord(input) && typeof input.id === 'string' ? input.id : null;
  try {
    if (!isRecord(input)) throw new RangeError('a case is an object');
    if (id === null) throw new RangeError('id: expected a string');
    const text = kernelOverride?.text ?? readText(input, 'kernel');
    return runOn(spreadCaseKernel(text), text, id, input);
  } catch (error) {
    if (error instanceof RangeError) return { id, error: error.message };
    throw error;
  }
}

function runOn(kernel: Kernel, kernelText: string, id: string, input: Fields): SpreadCaseResult {
  const minvec = readCount(input, 'minvec', UINT_MAX);
  const maxvec = readCount(input, 'maxvec', UINT_MAX);
  const nvecs = readCount(input, 'nvecs', LIMITS.vectors);
  const affd = readDescriptor(input.affd);
  const cpus = readCpus(input);
  const result = irqCreateAffinityMasks(kernel, cpus, nvecs, affd);
  if (result.kind === 'crash') return { id, kernel: kernelText, crash: result.crash };
  return {
    id,
    kernel: kernelText,
    calcVectors: irqCalcAffinityVectors(kernel, cpus.possible.weight(), minvec, maxvec, affd),
    setSizes: result.setSizes,
    masks: result.kind === 'masks' ? maskTexts(result) : null,
    managed: result.kind === 'masks' ? result.managed : null,
    warn: result.warn,
  };
}

/** The masks of all vectors in list form. Throws RangeError if they are too long to be written out. */
export function maskTexts(result: AffinityMasks): string[] {
  const defaultText = result.defaultAffinity.toString();
  let length = 0;
  return Array.from({ length: result.nvecs }, (_, vector) => {
    const cpus = spreadCpusOf(result, vector);
    const text = cpus === null ? defaultText : formatList(cpus);
    length += text.length;
    if (length > MAX_RESULT_TEXT) throw new RangeError('the masks are too long to be written out');
    return text;
  });
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new RangeError(`${name}: expected a string`);
  return value;
}

function readCount(fields: Fields, name: string, max: number): number {
  return checkCount(fields[name], name, max);
}

/** A whole number from 0 to `max`. Throws RangeError that names the field. */
export function checkCount(value: unknown, name: string, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name}: expected a whole number from 0 to ${max}`);
  }
  return value;
}

function readDescriptor(value: unknown): AffinityDescriptor {
  if (!isRecord(value)) throw new RangeError('affd: expected an object');
  const pre = readCount(value, 'pre', LIMITS.vectors);
  const post = readCount(value, 'post', LIMITS.vectors);
  const { sets } = value;
  if (sets === null || sets === undefined) return { pre, post };
  if (!isRecord(sets)) throw new RangeError('sets: expected null, {"nvmeWriteQueues"} or {"list"}');
  if (sets.nvmeWriteQueues !== undefined) {
    return { pre, post, calcSets: nvmeCalcIrqSets(readCount(sets, 'nvmeWriteQueues', UINT_MAX)) };
  }
  const sizes = checkArray(sets.list, 'list', MAX_SETS).map((size) =>
    checkCount(size, 'list', LIMITS.vectors),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) > LIMITS.vectors) {
    throw new RangeError(`list: the sizes sum to more than ${LIMITS.vectors}`);
  }
  return { pre, post, calcSets: () => sizes };
}

/** CPUs given as lists, by the field names of a case. Throws RangeError that names the field. */
export function readCpus(fields: Fields): SpreadCpus {
  const nrCpuIds = readCount(fields, 'nrCpuIds', LIMITS.cpus);
  const possible = checkCpus(fields.possible, 'possible', nrCpuIds);
  const present = checkCpus(fields.present, 'present', nrCpuIds);
  if (!present.isSubsetOf(possible)) throw new RangeError('present: holds CPUs that are not possible');
  const nodes = checkArray(fields.nodes, 'nodes', MAX_NODES).map((list) =>
    checkCpus(list, 'nodes', nrCpuIds),
  );
  const inNodes = new CpuMask(nrCpuIds);
  for (const node of nodes) {
    if (inNodes.intersects(node)) throw new RangeError('nodes: a CPU is in two nodes');
    inNodes.orWith(node);
  }
  if (!inNodes.equals(possible)) throw new RangeError('nodes: together they must be the possible CPUs');
  const siblings = readGroups(fields.siblings, 'siblings', nrCpuIds);
  return {
    nrCpuIds,
    possible,
    present,
    nodes,
    siblings,
    clusters: fields.clusters === 'siblings' ? siblings : readGroups(fields.clusters, 'clusters', nrCpuIds),
    defaultAffinity: checkCpus(fields.defaultAffinity, 'defaultAffinity', nrCpuIds),
  };
}

/** CPU → index of the group it is in, -1 none. */
function readGroups(value: unknown, name: string, nrCpuIds: number): Int32Array {
  const groupOf = new Int32Array(nrCpuIds).fill(-1);
  checkArray(value, name, nrCpuIds).forEach((list, group) => {
    checkCpus(list, name, nrCpuIds).forEach((cpu) => {
      if (groupOf[cpu] >= 0) throw new RangeError(`${name}: CPU ${cpu} is in two groups`);
      groupOf[cpu] = group;
    });
  });
  return groupOf;
}

function checkArray(value: unknown, name: string, maxLength: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new RangeError(`${name}: expected an array`);
  if (value.length > maxLength) throw new RangeError(`${name}: more than ${maxLength} entries`);
  return value;
}

function checkCpus(value: unknown, name: string, nrCpuIds: number): CpuMask {
  if (typeof value !== 'string') throw new RangeError(`${name}: expected a CPU list such as "0-3,8"`);
  try {
    return CpuMask.parse(value, nrCpuIds);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${name}: ${error.message}`) : error;
  }
}
