/** Changes of a text by offsets, and what is around an offset: the line, its indentation, the line ends. */
import type { Location } from '../../machine/locate.ts';

/** Puts `text` in place of what stands from `start` up to `end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text at an offset. */
export const insertion = (at: number, text: string): TextEdit => ({ start: at, end: at, text });

/** The text with the edits made; those at one offset in the order given. Null if two of them overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | null {
  let changed = '';
  let done = 0;
  for (const { start, end, text: put } of [...edits].sort((a, b) => a.start - b.start)) {
    if (start < done || end < start || end > text.length) return null;
    changed += text.slice(done, start) + put;
    done = end;
  }
  return changed + text.slice(done);
}

/** Offset where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset where the line of an offset ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Offset where the next line begins. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** Blanks at the start of the line of an offset. */
export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** True if only blanks stand before the offset on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The line end that a text uses. */
export function lineBreak(text: string): string {
  const newline = text.indexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

/** Offset of a place in the text. */
export function offsetOf(text: string, { line, column }: Location): number {
  let start = 0;
  for (let before = 1; before < line; before++) start = nextLine(text, start);
  return start + column - 1;
}
