/** Reads Cloud Hypervisor: the JSON of its REST interface, or its command line. */

import type { Reader } from '../reader.ts';
import { readJson } from '../text/json.ts';
import { argumentsOf, runsProgram, splitCommands } from '../text/shell.ts';
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
  recognises: (bytes) => looksLikeConfig(bytes) || runsProgram(bytes, isProgram),
  async read({ bytes, file, stack }) {
    const decoded = new TextDecoder().decode(bytes);
    const isJson = /^\ufeff?\s*\{/.test(decoded);
    const text = cleanText(isJson ? decoded : decoded.replaceAll('\0', '\n'), file);
    const raw = await parsed(text, file, () => {
      if (isJson) return rawInput(readJson(text), text, file);
      const args = argumentsOf(splitCommands(decoded.includes('\0') ? decoded : text), isProgram);
      if (!args) throw new TextError(0, 'no cloud-hypervisor command is found');
      return readCommandLine(args, textPositions(text, file));
    });
    return [describeConfig(configIn(sourceValue(raw, file)), stack)];
  },
};
