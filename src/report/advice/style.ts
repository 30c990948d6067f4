/** What the forms of the advice have in common. */
import type { Advice } from '../../questions/advise/advise.ts';
import type { TextOptions } from '../text-options.ts';

export interface AdviceStyle extends Pick<TextOptions, 'width' | 'colour'> {
  readonly version: string;
  /** The input holds several machines. */
  readonly several: boolean;
  /** Headlines only, in the text form. */
  readonly quiet: boolean;
}

/** A document under construction, one machine after the other. */
export interface AdviceWriter {
  readonly add: (advice: Advice) => string;
  readonly end: () => string;
}
