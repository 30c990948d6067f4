/**
 * A supportconfig (SUSE): texts of many sections, each the output of a command or a file. Those that irqsim knows are
 * shown as the files of a captured machine, so that all that reads one reads the other.
 */
import type { DescriptionBuilder } from '../description-builder.ts';
import type { Sections, Tree } from './tree.ts';

/** Texts that hold what irqsim reads; an archive's others are passed over. */
export const SUPPORTCONFIG_FILES: readonly string[] = [
  'basic-environment.txt',
  'boot.txt',
  'crash.txt',
  'hardware.txt',
  'proc.txt',
];

/** "#==[ Command ]======================================#", and what it is of: "# /bin/dmesg -T". */
const HEAD = /^#==\[ ([A-Za-z ]+) \]=+#\s*$/;
const OF = /^# (\S.*?)\s*$/;

/** Commands, by the file of a captured machine that holds the same. */
const COMMANDS: readonly (readonly [command: RegExp, path: string])[] = [
  [/^(?:\S*\/)?dmesg(?:\s|$)/, 'dmesg.txt'],
  [/^(?:\S*\/)?lspci\s(?=.*nn)(?=.*v)/, 'lspci.txt'],
  [/^(?:\S*\/)?uname\s+-a/, 'uname'],
];
/** Files that are shown at their own path. */
const FILES = /^\/((?:proc|sys)\/\S+|var\/log\/dmesg|etc\/(?:sysconfig\/kdump|kdump\.conf))(?:\s|$)/;

interface Section {
  readonly path: string | undefined;
  readonly file: string;
  /** Of its first line that is not empty, from 1. */
  readonly line: number;
  readonly text: string;
}

function pathOf(of: string): string | undefined {
  return COMMANDS.find(([command]) => command.test(of))?.[1] ?? FILES.exec(of)?.[1];
}

function sectionsOf(file: string, text: string): Section[] {
  const lines = text.split('\n');
  const heads = lines.flatMap((line, index) => (HEAD.test(line) ? [index] : []));
  return heads.map((head, order) => {
    const of = OF.exec(lines[head + 1] ?? '')?.[1] ?? '';
    const end = heads[order + 1] ?? lines.length;
    let first = head + 2;
    while (first < end && lines[first].trim() === '') first++;
    return { path: pathOf(of), file, line: first + 1, text: lines.slice(first, end).join('\n').trimEnd() };
  });
}

/** True for a directory that holds texts of a supportconfig. */
export function isSupportconfig(tree: Tree, names: readonly string[]): boolean {
  return SUPPORTCONFIG_FILES.some((file) => {
    const bytes = names.includes(file) ? tree.read(file) : undefined;
    return (
      bytes !== undefined &&
      new TextDecoder()
        .decode(bytes)
        .split('\n')
        .some((line) => HEAD.test(line))
    );
  });
}

/** The sections of a supportconfig as a captured machine; of those that are there twice the first with a text. */
export function supportconfigTree(tree: Tree): Tree {
  const all = SUPPORTCONFIG_FILES.flatMap((file) => {
    const bytes = tree.read(file);
    return bytes ? sectionsOf(file, new TextDecoder().decode(bytes)) : [];
  });
  const shown = new Map<string, Section>();
  for (const section of all)
    if (section.path !== undefined && section.text !== '' && !shown.has(section.path))
      shown.set(section.path, section);
  const sections: Sections = {
    total: all.length,
    shown: [...shown.keys()],
    origin(path) {
      const section = shown.get(path);
      return section && { path: section.file, line: section.line };
    },
  };
  return {
    read(path) {
      const section = shown.get(path);
      return section && new TextEncoder().encode(section.text);
    },
    list(path) {
      const prefix = path === '' ? '' : `${path}/`;
      const below = [...shown.keys()].filter((name) => name.startsWith(prefix));
      return [...new Set(below.map((name) => name.slice(prefix.length).split('/')[0]))].sort();
    },
    link: () => undefined,
    sections,
  };
}

/** What a supportconfig must have for a report that lacks nothing, by what the report lacks without it. */
const WANTED: readonly (readonly [path: string, what: string, mayHold: 'devices' | 'the irqchip'])[] = [
  ['dmesg.txt', 'the kernel log (# dmesg in boot.txt)', 'the irqchip'],
  ['lspci.txt', 'the devices (# lspci -nnvv in hardware.txt)', 'devices'],
];

/** Names what no section holds, and how much is not read. */
export function describeSections(sheet: DescriptionBuilder, tree: Tree): void {
  const { sections } = tree;
  if (!sections) return;
  const { total, shown } = sections;
  sheet.assume(`supportconfig: of ${total} sections these are read: ${[...shown].sort().join(', ')}`);
  for (const [path, what, mayHold] of WANTED)
    if (!shown.includes(path))
      sheet.notUnderstood(
        `${what}, which no section of the supportconfig holds`,
        undefined,
        [mayHold],
        'irqsim capture as root on the machine',
      );
}
