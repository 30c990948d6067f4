/** Reads Cloud Hypervisor: the JSON of its REST interface, or its command line. */

import { withUnused } from '../defines.ts';
import type { Reader } from '../reader.ts';
import { commandsIn } from '../text/commands-in.ts';
import { readJson } from '../text/json.ts';
import { argumentsOf, runsProgram } from '../text/shell.ts';
import { sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, rawInput, TextError, textPositions } from '../text/text.ts';
import { readCommandLine } from './command-line.ts';
import { describeConfig } from './config.ts';
import { configIn } from './keys.ts';

/** True for the names of its program. */
export const isProgram = (name: string): boolean => /^cloud-hypervisor(-static)?$/.test(name);

/** True for a JSON object whose CPUs are counted in boot_vcpus. */
function looksLikeConfig(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 256 * 1024));
  return /^\ufeff?\s*\{/.test(head) && /"boot_vcpus"\s*:/.test(head);
}

export const cloudHypervisor: Reader = {
  name: 'cloud-hypervisor',
  usesDefines: true,
  recognises: (bytes) => looksLikeConfig(bytes) || runsProgram(bytes, isProgram),
  async read({ bytes, file, stack, defines = {} }) {
    const decoded = new TextDecoder().decode(bytes);
    const isJson = /^\ufeff?\s*\{/.test(decoded);
    const text = cleanText(isJson ? decoded : decoded.replaceAll('\0', '\n'), file);
    let asked: ReadonlySet<string> = new Set();
    const raw = await parsed(text, file, () => {
      if (isJson) return rawInput(readJson(text), text, file);
      const script = commandsIn(decoded, text, defines);
      asked = script.asked;
      const args = argumentsOf(script.commands, isProgram);
      if (!args) throw new TextError(0, 'no cloud-hypervisor command is found');
      return readCommandLine(args, textPositions(text, file));
    });
    return [withUnused(describeConfig(configIn(sourceValue(raw, file)), stack), defines, asked)];
  },
};
