/** What to do with a stream in which no line is a record: somebody's YAML, or JSON that takes several lines. */
import type { Line } from './lines.ts';

/** What a text that begins so may be turned into. */
const WAYS: readonly (readonly [begins: RegExp, way: string])[] = [
  [/^\{/, 'jq -c . makes one line of each object'],
  [/^\[/, "jq -c '.[]' makes a line of each object in a list"],
  [/^/, 'files of other formats are inputs by their names'],
];

/** The hint about a stream that begins so. */
export function recordHint(file: string, head: Buffer): string {
  const text = head.toString('utf8').replace(/^\ufeff?\s*/, '');
  const way = WAYS.find(([begins]) => begins.test(text))?.[1];
  return `irqsim: batch: no line of ${file === '-' ? 'standard input' : file} is a record, a JSON object on one line: ${way}; irqsim analyze reads one input of any format`;
}

const BRACES = ['{'.charCodeAt(0), '}'.charCodeAt(0)] as const;
const BLANKS: readonly number[] = [...' \t\r'].map((char) => char.charCodeAt(0));

/** Whether a line is an object by its first and its last character. */
export function mayBeRecord({ bytes }: Line): boolean {
  // What is too long to be kept may be one.
  if (!bytes) return true;
  const first = bytes.find((byte) => !BLANKS.includes(byte));
  return first === BRACES[0] && bytes.findLast((byte) => !BLANKS.includes(byte)) === BRACES[1];
}
