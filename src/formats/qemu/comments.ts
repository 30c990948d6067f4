/** Comments of the texts that hold QEMU's options: scripts, fenced parts of prose, batch files, -readconfig files. */
import type { FindComments } from '../comments/comment.ts';
import { lineComments, wholeLineComments } from '../comments/line-comments.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { looksLikeBatch } from '../text/batch.ts';
import { withinFences } from '../text/fences.ts';
import { mentionsQemu } from './program.ts';
import { looksLikeReadconfig } from './readconfig.ts';

/** What begins a comment of a batch file: as long a sign of a shell takes its place. */
const REMARK = /^([ \t]*)(@?rem\b|::)/gim;

export const qemuComments: FindComments = (text) => {
  if (looksLikeReadconfig(text)) return lineComments(text);
  if (!looksLikeBatch(text)) return shellComments(withinFences(text, mentionsQemu));
  return wholeLineComments(text.replace(REMARK, (_, blanks, sign) => blanks + '#'.padEnd(sign.length)));
};
