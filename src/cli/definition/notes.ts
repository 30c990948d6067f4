/** The text behind the options of `--help`, taken apart: examples, exit codes, lists and plain paragraphs. */

/** One part of the text. A list or an example keeps its lines as they are. */
export interface NoteBlock {
  readonly kind: 'paragraph' | 'lines' | 'examples' | 'exit codes';
  /** Without the heading. */
  readonly lines: readonly string[];
  /** "Formats, recognised by content or forced with --from:", of lines. */
  readonly heading: string;
}

/** Parts of the text, between empty lines; what follows "Examples:" up to the exit codes are examples. */
export function noteBlocks(notes: string): NoteBlock[] {
  const blocks: NoteBlock[] = [];
  for (const text of notes.split(/\n\s*\n/)) {
    if (text.trim() === '') continue;
    const last = blocks[blocks.length - 1];
    const block = noteBlock(text.split('\n'));
    if (block.kind === 'lines' && block.heading === '' && last?.kind === 'examples') {
      blocks[blocks.length - 1] = { ...last, lines: [...last.lines, '', ...block.lines] };
    } else blocks.push(block);
  }
  return blocks;
}

function noteBlock(lines: readonly string[]): NoteBlock {
  const [first, ...rest] = lines;
  if (/^exit codes?:/i.test(first)) return { kind: 'exit codes', heading: '', lines };
  if (/^examples?:/i.test(first)) return { kind: 'examples', heading: '', lines: rest };
  if (lines.every((line) => line.startsWith(' '))) return { kind: 'lines', heading: '', lines };
  const heads = lines.findIndex((line) => line.startsWith(' '));
  if (heads < 0) return { kind: 'paragraph', heading: '', lines };
  return { kind: 'lines', heading: lines.slice(0, heads).join(' '), lines: lines.slice(heads) };
}
