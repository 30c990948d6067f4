/** Options of vng and virtme-run (virtme-ng 1.x): how many words each takes, and which say nothing of the guest's hardware. */
import { lookup } from '../../lib/lookup.ts';
import type { Word } from '../text/shell.ts';

type Takes = 'none' | 'one' | 'maybe' | 'rest';

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Options that decide on CPUs, devices, the machine type or the kernel's parameters: reader.ts reads them. */
const READ: Readonly<Record<Takes, readonly string[]>> = {
  none: names('disable-microvm disable-kvm force-9p debug balloon sound'),
  one: names('cpus numa pin disk blk-disk append kopt rodir rwdir arch qemu-opts nvgpu'),
  maybe: names('network net server graphics'),
  rest: [],
};

/** Options without bearing on them. */
const IDLE: Readonly<Record<Takes, readonly string[]>> = {
  none: names(`quiet verbose dry-run skip-config skip-modules no-virtme-ng-init gdb snaps rw force-initramfs show-command
    show-boot-console disable-monitor systemd empty-passwords rust`),
  one: names(`memory cwd pwd user root root-release overlay-rwdir exec name qemu qemu-bin numa-distance net-mac-address
    busybox kimg kdir mods script-sh script-exec init-sh config configitem compiler cross-compile build-host
    build-host-exec-prefix build-host-vmlinux commit port`),
  maybe: names('run installed-kernel'),
  rest: [],
};

/** Options that start no guest. */
export const WITHOUT_GUEST: ReadonlySet<string> = new Set(
  names('build clean kconfig dump version help client ssh-client console-client init'),
);

/** Options by their letter. */
const LETTERS = {
  a: 'append',
  b: 'build',
  c: 'clean',
  D: 'disk',
  e: 'exec',
  f: 'config',
  g: 'graphics',
  h: 'help',
  k: 'kconfig',
  m: 'memory',
  n: 'network',
  o: 'qemu-opts',
  p: 'cpus',
  q: 'quiet',
  r: 'run',
  s: 'skip-modules',
  v: 'verbose',
} as const;

const TAKES: ReadonlyMap<string, Takes> = new Map(
  [READ, IDLE].flatMap((table) =>
    (Object.keys(table) as Takes[]).flatMap((takes) => table[takes].map((name) => [name, takes] as const)),
  ),
);

const BEARING: ReadonlySet<string> = new Set(Object.values(READ).flat());

/** An option as it stands on the command line. */
export interface Given {
  /** In full, without dashes: "cpus" also for -p. */
  readonly name: string;
  readonly word: Word;
  readonly value: Word | undefined;
  /** The words behind it, of an option that takes all of them. */
  readonly rest: readonly Word[];
  readonly kind: 'read' | 'idle' | 'without guest' | 'unknown';
}

export interface GivenWords {
  readonly options: readonly Given[];
  /** Words that belong to no option. */
  readonly loose: readonly Word[];
}

/** The words behind the program; virtme-run gives all that follows `--qemu-opts` to QEMU, vng one word. */
export function givenWords(words: readonly Word[], program: string): GivenWords {
  const options: Given[] = [];
  const loose: Word[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    // What follows is the command that runs in the guest.
    if (word.text === '--') break;
    const written = writtenName(word);
    if (written === undefined) {
      loose.push(word);
      continue;
    }
    const { name, inline } = written;
    const takesRest = name === 'qemu-opts' && program === 'virtme-run';
    const takes = takesRest && !inline ? 'rest' : (TAKES.get(name) ?? 'none');
    const next = words.at(index + 1);
    const takesNext =
      takes === 'one' || (takes === 'maybe' && next !== undefined && !next.text.startsWith('-'));
    const value = inline ?? (takesNext ? next : undefined);
    if (!inline && takesNext) index++;
    const rest = takes === 'rest' ? words.slice(index + 1) : [];
    options.push({ name, word, value, rest, kind: kindOf(name) });
    if (takes === 'rest') break;
  }
  return { options, loose };
}

function kindOf(name: string): Given['kind'] {
  if (WITHOUT_GUEST.has(name)) return 'without guest';
  if (!TAKES.has(name)) return 'unknown';
  return BEARING.has(name) ? 'read' : 'idle';
}

/** `--cpus=4`, `-p4`, `-vr`: the name that may take a value, with the value that stands in the same word. */
function writtenName(word: Word): { name: string; inline: Word | undefined } | undefined {
  const inlineAt = (start: number): Word | undefined =>
    start >= word.text.length
      ? undefined
      : { ...word, text: word.text.slice(start), at: (index) => word.at(index + start) };
  const long = /^--([\w-]+)(=?)/.exec(word.text);
  if (long) return { name: fullName(long[1]), inline: long[2] ? inlineAt(long[0].length) : undefined };
  if (!/^-[A-Za-z]/.test(word.text)) return undefined;
  for (let at = 1; at < word.text.length; at++) {
    const letter = word.text[at];
    const name = lookup(LETTERS, letter);
    if (name === undefined) return { name: word.text.slice(1), inline: undefined };
    const isLast = at === word.text.length - 1;
    if (isLast || WITHOUT_GUEST.has(name)) return { name, inline: undefined };
    if (TAKES.get(name) !== 'none') return { name, inline: inlineAt(at + 1) };
  }
  return undefined;
}

/** Names may be shortened as long as they stay unique. */
function fullName(written: string): string {
  if (TAKES.has(written) || WITHOUT_GUEST.has(written)) return written;
  const longer = [...TAKES.keys(), ...WITHOUT_GUEST].filter((name) => name.startsWith(written));
  return longer.length === 1 ? longer[0] : written;
}
