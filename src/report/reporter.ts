/** What a report format is: a writer that gets the analyses one by one and gives the text to write. */
import type { Analysis } from '../findings/analyze.ts';
import type { Level } from '../findings/rules/rule.ts';
import type { InputError } from '../machine/locate.ts';
import type { TextOptions } from './text-options.ts';

export interface ReportOptions extends TextOptions {
  readonly version: string;
  /** Whether the JSON report lists the vectors of every CPU. */
  readonly vectors: boolean;
  /** Whether a line for each machine is enough where people read. */
  readonly quiet?: boolean;
  /** Findings of this level and above fail the run, for formats that know success and failure; default error. */
  readonly failOn?: Level | 'never';
  /** Address of irqsim's pages, without a stroke at its end, where there is one. */
  readonly docs?: string;
}

/** One run's document under construction. Text comes out as early as the format allows, and may be empty. */
export interface ReportWriter {
  readonly add: (analysis: Analysis) => string;
  /** For an input that could not be read; standard error says it too. */
  readonly failed: (input: string, error: InputError) => string;
  /** The rest of the document; called once, also when nothing was added. */
  readonly end: () => string;
}

export interface Reporter {
  /** Starts a document on `inputs` inputs. */
  readonly begin: (options: ReportOptions, inputs: number) => ReportWriter;
}

/** Text that surrounds the reports of a run. */
export interface Frame {
  readonly open: string;
  readonly between: string;
  readonly close: string;
}

/** Texts with an empty line between. */
export const textFrame = (): Frame => ({ open: '', between: '\n', close: '' });

/** Puts texts into a frame; nothing at all is written for none. */
export function framedTexts({ open, between, close }: Frame): {
  add: (text: string) => string;
  end: () => string;
} {
  let written = 0;
  return {
    add: (text) => (written++ === 0 ? open : between) + text,
    end: () => (written > 0 ? close : ''),
  };
}

/** A reporter of one text an analysis, in a frame; what could not be read is left to standard error. */
export function framed(
  frame: (inputs: number) => Frame,
  report: (analysis: Analysis, options: ReportOptions) => string,
): Reporter {
  return {
    begin(options, inputs) {
      const texts = framedTexts(frame(inputs));
      return {
        add: (analysis) => texts.add(report(analysis, options)),
        failed: () => '',
        end: texts.end,
      };
    },
  };
}
