/**
 * Patterns of file names: `*` any text without a slash, `**` any folders, `?` one character, `{a,b}` one of several.
 * A pattern is about the whole name, from the folder that names are relative to; `folder/` means all below it.
 */

/** What is wrong with a pattern; undefined: nothing. */
export function globProblem(pattern: string): string | undefined {
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

const SIGNS: Readonly<Record<string, string>> = { '*': '[^/]*', '?': '[^/]', '{': '(?:', '}': ')' };

/** The pattern as a regular expression of the whole name; `**` counts only where it is a part of its own. */
function compile(pattern: string): RegExp {
  const plain = pattern
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/$/, '/**')
    .replace(/(?<![^/{,])(?:\*\*\/)+/g, '**/');
  let depth = 0;
  const source = plain.replace(
    /((?<![^/{,])\*\*(?:\/|$|(?=[},])))|\*+|[?{},]|[^\w/]/gu,
    (sign: string, folders: string | undefined) => {
      if (folders !== undefined) return folders.endsWith('/') ? '(?:[^/]+/)*' : '.*';
      if (sign === '{') depth++;
      if (sign === '}') depth--;
      if (sign === ',') return depth > 0 ? '|' : ',';
      return SIGNS[sign[0]] ?? `\\u{${sign.codePointAt(0)?.toString(16)}}`;
    },
  );
  return new RegExp(`^(?:${source})$`, 'su');
}

/** Compiled once: a batch asks the same few patterns about thousands of names. */
const compiled = new Map<string, RegExp>();

/** Whether a pattern that {@link globProblem} has no objection to matches a name. */
export function globMatches(pattern: string, name: string): boolean {
  if (name.startsWith('../'))
    return pattern.startsWith('../') && globMatches(pattern.slice(3), name.slice(3));
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = compile(pattern);
    compiled.set(pattern, expression);
  }
  return expression.test(name);
}
