/** Reads Cloud Hypervisor: the JSON of its REST interface, or its command line. */

import type { Location, RawInput } from '../../machine/locate.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { withUnused } from '../defines.ts';
import type { Reader } from '../reader.ts';
import { commandsIn } from '../text/commands-in.ts';
import { headText } from '../text/head.ts';
import { readJson } from '../text/json.ts';
import { type JsonPiece, jsonValues, objectsInText } from '../text/json-values.ts';
import { runsOf, runsProgram } from '../text/shell.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, TextError, textPositions, within } from '../text/text.ts';
import { readCommandLine } from './command-line.ts';
import { describeConfig } from './config.ts';
import { accountForWrappers, configIn } from './keys.ts';

/** True for the names of its program. */
export const isProgram = (name: string): boolean => /^cloud-hypervisor(-static)?$/.test(name);

/** The start of a text that is looked at to recognise it. */
const HEAD = 256 * 1024;

const COUNTS_CPUS = /"boot_vcpus"\s*:/;

/**
 * The configurations in a text: JSON objects whose CPUs are counted in boot_vcpus, one or several, also where a command hands
 * them to `ch-remote create` or to the REST interface.
 */
function configsIn(text: string): readonly JsonPiece[] {
  if (/^\s*\{/.test(text)) return jsonValues(text);
  return objectsInText(text).filter((piece) => COUNTS_CPUS.test(piece.text));
}

const looksLikeConfig = (head: string): boolean =>
  COUNTS_CPUS.test(head) && (/^\ufeff?\s*\{/.test(head) || /\bch-remote\b|\bvm\.create\b/.test(head));

export const cloudHypervisor: Reader = {
  name: 'cloud-hypervisor',
  comments: shellComments,
  usesDefines: true,
  recognises: (bytes) => looksLikeConfig(headText(bytes, HEAD)) || runsProgram(bytes, isProgram),
  async read({ bytes, file, stack, defines = {} }) {
    const decoded = new TextDecoder().decode(bytes);
    const isJson = looksLikeConfig(decoded) || /^\ufeff?\s*\{/.test(decoded);
    const text = cleanText(isJson ? decoded : decoded.replaceAll('\0', '\n'), file);
    const place = textPositions(text, file);
    return parsed(text, file, () => {
      if (isJson) {
        return configsIn(text).map((piece) => {
          const wrapped = configIn(configAt(piece, file, place));
          const result = describeConfig(wrapped.config, stack, (sheet) => accountForWrappers(wrapped, sheet));
          return withUnused(result, defines, new Set());
        });
      }
      const { commands, asked } = commandsIn(decoded, text, defines);
      const runs = runsOf(commands, isProgram);
      if (runs.length === 0) throw new TextError(0, 'no cloud-hypervisor command is found');
      return runs.map((args) => {
        const config = sourceValue(readCommandLine(args, place), file);
        return withUnused(describeConfig(config, stack), defines, asked);
      });
    });
  },
};

/** A configuration with places in the whole text. Throws TextError for JSON that is none. */
function configAt(
  { start, text }: JsonPiece,
  file: string,
  place: (offset: number) => Location,
): SourceValue {
  const read = within(start, () => readJson(text));
  const locate: RawInput['locate'] = (path, at) => {
    const offset = within(start, () => read.offset(path, at));
    return offset === undefined ? undefined : place(start + offset);
  };
  return sourceValue({ value: read.value, locate }, file);
}
