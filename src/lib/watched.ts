/** Watches what a function reads of its argument: every question it asks, and the answer it got. */

/** Something that was asked, and how to ask it of another object. */
export interface Question {
  /** ".cmdline.maxCpus", ".kernel.has(kick-ap)". */
  readonly name: string;
  readonly ask: (facts: object) => unknown;
}

export interface Asked {
  readonly question: Question;
  /** A primitive; a list or an object of a class by identity; MAPPING or FUNCTION for what is watched itself. */
  readonly answer: unknown;
}

const MAPPING = Symbol('mapping');
const FUNCTION = Symbol('function');

type Mapping = Record<PropertyKey, unknown>;
type Callable = (...args: readonly unknown[]) => unknown;

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

/** The place of a watched value: its name, and the way to its counterpart in other facts. */
interface Place {
  readonly name: string;
  readonly reach: (facts: object) => unknown;
}

type Note = (asked: Asked) => void;

/** A function of the facts, such as a kernel's `has`: each call is a question. */
function watchCalls(call: Callable, { name, reach }: Place, note: Note): Callable {
  const answers = new Map<unknown, unknown>();
  return (...args) => {
    const key = args.length === 1 && typeof args[0] === 'string' ? args[0] : JSON.stringify(args);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = call(...args);
    answers.set(key, answer);
    note({
      question: { name: `${name}(${key})`, ask: (facts) => (reach(facts) as Callable)(...args) },
      answer,
    });
    return answer;
  };
}

function show(value: unknown, place: Place, note: Note): unknown {
  if (typeof value === 'function') return watchCalls(value as Callable, place, note);
  return isMapping(value) ? watchAt(value, place, note) : value;
}

function watchAt(target: Mapping, { name, reach }: Place, note: Note): Mapping {
  const shown = new Map<PropertyKey, unknown>();
  const noted = new Set<string>();
  const noteOf = (what: string, of: (value: Mapping) => unknown): void => {
    if (noted.has(what)) return;
    noted.add(what);
    note({
      question: { name: name + what, ask: (facts) => of(reach(facts) as Mapping) },
      answer: of(target),
    });
  };
  const part = (key: PropertyKey): unknown => {
    const known = shown.get(key);
    if (known !== undefined) return known;
    const at = `.${String(key)}`;
    noteOf(at, (one) => answerOf(one[key]));
    const place = { name: name + at, reach: (facts: object) => (reach(facts) as Mapping)[key] };
    const seen = show(target[key], place, note);
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
        noteOf(` has ${String(key)}`, (one) => key in one);
        return key in target;
      },
      ownKeys() {
        noteOf(' keys', (one) => Reflect.ownKeys(one).map(String).join('\n'));
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor(_, key) {
        noteOf(` owns ${String(key)}`, (one) => Object.hasOwn(one, key));
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
  return watchAt(facts as Mapping, { name: '', reach: (other) => other }, note) as T;
}
