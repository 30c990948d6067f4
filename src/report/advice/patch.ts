/** A changed text as a unified diff that `patch -p1` and `git apply` take. */

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { visible } from '../../lib/visible.ts';

/** Lines of context, as in most diffs. */
const CONTEXT = 3;

/** A name with blanks ends at a tab, or `patch` takes its first word for it. */
const BLANK_NAME = /^(?:---|\+\+\+) [ab]\/[^"\t]* [^"\t]*$/;

/**
 * The diff of one file, by its path from the folder where the patch is applied; a path from the root loses its first
 * stroke. Empty if the texts are the same.
 */
export function unifiedPatch(file: string, before: string, after: string): string {
  if (before === after) return '';
  const name = file.replace(/^(?:\.?\/)+/, '');
  const patch = createTwoFilesPatch(
    quoted(`a/${name}`),
    quoted(`b/${name}`),
    before,
    after,
    undefined,
    undefined,
    {
      context: CONTEXT,
      headerOptions: FILE_HEADERS_ONLY,
    },
  );
  const [minus, plus, ...rest] = patch.split('\n');
  const ended = [minus, plus].map((line) => (BLANK_NAME.test(line) ? `${line}\t` : line));
  return [...ended, ...rest].join('\n');
}

/** A name that would not stay on its line, quoted as Git and patch do: bytes in octal. */
function quoted(name: string): string {
  if (visible(name) === name) return name;
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  const plain = (byte: number) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  const bytes = [...new TextEncoder().encode(name)];
  return `"${bytes.map((byte) => (plain(byte) ? String.fromCharCode(byte) : octal(byte))).join('')}"`;
}
