/** Kernel messages of `journalctl -o json`, `json-pretty`, `json-seq`, `json-sse`, and of `dmesg --json`. */
import type { LogLine } from './line.ts';

/** Stands before each object of json-seq. */
const RECORD = '\u001e';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** MESSAGE is a list of bytes where it holds something that is not printable. */
function messageOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte))) return undefined;
  return new TextDecoder().decode(Uint8Array.from(value as number[]));
}

function isOfKernel(fields: Fields): boolean {
  return fields._TRANSPORT === 'kernel' || fields.SYSLOG_IDENTIFIER === 'kernel';
}

/** One object a line, or objects that begin and end on lines of their own; null where something else stands there. */
function objects(text: string): { line: number; fields: Fields }[] | null {
  const found: { line: number; fields: Fields }[] = [];
  let open: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw
      .replace(/^data: /, '')
      .replaceAll(RECORD, '')
      .trimEnd();
    if (line === '') continue;
    open.push(line);
    if (!line.endsWith('}')) continue;
    const fields = parsed(open.join('\n'));
    if (!isFields(fields)) {
      if (open.length > 1000) return null;
      continue;
    }
    found.push({ line: index - open.length + 2, fields });
    open = [];
  }
  return open.length > 0 && found.length === 0 ? null : found;
}

/** The kernel's messages; undefined if the text is no journal in JSON. */
export function journalObjects(text: string): LogLine[] | undefined {
  const start = /^\s*(?:data: |\[\s*)?\{/.test(text.startsWith(RECORD) ? text.slice(1) : text);
  if (!start || !/"(?:MESSAGE|msg)"/.test(text.slice(0, 16 * 1024))) return undefined;
  const whole = parsed(text);
  // dmesg --json: { "dmesg": [ { "pri": 6, "time": 0.000000, "msg": "..." } ] }
  const entries = isFields(whole) && Array.isArray(whole.dmesg) ? (whole.dmesg as unknown[]) : undefined;
  if (entries)
    return entries.flatMap((entry, index) =>
      isFields(entry) && typeof entry.msg === 'string' ? splitLines(entry.msg, index + 1) : [],
    );
  // A list of the journal's objects, as jq -s makes it: places are those of the elements.
  const found = Array.isArray(whole)
    ? whole.flatMap((fields, index) => (isFields(fields) ? [{ line: index + 1, fields }] : []))
    : objects(text);
  if (!found?.some(({ fields }) => isOfKernel(fields))) return undefined;
  return found.flatMap(({ line, fields }) => {
    const message = isOfKernel(fields) ? messageOf(fields.MESSAGE) : undefined;
    return message === undefined ? [] : splitLines(message, line);
  });
}

function splitLines(message: string, line: number): LogLine[] {
  return message.split('\n').flatMap((text) => (text === '' ? [] : [{ line, text: text.trimEnd() }]));
}
