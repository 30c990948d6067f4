/** irqsim's own format: YAML or JSON text → a raw description with the place of every value. */

import { isKeyOf } from '../../lib/lookup.ts';
import { inputError, type RawInput } from '../../machine/locate.ts';
import { inputSchema } from '../../machine/schema.ts';
import { yamlComments } from '../comments/yaml-comments.ts';
import type { Reader } from '../reader.ts';
import { looksLikeJson, readJson } from '../text/json.ts';
import { cleanText, parsed, rawInput } from '../text/text.ts';
import { readYaml } from '../text/yaml.ts';

/**
 * Reads a description. `file` is its name in messages. The result is any mapping: validate it with
 * normalise(). Throws `InputError` for text that is no YAML or JSON mapping, too long, nested too
 * deeply, binary, or holding a key twice.
 */
export async function readNative(text: string, file: string): Promise<RawInput> {
  const clean = cleanText(text, file);
  const read = await parsed(clean, file, () => (looksLikeJson(clean) ? readJson(clean) : readYaml(clean)));
  refuseNonMapping(read.value, file);
  return rawInput(read, clean, file);
}

function refuseNonMapping(value: unknown, file: string): void {
  if (value === null) throw inputError(file, 'the file holds no machine description, only comments');
  if (typeof value === 'object' && !Array.isArray(value)) return;
  const found = Array.isArray(value) ? 'a list' : 'plain text';
  throw inputError(file, `expected a mapping such as "kernel: ..." at the top, found ${found}`);
}

/**
 * Whether a JSON object is a description for sure, whatever its texts look like: it has the part that no other format
 * has, and no key that a description does not have.
 */
export const describesMachine = (value: object): boolean =>
  Object.hasOwn(value, 'topology') && Object.keys(value).every((key) => isKeyOf(inputSchema.shape, key));

export const native: Reader = {
  name: 'native',
  comments: yamlComments,
  recognises: () => true,
  async read({ bytes, file }) {
    return [{ raw: await readNative(new TextDecoder().decode(bytes), file), assumptions: [], refusals: [] }];
  },
};
