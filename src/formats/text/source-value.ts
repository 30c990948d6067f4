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
  return new View(valueAt(raw.value, path), raw, file, path);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => stepInto(at, step), value);
}

function stepInto(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}

/** A class, for a fleet makes a hundred looks for each of its machines. */
class View implements SourceValue {
  readonly value: unknown;
  readonly #raw: RawInput;
  readonly #file: string;
  readonly #path: Path;

  constructor(value: unknown, raw: RawInput, file: string, path: Path) {
    this.value = value;
    this.#raw = raw;
    this.#file = file;
    this.#path = path;
  }

  get place(): Location {
    return locateNearest(this.#path, this.#raw.locate, this.#file);
  }

  get(...below: Path): SourceValue | undefined {
    const found = valueAt(this.value, below);
    if (found === undefined || found === null) return undefined;
    return new View(found, this.#raw, this.#file, [...this.#path, ...below]);
  }

  list(): readonly SourceValue[] {
    if (!Array.isArray(this.value)) throw this.#expected('a list');
    return this.value.map((part, index) => new View(part, this.#raw, this.#file, [...this.#path, index]));
  }

  keys(): readonly string[] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.#expected('a mapping');
    return Object.keys(value);
  }

  whole(min: number, max: number): number {
    const { value } = this;
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max)
      throw this.#expected(`a whole number from ${min} to ${max}`);
    return number;
  }

  text(): string {
    const { value } = this;
    if (typeof value !== 'string' && typeof value !== 'number') throw this.#expected('text');
    return String(value);
  }

  isOn(): boolean {
    const on = lookup(SWITCHES, String(this.value).toLowerCase());
    if (on === undefined || typeof this.value === 'object') throw this.#expected('on or off');
    return on;
  }

  fail(message: string): InputError {
    const { file, line, column } = this.place;
    return inputError(file, message, line, column);
  }

  #expected(what: string): InputError {
    return this.fail(`${pathText(this.#path)}: ${what} is expected`);
  }
}
