/** The machine that irqsim runs on: its files, and the log of its kernel, which is no file. */
import { spawnSync } from 'node:child_process';
import type { Tree } from '../../formats/linux-capture/tree.ts';

/** Where captures keep the log: it is asked for first. */
const LOG = 'dmesg.txt';
const LOG_BYTES = 16 * 2 ** 20;

/** Programs that print the log, the one with all messages of the boot first. */
const PROGRAMS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['dmesg'],
  ['journalctl', '--no-pager', '-k', '-b'],
];

/** What a program prints; undefined if it cannot be run, or fails: not everybody may read the log. */
export type Run = (program: string, args: readonly string[]) => Uint8Array | undefined;

function run(program: string, args: readonly string[]): Uint8Array | undefined {
  const { status, stdout, error } = spawnSync(program, args, { maxBuffer: LOG_BYTES, timeout: 20_000 });
  return error || status !== 0 || stdout.length === 0 ? undefined : stdout;
}

/** True for a log that reaches back to the boot. */
const isWhole = (log: Uint8Array): boolean => Buffer.from(log).includes('Linux version ');

function logBy(ask: Run): Uint8Array | undefined {
  let part: Uint8Array | undefined;
  for (const [program, ...args] of PROGRAMS) {
    const log = ask(program, args);
    if (log && isWhole(log)) return log;
    part ??= log;
  }
  return part;
}

/** `files` with the log of the running kernel, which is read when somebody asks for it. */
export function liveTree(files: Tree, ask: Run = run): Tree {
  let log: { readonly bytes: Uint8Array | undefined } | undefined;
  return {
    ...files,
    read(path) {
      if (path !== LOG) return files.read(path);
      log ??= { bytes: logBy(ask) };
      return log.bytes ?? files.read(path);
    },
  };
}
