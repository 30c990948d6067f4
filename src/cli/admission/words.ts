/** Messages and warnings within what Kubernetes passes on. */
import { visible } from '../../lib/visible.ts';

/** Kubernetes asks for 120 characters a warning, and cuts all of a response beyond 4096 bytes. */
const WARNING_LENGTH = 120;
const WARNINGS_BYTES = 4096;
/** Characters of the message of a denial, and of one reason in it. */
const MESSAGE_LENGTH = 4096;
const LINE_LENGTH = 1500;
const CUT = '...';
/** Room for the warning that counts those left out. */
const RESERVED_BYTES = 60;

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The beginning of a text, whole words where there are some, and no half of a surrogate pair. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, length - CUT.length).replace(/[\ud800-\udbff]$/, '');
  const space = head.lastIndexOf(' ');
  return `${space > length / 2 ? head.slice(0, space) : head}${CUT}`;
}

/** Text on one line; halves of surrogate pairs, which are no Unicode text, are replaced. */
const plain = (text: string): string => Buffer.from(visible(text)).toString();

/** Warnings as they may be sent: each once, short, on one line; those that find no room are counted. */
export function warningsOf(texts: readonly string[]): readonly string[] {
  const all = [...new Set(texts.map((text) => cut(plain(text), WARNING_LENGTH)))];
  let bytes = 0;
  const fitting = all.findIndex((text) => {
    bytes += bytesOf(text);
    return bytes > WARNINGS_BYTES - RESERVED_BYTES;
  });
  if (fitting < 0) return all;
  return [...all.slice(0, fitting), `irqsim: and ${all.length - fitting} more warnings`];
}

/** The message of a denial: a line each, and how many are left out, with `more` that are no lines here. */
export function messageOf(lines: readonly string[], more = 0): string {
  const short = lines.map((line) => cut(plain(line), LINE_LENGTH));
  let length = 0;
  const fitting = short.findIndex((line) => {
    length += line.length + 1;
    return length > MESSAGE_LENGTH;
  });
  const kept = fitting < 0 ? short : short.slice(0, fitting);
  const left = short.length - kept.length + more;
  return (left > 0 ? [...kept, `and ${left} more`] : kept).join('\n');
}
