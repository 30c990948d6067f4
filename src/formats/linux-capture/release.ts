/** The kernel release of a captured machine: from wherever a live machine, a sosreport or a log says it. */
import { LOG_FILES } from './kernel-log.ts';
import { type Tree, textOf } from './tree.ts';

export interface FoundRelease {
  /** "6.1.176", "5.14.0-427.13.1.el9_4.x86_64". */
  readonly release: string;
  /** The file that says so. */
  readonly path: string;
}

const BANNER = /^(?:.*\b)?Linux version (\S+)/m;
const UNAME = /^Linux \S+ (\d\S*)/;

/**
 * Where it may be, best first. Distributions put the stable release they are built from where `uname -r` hides it; a
 * sosreport has no proc/version, but uname and the log.
 */
const PLACES: readonly (readonly [path: string, pattern: RegExp])[] = [
  ['proc/version', /#\d+ .*\bDebian (\d+\.\d+\.\d+)/],
  ['proc/version_signature', /(\d+\.\d+\.\d+)\s*$/],
  ['proc/version', BANNER],
  ['uname', UNAME],
  ['sos_commands/kernel/uname_-a', UNAME],
  ...LOG_FILES.map((path) => [path, BANNER] as const),
];

/** The stable release, or undefined if no file of the tree says one. */
export function kernelRelease(tree: Tree): FoundRelease | undefined {
  for (const [path, pattern] of PLACES) {
    const match = pattern.exec(textOf(tree, path) ?? '');
    if (match) return { release: match[1], path };
  }
  return undefined;
}
