/**
 * What a command answers, as sections of blocks that say what is meant and not how it looks: a renderer (`terminal/`,
 * `markdown/`) decides about lines, widths, colours and signs. A block is plain data.
 */
import type { Inline, Tone } from './inline.ts';
import type { Grid, Legend, Scale, Table } from './tables.ts';

export { type Inline, type Piece, piecesOf, type Tone } from './inline.ts';
export type { Cell, Column, Grid, GridMark, Ground, Legend, Scale, Table } from './tables.ts';

/** The answer in one sentence: a verdict, the subject's name, and what is said of it. */
export interface Headline {
  readonly kind: 'headline';
  /** 1 for a document of its own, more where it stands in one. */
  readonly level: number;
  readonly verdict: string;
  readonly tone: Tone;
  readonly title?: string;
  /** Empty where a paragraph below says it. */
  readonly text: string;
}

export interface Heading {
  readonly kind: 'heading';
  readonly level: number;
  readonly text: Inline;
  readonly tone?: Tone;
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Inline;
  readonly tone?: Tone;
}

/** Lines to paste, never broken. */
export interface Code {
  readonly kind: 'code';
  readonly lines: readonly string[];
  /** It belongs to the text above it. */
  readonly below?: true;
  readonly tone?: Tone;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Inline[];
}

/** Something known under a name; an empty name goes on with the fact before. */
export interface Fact {
  readonly name: string;
  readonly texts: readonly Inline[];
  /** Lines to paste, never broken, after the texts. */
  readonly code?: readonly string[];
  /** Where it comes from. */
  readonly note?: string;
}

export interface Facts {
  readonly kind: 'facts';
  readonly facts: readonly Fact[];
  readonly tone?: Tone;
}

/** One of several things of a kind: the numbers in it, where it is a set, and what is said of it. */
export interface Member {
  readonly name: string;
  /** "0-3,8" and how many that are. */
  readonly set?: { readonly list: string; readonly count: number };
  readonly text: string;
}

/** All that is told of a kind of things. */
export interface Members {
  readonly kind: 'members';
  readonly name: string;
  readonly members: readonly Member[];
}

/** Terms, each with texts that say more. */
export interface Entries {
  readonly kind: 'entries';
  readonly entries: readonly { readonly term: Inline; readonly texts: readonly Inline[] }[];
}

/** One thing after another, each with what came of it. */
export interface Steps {
  readonly kind: 'steps';
  readonly steps: readonly {
    readonly number: number;
    readonly what: string;
    readonly result: string;
    readonly tone?: Tone;
    readonly details: readonly string[];
  }[];
}

/** A state as a map shows it: readable without its colour. */
export interface Mark {
  readonly sign: string;
  readonly meaning: string;
  readonly tone: Tone;
}

/** Many like things in order, a state each; where room is scarce a sign stands for several, the worst of them. */
export interface StateMap {
  readonly kind: 'map';
  /** What there is many of: "CPUs". */
  readonly things: string;
  /** From the best state to the worst. */
  readonly marks: readonly Mark[];
  /** By number of the thing: an index into `marks`. */
  readonly states: readonly number[];
  /** Where things stand together, for forms that draw; each thing once. Absent: all in one place. */
  readonly groups?: readonly { readonly name: string; readonly things: readonly number[] }[];
}

/** Ranges of things side by side, a row each: which CPUs a queue is spread over. Only forms that draw show it. */
export interface Spans {
  readonly kind: 'spans';
  readonly caption: Inline;
  readonly things: string;
  readonly count: number;
  readonly marks: readonly Mark[];
  readonly rows: readonly {
    readonly name: string;
    /** What the row says in words. */
    readonly text: string;
    /** Index into `marks`. */
    readonly mark: number;
    /** From and to, both in it. */
    readonly ranges: readonly (readonly [number, number])[];
    /** The one thing in it that counts now. */
    readonly at: number | null;
    /** What the row can be asked for: "queue nvme0:3". */
    readonly subject?: string;
  }[];
}

