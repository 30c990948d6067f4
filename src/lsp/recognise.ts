/** Which texts are machines: an editor may send any file, and of what is none nothing is said. */
import { FORMAT_NAMES, type InputFormat } from '../formats/formats.ts';
import { recognise } from '../formats/index.ts';
import { libvirt } from '../formats/libvirt/reader.ts';
import { OWN_KEYS } from '../formats/likely.ts';
import { native } from '../formats/native/reader.ts';
import { looseYaml, topKeys } from '../formats/text/yaml-loose.ts';
import { isKeyOf } from '../lib/lookup.ts';
import { nearest } from '../machine/did-you-mean.ts';
import { inputSchema } from '../machine/schema.ts';

/** What machines have written, not people: it may be quoted in any text. */
const RECORDINGS: readonly InputFormat[] = ['acpi', 'kernel-log', 'proc-interrupts'];

/** Formats that people write, which an editor is told about. */
export const WRITTEN_FORMATS = FORMAT_NAMES.filter((name) => !RECORDINGS.includes(name));

/** Misspelt, it still counts as known. */
const isKnown = (key: string): boolean =>
  isKeyOf(inputSchema.shape, key) || nearest(key, OWN_KEYS) !== undefined;

/**
 * Whether keys are those of a machine description: one at least that tells it from other YAML, and no more strange ones
 * than known ones. Other YAML has a `platform` or `devices` too.
 */
export function areOurs(keys: readonly string[]): boolean {
  return keys.filter(isKnown).length * 2 >= keys.length && keys.some((key) => OWN_KEYS.includes(key));
}

async function isDescription(text: string): Promise<boolean> {
  const [first, ...more] = await looseYaml(text);
  if (!first || more.length > 0) return false;
  return areOurs(topKeys(first) ?? []);
}

/** The format of a text that is a machine; undefined for one that is none. */
export async function formatOf(text: string, file: string): Promise<InputFormat | undefined> {
  const { name } = recognise(new TextEncoder().encode(text), file);
  if (name === native.name) return (await isDescription(text)) ? name : undefined;
  // The reader takes all XML, and says of other documents what they are.
  if (name === libvirt.name && !/<domain[\s>]/.test(text)) return undefined;
  return WRITTEN_FORMATS.includes(name) ? name : undefined;
}
