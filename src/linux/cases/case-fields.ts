/** Checked reading of the parts of a golden-form case. Every function throws CaseError, naming the field. */
import { CpuMask } from '../../lib/cpumask.ts';
import { type Kernel, kernelProfile, NEWEST_KERNEL } from '../../machine/kernel.ts';

/** A case that cannot be read; the message is for the user. */
export class CaseError extends Error {
  override name = 'CaseError';
}

export type Fields = Readonly<Record<string, unknown>>;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** The value as an object that is not an array. */
export function asFields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CaseError(`${what} must be an object, not ${show(value)}`);
  }
  return value as Fields;
}

export function asArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new CaseError(`${what} must be an array, not ${show(value)}`);
  return value;
}

/** An integer in `min .. max`. */
export function asInteger(value: unknown, what: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new CaseError(`${what} must be a whole number from ${min} to ${max}, not ${show(value)}`);
  }
  return value;
}

export function asString(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new CaseError(`${what} must be a string, not ${show(value)}`);
  return value;
}

/** A boolean; `absent` is what a missing one means, if it may be missing. */
export function asBoolean(value: unknown, what: string, absent?: boolean): boolean {
  if (value === undefined && absent !== undefined) return absent;
  if (typeof value !== 'boolean') throw new CaseError(`${what} must be true or false, not ${show(value)}`);
  return value;
}

/** A CPU list such as "0-3,8" over CPUs `0 .. nrCpus-1`. */
export function asCpuMask(value: unknown, what: string, nrCpus: number): CpuMask {
  const list = asString(value, what);
  try {
    return CpuMask.parse(list, nrCpus);
  } catch (error) {
    if (error instanceof RangeError) throw new CaseError(`${what}: ${error.message}`);
    throw error;
  }
}

/** A kernel release or golden tag; missing: the newest. */
export function asKernel(value: unknown): Kernel {
  const release = value === undefined ? NEWEST_KERNEL : asString(value, 'kernel');
  try {
    return kernelProfile(release);
  } catch (error) {
    if (error instanceof RangeError) throw new CaseError(error.message);
    throw error;
  }
}

/** An element of `ops`: `[op]` or `[op, result]`; the result is of no interest. */
export function asOp(element: unknown, what: string): unknown {
  const pair = asArray(element, what);
  if (pair.length < 1 || pair.length > 2) throw new CaseError(`${what} must be [op] or [op, result]`);
  return pair[0];
}

/** Runs a case; one that cannot be read becomes `{"id", "error"}`. */
export function runCase(value: unknown, run: (fields: Fields) => object): object {
  let id: string | null = null;
  try {
    const fields = asFields(value, 'a case');
    id = asString(fields.id, 'id');
    return { id, ...run(fields) };
  } catch (error) {
    if (error instanceof CaseError) return { id, error: error.message };
    throw error;
  }
}
