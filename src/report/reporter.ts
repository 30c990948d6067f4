/** What a report format is: text for each analysis, and the frame around several. */
import type { Analysis } from '../analyze.ts';
import type { TextOptions } from './text/paper.ts';

export interface ReportOptions extends TextOptions {
  readonly version: string;
  /** Whether the JSON report lists the vectors of every CPU. */
  readonly vectors: boolean;
}

/** Text that surrounds the reports of a run of `inputs` inputs. */
export interface Frame {
  readonly open: string;
  readonly between: string;
  readonly close: string;
}

export interface Reporter {
  readonly frame: (inputs: number) => Frame;
  readonly report: (analysis: Analysis, options: ReportOptions) => string;
}
