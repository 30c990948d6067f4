/** The text of an object as the reader of KubeVirt takes it. */
import { isMapping } from '../../formats/text/values.ts';
import { inputError } from '../../machine/locate.ts';
import type { Companion } from './job.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** What the reader looks at; managed fields and the status may be larger than all of it. */
const METADATA: readonly string[] = ['name', 'generateName', 'namespace', 'labels', 'annotations'];

function lean(metadata: unknown): Mapping {
  if (!isMapping(metadata)) return {};
  return Object.fromEntries(
    METADATA.filter((key) => Object.hasOwn(metadata, key)).map((key) => [key, metadata[key]]),
  );
}

/** The object of a kind, and behind it what it may refer to. Throws InputError. */
export function textOfObject(object: Mapping, kind: string, companions: readonly Companion[]): string {
  const { apiVersion = 'kubevirt.io/v1', metadata, spec } = object;
  let text: string;
  try {
    text = JSON.stringify({ apiVersion, kind, metadata: lean(metadata), spec });
  } catch {
    // A RangeError: it holds values in values until the stack is full.
    throw inputError(kind, 'the object is nested too deeply');
  }
  const mentioned = companions.filter(({ name }) => text.includes(JSON.stringify(name)));
  return [text, ...mentioned.map((one) => one.text)].join('\n');
}
