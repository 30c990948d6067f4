/** `analyze --kernel A,B,C`: one machine under several kernels. */
import { type Analysis, analyze } from '../analyze.ts';
import { kernelProfile } from '../machine/kernel.ts';
import { SET_PREFIX } from '../machine/locate.ts';
import type { Machine } from '../machine/machine.ts';
import { compareObject, compareText } from '../report/compare-kernels.ts';
import { UsageError } from './io.ts';

const FORMATS = ['text', 'json', 'ndjson'];

/** The releases of a comma-separated list, each once; one release or none is no comparison. */
export function kernelsOf(list: string | undefined): readonly string[] {
  return [...new Set((list ?? '').split(',').map((release) => release.trim()))];
}

/** Refuses releases that are not modelled, and formats that hold one report only. Throws UsageError. */
export function checkComparison(kernels: readonly string[], format: string): void {
  if (!FORMATS.includes(format)) {
    throw new UsageError(`--format ${format} takes one kernel; several go with ${FORMATS.join(', ')}`);
  }
  for (const kernel of kernels) {
    try {
      kernelProfile(kernel);
    } catch (error) {
      throw new UsageError(`--kernel ${kernels.join(',')}: ${(error as Error).message}`);
    }
  }
}

/** The machine with another kernel, as if `--kernel` had named it. */
function withKernel(machine: Machine, kernel: string): Machine {
  const place = { file: `${SET_PREFIX}kernel="${kernel}"`, line: 1, column: 1 };
  return {
    ...machine,
    kernel: kernelProfile(kernel),
    locate: (path) => (path[0] === 'kernel' ? place : machine.locate(path)),
  };
}

export interface CompareOptions {
  readonly format: string;
  readonly audit: boolean;
  readonly version: string;
  readonly vectors: boolean;
  readonly width: number;
}

/** Analyses the machine under each kernel; the text is that of one input, without frame. */
export function compareKernels(
  machine: Machine,
  kernels: readonly string[],
  { format, audit, version, vectors, width }: CompareOptions,
): { readonly text: string; readonly analyses: readonly Analysis[] } {
  const analyses = kernels.map((kernel) => analyze(withKernel(machine, kernel), { audit }));
  if (format === 'text') return { text: compareText(kernels, analyses, width), analyses };
  const compared = compareObject(kernels, analyses, version, { vectors });
  return { text: JSON.stringify(compared, null, format === 'json' ? 2 : 0), analyses };
}
