/**
 * Proxmox VE's `key: value` files: /etc/pve/qemu-server/ID.conf, and what `qm config` prints, with the prompt before and
 * behind it. Snapshots are left out.
 */
import type { Fact } from '../qemu/facts.ts';
import type { Place } from '../qemu/option.ts';
import { TextError } from '../text/text.ts';

export interface Setting extends Fact<string> {
  /** Offset of the value. */
  readonly offset: number;
}

/** Settings of the machine as it is, by key. */
export type Config = ReadonlyMap<string, Setting>;

const LINE = /^([a-z][a-z_-]*\d*):([ \t]*)(.*)$/;

/** "root@pve:~# qm config 120": a prompt, with or without a command behind it. */
const PROMPT = /^[\w.-]+@[\w.-]+:[^#$]*[#$](?:\s.*)?$|^[#$] qm config \d+\s*$/;

/** Where another machine begins: the name of its file, as `head` and loops print it, or the command that prints it. */
const BEGINS =
  /^(?:#|==>)?\s*\/etc\/pve\/(?:nodes\/[^/\s]+\/)?qemu-server\/\d+\.conf(?:\s*<==)?\s*$|[#$] qm config \d+\b.*$/;

/** Keys that no other `key: value` format has. */
const TELLING =
  /^(?:cores|sockets|scsihw|ostype|bootdisk|vmgenid|smbios1|onboot|agent|efidisk\d|hostpci\d+|machine|(?:net|scsi|virtio|ide|sata)\d+)$/;

/** Keys whose value may be empty. */
const MAY_BE_EMPTY: readonly string[] = ['boot', 'bootdisk', 'description', 'tags'];

/** True if all lines before the first section are settings, and one is Proxmox's. */
export function looksLikeConfig(head: string): boolean {
  let telling = false;
  for (const line of head.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line) || PROMPT.test(line) || BEGINS.test(line)) continue;
    if (line.startsWith('[')) break;
    const match = LINE.exec(line);
    // An empty value begins a block of YAML, but for keys that Proxmox writes so.
    if (!match || (match[3].trim() === '' && !MAY_BE_EMPTY.includes(match[1]))) return false;
    telling ||= TELLING.test(match[1]);
  }
  return telling;
}

/** A machine of a text. */
export interface ConfigPart {
  readonly config: Config;
  /** What is not taken: a key that is there twice, and changes that wait for the next start. */
  readonly left: readonly Setting[];
}

/** The machines of a text, at least one. Throws TextError for a line that is none. */
export function parseConfigs(text: string, place: Place): readonly ConfigPart[] {
  const parts: { config: Map<string, Setting>; left: Setting[] }[] = [{ config: new Map(), left: [] }];
  let section = '';
  let offset = 0;
  for (const whole of text.split('\n')) {
    const line = whole.replace(/\r$/, '');
    if (BEGINS.test(line)) {
      section = '';
      if (parts.at(-1)?.config.size) parts.push({ config: new Map(), left: [] });
    } else if (line.startsWith('[')) section = line.trim();
    else parseLine(line, { section, offset, place }, parts[parts.length - 1]);
    offset += whole.length + 1;
  }
  return parts.length > 1 ? parts.filter(({ config }) => config.size > 0) : parts;
}

function parseLine(
  line: string,
  { section, offset, place }: { readonly section: string; readonly offset: number; readonly place: Place },
  { config, left }: { readonly config: Map<string, Setting>; readonly left: Setting[] },
): void {
  const match = LINE.exec(line);
  if (!match) {
    if (section === '' && !/^\s*(?:#.*)?$/.test(line) && !PROMPT.test(line))
      throw new TextError(offset, 'expected "key: value", a comment or [section]');
    return;
  }
  const [, key, blank, rest] = match;
  const start = offset + key.length + 1 + blank.length;
  const value = rest.trim();
  const said = (text: string) => left.push({ value: text, at: place(offset), offset: start });
  // Snapshots say what was; what is pending says what will be.
  if (section === '[PENDING]') said(`${section} ${key}: ${value}`);
  if (section !== '') return;
  if (config.has(key) && config.get(key)?.value !== value) said(`a second ${key}: ${value}`);
  else config.set(key, { value, at: place(offset), offset: start });
}

/** The settings of the first machine. Throws TextError as {@link parseConfigs}. */
export const parseConfig = (text: string, place: Place): Config => parseConfigs(text, place)[0].config;

/** "virtio=AA:BB,queues=4" → properties; a first part without "=" has the key `implied`. */
export function properties(setting: Setting | undefined, implied: string): Map<string, Fact<string>> {
  const props = new Map<string, Fact<string>>();
  for (const [index, part] of (setting?.value ?? '').split(',').entries()) {
    const equals = part.indexOf('=');
    const [key, value] =
      equals < 0 ? [index === 0 ? implied : part, part] : [part.slice(0, equals), part.slice(equals + 1)];
    if (part !== '') props.set(key, { value, at: setting?.at });
  }
  return props;
}

/** Settings of a numbered kind ("net0", "net1" …), by number. */
export function numbered(config: Config, kind: string): readonly { number: number; setting: Setting }[] {
  const found = [...config].flatMap(([key, setting]) => {
    const rest = key.startsWith(kind) ? key.slice(kind.length) : '';
    return /^\d{1,4}$/.test(rest) ? [{ number: Number(rest), setting }] : [];
  });
  return found.sort((a, b) => a.number - b.number);
}
