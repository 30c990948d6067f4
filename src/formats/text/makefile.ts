/**
 * Makefiles, as far as they decide on the words of commands: variables, and the lines of recipes, each a script of its own.
 * What depends on conditions, targets or functions stays for the user to supply, as in a shell script.
 */
import { joinRuns, type ScriptRun } from './shell-result.ts';
import { runSource } from './shell-run.ts';
import { type Piece, piecesOf, sourceOf, wordOf } from './shell-words.ts';

/** A rule: a target with its recipe below it, behind a tab. */
const RULE = /^(?![ \t#])[^\n=:#]+:(?![=:])[^\n=]*\n(?:[ \t]*#[^\n]*\n|[ \t]*\n)*\t[ \t]*\S/m;

/** True for a text that make would read. */
export const looksLikeMakefile = (text: string): boolean => RULE.test(text);

/** Variables within variables, and characters of a line that is expanded. */
const MAX_DEPTH = 20;
const MAX_LENGTH = 64 * 1024;

const ASSIGNMENT = /^(?:(?:override|export|private)\s+)*([A-Za-z_][\w.-]*)\s*(\?|\+|!|::?:?)?=[ \t]*/;
const OF_TARGET = /^[^\t=#:][^=#:]*:\s*(?:(?:override|export|private)\s+)*([A-Za-z_][\w.-]*)\s*[?+:!]?=/;

/** Pieces by name; undefined for what depends on what is not known here. */
type Variables = Map<string, readonly Piece[] | undefined>;

/** What the recipes of a Makefile run, all of them, in order. Throws TextError. */
export function runMakefile(text: string, defines: Readonly<Record<string, string>> = {}): ScriptRun {
  const variables: Variables = new Map();
  const recipes: (readonly Piece[])[] = [];
  // The names that `ifndef` asks for; "" of other conditions.
  const conditions: string[] = [];
  let inDefinition = false;
  for (const { start, end } of logicalLines(text)) {
    const line = text.slice(start, end);
    if (/^\s*(?:define|endef)\b/.test(line)) inDefinition = /^\s*define\b/.test(line);
    if (inDefinition) continue;
    const condition = /^\s*if(?:n?eq\b|def\b|ndef\s+([\w.-]+))/.exec(line);
    if (condition) conditions.push(condition[1] ?? '');
    else if (/^\s*endif\b/.test(line)) conditions.pop();
    else if (line.startsWith('\t')) {
      const lead = /^\t[ \t@+-]*/.exec(line)?.[0].length ?? 0;
      recipes.push(piecesOf(sourceOf(text), start + lead, end));
    } else assign(text, start, end, { variables, conditions });
  }
  return joinRuns(
    recipes.map((pieces) => {
      const expanded = expand(pieces, variables, defines, 0);
      return runSource(expanded.length > 0 ? wordOf(expanded) : sourceOf(''), defines);
    }),
  );
}

/** Lines, joined where a backslash ends one. */
function logicalLines(text: string): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let start = 0;
  for (const { index, 1: backslash } of text.matchAll(/(\\?)\r?\n|$/g)) {
    if (backslash) continue;
    if (index > start) lines.push({ start, end: index });
    start = text.indexOf('\n', index) + 1 || text.length;
  }
  return lines;
}

function assign(
  text: string,
  start: number,
  end: number,
  { variables, conditions }: { variables: Variables; conditions: readonly string[] },
): void {
  const line = text.slice(start, end);
  const found = ASSIGNMENT.exec(line);
  const name = found?.[1] ?? OF_TARGET.exec(line)?.[1];
  if (name === undefined) return;
  // Set where nothing sets it: as "?=" does.
  const operator = conditions.at(-1) === name ? '?' : found?.[2];
  const before = variables.get(name);
  const blank: Piece = { text: ' ', offset: start, isComputed: true };
  if (!found || operator === '!' || conditions.some((asked) => asked !== name)) {
    const adds = /\+=/.test(line) && before !== undefined;
    // A doubled "$" is one for the shell, which is asked.
    variables.set(
      name,
      adds ? [...before, blank, { ...blank, text: ['$$', '{', name, '}'].join('') }] : undefined,
    );
    return;
  }
  if (operator === '?' && variables.has(name)) return;
  const comment = /(?:^|\s)#/.exec(line.slice(found[0].length));
  const valueEnd = comment ? start + found[0].length + comment.index : end;
  const value = piecesOf(sourceOf(text), start + found[0].length, valueEnd).map(unbroken);
  // What a whole script prints is asked for by the name of the variable.
  if (/\$\(shell[^)]*[;|&]/.test(text.slice(start, valueEnd))) {
    variables.set(name, undefined);
    return;
  }
  variables.set(name, operator === '+' && before ? [...before, blank, ...value] : value);
}

/** A value has no line breaks: blanks of the same length. */
const unbroken = (piece: Piece): Piece => ({
  ...piece,
  text: piece.text.replace(/\\\r?\n/g, (found) => ' '.repeat(found.length)),
});

const REFERENCE = /\$\$|\$\(shell\s+|\$[({]([A-Za-z_][\w.-]*)[)}]|\$[@<^?*+%]|\$\([@<^?*+%][DF]\)/g;

/** Pieces with variables put in; what make itself knows (`$@`, `$<`) is the name of some file. */
function expand(
  pieces: readonly Piece[],
  variables: Variables,
  defines: Readonly<Record<string, string>>,
  depth: number,
): readonly Piece[] {
  const done: Piece[] = [];
  let length = 0;
  const put = (...more: readonly Piece[]) => {
    for (const piece of more) {
      length += piece.text.length;
      if (piece.text !== '' && length <= MAX_LENGTH) done.push(piece);
    }
  };
  for (const piece of pieces) {
    const part = (from: number, to: number): Piece =>
      piece.isComputed
        ? { ...piece, text: piece.text.slice(from, to) }
        : { text: piece.text.slice(from, to), offset: piece.offset + from };
    let at = 0;
    for (const { 0: whole, 1: name, index } of piece.text.matchAll(REFERENCE)) {
      const offset = piece.offset + (piece.isComputed ? 0 : index);
      put(part(at, index));
      at = index + whole.length;
      const value = name === undefined || Object.hasOwn(defines, name) ? undefined : variables.get(name);
      if (value && depth < MAX_DEPTH) put(...expand(value, variables, defines, depth + 1));
      else put({ text: shellText(whole, name), offset, isComputed: true });
    }
    put(part(at, piece.text.length));
  }
  return done;
}

/** What the shell gets to see. */
function shellText(whole: string, name: string | undefined): string {
  if (whole === '$$') return '$';
  if (whole.startsWith('$(shell')) return '$(';
  return name === undefined ? 'target' : `\${${name.replace(/[.-]/g, '_')}}`;
}
