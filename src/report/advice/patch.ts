/** A changed text as a unified diff that `patch -p1` and `git apply` take. */

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Lines of context, as in most diffs. */
const CONTEXT = 3;

/** A name with blanks ends at a tab, or `patch` takes its first word for it. */
const BLANK_NAME = /^(?:---|\+\+\+) [ab]\/[^"\t]* [^"\t]*$/;

/**
 * The diff of one file, by its path from the folder where the patch is applied; a path from the root loses its first
 * stroke. Names that would not stay on their line are quoted by `createTwoFilesPatch`, as Git and patch do. Empty if
 * the texts are the same.
 */
export function unifiedPatch(file: string, before: string, after: string): string {
  if (before === after) return '';
  const name = file.replace(/^(?:\.?\/)+/, '');
  const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: CONTEXT,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const [minus, plus, ...rest] = patch.split('\n');
  const ended = [minus, plus].map((line) => (BLANK_NAME.test(line) ? `${line}\t` : line));
  return [...ended, ...rest].join('\n');
}
