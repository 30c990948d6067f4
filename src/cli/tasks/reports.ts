/** What `analyze` writes: a report on each machine, or a comparison of each. */

import type { Analysis } from '../../findings/analyze.ts';
import { type JudgeSettings, judge } from '../../findings/triage/judge.ts';
import { jsonText } from '../../lib/json-text.ts';
import { lookup } from '../../lib/lookup.ts';
import type { InputError } from '../../machine/locate.ts';
import type { Machine } from '../../machine/machine.ts';
import { DOCUMENT_FORMATS } from '../../report/document/formats.ts';
import { documentWriter } from '../../report/document/writer.ts';
import type { Format } from '../../report/formats.ts';
import { REPORTERS } from '../../report/index.ts';
import { type Frame, framedTexts, type ReportOptions, textFrame } from '../../report/reporter.ts';
import { machineTitle } from '../../report/wording/verdict-sentence.ts';
import { UsageError } from '../io.ts';
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
  json: async () => (await import('../../report/json.ts')).jsonFrame,
  ndjson: async () => (await import('../../report/json.ts')).ndjsonFrame,
  markdown: async () => textFrame,
  async html() {
    const { frame } = await documentWriter('html');
    return () => frame;
  },
} as const satisfies Readonly<Record<string, () => Promise<(inputs: number) => Frame>>>;

/** What `--statistics` writes: nothing on each machine, and at the end what all say together. */
async function statisticsOf(
  { format }: CompareOptions,
  style: ReportOptions,
  settings: JudgeSettings,
): Promise<() => Reports> {
  const [
    { addRecord, emptyFleet, fleetDocument, fleetJson },
    { machineRecord, errorRecord },
    { documentHead },
  ] = await Promise.all([
    import('../../report/fleet.ts'),
    import('../../report/record.ts'),
    import('../../report/json.ts'),
  ]);
  const forms = DOCUMENT_FORMATS.filter((one) => one === format);
  if (forms.length === 0)
    throw new UsageError(
      `--statistics goes with --format ${DOCUMENT_FORMATS.join(', ')}, not with ${format}`,
    );
  const text = forms[0] === 'json' ? undefined : await documentWriter(forms[0]);
  return () => {
    const fleet = emptyFleet();
    const maker = { version: style.version, options: '' };
    let index = 0;
    return {
      add(machine) {
        const analysis = judge(machine, settings);
        addRecord(fleet, machineRecord(analysis, { id: machineTitle(analysis), index: index++ }, maker));
        return { text: '', analyses: [analysis] };
      },
      failed(input, error) {
        addRecord(fleet, errorRecord(error, { id: input, index: index++ }, maker));
        return '';
      },
      end: () =>
        text
          ? text.whole(fleetDocument(fleet), style)
          : `${jsonText({ ...documentHead(style.version), ...fleetJson(fleet) }, 2)}\n`,
    };
  };
}

/** A function that starts reports for a number of inputs. Throws UsageError for options that do not go together. */
export async function reportsOf(
  options: CompareOptions & { readonly statistics?: boolean },
  style: ReportOptions,
  settings: JudgeSettings,
): Promise<(inputs: number) => Reports> {
  const compare = await comparisonOf(options, Object.keys(COMPARISON_FRAMES));
  if (compare && options.statistics)
    throw new UsageError('--statistics counts findings; kernels and policies are compared without it');
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
  if (options.statistics) return await statisticsOf(options, style, settings);
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
