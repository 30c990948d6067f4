/**
 * Proxmox VE's `key: value` files: /etc/pve/qemu-server/ID.conf, and what `qm config` prints, with the prompt before and
 * behind it. Snapshots and pending changes are left out.
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

/** Keys that no other `key: value` format has. */
const TELLING =
  /^(?:cores|sockets|scsihw|ostype|bootdisk|vmgenid|smbios1|onboot|agent|efidisk\d|hostpci\d+|machine|(?:net|scsi|virtio|ide|sata)\d+)$/;

/** Keys whose value may be empty. */
const MAY_BE_EMPTY: readonly string[] = ['boot', 'bootdisk', 'description', 'tags'];

/** True if all lines before the first section are settings, and one is Proxmox's. */
export function looksLikeConfig(head: string): boolean {
  let telling = false;
  for (const line of head.split('\n')) {
    if (/^\s*(?:#.*)?$/.test(line) || PROMPT.test(line)) continue;
    if (line.startsWith('[')) break;
    const match = LINE.exec(line);
    // An empty value begins a block of YAML, but for keys that Proxmox writes so.
    if (!match || (match[3].trim() === '' && !MAY_BE_EMPTY.includes(match[1]))) return false;
    telling ||= TELLING.test(match[1]);
  }
  return telling;
}

/** Reads the settings before the first section. Throws TextError for a line that is none. */
export function parseConfig(text: string, place: Place): Config {
  const settings = new Map<string, Setting>();
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) break;
    const match = LINE.exec(line);
    if (match) {
      const start = offset + match[1].length + 1 + match[2].length;
      settings.set(match[1], { value: match[3].trim(), at: place(offset), offset: start });
    } else if (!/^\s*(?:#.*)?$/.test(line) && !PROMPT.test(line)) {
      throw new TextError(offset, 'expected "key: value", a comment or [section]');
    }
    offset += line.length + 1;
  }
  return settings;
}

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
