/** Watches what a function reads of its argument: every question it asks, and the answer it got. */

type Mapping = Record<PropertyKey, unknown>;
type Callable = (...args: readonly unknown[]) => unknown;

/** What can be asked of the value at a place; `what` is a key or the arguments of a call. */
const ASK = {
  get: (value, what) => answerOf((value as Mapping)[what as PropertyKey]),
  has: (value, what) => (what as PropertyKey) in (value as Mapping),
  owns: (value, what) => Object.hasOwn(value as Mapping, what as PropertyKey),
  keys: (value) =>
    Reflect.ownKeys(value as Mapping)
      .map(String)
      .join('\n'),
  call: (value, what) => (value as Callable)(...(what as readonly unknown[])),
} satisfies Record<string, (value: unknown, what: unknown) => unknown>;

/** Something that was asked: plain data, so that it keeps nothing of what was watched. */
export interface Question {
  readonly kind: keyof typeof ASK;
  /** The way to the value that was asked. */
  readonly place: Place;
  readonly what: unknown;
  /** Tells questions of one place apart. */
  readonly key: PropertyKey;
}

/** A value inside the facts; null: the facts themselves. */
type Place = { readonly within: Place; readonly key: PropertyKey } | null;

export interface Asked {
  readonly question: Question;
  /** A primitive; a list or an object of a class by identity; MAPPING or FUNCTION for what is watched itself. */
  readonly answer: unknown;
}

const MAPPING = Symbol('mapping');
const FUNCTION = Symbol('function');

function isMapping(value: unknown): value is Mapping {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What is compared of a value that is read: its parts are asked for by themselves. */
function answerOf(value: unknown): unknown {
  if (typeof value === 'function') return FUNCTION;
  return isMapping(value) ? MAPPING : value;
}

function valueAt(place: Place, facts: object): unknown {
  return place === null ? facts : (valueAt(place.within, facts) as Mapping)[place.key];
}

/** The answer that these facts give. They must have given the same answers to all that was asked before. */
export function answer({ kind, place, what }: Question, facts: object): unknown {
  return ASK[kind](valueAt(place, facts), what);
}

function samePlace(a: Place, b: Place): boolean {
  if (a === b || a === null || b === null) return a === b;
  return a.key === b.key && samePlace(a.within, b.within);
}

export function sameQuestion(a: Question, b: Question): boolean {
  return a === b || (a.kind === b.kind && a.key === b.key && samePlace(a.place, b.place));
}

type Note = (asked: Asked) => void;

/** A function of the facts, such as a kernel's `has`: each call is a question. */
function watchCalls(call: Callable, place: Place, note: Note): Callable {
  const answers = new Map<string, unknown>();
  return (...args) => {
    const key = args.length === 1 && typeof args[0] === 'string' ? args[0] : JSON.stringify(args);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const given = call(...args);
    answers.set(key, given);
    note({ question: { kind: 'call', place, what: args, key }, answer: given });
    return given;
  };
}

function watchAt(target: Mapping, place: Place, note: Note): Mapping {
  const shown = new Map<PropertyKey, unknown>();
  const asked = { has: new Set<PropertyKey>(), owns: new Set<PropertyKey>(), keys: new Set<PropertyKey>() };
  const noteOnce = (kind: keyof typeof asked, key: PropertyKey): void => {
    if (asked[kind].has(key)) return;
    asked[kind].add(key);
    note({ question: { kind, place, what: key, key }, answer: ASK[kind](target, key) });
  };
  const part = (key: PropertyKey): unknown => {
    const known = shown.get(key);
    if (known !== undefined || shown.has(key)) return known;
    const value = target[key];
    note({ question: { kind: 'get', place, what: key, key }, answer: answerOf(value) });
    const inside: Place = { within: place, key };
    let seen = value;
    if (typeof value === 'function') seen = watchCalls(value as Callable, inside, note);
    else if (isMapping(value)) seen = watchAt(value, inside, note);
    shown.set(key, seen);
    return seen;
  };
  // The proxy is one of an empty object: JavaScript checks what a proxy says against its object, which would
  // be questions too where that is watched itself.
  return new Proxy<Mapping>(
    {},
    {
      get: (_, key) => part(key),
      has(_, key) {
        noteOnce('has', key);
        return key in target;
      },
      ownKeys() {
        noteOnce('keys', '');
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor(_, key) {
        noteOnce('owns', key);
        if (!Object.hasOwn(target, key)) return undefined;
        return { value: part(key), enumerable: true, configurable: true };
      },
    },
  );
}

/**
 * The same facts, of which every question is noted, once. Mappings and functions inside are watched too;
 * lists and objects of classes are taken as they are, so whoever compares must compare their identity.
 */
export function watched<T extends object>(facts: T, note: Note): T {
  return watchAt(facts as Mapping, null, note) as T;
}
