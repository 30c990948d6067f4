/** `--set KEY=VALUE`: changes a raw description before it is validated. */
import { suggestion } from './did-you-mean.ts';
import { appendEvent } from './event-option.ts';
import {
  EVENT_PREFIX,
  excerpt,
  type InputError,
  inputError,
  type Location,
  type Path,
  type RawInput,
  SET_PREFIX,
} from './locate.ts';

/** Names that would reach into JavaScript's own objects. */
const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype'];

type Mapping = Record<string, unknown>;

interface Assignment {
  readonly steps: readonly string[];
  readonly append: boolean;
  /** As typed. */
  readonly text: string;
  readonly location: Location;
}

/**
 * Applies one `KEY=VALUE` (or `KEY+=VALUE`) and returns the changed description; `raw` stays as it is.
 * KEY is a dotted path in which an element of a list is named by its number or its `name`. VALUE is a
 * number, a JSON string, list or mapping, or plain text (`on` and `off` too). `+=` adds to a text with a
 * blank between, or to a list. The new locator gives `--set KEY=VALUE` for all that was set.
 * Throws `InputError` located at `--set KEY=VALUE`.
 */
export function applySet(raw: RawInput, assignment: string): RawInput {
  const parsed = parseAssignment(assignment);
  const path: (string | number)[] = [];
  const value = assign(raw.value, parsed, 0, path);
  return {
    value,
    locate: (at, part) => (startsWith(at, path) ? parsed.location : raw.locate(at, part)),
  };
}

/** Applies several changes, in order: assignments, and events written as `--event EVENT`. */
export function applySets(raw: RawInput, changes: readonly string[]): RawInput {
  return changes.reduce(
    (changed, text) =>
      text.startsWith(EVENT_PREFIX)
        ? appendEvent(changed, text.slice(EVENT_PREFIX.length))
        : applySet(changed, text),
    raw,
  );
}

function failure({ location }: Pick<Assignment, 'location'>, message: string): InputError {
  return inputError(location.file, message);
}

function parseAssignment(assignment: string): Assignment {
  const location = { file: `${SET_PREFIX}${assignment}`, line: 1, column: 1 };
  const equals = assignment.indexOf('=');
  if (equals < 0) throw failure({ location }, 'expected KEY=VALUE');
  const append = assignment[equals - 1] === '+';
  const key = assignment.slice(0, append ? equals - 1 : equals).trim();
  const steps = key.split('.');
  if (steps.includes('')) throw failure({ location }, 'expected a dotted key such as devices.nvme.queues');
  const forbidden = steps.find((step) => FORBIDDEN.includes(step));
  if (forbidden !== undefined) throw failure({ location }, `unknown key "${forbidden}"`);
  return { steps, append, text: assignment.slice(equals + 1), location };
}

/** Copies the containers along the path, so that values shared through YAML aliases change in one place only. */
function assign(target: unknown, assignment: Assignment, depth: number, path: (string | number)[]): unknown {
  const step = assignment.steps[depth];
  if (step === undefined) return newValue(target, assignment);
  if (Array.isArray(target) || (target === undefined && step === '0')) {
    const list = [...((target as unknown[] | undefined) ?? [])];
    const index = elementIndex(list, step, assignment);
    path.push(index);
    list[index] = assign(list[index], assignment, depth + 1, path);
    return list;
  }
  if (target !== undefined && (typeof target !== 'object' || target === null)) {
    const parent = assignment.steps.slice(0, depth).join('.');
    throw failure(assignment, `${parent} is not a mapping or a list, so it has no "${step}"`);
  }
  const mapping: Mapping = { ...target };
  path.push(step);
  mapping[step] = assign(
    Object.hasOwn(mapping, step) ? mapping[step] : undefined,
    assignment,
    depth + 1,
    path,
  );
  return mapping;
}

/** An element by number (one past the end adds one) or by its `name`. */
function elementIndex(list: readonly unknown[], step: string, assignment: Assignment): number {
  const names = list.map((element) => (element as { name?: unknown } | null | undefined)?.name);
  const named = names.indexOf(step);
  if (named >= 0) return named;
  if (/^\d{1,9}$/.test(step)) {
    const index = Number(step);
    if (index <= list.length) return index;
    throw failure(assignment, `there is no element ${index}: the list has ${list.length}`);
  }
  const group = names.find((name) => typeof name === 'string' && step.replace(/\d+$/, '') === name);
  if (group !== undefined) {
    throw failure(assignment, `${excerpt(step)} is one of the devices of "${group}"; set that one`);
  }
  const known = names.filter((name) => typeof name === 'string');
  throw failure(assignment, `there is no element named ${excerpt(step)}${suggestion(step, known, 'names')}`);
}

function newValue(old: unknown, assignment: Assignment): unknown {
  const { append, text } = assignment;
  if (append && typeof old === 'string') return old === '' ? text : `${old} ${text}`;
  const value = parseValue(assignment);
  if (!append) return value;
  if (Array.isArray(old)) return old.concat(value);
  if (old === undefined) return typeof value === 'object' && !Array.isArray(value) ? [value] : value;
  throw failure(assignment, '+= adds to a text or a list only');
}

/**
 * Numbers, and JSON where it starts like JSON; all else is text. A number with a point stays text, as
 * everywhere in descriptions: it is a release such as 6.10.
 */
function parseValue(assignment: Assignment): unknown {
  const text = assignment.text.trim();
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (!/^["[{]/.test(text)) return assignment.text;
  try {
    return JSON.parse(text);
  } catch {
    throw failure(assignment, `${excerpt(text)} is not valid JSON`);
  }
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => path[index] === step);
}
