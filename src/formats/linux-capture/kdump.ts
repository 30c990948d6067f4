/**
 * What the kdump service gives the crash kernel: /etc/sysconfig/kdump (Fedora, Red Hat, SUSE), /etc/default/kdump-tools
 * (Debian, Ubuntu) and the drivers that /etc/kdump.conf leaves out.
 */
import { parseCmdline } from '../../machine/cmdline.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { Place } from './place.ts';
import { type Tree, textOf } from './tree.ts';

/** Names of the variables in a file of the service. */
interface ServiceFile {
  readonly path: string;
  /** Stands in place of the running kernel's parameters. */
  readonly whole: string;
  readonly append: string;
  /** Parameters that are left out of the running kernel's. */
  readonly remove?: string;
  /** Number of CPUs; the service writes it as nr_cpus=. */
  readonly cpus?: string;
}

const SERVICE_FILES: readonly ServiceFile[] = [
  {
    path: 'etc/sysconfig/kdump',
    whole: 'KDUMP_COMMANDLINE',
    append: 'KDUMP_COMMANDLINE_APPEND',
    remove: 'KDUMP_COMMANDLINE_REMOVE',
    cpus: 'KDUMP_CPUS',
  },
  { path: 'etc/default/kdump-tools', whole: 'KDUMP_CMDLINE', append: 'KDUMP_CMDLINE_APPEND' },
];

const CONF = 'etc/kdump.conf';

interface Setting {
  readonly value: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** The last assignment of a variable that is not empty, quotes taken off. */
function settingOf(text: string, name: string): Setting | undefined {
  const assignments = new RegExp(
    `^[ \\t]*(?:export[ \\t]+)?${name}=(?:"([^"]*)"|'([^']*)'|([^\\s#]*))`,
    'gm',
  );
  const found = [...text.matchAll(assignments)].at(-1);
  if (!found) return undefined;
  const value = (found[1] ?? found[2] ?? found[3] ?? '').replace(/\\\n/g, ' ').replace(/\s+/g, ' ').trim();
  return value === '' ? undefined : { value, line: text.slice(0, found.index).split('\n').length };
}

/** Drivers that dracut leaves out of the crash kernel's initramfs: `dracut_args --omit-drivers "a b"`. */
function omittedDrivers(tree: Tree): string[] {
  const text = textOf(tree, CONF) ?? '';
  return text
    .split('\n')
    .filter((line) => /^\s*dracut_args\s/.test(line))
    .flatMap((line) => [...line.matchAll(/--omit-drivers[= ]+(?:"([^"]*)"|'([^']*)'|(\S+))/g)])
    .flatMap(([, double, single, bare]) => (double ?? single ?? bare).split(/[\s,]+/))
    .filter((driver) => driver !== '');
}

/** The parameters of a line without those that are named, with or without a value. */
function without(cmdline: string, names: string): string {
  const gone = new Set(names.split(' '));
  return cmdline
    .split(/\s+/)
    .filter((word) => word !== '' && !gone.has(word.split('=', 1)[0]))
    .join(' ');
}

/** Sets `kdump` and `kdumpBase` where memory is kept for a crash kernel and a file of the service tells its parameters. */
export function describeKdump(sheet: DescriptionBuilder, tree: Tree, place: Place): void {
  const running = textOf(tree, 'proc/cmdline') ?? '';
  if (!parseCmdline(running).crashkernel) return;
  const drivers = omittedDrivers(tree);
  const omitted = drivers.length === 0 ? [] : [`rd.driver.blacklist=${drivers.join(',')}`];
  for (const { path, whole, append, remove, cpus } of SERVICE_FILES) {
    const text = textOf(tree, path);
    if (text === undefined) continue;
    const added = settingOf(text, append);
    const count = cpus === undefined ? undefined : settingOf(text, cpus);
    const number = count && /^\d{1,5}$/.test(count.value) ? [`nr_cpus=${count.value}`] : [];
    const words = [...(added ? [added.value] : []), ...number, ...omitted];
    if (words.length > 0)
      sheet.set(['kdump'], words.join(' ').slice(0, 65_536), place(path, added?.line ?? count?.line));
    const replaced = settingOf(text, whole);
    const gone = remove === undefined ? undefined : settingOf(text, remove);
    const base = without(replaced?.value ?? running, gone?.value ?? '');
    if (base !== without(running, ''))
      sheet.set(['kdumpBase'], base.slice(0, 65_536), place(path, (replaced ?? gone)?.line));
    return;
  }
  if (omitted.length > 0)
    sheet.assume(`the crash kernel has no driver ${drivers.join(', ')}, by /${CONF}`, ['kdump']);
}
