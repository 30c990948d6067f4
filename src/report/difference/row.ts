/** What a difference is written as: rows under titles, whatever the form. */

export type Sign = '+' | '-' | '~';
/** What a change is to the owner of the machine; it picks the colour. */
export type Tone = 'good' | 'bad' | 'neutral';

/** One thing that differs. Both sides are empty where only the details say it. */
export interface Row {
  readonly sign: Sign;
  readonly tone: Tone;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly details: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** A sentence on the section as a whole. */
  readonly remark?: string;
}

export interface RowOptions {
  /** Lists in full, every queue by itself. */
  readonly verbose: boolean;
}
