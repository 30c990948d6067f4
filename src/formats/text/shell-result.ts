/** What a script that was played would run. */
import type { Word } from './shell-words.ts';

/** A command with the words it gets. */
export interface RunCommand {
  readonly words: readonly Word[];
  /** The line ends behind it, so what follows may have been meant to belong to it. */
  readonly endsLine: boolean;
}

export interface ScriptRun {
  readonly commands: readonly RunCommand[];
  /** Names whose default counts because nothing sets them. */
  readonly defaults: ReadonlySet<string>;
  /** Names of `--define` that the script asked for. */
  readonly asked: ReadonlySet<string>;
  /** Commands that read another file or the terminal into the script. */
  readonly sourced: readonly Word[];
}

/** Several scripts, one after the other, as one. */
export function joinRuns(runs: readonly ScriptRun[]): ScriptRun {
  return {
    commands: runs.flatMap(({ commands }) => commands),
    defaults: new Set(runs.flatMap(({ defaults }) => [...defaults])),
    asked: new Set(runs.flatMap(({ asked }) => [...asked])),
    sourced: runs.flatMap(({ sourced }) => sourced),
  };
}
