/**
 * What a command answers, as sections of blocks that say what is meant and not how it looks: a renderer (`terminal/`,
 * `markdown/`) decides about lines, widths, colours and signs. A block is plain data.
 */

/** What a text is to the owner of the machine; it picks a colour where there are colours. */
export type Tone = 'good' | 'doubt' | 'bad' | 'idle' | 'hurt' | 'worst' | 'absent' | 'note' | 'aside';

/** Running text: as it is, a name or command to be shown as code, or prose in which backticks mark code. */
export type Piece = string | { readonly code: string } | { readonly prose: string };
export type Inline = Piece | readonly Piece[];

/** The answer in one sentence: a verdict, the subject's name, and what is said of it. */
export interface Headline {
  readonly kind: 'headline';
  /** 1 for a document of its own, more where it stands in one. */
  readonly level: number;
  readonly verdict: string;
  readonly tone: Tone;
  readonly title?: string;
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

export interface List {
  readonly kind: 'list';
  readonly items: readonly Inline[];
}

/** Something known under a name; an empty name goes on with the fact before. */
export interface Fact {
  readonly name: string;
  readonly texts: readonly Inline[];
  /** Where it comes from. */
  readonly note?: string;
}

export interface Facts {
  readonly kind: 'facts';
  readonly facts: readonly Fact[];
  readonly tone?: Tone;
}

/** Terms, each with texts that say more. */
export interface Entries {
  readonly kind: 'entries';
  readonly entries: readonly { readonly term: Inline; readonly texts: readonly Inline[] }[];
}

export interface Column {
  readonly title: string;
  /** Numbers stand below each other by their last digit. */
  readonly numbers?: true;
  /** Its texts may be broken into lines, where the table would be too wide. */
  readonly breaks?: true;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Block = Headline | Heading | Paragraph | List | Facts | Entries | Table;
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

/** The pieces of a running text. */
export const piecesOf = (text: Inline): readonly Piece[] =>
  typeof text === 'object' && 'length' in text ? text : [text];
