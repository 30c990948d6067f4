/** The machines of a part of a large input, with places as in the whole. */
import { readObjects } from '../../formats/kubevirt/documents.ts';
import { kubevirt } from '../../formats/kubevirt/reader.ts';
import { objectsIn } from '../../formats/kubevirt/template.ts';
import { LIMITS } from '../../machine/limits.ts';
import { inputError } from '../../machine/locate.ts';
import { type MachineSource, readSources, type SourceRequest } from '../../questions/source.ts';
import { guestName } from './guest-name.ts';
import { movedError, movedSource } from './moved.ts';
import { holdsGuest, isCompanion, type Part } from './part.ts';

/** Objects that guests refer to, kept at most; what is beyond them is said to be missing where it is referred to. */
const COMPANIONS = 4096;

/** How a part is read: as an input of its own. */
export type PartOptions = Pick<SourceRequest, 'stack' | 'defines'>;

const KIND = /(?:^|[\s{,])["']?kind["']?\s*:\s*["']?(\w+)/;
const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const mentions = (bytes: Uint8Array) =>
  textOf(bytes).includes('instancetype') || textOf(bytes).includes('preference');

/** Why a part has no bytes. */
export function whyNoBytes({ problem }: Pick<Part, 'problem'>): string {
  if (problem !== undefined) return problem;
  return `the input ends inside this object, or the object is larger than ${LIMITS.textBytes / 2 ** 20} MiB`;
}

export interface Companions {
  /** The guests of these parts, with what they may refer to behind them. */
  readonly join: (parts: readonly Part[]) => readonly Part[];
}

/**
 * Keeps the objects that guests refer to, and puts them behind the guests that may do so. `all` gives every part of the
 * input once more, if that can be had: what is referred to may stand behind what refers to it.
 */
export function companions(all?: () => Iterable<Part>): Companions {
  const kept: Uint8Array[] = [];
  let isComplete = false;
  const take = (part: Part): boolean => {
    const kind = part.bytes && KIND.exec(textOf(part.bytes).toString('latin1', 0, 4096))?.[1];
    if (!part.bytes || kind === null || kind === undefined || !isCompanion(kind)) return false;
    if (!isComplete && kept.length < COMPANIONS) kept.push(part.bytes);
    return true;
  };
  const complete = () => {
    if (isComplete || !all) return;
    kept.length = 0;
    for (const part of all()) take(part);
    isComplete = true;
  };
  const joined = (part: Part): Part => {
    if (!part.bytes || !mentions(part.bytes)) return part;
    complete();
    if (kept.length === 0) return part;
    const isJson = textOf(part.bytes).toString('latin1', 0, 64).trimStart().startsWith('{');
    const between = Buffer.from(isJson ? '\n' : '\n---\n');
    return { ...part, bytes: Buffer.concat([part.bytes, ...kept.flatMap((one) => [between, one])]) };
  };
  return { join: (parts) => parts.filter((part) => !take(part)).map(joined) };
}

/** "ns/name" of the guest of a part; undefined where it has none, or where it cannot be read. */
export async function nameOfPart(bytes: Uint8Array, file: string): Promise<string | undefined> {
  try {
    const [first] = await readObjects(new TextDecoder().decode(bytes), file);
    return typeof first?.value === 'object' && first.value !== null ? guestName(first.value) : undefined;
  } catch {
    return undefined;
  }
}

/** True for a part whose kind was not seen and that turns out to hold no guest. */
async function holdsNone(text: string, file: string): Promise<boolean> {
  const objects = (await readObjects(text, file)).flatMap((raw) => objectsIn(raw, file));
  return !objects.some((object) => {
    const kind = object.get('kind')?.value;
    return typeof kind === 'string' && holdsGuest(kind);
  });
}

/** The machines of a part; none if it holds no guest after all. Throws InputError. */
export async function readPart(
  { line, column, bytes, problem, isUnsure = false }: Omit<Part, 'number'>,
  file: string,
  { stack, defines }: PartOptions,
): Promise<readonly MachineSource[]> {
  if (!bytes) throw inputError(file, whyNoBytes({ problem }), line, column);
  const piece = { file, line, column, bytes };
  try {
    if (isUnsure && (await holdsNone(new TextDecoder().decode(bytes), file))) return [];
    const sources = await readSources({ bytes, file, from: kubevirt.name, stack, defines });
    return sources.map((source) => movedSource(source, piece));
  } catch (error) {
    throw movedError(error, piece);
  }
}
