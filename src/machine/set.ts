/** `--set KEY=VALUE`: changes a raw description before it is validated. */
import { isKeyOf } from '../lib/lookup.ts';
import { suggestion } from './did-you-mean.ts';
import { appendEvent } from './event-option.ts';
import { LIMITS } from './limits.ts';
import {
  EVENT_PREFIX,
  excerpt,
  type InputError,
  inputError,
  KEY_OPTIONS,
  type Location,
  type Path,
  type RawInput,
  SET_PREFIX,
} from './locate.ts';

/** Names that would reach into JavaScript's own objects. */
const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype'];

type Mapping = Record<string, unknown>;

/** A group of devices (`count: 4`) that was written out, so that one of them can be another. */
interface Opened {
  /** Of the list. */
  readonly list: Path;
  readonly index: number;
  readonly count: number;
}

/** What an assignment comes to on its way: the path of the value, and the group that it leads into. */
interface Made {
  readonly path: (string | number)[];
  opened: Opened | null;
}

interface Assignment {
  readonly steps: readonly string[];
  readonly append: boolean;
  /** As typed. */
  readonly text: string;
  readonly location: Location;
}

/**
 * Applies one `KEY=VALUE` (or `KEY+=VALUE`) and returns the changed description; `raw` stays as it is.
 * KEY is a dotted path in which an element of a list is named by its number or its `name`; one device of a
 * group (`count`) by the name it gets. VALUE is a
 * number, a JSON string, list or mapping, or plain text (`on` and `off` too). `+=` adds to a text with a
 * blank between, or to a list. The new locator gives `--set KEY=VALUE` for all that was set.
 * Throws `InputError` located at `--set KEY=VALUE`.
 */
export function applySet(raw: RawInput, assignment: string): RawInput {
  const parsed = parseAssignment(assignment);
  const made: Made = { path: [], opened: null };
  const assigned = assign(raw.value, parsed, 0, made);
  const { path, opened } = made;
  const { value, before } = parsed.append ? { value: assigned, before: undefined } : supplied(assigned, path);
  return {
    value,
    locate(at, part) {
      if (startsWith(at, path)) return parsed.location;
      const from = before ? before(at) : at;
      return raw.locate(opened ? beforeOpening(from, opened) : from, part);
    },
  };
}

interface Supplied {
  readonly value: unknown;
  /** Where a path was before; undefined: nothing was supplied. */
  readonly before: ((at: Path) => Path) | undefined;
}

/** The description without the parts that were not understood and that the value now at `path` supplies. */
function supplied(description: unknown, path: Path): Supplied {
  const { notUnderstood } = (description ?? {}) as Mapping;
  const parts = Array.isArray(notUnderstood) ? (notUnderstood as unknown[]) : [];
  const key = path.join('.');
  const kept = parts.flatMap((part, index) =>
    (part as { suppliedBy?: unknown } | null)?.suppliedBy === key ? [] : [index],
  );
  if (kept.length === parts.length) return { value: description, before: undefined };
  const value = { ...(description as Mapping), notUnderstood: kept.map((index) => parts[index]) };
  const before = ([first, index, ...rest]: Path): Path =>
    first === 'notUnderstood' && typeof index === 'number' && index < kept.length
      ? [first, kept[index], ...rest]
      : [first, ...(index === undefined ? [] : [index]), ...rest];
  return { value, before };
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
  const option = KEY_OPTIONS.find(([prefix]) => assignment.startsWith(prefix));
  if (option) {
    const [prefix, key] = option;
    const text = JSON.stringify(assignment.slice(prefix.length));
    return { steps: [key], append: false, text, location: { file: assignment, line: 1, column: 1 } };
  }
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

/** Switches that may also be written as a mapping, by the key in it that is the switch. */
const LONG_FORMS = {
  remapping: 'enabled',
  hpet: 'present',
  extDestId: 'offered',
} as const;

/** `remapping: on` as the mapping that it is short for; undefined for anything else. */
function longForm(key: string, target: unknown): Mapping | undefined {
  const isSwitch = typeof target === 'boolean' || /^(?:on|off|true|false)$/.test(String(target));
  return isSwitch && isKeyOf(LONG_FORMS, key) ? { [LONG_FORMS[key]]: target } : undefined;
}

/** Copies the containers along the path, so that values shared through YAML aliases change in one place only. */
function assign(target: unknown, assignment: Assignment, depth: number, made: Made): unknown {
  const { path } = made;
  const step = assignment.steps[depth];
  if (step === undefined) return newValue(target, assignment);
  if (Array.isArray(target) || (target === undefined && step === '0')) {
    const list = withGroupOpened([...((target as unknown[] | undefined) ?? [])], step, made);
    const index = elementIndex(list, step, assignment);
    path.push(index);
    list[index] = assign(list[index], assignment, depth + 1, made);
    return list;
  }
  const long = depth === 1 ? longForm(assignment.steps[0], target) : undefined;
  if (long) return assign(long, assignment, depth, made);
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
    made,
  );
  return mapping;
}

/** The list with the group that makes the device `step` written out, one element a device; else as it is. */
function withGroupOpened(list: unknown[], step: string, made: Made): unknown[] {
  if (list.some((element) => nameOf(element) === step)) return list;
  const index = list.findIndex((element) => {
    const name = nameOf(element);
    if (typeof name !== 'string' || !step.startsWith(name)) return false;
    const number = step.slice(name.length);
    return /^(0|[1-9]\d*)$/.test(number) && Number(number) < countOf(element);
  });
  if (index < 0) return list;
  const { count, ...group } = list[index] as Mapping & { name: string; count: number };
  made.opened = { list: [...made.path], index, count };
  const devices = Array.from({ length: count }, (_, n) => ({ ...group, name: `${group.name}${n}` }));
  return [...list.slice(0, index), ...devices, ...list.slice(index + 1)];
}

function nameOf(element: unknown): unknown {
  return (element as { name?: unknown } | null | undefined)?.name;
}

/** 0 for what is no group, and for one past the limit: the check of the description will say so. */
function countOf(element: unknown): number {
  const count = (element as { count?: unknown } | null | undefined)?.count;
  return typeof count === 'number' && Number.isInteger(count) && count <= LIMITS.devices ? count : 0;
}

/** Where a path of the list with the group written out was before. */
function beforeOpening(path: Path, { list, index, count }: Opened): Path {
  const at = path[list.length];
  if (!startsWith(path, list) || typeof at !== 'number' || at < index) return path;
  const before = Math.max(index, at - count + 1);
  return [...list, before, ...path.slice(list.length + 1)];
}

/** An element by number (one past the end adds one) or by its `name`. */
function elementIndex(list: readonly unknown[], step: string, assignment: Assignment): number {
  const names = list.map(nameOf);
  const named = names.indexOf(step);
  if (named >= 0) return named;
  if (/^\d{1,9}$/.test(step)) {
    const index = Number(step);
    if (index <= list.length) return index;
    throw failure(assignment, `there is no element ${index}: the list has ${list.length}`);
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
