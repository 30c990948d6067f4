/** Kernel parameters as the words they are written in. */
import { changeWords } from '../../../formats/text/words.ts';

export { parametersOf as parameterWords } from '../../../formats/text/words.ts';

/** "intremap=off" → name "intremap" (with `_` for `-`), value "off". */
export function splitParameter(word: string): { readonly name: string; readonly value: string } {
  const bare = word.replaceAll('"', '');
  const equals = bare.indexOf('=');
  const name = equals < 0 ? bare : bare.slice(0, equals);
  return { name: name.replaceAll('-', '_'), value: equals < 0 ? '' : bare.slice(equals + 1) };
}

/** The command line with the change made; as it is where a word to be removed is not there. */
export function editParameters(cmdline: string, add: readonly string[], remove: readonly string[]): string {
  return changeWords(cmdline, { add, remove }) ?? cmdline;
}
