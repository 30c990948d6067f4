/**
 * One line of a stream of records. It is JSON, and either
 * - a machine: irqsim's own description, or any format that is JSON and recognised, such as a KubeVirt object; or
 * - an envelope: {"id": "...", "machine": {...}} with a description, or {"id": "...", "text": "<domain ..."} with a
 *   configuration of any format, which "format" may name. The id is optional and may be a number.
 */

import { readerNamed, recognise } from '../../formats/index.ts';
import { describesMachine, native } from '../../formats/native/reader.ts';
import type { Defines } from '../../formats/reader.ts';
import type { Stack } from '../../formats/stack.ts';
import { headText } from '../../formats/text/head.ts';
import { readJson } from '../../formats/text/json.ts';
import { cleanText, parsed, rawInput } from '../../formats/text/text.ts';
import { LIMITS } from '../../machine/limits.ts';
import { inputError, type RawInput } from '../../machine/locate.ts';
import { type MachineSource, readSources } from '../../questions/source.ts';
import { guestName } from '../input/guest-name.ts';
import { movedError, movedSource, type Piece } from '../input/moved.ts';
import { idOfLine } from './packed-lines.ts';

export interface ReadOptions {
  readonly from?: string | undefined;
  readonly stack?: Stack;
  readonly defines?: Defines | undefined;
}

/** What an envelope names itself, and its machines; both can fail apart. */
export interface ReadRecord {
  readonly id: string | undefined;
  readonly sources: () => Promise<readonly MachineSource[]>;
}

const ENVELOPE_KEYS: readonly string[] = ['id', 'machine', 'format', 'text'];

/** Only JSON objects: a line of somebody's YAML would often be a machine too, and never the one that was meant. */
async function readObject(text: string, file: string): Promise<RawInput> {
  const clean = cleanText(text, file);
  if (!/^\s*\{/.test(clean)) throw inputError(file, 'expected a JSON object: one machine a line');
  return rawInput(await parsed(clean, file, () => readJson(clean)), clean, file);
}

function isEnvelope(value: object): value is Record<string, unknown> {
  return 'machine' in value || 'text' in value || 'id' in value;
}

/** Throws InputError for keys that are missing, too many or of the wrong kind. */
function checkEnvelope(envelope: Record<string, unknown>, raw: RawInput, file: string): void {
  const fail = (message: string, key?: string) => {
    const place = key === undefined ? undefined : raw.locate([key], 'key');
    return inputError(file, message, place?.line, place?.column);
  };
  const { id, machine, format, text } = envelope;
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    throw fail('id: expected a text or a number', 'id');
  if (machine === undefined && text === undefined)
    throw fail('a record with an "id" needs "machine", a description, or "text", a configuration', 'id');
  if (machine !== undefined && (text !== undefined || format !== undefined))
    throw fail('a record has either "machine" or "text", with or without its "format"', 'machine');
  if (machine !== undefined && (typeof machine !== 'object' || machine === null || Array.isArray(machine)))
    throw fail('machine: expected a description, as an object', 'machine');
  if (text !== undefined && typeof text !== 'string') throw fail('text: expected a text', 'text');
  if (format !== undefined && typeof format !== 'string') throw fail('format: expected a text', 'format');
  for (const key of Object.keys(envelope)) {
    if (!ENVELOPE_KEYS.includes(key))
      throw fail(
        `unknown key ${JSON.stringify(key)}; a record has id and machine, or id, format and text`,
        key,
      );
  }
}

function nativeSource(raw: RawInput, file: string): MachineSource {
  return { file, format: native.name, result: { raw, assumptions: [], refusals: [] } };
}

/** A text has lines of its own, so its places are those in it, and its name is the record's. */
async function textSources(
  text: string,
  format: string | undefined,
  file: string,
  { from, stack, defines }: ReadOptions,
): Promise<readonly MachineSource[]> {
  const kind = format ?? from;
  try {
    if (kind !== undefined) readerNamed(kind);
  } catch (error) {
    throw inputError(file, `format ${JSON.stringify(kind)}: ${(error as Error).message}`);
  }
  return readSources({ bytes: new TextEncoder().encode(text), file, from: kind, stack, defines });
}

async function envelopeSources(
  envelope: Record<string, unknown>,
  raw: RawInput,
  file: string,
  name: string,
  options: ReadOptions,
): Promise<readonly MachineSource[]> {
  checkEnvelope(envelope, raw, file);
  const { machine, format, text } = envelope;
  if (machine === undefined) return textSources(text as string, format as string | undefined, name, options);
  return [nativeSource({ value: machine, locate: (path, at) => raw.locate(['machine', ...path], at) }, file)];
}

/** A line that is read already is not read again if it is a description of irqsim's own. */
async function plainSources(
  raw: RawInput,
  { file, bytes }: Piece,
  options: ReadOptions,
): Promise<readonly MachineSource[]> {
  const isNative =
    options.from === undefined
      ? describesMachine(raw.value as object) || recognise(bytes, file) === native
      : options.from === native.name;
  return isNative ? [nativeSource(raw, file)] : readSources({ bytes, file, ...options });
}

/** Reads a line. The promise itself never fails: what is wrong comes when the sources are asked for. */
export async function readRecord(record: Piece, options: ReadOptions): Promise<ReadRecord> {
  const { file, line, bytes } = record;
  const guarded = (read: () => Promise<readonly MachineSource[]>) => async () => {
    try {
      return (await read()).map((source) => movedSource(source, record));
    } catch (error) {
      throw movedError(error, record);
    }
  };
  let raw: RawInput;
  try {
    raw = await readObject(headText(bytes, LIMITS.textBytes), file);
  } catch (error) {
    return { id: undefined, sources: guarded(() => Promise.reject(error)) };
  }
  const value = raw.value as object;
  if (!isEnvelope(value)) {
    return { id: guestName(value), sources: guarded(() => plainSources(raw, record, options)) };
  }
  const id = typeof value.id === 'string' || typeof value.id === 'number' ? String(value.id) : undefined;
  const name = id ?? idOfLine(file, line);
  return { id, sources: guarded(() => envelopeSources(value, raw, file, name, options)) };
}
