/** Running text of a document, and what it is to its reader. */

/** What a text is to the owner of the machine; it picks a colour where there are colours. */
export type Tone =
  | 'good'
  | 'doubt'
  | 'bad'
  | 'idle'
  | 'hurt'
  | 'worst'
  | 'absent'
  | 'note'
  | 'neutral'
  | 'aside'
  | 'strong';

/** Running text: as it is, a name or command to be shown as code, or prose in which backticks mark code. */
export type Piece = string | { readonly code: string } | { readonly prose: string };
export type Inline = Piece | readonly Piece[];

/** The pieces of a running text. */
export const piecesOf = (text: Inline): readonly Piece[] =>
  typeof text === 'object' && 'length' in text ? text : [text];
