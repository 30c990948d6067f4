/** Properties of an option of a QEMU command line, set where they stand: "a,b=c" or a JSON object. */

import type { Word } from '../text/shell.ts';
import { editsInWord } from '../text/shell-edit.ts';
import { insertion, type TextEdit } from '../text/text-edits.ts';
import { setInYaml } from '../text/yaml-text.ts';
import { commaParts, parseOption } from './option.ts';
import type { WrittenOption } from './words.ts';

/** Properties by name; switches are 'on'. */
export type Properties = Readonly<Record<string, string | number>>;

const NOWHERE = { file: '-', line: 1, column: 1 };

/** What an option says, by property. */
export function propsOf({ name, argument }: WrittenOption): ReadonlyMap<string, string> {
  if (!argument) return new Map();
  const { props } = parseOption(name, argument, () => NOWHERE);
  return new Map([...props].map(([key, fact]) => [key, fact.value]));
}

/**
 * Edits that set properties of an argument; `implied` is the key of a first part without "=". Null where the
 * argument is in pieces, or a property is written twice.
 */
export async function setProperties(
  word: Word,
  properties: Properties,
  implied?: string,
): Promise<readonly TextEdit[] | null> {
  if (word.text.startsWith('{')) return setInJson(word, properties);
  const parts = commaParts(word.text).map(({ start, part }) => {
    const equals = part.indexOf('=');
    const key = equals >= 0 ? part.slice(0, equals) : start === 0 && implied ? implied : part;
    return { start, part, key, equals };
  });
  const edits: TextEdit[] = [];
  for (const [key, value] of Object.entries(properties)) {
    const found = parts.filter((part) => plainKey(part.key) === plainKey(key));
    if (found.length > 1) return null;
    const [old] = found;
    if (!old) edits.push(insertion(word.text.length, `,${key}=${value}`));
    else {
      const bare = old.equals < 0 && old.key === implied && old.start === 0;
      const written = old.key.replace(/^[+-]/, '');
      const text = bare ? String(value) : `${written}=${value}`;
      if (text !== old.part) edits.push({ start: old.start, end: old.start + old.part.length, text });
    }
  }
  return editsInWord(word, edits);
}

/** "kernel_irqchip" is "kernel-irqchip", "+x2apic" a switch of x2apic. */
function plainKey(key: string): string {
  return key.replace(/^[+-]/, '').replaceAll('_', '-');
}

async function setInJson(word: Word, properties: Properties): Promise<readonly TextEdit[] | null> {
  let text: string | null = word.text;
  for (const [key, value] of Object.entries(properties)) {
    if (text !== null) text = await setInYaml(text, [key], value === 'on' ? true : value);
  }
  return text === null ? null : editsInWord(word, [{ start: 0, end: word.text.length, text }]);
}
