/** The last line of a finished output: what was done, and proof that nothing of it is missing. */
import type { Tally } from './tally.ts';

export interface Trailer extends Tally {
  /** "2/8"; "1/1" for a whole run. */
  readonly shard: string;
  /** Inputs of all shards together. */
  readonly inputs: number;
  /** Of the record lines, with their line ends. */
  readonly sha256: string;
  /** Digest of the options that decide what is in a record. */
  readonly options: string;
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
}

/** The line, with its end. */
export function trailerLine(trailer: Trailer): string {
  return `${JSON.stringify({ trailer })}\n`;
}

/** The trailer that a parsed line holds; undefined if it is another line. */
export function trailerIn(value: unknown): Trailer | undefined {
  const { trailer } = (value ?? {}) as { trailer?: Partial<Trailer> };
  const whole =
    typeof trailer?.shard === 'string' &&
    typeof trailer.sha256 === 'string' &&
    typeof trailer.options === 'string' &&
    typeof trailer.tool?.version === 'string' &&
    typeof trailer.verdicts === 'object' &&
    typeof trailer.errors === 'object' &&
    [trailer.records, trailer.inputs, trailer.noted, trailer.schemaVersion].every(Number.isSafeInteger);
  return whole ? (trailer as Trailer) : undefined;
}
