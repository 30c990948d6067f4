/** What an editor is: it writes an intent into the text of one format and leaves all else as it stands. */
import type { RawInput } from '../machine/locate.ts';
import type { InputFormat } from './formats.ts';
import type { Intent } from './intent.ts';
import type { Defines, ReadResult } from './reader.ts';
import type { Stack } from './stack.ts';

export interface EditRequest {
  readonly text: string;
  /** The description that was read from this text, for the places of its values. */
  readonly raw: RawInput;
  /** Which machine of the text, where it holds several. */
  readonly index: number;
  readonly intent: Intent;
  /** Versions whose defaults count, as they were when the text was read. */
  readonly stack?: Stack;
  /** What `--define` supplied then. */
  readonly defines?: Defines | undefined;
}

export interface Editor {
  /** Name of the reader of this format. */
  readonly format: InputFormat;
  /**
   * The text with the intent written in, or null where this format has no place for it: a guest's kernel
   * parameters, say, are not in its domain XML unless the kernel is booted directly. Read again, the text gives a
   * machine in which the intent holds; other values that are written in it stay as they are, while what the
   * product works out by itself (queues as many as CPUs) may follow.
   */
  readonly edit: (request: EditRequest) => Promise<string | null>;
}

/** A text to be edited, as it reads now. */
export interface EditTarget<I extends Intent = Intent> {
  readonly text: string;
  readonly intent: I;
  readonly index: number;
  readonly before: ReadResult;
  /** What `--define` supplied when the text was read. */
  readonly defines?: Defines | undefined;
}

/** Texts to try, the best first; null for what cannot be written. */
export type Proposals = readonly (string | null)[];

/** Writes intents of one format. */
export type Writer = (target: EditTarget) => Promise<Proposals> | Proposals;
