/**
 * What a reader is: other people's bytes in, descriptions in irqsim's own form out. What a format leaves to a
 * default of some product is filled in by the reader and said as an assumption; what the product would refuse
 * is said as a refusal.
 */
import type { RawInput } from '../machine/locate.ts';
import type { Assumption, Refusal, Suppression } from '../machine/machine.ts';
import type { FindComments } from './comments/comment.ts';
import type { InputFormat } from './formats.ts';
import type { Stack } from './stack.ts';

/** What `--define NAME=VALUE` supplies: variables, positional parameters ("1", "@"), commands ("nproc"). */
export type Defines = Readonly<Record<string, string>>;

export interface ReadRequest {
  readonly bytes: Uint8Array;
  /** File name, "-" for standard input. */
  readonly file: string;
  readonly stack: Stack;
  /** Values that only a shell knows, by name: `--define`. */
  readonly defines?: Defines | undefined;
}

/** One machine found in an input. */
export interface ReadResult {
  /** The description, not validated yet; `locate` leads to the place in the source that decides a value. */
  readonly raw: RawInput;
  /** Defaults of products that were used, in the order of the description. */
  readonly assumptions: readonly Assumption[];
  /** What the hypervisor or its management layer would refuse, or warn of, with its exact text. */
  readonly refusals: readonly Refusal[];
  /** Suppressions that stand in comments of the input; readers leave them to who calls them. */
  readonly ignored?: readonly Suppression[];
}

/** Throws InputError for an input that is wrong. */
export interface Reader {
  /** For `--from`. */
  readonly name: InputFormat;
  /** It asks for values of --define, and says which it did not ask for. */
  readonly usesDefines?: true;
  /** How comments are found that suppress findings; absent: the format has no comments that somebody writes. */
  readonly comments?: FindComments;
  /** True if the content looks like this format; cheap, and never throws. */
  readonly recognises: (bytes: Uint8Array, file: string) => boolean;
  /** The machines of the input, in order: at least one. */
  readonly read: (request: ReadRequest) => Promise<readonly ReadResult[]>;
}
