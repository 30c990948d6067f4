/** Where each value was written, and the error that lists everything wrong with an input. */
import { visible } from '../lib/visible.ts';

/** Where a value was written; `undefined` in a location lookup means "default, written nowhere". */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Path of a value in the description, e.g. `['devices', 0, 'queues']`. */
export type Path = readonly (string | number)[];

/**
 * Finds where the value at a path was written, or (`at: 'key'`) the key that leads to it.
 * `undefined`: written nowhere, it is a default.
 */
export type Locate = (path: Path, at?: 'key' | 'value') => Location | undefined;

/** A description before validation: any JSON-like value, and where its parts were written. */
export interface RawInput {
  readonly value: unknown;
  readonly locate: Locate;
}

/** One thing that is wrong with an input, and where; lines and columns count from 1. */
export interface InputProblem extends Location {
  readonly message: string;
}

/** Prefix of the "file" of values that came from `--set` on the command line. */
export const SET_PREFIX = '--set ';
/** Options that set one key: what they change is located at the option as it was typed. */
export const KEY_OPTIONS: readonly (readonly [prefix: string, key: string])[] = [
  ['--kernel ', 'kernel'],
  ['--policy ', 'policy'],
];
/** The same for `--event`. */
export const EVENT_PREFIX = '--event ';

/** Problems listed in one error; the rest are counted. */
const MAX_LISTED = 20;

/** The input is wrong. Holds every problem found (at most 20, `more` counts the others); exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
  readonly problems: readonly InputProblem[];
  readonly more: number;

  constructor(problems: readonly InputProblem[], more = 0) {
    super(formatProblems(problems, more));
    this.problems = problems;
    this.more = more;
  }

  /** One `file:line:column: message` a line. */
  format(): string {
    return formatProblems(this.problems, this.more);
  }
}

function formatProblems(problems: readonly InputProblem[], more: number): string {
  const lines = problems.map(({ file, line, column, message }) =>
    file.startsWith(SET_PREFIX) ||
    file.startsWith(EVENT_PREFIX) ||
    KEY_OPTIONS.some(([prefix]) => file.startsWith(prefix))
      ? visible(`${file}: ${message}`)
      : visible(`${file}:${line}:${column}: ${message}`),
  );
  if (more > 0) lines.push(`and ${more} more ${more === 1 ? 'problem' : 'problems'}`);
  return lines.join('\n');
}

/** An error about the file as a whole (line 1, column 1) or about one place in it. */
export function inputError(file: string, message: string, line = 1, column = 1): InputError {
  return new InputError([{ file, line, column, message }]);
}

/** Text from the input, shortened and made printable for a message. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** `['devices', 0, 'queues']` → "devices[0].queues"; the empty path is "the description". */
export function pathText(path: Path): string {
  if (path.length === 0) return 'the description';
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[\w$-]{1,40}$/.test(step)) text += `[${excerpt(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Collects problems, so that all of them are reported in one go. */
export interface Problems {
  /**
   * Notes a problem at a path; a path written nowhere is located at the nearest parent that is. A
   * message that costs time is given as a function: problems past the limit are only counted.
   */
  add(path: Path, message: string | (() => string), at?: 'key' | 'value'): void;
  /** Throws `InputError` if anything was noted. */
  throwIfAny(): void;
}

/** An empty list of problems about `file`. */
export function collectProblems(file: string, locate: Locate): Problems {
  const listed: InputProblem[] = [];
  let more = 0;
  return {
    add(path, message, at) {
      if (listed.length < MAX_LISTED) {
        const { line, column, file: where } = locateNearest(path, locate, file, at);
        listed.push({
          file: where,
          line,
          column,
          message: typeof message === 'string' ? message : message(),
        });
      } else more++;
    },
    throwIfAny() {
      if (listed.length === 0) return;
      listed.sort((a, b) => a.line - b.line || a.column - b.column);
      throw new InputError(listed, more);
    },
  };
}

/** Location of a path, or of the nearest parent that was written; at last line 1, column 1. */
export function locateNearest(path: Path, locate: Locate, file: string, at?: 'key' | 'value'): Location {
  let found = locate(path, at);
  for (let depth = path.length - 1; found === undefined && depth >= 0; depth--) {
    found = locate(path.slice(0, depth));
  }
  return found ?? { file, line: 1, column: 1 };
}
