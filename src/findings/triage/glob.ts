/**
 * Patterns of file names: `*` any text without a slash, `**` any folders, `?` one character, `{a,b}` one of several.
 * A pattern is about the whole name, from the folder that names are relative to; `folder/` means all below it.
 */

/** What is wrong with a pattern; undefined: nothing. */
export function globProblem(pattern: string): string | undefined {
  if (pattern === '') return 'an empty pattern matches nothing';
  if (/^[/!]|[[\]\\]/.test(pattern)) {
    return 'a pattern is relative to the folder of the project file and knows *, **, ? and {a,b}';
  }
  let open = 0;
  for (const sign of pattern) {
    if (sign === '{') open++;
    if (sign === '}' && --open < 0) break;
  }
  return open === 0 ? undefined : 'the braces do not match';
}

/**
 * A part of a pattern: from positions in a name to those behind what the part matches there. All positions at once,
 * not one after the other, so that no pattern and no name takes long.
 */
type Part = (name: readonly string[], at: ReadonlySet<number>) => ReadonlySet<number>;

type Fits = (char: string) => boolean;
const inFolder: Fits = (char) => char !== '/';

const one =
  (fits: Fits): Part =>
  (name, at) =>
    new Set([...at].filter((n) => n < name.length && fits(name[n])).map((n) => n + 1));

const many =
  (fits: Fits): Part =>
  (name, at) => {
    const reached = new Set(at);
    // What is added is visited too.
    for (const n of reached) if (n < name.length && fits(name[n])) reached.add(n + 1);
    return reached;
  };

const all = many(() => true);
const folders: Part = (name, at) =>
  new Set([...all(name, at)].filter((n) => at.has(n) || name[n - 1] === '/'));

const sequence =
  (parts: readonly Part[]): Part =>
  (name, at) =>
    parts.reduce((reached, part) => (reached.size === 0 ? reached : part(name, reached)), at);

const either =
  (choices: readonly Part[]): Part =>
  (name, at) =>
    new Set(choices.flatMap((choice) => [...choice(name, at)]));

function partOf(sign: string): Part {
  if (sign === '**/') return folders;
  if (sign === '**') return all;
  if (sign === '*') return many(inFolder);
  return one(sign === '?' ? inFolder : (char) => char === sign);
}

/** The alternatives between braces, or the one outside of them; takes the signs that it reads. */
function alternatives(signs: string[], inBraces: boolean): Part {
  const choices: Part[][] = [[]];
  for (let sign = signs.shift(); sign !== undefined; sign = signs.shift()) {
    if (sign === '}') break;
    if (sign === ',' && inBraces) choices.push([]);
    else choices[choices.length - 1].push(sign === '{' ? alternatives(signs, true) : partOf(sign));
  }
  return either(choices.map(sequence));
}

/** `**` counts only where it stands between slashes, braces, commas or the ends; elsewhere any stars are one. */
function compile(pattern: string): Part {
  const plain = pattern
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/$/, '/**')
    .replace(/(?<![^/{,])(?:\*\*\/)+/g, '**/');
  const signs = plain.matchAll(/((?<![^/{,])\*\*(?:\/|$|(?=[},])))|\*+|./gsu);
  return alternatives(
    [...signs].map(([sign, twoStars]) => twoStars ?? (sign.startsWith('*') ? '*' : sign)),
    false,
  );
}

/** Compiled once: a batch asks the same few patterns about thousands of names. */
const compiled = new Map<string, Part>();

/** Whether a pattern that {@link globProblem} has no objection to matches a name. */
export function globMatches(pattern: string, name: string): boolean {
  if (name.startsWith('../'))
    return pattern.startsWith('../') && globMatches(pattern.slice(3), name.slice(3));
  let whole = compiled.get(pattern);
  if (!whole) {
    whole = compile(pattern);
    compiled.set(pattern, whole);
  }
  const chars = [...name];
  return whole(chars, new Set([0])).has(chars.length);
}
