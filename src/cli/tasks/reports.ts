/** What `analyze` writes: a report on each machine, or a comparison of each. */

import type { Analysis } from '../../findings/analyze.ts';
import { type JudgeSettings, judge } from '../../findings/triage/judge.ts';
import { lookup } from '../../lib/lookup.ts';
import type { InputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import { documentWriter } from '../../report/document/writer.ts';
import type { Format } from '../../report/formats.ts';
import { REPORTERS } from '../../report/index.ts';
import { jsonFrame, ndjsonFrame } from '../../report/json.ts';
import { type Frame, framedTexts, type ReportOptions, textFrame } from '../../report/reporter.ts';
import { type CompareOptions, comparisonOf } from './compare.ts';

export interface Reports {
  /** The text on a machine, and all that its exit code depends on. */
  readonly add: (machine: Machine) => { readonly text: string; readonly analyses: readonly Analysis[] };
  /** The text on an input that could not be read. */
  readonly failed: (input: string, error: InputError) => string;
  readonly end: () => string;
}

/** The text report of `--quiet`. */
const headlines = async () => (await import('../../report/analysis/headlines.ts')).headlines;

/** The formats that can hold comparisons. */
const COMPARISON_FRAMES = {
  text: async () => textFrame,
  json: async () => jsonFrame,
  ndjson: async () => ndjsonFrame,
  markdown: async () => textFrame,
  async html() {
    const { frame } = await documentWriter('html');
    return () => frame;
  },
} as const satisfies Readonly<Record<string, () => Promise<(inputs: number) => Frame>>>;

/** A function that starts reports for a number of inputs. Throws UsageError for options that do not go together. */
export async function reportsOf(
  options: CompareOptions,
  style: ReportOptions,
  settings: JudgeSettings,
): Promise<(inputs: number) => Reports> {
  const compare = await comparisonOf(options, Object.keys(COMPARISON_FRAMES));
  const frame = await lookup(COMPARISON_FRAMES, options.format)?.();
  if (compare && frame) {
    return (inputs) => {
      const texts = framedTexts(frame(inputs));
      return {
        add(machine) {
          const { text, analyses } = compare(machine, style, settings);
          return { text: texts.add(text), analyses };
        },
        failed: () => '',
        end: texts.end,
      };
    };
  }
  const reporter = await (style.quiet && options.format === 'text'
    ? headlines()
    : REPORTERS[options.format as Format]());
  return (inputs) => {
    const writer = reporter.begin(style, inputs);
    return {
      add(machine) {
        const analysis = judge(machine, settings);
        return { text: writer.add(analysis), analyses: [analysis] };
      },
      failed: writer.failed,
      end: writer.end,
    };
  };
}