/** Parts of a whole, a row each. Only forms that draw show it. */
export interface Bars {
  readonly kind: 'bars';
  readonly caption: Inline;
  readonly parts: readonly { readonly name: string; readonly tone: Tone }[];
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** The states of one row: at the start, and from each step on that changes it. */
export interface History {
  readonly name: string;
  readonly start: number;
  /** Pairs: number of the step (from 1), and the state from there on. */
  readonly changes: readonly number[];
}

/** What became of many things step by step; where room is scarce a column stands for several steps, the worst of them. */
export interface Timeline {
  readonly kind: 'timeline';
  readonly name: string;
  /** What a row is, what steps are, when the start was, and the sign of its column. */
  readonly rows: string;
  readonly steps: string;
  readonly start: string;
  readonly first: string;
  readonly count: number;
  /** From the best state to the worst. */
  readonly marks: readonly Mark[];
  readonly groups: readonly {
    readonly title: string;
    readonly rows: readonly History[];
    /** What is not shown. */
    readonly more?: string;
  }[];
}

/** One of several ways to reach the same: what to do, what it costs and brings, and how that is known. */
export interface Choice {
  readonly cost: number;
  readonly steps: readonly {
    readonly title: string;
    /** Lines to paste, or sentences. */
    readonly wordings: readonly {
      readonly language: string;
      readonly lines: readonly string[];
      readonly spoken?: true;
    }[];
    readonly cost: number;
    readonly costs: string;
  }[];
  readonly givesUp: readonly string[];
  readonly brings: string;
  readonly proof: string;
  readonly file: string;
  /** A command that shows it in full, and its options; none where there are no options. */
  readonly command: { readonly name: string; readonly words: string; readonly options: readonly string[] };
}

/** Ways to choose from, the best first. */
export interface Choices {
  readonly kind: 'choices';
  readonly level: number;
  readonly choices: readonly Choice[];
}

/** One thing that differs between two sides. Both are empty where only the details say it. */
export interface Change {
  readonly sign: '+' | '-' | '~';
  readonly tone: Tone;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly details: readonly string[];
}

/** What differs between two sides, under titles. */
export interface Changes {
  readonly kind: 'changes';
  readonly groups: readonly {
    readonly title: string;
    readonly rows: readonly Change[];
    /** A sentence on the group as a whole. */
    readonly remark?: string;
  }[];
}

/** Something wrong or worth knowing: what, why, and what to change. */
export interface FindingBlock {
  readonly kind: 'finding';
  readonly level: string;
  readonly tone: Tone;
  readonly rule: string;
  readonly place: string;
  readonly message: string;
  readonly causes: readonly string[];
  readonly changes: readonly string[];
}

/** What a reader may leave out: a summary, and below it what it stands for. Where nothing can be opened, all is shown. */
export interface Folded {
  readonly kind: 'folded';
  readonly summary: string;
  /** What links to it call it. */
  readonly anchor?: string;
  readonly blocks: Section;
}

export type Block =
  | Headline
  | Heading
  | Paragraph
  | Code
  | List
  | Facts
  | Members
  | Entries
  | Table
  | Grid
  | Scale
  | Legend
  | Steps
  | StateMap
  | Timeline
  | Spans
  | Bars
  | Changes
  | Choices
  | FindingBlock
  | Folded;
export type Kind = Block['kind'];

/** Blocks that belong together. */
export type Section = readonly Block[];
export type Document = readonly Section[];

/** What a renderer does with each kind of block: the compiler demands all of them. */
export type Renderers<Style> = {
  readonly [K in Kind]: (block: Extract<Block, { kind: K }>, style: Style) => readonly string[];
};

/** The lines of one block. */
export function blockLines<Style>(
  renderers: Renderers<Style>,
  block: Block,
  style: Style,
): readonly string[] {
  // The kind picks the renderer of this very block, which the compiler cannot follow.
  const render = renderers[block.kind] as (one: Block, how: Style) => readonly string[];
  return render(block, style);
}
