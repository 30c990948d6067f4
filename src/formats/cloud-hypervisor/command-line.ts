/** A cloud-hypervisor command line → the form of its JSON configuration, with places. */
import { lookup } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';
import { inputError, type Location, type RawInput } from '../../machine/locate.ts';
import { tooManyDevices } from '../description-builder.ts';
import { locatedObject } from '../text/located.ts';
import type { Word } from '../text/shell.ts';

/** Options whose values are a list of key=value sets, one device each, and their key in the JSON form. */
const LISTS = {
  disk: 'disks',
  net: 'net',
  fs: 'fs',
  vdpa: 'vdpa',
  pmem: 'pmem',
  balloon: 'balloon',
  vsock: 'vsock',
  rng: 'rng',
  device: 'devices',
  'user-device': 'user_devices',
  numa: 'numa',
  'memory-zone': 'memory_zones',
  'rate-limit-group': 'rate_limit_groups',
  'pci-segment': 'pci_segments',
  'sgx-epc': 'sgx_epc',
} as const;

/** Options whose values are one set of key=value; words without "=" say where a console goes. */
const SETS = {
  memory: 'memory',
  platform: 'platform',
  serial: 'serial',
  console: 'console',
  'debug-console': 'debug_console',
  tpm: 'tpm',
  ivshmem: 'ivshmem',
} as const;

/** Words without a value that a set may have. */
const WORDS: readonly string[] = ['off', 'null', 'pty', 'tty'];

/** Options that are read otherwise, or say nothing of CPUs and interrupts (version 53). */
const OTHERS: readonly string[] =
  `cpus cmdline kernel initramfs firmware api-socket event-monitor seccomp log-file landlock landlock-rules watchdog pvpanic
  gdb igvm host-data nested fw-cfg-config version help`.split(/\s+/);

/** Keys of the JSON form that the command line names otherwise. */
const CPU_KEYS = { boot: 'boot_vcpus', max: 'max_vcpus' } as const;
const TOPOLOGY_KEYS = ['threads_per_core', 'cores_per_die', 'dies_per_package', 'packages'];

/** Options with one of which the command itself starts a guest. */
const STARTS: readonly string[] = ['kernel', 'firmware', 'restore', 'cpus', 'disk', 'igvm'];

type Place = (offset: number) => Location;

/** One key=value with the index of the value in its word. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly index: number;
}

/** Throws InputError for `--cpus` that cloud-hypervisor could not parse; options that are not known are kept by name. */
export function readCommandLine(args: readonly Word[], place: Place): RawInput {
  const config = locatedObject();
  const counts: Record<string, number> = {};
  const options = optionsOf(args);
  const seen = new Set<string>();
  for (const { option, values, at } of options) {
    // Its command line takes these once: under a key that no configuration has, so that the second is named.
    if (seen.has(option) && !Object.hasOwn(LISTS, option))
      config.set([`--${option} again`], 'on', place(at(0)));
    seen.add(option);
    if (option === 'cpus') for (const value of values) readCpus(value, config, place);
    if (option === 'cmdline' && values.length > 0) {
      config.set(['payload', 'cmdline'], values[0].text, place(values[0].at(0)));
    }
    const set = lookup(SETS, option);
    if (set !== undefined) readSet(set, values, config, place);
    if (OTHERS.includes(option) || set !== undefined) nameRest(values, config, place);
    const list = lookup(LISTS, option);
    if (list === undefined) {
      // Under a key that no configuration has, so that it is named.
      if (!OTHERS.includes(option) && set === undefined)
        config.set([`--${option}`], values[0]?.text ?? 'on', place(at(0)));
      continue;
    }
    for (const value of values) {
      const index = counts[list] ?? 0;
      counts[list] = index + 1;
      if (index === LIMITS.devices) throw tooManyDevices(place(value.at(0)));
      config.set([list, index], {}, place(value.at(0)));
      for (const { key, value: text, index: at } of settings(value.text)) {
        const isList = list === 'numa' && key === 'cpus';
        config.set([list, index, key], isList ? numbersIn(text) : text, place(value.at(at)));
      }
    }
  }
  // A guest that comes over the interface is not in the command.
  const api = options.find(({ option }) => option === 'api-socket');
  if (api && !options.some(({ option }) => STARTS.includes(option)))
    config.set(['--api-socket'], 'on', place(api.at(0)));
  return config.raw;
}

/** `--memory size=1G,shared=on` → memory: { size, shared } */
function readSet(
  set: string,
  [word]: readonly (Word | undefined)[],
  config: ReturnType<typeof locatedObject>,
  place: Place,
): void {
  if (!word) return;
  config.set([set], {}, place(word.at(0)));
  for (const { key, value, index } of settings(word.text)) {
    const [name, text] = value === '' && WORDS.includes(key) ? ['mode', key] : [key, value];
    config.set([set, name], text, place(word.at(index)));
  }
}

/** Only one word belongs to these; the others are named as keys that no configuration has. */
function nameRest(values: readonly Word[], config: ReturnType<typeof locatedObject>, place: Place): void {
  for (const word of values.slice(1)) config.set([word.text], 'on', place(word.at(0)));
}

/** An option with its values. */
export interface CommandOption {
  readonly option: string;
  readonly values: Word[];
  /** Offset of a character of the option's own word. */
  readonly at: Word['at'];
}

/** `--disk a b --net=c` → disk [a, b], net [c]. */
export function optionsOf(args: readonly Word[]): CommandOption[] {
  const options: CommandOption[] = [];
  for (const word of args) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word.text) ?? [];
    if (name === undefined) {
      const last = options.at(-1);
      if (last) last.values.push(word);
      else options.push({ option: word.text, values: [], at: word.at });
      continue;
    }
    const start = name.length + 3;
    const values =
      value === undefined ? [] : [{ text: value, at: (index: number) => word.at(start + index) }];
    options.push({ option: name, values, at: word.at });
  }
  return options;
}

/** key=value parts, split at commas outside of brackets and quotes. */
export function settings(text: string): Setting[] {
  const found: Setting[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (char === '[') depth++;
    else if (char === ']') depth = Math.max(0, depth - 1);
    if (at < text.length && (char !== ',' || depth > 0 || quoted)) continue;
    const part = text.slice(start, at);
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : part.slice(equals + 1).replace(/^"(.*)"$/, '$1');
    if (key !== '') found.push({ key, value, index: start + equals + 1 });
    start = at + 1;
  }
  return found;
}

function readCpus(word: Word, config: ReturnType<typeof locatedObject>, place: Place): void {
  for (const { key, value, index } of settings(word.text)) {
    const at = place(word.at(index));
    if (/[$`]/.test(value)) {
      const message = `--cpus ${key}=${value}: only the shell knows it; supply it with --define, or write the number`;
      throw inputError(at.file, message, at.line, at.column);
    }
    if (key !== 'topology') {
      config.set(['cpus', lookup(CPU_KEYS, key) ?? key], value, at);
      continue;
    }
    const parts = value.split(':');
    if (parts.length !== TOPOLOGY_KEYS.length) {
      const message = `topology=${value}: four numbers are expected, threads:cores:dies:packages`;
      throw inputError(at.file, message, at.line, at.column);
    }
    for (const [n, name] of TOPOLOGY_KEYS.entries()) config.set(['cpus', 'topology', name], parts[n], at);
  }
}

/** "[1-2,4]" → "1-2,4" */
function numbersIn(text: string): string {
  return text.replace(/^\[|\]$/g, '');
}
