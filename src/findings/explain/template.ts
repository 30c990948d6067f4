/**
 * Matches text against message templates with holes. Literal pieces are searched for in order, never with
 * a regular expression, so the time grows with the length of the text times the number of pieces.
 */

const HOLE = '{}';
/** Longest text that one hole stands for: the longest value in a real message, with room to spare. */
const HOLE_MAX = 200;

/** Names that programs put before their messages; a pasted line may lack them. */
const PREFIXES = [
  'smpboot: ',
  'cpu topo: ',
  'acpi: ',
  'apic: ',
  'x2apic: ',
  'dmar-ir: ',
  'dmar: ',
  'amd-vi: ',
  'hpet: ',
  'qemu: ',
  'qemu-system-x86_64: ',
  'warning: ',
  'error: ',
  'unsupported configuration: ',
  'bash: ',
];

/** A template cut at its holes; a missing prefix does not keep it from matching. */
export interface Template {
  /** As written, with holes. */
  readonly text: string;
  /** Folded prefix such as "smpboot: ", or ''. */
  readonly prefix: string;
  /** Folded literal pieces; between two of them there is a hole. */
  readonly pieces: readonly string[];
  /** Literal characters, the prefix not counted. */
  readonly weight: number;
}

/** Lower case, plain quotes, blanks folded: what differs between two copies of one message. */
export function fold(text: string): string {
  return text
    .replace(/[\u2018\u2019\u0060]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\s+/g, ' ')
    .toLowerCase();
}

/** The prefixes that a folded message starts with, one after the other. */
function prefixOf(body: string): string {
  const found = PREFIXES.find((one) => body.startsWith(one));
  return found === undefined ? '' : found + prefixOf(body.slice(found.length));
}

export function compileTemplate(text: string): Template {
  const folded = fold(text).trim();
  const prefix = prefixOf(folded);
  const pieces = folded
    .slice(prefix.length)
    .replace(/[.!:]$/, '')
    .split(HOLE);
  return { text, prefix, pieces, weight: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}

/** Start offsets of `piece` in `text`, ascending. */
function occurrences(text: string, piece: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) found.push(at);
  return found;
}

/** Offsets at which a piece can end, given where the piece before it can end: a hole lies between. */
function endsAfter(text: string, piece: string, before: readonly number[]): number[] {
  if (piece === '') return before.filter((end) => end < text.length).map((end) => end + 1);
  const ends: number[] = [];
  let at = 0;
  for (const start of occurrences(text, piece)) {
    while (at < before.length && before[at] < start - HOLE_MAX) at++;
    if (at < before.length && before[at] < start) ends.push(start + piece.length);
  }
  return ends;
}

/** Whether the text has the pieces one after the other, however far apart: most lines do not, and are done with here. */
function hasInOrder(text: string, pieces: readonly string[]): boolean {
  let end = 0;
  for (const piece of pieces) {
    const at = text.indexOf(piece, end);
    if (at < 0) return false;
    end = at + piece.length;
  }
  return true;
}

/** Whether the text holds the pieces in order; both folded. */
function holds(text: string, pieces: readonly string[]): boolean {
  if (!hasInOrder(text, pieces)) return false;
  // A hole at the start stands for whatever precedes the first piece, however long.
  const leading = pieces[0] === '';
  const [first, ...rest] = leading ? pieces.slice(1) : pieces;
  let ends = occurrences(text, first)
    .filter((at) => !leading || at > 0)
    .map((at) => at + first.length);
  for (const piece of rest) ends = endsAfter(text, piece, ends);
  return ends.length > 0;
}

/** A line of pasted text, folded once for all templates. */
export interface Line {
  readonly text: string;
  /** The line without quotes, dots and blanks around it, if it may be a quoted part of a message; else ''. */
  readonly quoted: string;
}

const AROUND = ' .…"\'';
const QUOTED_MIN = 10;

export function toLine(raw: string): Line {
  const text = fold(raw).trim();
  let from = 0;
  let to = text.length;
  while (from < to && AROUND.includes(text[from])) from++;
  while (to > from && AROUND.includes(text[to - 1])) to--;
  const quoted = text.slice(from, to);
  return { text, quoted: quoted.length >= QUOTED_MIN && quoted.includes(' ') ? quoted : '' };
}

/** How well a line fits a template: the literal characters that agree, 0 if it does not fit. */
export function fitness({ text }: Line, { pieces, prefix, weight }: Template): number {
  return holds(text, pieces) ? weight + (prefix !== '' && text.includes(prefix) ? 1 : 0) : 0;
}

/** The same for a line that is itself a part of the message: it counts half, for people quote what they remember. */
export function partFitness({ quoted }: Line, { pieces }: Template): number {
  return quoted !== '' && pieces.some((piece) => piece.includes(quoted)) ? quoted.length / 2 : 0;
}
