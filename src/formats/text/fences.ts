/** Commands in prose: what stands between the fences of Markdown, in backquotes, or on lines of its own. */

const FENCED = /^[ \t]*(?:```|~~~)[^\n`]*\n([\s\S]*?)^[ \t]*(?:```|~~~)[ \t]*\r?$/gm;

/**
 * The text with blanks in place of all that stands outside of fences, so that places stay; as it is where no fenced part is
 * `wanted`. A script that names its shell is no prose, though it may write some.
 */
export function withinFences(text: string, wanted: (part: string) => boolean): string {
  if (text.startsWith('#!')) return text;
  const parts = [...text.matchAll(FENCED)].map((match) => {
    const start = match.index + match[0].indexOf('\n') + 1;
    return { start, end: start + match[1].length };
  });
  return keeping(
    text,
    parts.filter(({ start, end }) => wanted(text.slice(start, end))),
  );
}

/** The same of what stands between single backquotes in prose. */
export function withinBackquotes(text: string, wanted: (part: string) => boolean): string {
  const parts = [...text.matchAll(/`([^`\n]+)`/g)].map(({ index, 1: part }) => ({
    start: index + 1,
    end: index + 1 + part.length,
  }));
  return keeping(
    text,
    parts.filter(({ start, end }) => wanted(text.slice(start, end))),
  );
}

/** The same of lines that run something, with the lines that continue them: prose around them may hold apostrophes. */
export function withinCommands(text: string, wanted: (line: string) => boolean): string {
  const parts: { start: number; end: number }[] = [];
  let start = 0;
  let before = '';
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const continues = before !== '' && (/\\[ \t]*\r?$/.test(before) || /^\s*-[A-Za-z]/.test(line));
    before = continues || wanted(line) ? line : '';
    if (before !== '') parts.push({ start, end });
    start = end + 1;
  }
  return keeping(text, parts);
}

function keeping(text: string, kept: readonly { readonly start: number; readonly end: number }[]): string {
  if (kept.length === 0) return text;
  let done = '';
  let at = 0;
  for (const { start, end } of kept) {
    done += text.slice(at, start).replace(/[^\n]/g, ' ') + text.slice(start, end);
    at = end;
  }
  return done + text.slice(at).replace(/[^\n]/g, ' ');
}
