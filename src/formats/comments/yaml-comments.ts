/** Comments of YAML: what looks like one inside a quoted text or a block is none. */
import { beginsLine, type Comment, type Draft, draftOf, lineAt, MAX_COMMENTS, type Span } from './comment.ts';

/** What the package's lexer puts between the pieces of the text: a document, the end of a flow, a scalar follows. */
const MARKS = ['\u0002', '\u0018', '\u001f'];
const SCALAR = '\u001f';

interface Piece extends Span {
  readonly kind: 'comment' | 'blank' | 'marker' | 'content';
}

function kindOf(piece: string, isScalar: boolean): Piece['kind'] {
  if (isScalar) return 'content';
  if (piece.startsWith('#')) return 'comment';
  if (piece === '---' || piece === '...') return 'marker';
  return piece.trim() === '' || piece.startsWith('%') || piece === '\ufeff' ? 'blank' : 'content';
}

async function piecesOf(text: string): Promise<Piece[]> {
  const { Lexer } = await import('../packages/yaml.ts');
  const pieces: Piece[] = [];
  let at = 0;
  let before = '';
  for (const piece of new Lexer().lex(text)) {
    if (!MARKS.includes(piece)) {
      pieces.push({ kind: kindOf(piece, before === SCALAR), start: at, end: at + piece.length });
      at += piece.length;
    }
    before = piece;
  }
  return pieces;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Whether a line that is indented like the first of a value still belongs to it: a list below its key, a closing bracket. */
function goesOn(line: string, first: string): boolean {
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) return false;
  return /^\s*[\]}]/.test(line) || (/^\s*-(?:\s|$)/.test(line) && !/^\s*-(?:\s|$)/.test(first));
}

/** The value that begins on the line of an offset: lines that are indented deeper, whatever is in them. */
function blockAt(text: string, offset: number): Span {
  const { start, end: firstEnd } = lineAt(text, offset);
  const first = text.slice(start, firstEnd);
  let end = firstEnd;
  for (let at = firstEnd + 1; at < text.length; ) {
    const line = lineAt(text, at);
    const written = text.slice(line.start, line.end);
    at = line.end + 1;
    if (written.trim() === '' || /^\s*#/.test(written)) continue;
    const deeper = indentOf(written) - indentOf(first);
    if (deeper < 0 || (deeper === 0 && !goesOn(written, first))) break;
    end = line.end;
  }
  return { start, end };
}

export async function yamlComments(text: string): Promise<readonly Comment[]> {
  const found: Draft[] = [];
  let waiting: Draft[] = [];
  let atHead: Draft[] = [];
  let documentStart = 0;
  let hasContent = false;
  const endDocument = (end: number): void => {
    for (const comment of atHead) comment.head = { start: documentStart, end };
    atHead = [];
    waiting = [];
  };
  for (const { kind, start, end } of await piecesOf(text)) {
    if (kind === 'comment') {
      const comment = draftOf(text, start + 1, end);
      if (!comment) continue;
      found.push(comment);
      if (found.length > MAX_COMMENTS) break;
      if (!hasContent) atHead.push(comment);
      if (beginsLine(text, start) || !hasContent) waiting.push(comment);
      else comment.about = lineAt(text, start);
    } else if (kind === 'marker' && hasContent) {
      endDocument(start);
      documentStart = end;
      hasContent = false;
    } else if (kind === 'content') {
      hasContent = true;
      const about = waiting.length > 0 ? blockAt(text, start) : null;
      for (const comment of waiting) comment.about = about;
      waiting = [];
    }
  }
  endDocument(text.length);
  return found;
}
