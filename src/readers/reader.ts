/** What a reader is: other people's bytes in, a complete Machine out. */
import type { Machine } from '../machine/machine.ts';
import type { KnownNames } from '../machine/normalise.ts';

export interface ReadRequest {
  readonly bytes: Uint8Array;
  /** File name, "-" for standard input. */
  readonly file: string;
  /** `--set` assignments and `--event EVENT` texts, applied in order before anything is checked. */
  readonly set: readonly string[];
  readonly known: KnownNames;
}

/** Throws InputError for an input that is wrong. */
export interface Reader {
  /** For `--from`. */
  readonly name: string;
  readonly read: (request: ReadRequest) => Promise<Machine>;
}
