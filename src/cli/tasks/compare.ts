/** `analyze --kernel A,B,C` and `--policy all`: one machine under several kernels or policies. */

import type { Analysis } from '../../findings/analyze.ts';
import { type JudgeSettings, judge } from '../../findings/triage/judge.ts';
import { jsonText } from '../../lib/json-text.ts';
import { POLICIES } from '../../linux/policy/index.ts';
import { workOfVariants } from '../../machine/event-work.ts';
import { kernelProfile } from '../../machine/kernel.ts';
import type { Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import { type DocumentWriter, documentWriter, isWritten } from '../../report/document/writer.ts';
import type { ReportOptions } from '../../report/reporter.ts';
import { UsageError } from '../io.ts';

export interface CompareOptions {
  readonly format: string;
  readonly kernel?: string | undefined;
  readonly policy?: string | undefined;
}

/** What came of one machine; the text is that of one input, without frame. */
export interface Comparison {
  readonly text: string;
  readonly analyses: readonly Analysis[];
}

/** Compares one machine; null where the options ask for no comparison. */
export type Compare = (machine: Machine, style: ReportOptions, settings: JudgeSettings) => Comparison;

/**
 * The comparison that the options ask for, in one of the formats that can hold it, or null. Throws UsageError for
 * releases that are not modelled, for formats that hold one report only, and for both comparisons at once.
 */
export async function comparisonOf(
  options: CompareOptions,
  formats: readonly string[],
): Promise<Compare | null> {
  const kernels = kernelsOf(options.kernel);
  const allPolicies = options.policy === 'all';
  if (kernels.length < 2 && !allPolicies) return null;
  if (kernels.length > 1 && allPolicies)
    throw new UsageError('--policy all compares policies under one kernel');
  if (!formats.includes(options.format)) {
    throw new UsageError(
      `--format ${options.format} holds one report; comparisons go with ${formats.join(', ')}`,
    );
  }
  for (const kernel of kernels.length > 1 ? kernels : []) refuseUnknown(kernel, kernels);
  return allPolicies ? policyCompare(options) : kernelCompare(kernels, options);
}

/** The changes to read the machine with: the first of several kernels, and its own policy. */
export function withoutComparison<T extends CompareOptions>(options: T): T {
  const [kernel] = kernelsOf(options.kernel);
  return {
    ...options,
    kernel: options.kernel === undefined ? undefined : kernel,
    policy: options.policy === 'all' ? undefined : options.policy,
  };
}

/** The releases of a comma-separated list, each once. */
function kernelsOf(list: string | undefined): readonly string[] {
  return [...new Set((list ?? '').split(',').map((release) => release.trim()))];
}

function refuseUnknown(kernel: string, kernels: readonly string[]): void {
  try {
    kernelProfile(kernel);
  } catch (error) {
    throw new UsageError(`--kernel ${kernels.join(',')}: ${(error as Error).message}`);
  }
}

/** What writes a comparison for people; undefined: it is for programs. */
const writerFor = async (format: string): Promise<DocumentWriter | undefined> =>
  isWritten(format) ? await documentWriter(format) : undefined;

/** The variants of a machine, judged. Throws InputError if their events are too much work together. */
function judged(variants: readonly Machine[], settings: JudgeSettings): readonly Analysis[] {
  const count = workOfVariants(variants.length);
  for (const variant of variants) count(variant);
  return variants.map((variant) => judge(variant, settings));
}

async function kernelCompare(kernels: readonly string[], { format }: CompareOptions): Promise<Compare> {
  const { compareDocument, compareObject } = await import('../../report/compare-kernels.ts');
  const writer = await writerFor(format);
  return (machine, style, settings) => {
    const analyses = judged(
      kernels.map((text) => varied(machine, [`--kernel ${text}`])),
      settings,
    );
    if (writer) return { text: writer.part(compareDocument(kernels, analyses), style), analyses };
    return { text: json(compareObject(kernels, analyses, style.version, style), format), analyses };
  };
}

async function policyCompare({ format }: CompareOptions): Promise<Compare> {
  const { COMPARISON_LAYOUT, policyComparison, policyObject } = await import('../../report/policies.ts');
  const writer = await writerFor(format);
  return (machine, style, settings) => {
    const analyses = judged(
      POLICIES.map(({ name }) => varied(machine, [`--policy ${name}`])),
      settings,
    );
    if (writer) return { text: writer.part(policyComparison(analyses), style, COMPARISON_LAYOUT), analyses };
    return { text: json(policyObject(analyses, style), format), analyses };
  };
}

function json(value: object, format: string): string {
  return jsonText(value, format === 'json' ? 2 : 0);
}
