/** The kernel command line: the parameters that decide reachability, and the list of those not modelled. */
import { type Cmdline, emptyCmdline } from './cmdline-fields.ts';
import { NO_EFFECT, SETTERS } from './cmdline-parameters.ts';

export type { Cmdline, Isolation, IsolationFlag } from './cmdline-fields.ts';

/**
 * Reads a kernel command line as the kernel does: blanks separate, double quotes keep together, `-` and
 * `_` are the same in names, `--` ends the kernel's part. Never fails: what cannot be read is ignored, as
 * by the kernel, and listed in `notModelled`. Mirrors next_arg() and parse_args() of kernel/params.c.
 */
export function parseCmdline(text: string): Cmdline {
  const draft = emptyCmdline(text);
  for (const { raw, name, value } of splitParameters(text)) {
    const set = SETTERS.get(name.replaceAll('-', '_'));
    const ignored = set ? set(draft, value) : NO_EFFECT;
    if (ignored !== undefined) draft.notModelled.push(ignored === NO_EFFECT ? raw : `${raw} (${ignored})`);
  }
  return draft;
}

interface Parameter {
  readonly raw: string;
  readonly name: string;
  readonly value: string;
}

/** Splits at blanks outside double quotes; quotes around a value or the whole parameter are dropped. */
function splitParameters(text: string): Parameter[] {
  const parameters: Parameter[] = [];
  if (text === '') return parameters;
  for (const [raw] of text.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)) {
    if (raw === '--') break;
    const bare = raw.startsWith('"') ? raw.slice(1).replace(/"$/, '') : raw;
    const equals = bare.indexOf('=');
    const name = equals < 0 ? bare : bare.slice(0, equals);
    const value = equals < 0 ? '' : bare.slice(equals + 1);
    parameters.push({ raw, name, value: value.startsWith('"') ? value.slice(1).replace(/"$/, '') : value });
  }
  return parameters;
}

/** Names of the parameters that are read, with `_` for `-`: all that a command line need tell. */
export const MODELLED_PARAMETERS: readonly string[] = [...SETTERS.keys()];
