/** What of a QEMU command is not understood: unknown options, leftover words, what only the shell knows. */
import { isKeyOf } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import { MAY_HOLD, type MayHold } from '../../machine/not-understood.ts';
import type { Notes, UnreadPart } from '../notes.ts';
import type { Word } from '../text/shell.ts';
import type { Unknown } from '../text/shell-words.ts';
import { unreadIdle } from './idle-options.ts';
import { commaParts, type Place, parseOptions, type QemuOption } from './option.ts';
import { optionKind } from './option-names.ts';
import { type CommandWords, commandWords, type WrittenOption } from './words.ts';

/** What any option may be about. */
export const ANYTHING: readonly MayHold[] = MAY_HOLD.filter((what) => what !== 'the kernel');

/** What the argument of an option is about. */
const ABOUT = {
  machine: ['the machine type', 'the irqchip'],
  accel: ['the irqchip'],
  smp: ['CPUs'],
  cpu: ['CPUs'],
  numa: ['CPUs'],
  device: ['devices'],
  netdev: ['devices'],
  nic: ['devices'],
  net: ['devices'],
  drive: ['devices'],
  global: ['devices'],
  vga: ['devices'],
  object: ['the irqchip'],
  append: ['the kernel'],
  readconfig: ANYTHING,
} as const satisfies Readonly<Record<string, readonly MayHold[]>>;

/** Properties that say nothing about queues, vectors or places: names, files, addresses of the host. */
const IDLE_PROPERTY =
  /^(?:id|mac|macaddr|serial|file|path|drive|chardev|romfile|bootindex|guest|host|hostfwd|guestfwd|ifname|script|downscript|br|hostname|host_mtu|wwn|logical_block_size|physical_block_size|format|cache|aio|discard|detect-zeroes|readonly|media|backing|mem|memdev|size|share|mem-path|tls-creds|addr6|net|dhcpstart|smb|tftp|bootfile|sock|fd|fds|vhostfd|vhostfds|helper|process|debug-threads|osk|audiodev|display|hostbus|hostaddr|vendorid|productid|port|guest-cid|mount_tag|fsdev|tag|rombar|share-rw|write-cache|iothread|uuid|edid|xres|yres|max_outputs|pflash\d|firmware|kernel|initrd|append|dtb|memory-backend|memory-encryption)$/;

/** How to supply what only the shell knows. */
export function defineRemedy({ name, written }: Unknown): string {
  if (name === undefined) return `write the value in place of ${excerpt(written)}`;
  const define = /^\w+$/.test(name) ? `${name}=VALUE` : `'${name}=VALUE'`;
  return `supply the value with --define ${define}`;
}

/** The parts of a command that were not understood. Throws TextError as {@link commandWords}. */
export function unreadWords({ options, rest }: CommandWords, place: Place): UnreadPart[] {
  return [
    ...options.flatMap((option) => unreadOption(option, place)),
    ...rest.flatMap((word, index) => unreadRest(word, index, place)),
  ];
}

function unreadOption({ name, word, argument }: WrittenOption, place: Place): UnreadPart[] {
  const kind = optionKind(name);
  const at = place(word.at(0));
  if (!kind) {
    const part = argument ? `${word.text} ${argument.text}` : word.text;
    return [{ part: excerpt(part), mayHold: ANYTHING, remedy: undefined, at }];
  }
  if (!argument) return [];
  if (!argument.unknowns) return kind.role === 'idle' ? unreadIdle(name, argument, place) : [];
  const parts = expansions(argument, place);
  if (parts.length > 0 || kind.role === 'idle') return parts;
  const [unknown] = bearing(name, argument);
  if (!unknown || !isKeyOf(ABOUT, name)) return [];
  const part = excerpt(`${word.text} ${argument.text}`);
  return [{ part, mayHold: ABOUT[name], remedy: defineRemedy(unknown), at }];
}

/** Expansions of a word that may bring further options. */
function expansions(word: Word, place: Place): UnreadPart[] {
  const open = (word.unknowns ?? []).filter((unknown) => unknown.splits && !isIdle(unknown));
  return open.map((unknown) => ({
    part: excerpt(unknown.written),
    mayHold: ANYTHING,
    remedy: defineRemedy(unknown),
    at: place(word.at(0)),
  }));
}

/** True if every choice of words is known to have no bearing. */
function isIdle({ choices }: Unknown): boolean {
  if (!choices) return false;
  return choices.every((words) => {
    const { options, rest } = commandWords(words);
    return rest.length === 0 && options.every(({ name }) => optionKind(name)?.role === 'idle');
  });
}

/** What only the shell knows in properties that matter. */
function bearing(name: string, argument: Word): readonly Unknown[] {
  const unknowns = argument.unknowns ?? [];
  if (name === 'append')
    return unknowns.filter(({ written }) => !isValueOfIdleParameter(argument.text, written));
  if (name === 'name' || name === 'drive') return [];
  const matters = commaParts(argument.text).filter(({ part }) => {
    const equals = part.indexOf('=');
    return equals < 0 || !IDLE_PROPERTY.test(part.slice(0, equals));
  });
  return unknowns.filter(({ written }) => matters.some(({ part }) => part.includes(written)));
}

/** Parameters that name disks, consoles and programs. */
function isValueOfIdleParameter(cmdline: string, written: string): boolean {
  return cmdline
    .split(/\s+/)
    .filter((word) => word.includes(written))
    .every((word) =>
      /^(?:root|rootfstype|rootflags|init|rdinit|console|earlyprintk|ip|BOOT_IMAGE|loglevel|panic|nfsroot|systemd\.[\w.]+)=/.test(
        word,
      ),
    );
}

/** Names of variables that hold a disk image, and the first word that a script is given. */
const NAMES_IMAGE = /im(?:g|age)|disk|iso|file|hda|drive|qcow|raw|path|root|\$\{?1\b/i;

/** QEMU takes one word without a dash for a disk image. */
function unreadRest(word: Word, index: number, place: Place): UnreadPart[] {
  const at = place(word.at(0));
  if (word.unknowns) {
    const open = expansions(word, place);
    const [first] = word.unknowns;
    // A single word: a disk image, as its name may say, or an option.
    if (open.length > 0 || word.text !== first.written || NAMES_IMAGE.test(first.written)) return open;
    return [{ part: excerpt(word.text), mayHold: ANYTHING, remedy: defineRemedy(first), at }];
  }
  const part = excerpt(word.text);
  // A dash of a word processor instead of a minus.
  if (/^[\u2010-\u2015\u2212]/.test(word.text)) {
    return [{ part, mayHold: ANYTHING, remedy: 'write "-" instead of the dash', at }];
  }
  return index === 0 ? [] : [{ part, mayHold: [], remedy: undefined, at }];
}

/** The options among further words of a command; what of them is not understood goes into the notes. */
export function furtherOptions(words: readonly Word[], place: Place, notes: Notes): QemuOption[] {
  const parts = commandWords(words);
  for (const { part, at, mayHold, remedy } of unreadWords(parts, place)) {
    notes.notUnderstood(part, at, mayHold, remedy);
  }
  return parseOptions(parts.options, place);
}
