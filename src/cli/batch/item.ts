/** What a batch works on: one input each, numbered through all arguments. */
import type { InputProblem } from '../../machine/locate.ts';
import { isOurs, type ShardNumber } from './shard.ts';

/** One input. Plain data: it goes to workers as it is. */
export type Work =
  /** A file, an archive or the directory of a captured machine. */
  | { readonly kind: 'path'; readonly id: string }
  /** A line of a stream of records. */
  | {
      readonly kind: 'line';
      readonly id: string;
      readonly file: string;
      readonly line: number;
      readonly bytes: Uint8Array;
    }
  /** An object of a large input of many, with what it refers to. */
  | {
      readonly kind: 'part';
      readonly id: string;
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly bytes: Uint8Array;
    }
  /** Something that cannot be read, which is known already. */
  | {
      readonly kind: 'unreadable';
      readonly id: string;
      readonly problem: InputProblem;
      readonly sha256?: string | undefined;
    };

export type Item = Work & { readonly index: number };

/** A line of a stream of records. */
export type LineItem = Extract<Item, { kind: 'line' }>;

/** Inputs as they become known. */
export interface Group {
  readonly works: readonly Work[];
  /** How much of all arguments is behind us after this group, 0 to 1; null: nobody can tell. */
  readonly at: number | null;
}

/** How far the numbering is; grows while items are taken. */
export interface Numbering {
  /** Inputs seen, those of other shards too. */
  inputs: number;
  /** Those of our shard. */
  ours: number;
  /** How much of all arguments that is, 0 to 1; null: nobody can tell. */
  at: number | null;
}

/** A place for the bytes of the lines of a group, which lie in a larger buffer that comes and goes. */
function linesKept(works: readonly Work[]): (bytes: Uint8Array) => Uint8Array {
  const size = works.reduce((sum, work) => (work.kind === 'line' ? sum + work.bytes.length : sum), 0);
  const kept = new Uint8Array(size);
  let end = 0;
  return (bytes) => {
    kept.set(bytes, end);
    end += bytes.length;
    return kept.subarray(end - bytes.length, end);
  };
}

function itemOf(work: Work, index: number, keep: (bytes: Uint8Array) => Uint8Array): Item {
  switch (work.kind) {
    case 'line':
      return { kind: 'line', id: work.id, file: work.file, line: work.line, bytes: keep(work.bytes), index };
    case 'part':
      // A buffer of its own: a message holds the whole of it.
      return { ...work, bytes: new Uint8Array(work.bytes), index };
    default:
      return { ...work, index };
  }
}

/** Numbers the inputs and leaves those of our shard, in groups that may be empty. */
export async function* numbered(
  groups: AsyncIterable<Group>,
  shard: ShardNumber,
  numbering: Numbering,
): AsyncGenerator<readonly Item[]> {
  for await (const { works, at } of groups) {
    const items: Item[] = [];
    const keep = linesKept(works);
    for (const work of works) {
      const index = numbering.inputs++;
      if (isOurs(index, shard)) items.push(itemOf(work, index, keep));
    }
    numbering.ours += items.length;
    numbering.at = at;
    yield items;
  }
}
