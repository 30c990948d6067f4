/** A look at one value of somebody else's configuration: what it holds, and where it stands. */
import { lookup } from '../../lib/lookup.ts';
import {
  type InputError,
  inputError,
  type Location,
  locateNearest,
  type Path,
  pathText,
  type RawInput,
} from '../../machine/locate.ts';

export interface SourceValue {
  readonly value: unknown;
  /** Where it is written. */
  readonly place: Location;
  /** The value below; undefined if it is not there, or null. */
  get(...path: Path): SourceValue | undefined;
  /** The parts of a list; throws InputError for anything else. */
  list(): readonly SourceValue[];
  /** The keys of a mapping; throws InputError for anything else. */
  keys(): readonly string[];
  /** A whole number in a range, also written as text; throws InputError for anything else. */
  whole(min: number, max: number): number;
  /** Text, or a number as it is written; throws InputError for anything else. */
  text(): string;
  /** A switch: true, on, yes and 1 are on, their opposites off; throws InputError for anything else. */
  isOn(): boolean;
  /** The error that something else should stand here. */
  fail(message: string): InputError;
}

const SWITCHES = {
  true: true,
  on: true,
  yes: true,
  1: true,
  false: false,
  off: false,
  no: false,
  0: false,
} as const;

/** The top value of `raw`, or the one at `path`. `file` names the input in messages. */
export function sourceValue(raw: RawInput, file: string, path: Path = []): SourceValue {
  return view(valueAt(raw.value, path), raw, file, path);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => stepInto(at, step), value);
}

function stepInto(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

function view(value: unknown, raw: RawInput, file: string, path: Path): SourceValue {
  const place = () => locateNearest(path, raw.locate, file);
  const fail = (message: string) => {
    const { file: where, line, column } = place();
    return inputError(where, message, line, column);
  };
  const expected = (what: string) => fail(`${pathText(path)}: ${what} is expected`);
  return {
    value,
    get place() {
      return place();
    },
    get(...below) {
      const found = valueAt(value, below);
      return found === undefined || found === null ? undefined : view(found, raw, file, [...path, ...below]);
    },
    list() {
      if (!Array.isArray(value)) throw expected('a list');
      return value.map((part, index) => view(part, raw, file, [...path, index]));
    },
    keys() {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('a mapping');
      return Object.keys(value);
    },
    whole(min, max) {
      const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
        throw expected(`a whole number from ${min} to ${max}`);
      }
      return number;
    },
    text() {
      if (typeof value !== 'string' && typeof value !== 'number') throw expected('text');
      return String(value);
    },
    isOn() {
      const on = lookup(SWITCHES, String(value).toLowerCase());
      if (on === undefined || typeof value === 'object') throw expected('on or off');
      return on;
    },
    fail,
  };
}
