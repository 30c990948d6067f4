/** `analyze --kernel A,B,C` and `--policy all`: one machine under several kernels or policies. */
import type { Analysis } from '../../findings/analyze.ts';
import { type JudgeSettings, judge } from '../../findings/triage/judge.ts';
import { POLICIES } from '../../linux/policy/index.ts';
import { kernelProfile } from '../../machine/kernel.ts';
import type { Machine } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
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

async function kernelCompare(kernels: readonly string[], { format }: CompareOptions): Promise<Compare> {
  const [{ compareDocument, compareObject }, { written }] = await Promise.all([
    import('../../report/compare-kernels.ts'),
    import('../../report/document/written.ts'),
  ]);
  return (machine, style, settings) => {
    const analyses = kernels.map((text) => judge(varied(machine, [`--kernel ${text}`]), settings));
    if (format === 'text' || format === 'markdown')
      return { text: written(compareDocument(kernels, analyses), format, style), analyses };
    return { text: json(compareObject(kernels, analyses, style.version, style), format), analyses };
  };
}

async function policyCompare({ format }: CompareOptions): Promise<Compare> {
  const [{ COMPARISON_LAYOUT, policyComparison, policyObject }, { written }] = await Promise.all([
    import('../../report/policies.ts'),
    import('../../report/document/written.ts'),
  ]);
  return (machine, style, settings) => {
    const analyses = POLICIES.map(({ name }) => judge(varied(machine, [`--policy ${name}`]), settings));
    if (format === 'text' || format === 'markdown')
      return { text: written(policyComparison(analyses), format, style, COMPARISON_LAYOUT), analyses };
    return { text: json(policyObject(analyses, style), format), analyses };
  };
}

function json(value: object, format: string): string {
  return JSON.stringify(value, null, format === 'json' ? 2 : 0);
}
