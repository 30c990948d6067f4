/** irqsim's own format: YAML or JSON text → a raw description with the place of every value. */
import { grouped, LIMITS } from '../machine/limits.ts';
import { InputError, inputError, type Path, type RawInput } from '../machine/locate.ts';
import { isPlainJson, type JsonNode, scanJson } from './json.ts';
import type { Reader } from './reader.ts';
import { TextError, textPositions } from './text.ts';
import { readYaml } from './yaml.ts';

/** Syntax errors listed; one mistake tends to cause several. */
const MAX_SYNTAX_ERRORS = 5;

/** A value with the offsets of its parts in the text. */
interface ReadText {
  readonly value: unknown;
  offset(path: Path, at?: 'key' | 'value'): number | undefined;
}

/**
 * Reads a description. `file` is its name in messages. The result is any mapping: validate it with
 * normalise(). Throws `InputError` for text that is no YAML or JSON mapping, too long, nested too
 * deeply, binary, or holding a key twice.
 */
export async function readNative(text: string, file: string): Promise<RawInput> {
  const clean = text.startsWith('\ufeff') ? text.slice(1) : text;
  refuseUnreadable(clean, file);
  const place = textPositions(clean, file);
  try {
    const read = looksLikeJson(clean) ? readJson(clean) : await readYaml(clean);
    refuseNonMapping(read.value, file);
    return {
      value: read.value,
      locate(path, at) {
        const offset = read.offset(path, at);
        return offset === undefined ? undefined : place(offset);
      },
    };
  } catch (error) {
    const errors: unknown[] = Array.isArray(error) ? error : [error];
    const problems = errors.flatMap((one) =>
      one instanceof TextError ? [{ ...place(one.offset), message: one.message }] : [],
    );
    if (problems.length < errors.length) throw error;
    throw new InputError(
      problems.slice(0, MAX_SYNTAX_ERRORS),
      Math.max(0, problems.length - MAX_SYNTAX_ERRORS),
    );
  }
}

function refuseUnreadable(text: string, file: string): void {
  if (text.length > LIMITS.textBytes) {
    const limit = LIMITS.textBytes / 1024 / 1024;
    throw inputError(file, `the text is ${grouped(text.length)} bytes long; the limit is ${limit} MiB`);
  }
  if (text.trim() === '') throw inputError(file, 'the file is empty');
  // Control characters, and what decoding puts in place of bytes that are no UTF-8.
  const binary = text.search(/[^\t\n\r -\ufffc\ufffe\uffff]/);
  if (binary < 0) return;
  const { line, column } = textPositions(text, file)(binary);
  throw inputError(file, 'the file looks binary: it is not UTF-8 text', line, column);
}

function refuseNonMapping(value: unknown, file: string): void {
  if (value === null) throw inputError(file, 'the file holds no machine description, only comments');
  if (typeof value === 'object' && !Array.isArray(value)) return;
  const found = Array.isArray(value) ? 'a list' : 'plain text';
  throw inputError(file, `expected a mapping such as "kernel: ..." at the top, found ${found}`);
}

/** A brace alone may also begin YAML: { name: x }. */
function looksLikeJson(text: string): boolean {
  return /^\s*\{\s*["}]/.test(text);
}

function readJson(text: string): ReadText {
  let root: JsonNode | undefined;
  const value = parseJson(text);
  return {
    value,
    offset(path, at) {
      root ??= scanJson(text);
      let node: JsonNode | undefined = root;
      for (const step of path) node = node?.parts?.get(step);
      return at === 'key' ? (node?.keyOffset ?? node?.offset) : node?.offset;
    },
  };
}

/** JSON.parse for speed; the slow scanner says what is wrong. */
function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    scanJson(text);
    throw new TextError(0, 'the text is not valid JSON');
  }
  if (!isPlainJson(text, value)) scanJson(text);
  return value;
}

export const native: Reader = {
  name: 'native',
  title: "irqsim's own machine description, YAML or JSON",
  recognises: () => true,
  async read({ bytes, file }) {
    return [{ raw: await readNative(new TextDecoder().decode(bytes), file), assumptions: [], refusals: [] }];
  },
};
