/** A changed text as a unified diff that `patch -p1` and `git apply` take. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Lines of context, as in most diffs. */
const CONTEXT = 3;

/** The diff of one file; a path from the root loses its first stroke. Empty if the texts are the same. */
export function unifiedPatch(file: string, before: string, after: string): string {
  if (before === after) return '';
  const name = file.replace(/^(?:\.?\/)+/, '');
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: CONTEXT,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
