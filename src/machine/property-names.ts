/** Properties that a machine may have whatever CPUs go or come: their names, in commands and in `expect.survives`. */
import { isKeyOf } from '../lib/lookup.ts';

export interface PropertyFacts {
  /** What it means, as a sentence without its end. */
  readonly means: string;
  /** What the number behind the name counts; null: there is none. */
  readonly takes: string | null;
}

/** In the order of help and reports. A property is proved by its file in linux/proof/properties. */
export const PROPERTY_FACTS = {
  'offline-accepted': {
    means: 'the kernel refuses to take no CPU offline, in whatever order they go',
    takes: null,
  },
  'suspend-works': {
    means: 'the machine suspends, and every queue that worked works when it is awake again',
    takes: null,
  },
  'no-queue-stops': { means: 'every queue that works goes on working', takes: null },
  'every-device-works': { means: 'every device has at least N working queues (default 1)', takes: 'queues' },
  'every-node-has-a-queue': {
    means: 'on every node with an online CPU each device has a working queue that interrupts it',
    takes: null,
  },
  'no-io-hangs': {
    means: 'no online CPU sends requests to a queue whose interrupt cannot fire',
    takes: null,
  },
  'no-interrupt-on-isolated': {
    means: 'no interrupt of a device arrives on a CPU that isolcpus= or nohz_full= sets apart',
    takes: null,
  },
  'vectors-left': {
    means: 'the online CPUs have at least N free vectors in all (default 1)',
    takes: 'vectors',
  },
  'probe-order-free': {
    means: 'in whatever order the devices are probed, each gets all that it asks for',
    takes: null,
  },
  'reachable-after-plug': {
    means: 'whatever CPU is plugged comes online, and interrupts of devices reach it',
    takes: null,
  },
} as const satisfies Readonly<Record<string, PropertyFacts>>;

export type PropertyName = keyof typeof PROPERTY_FACTS;

export const PROPERTY_NAMES = Object.keys(PROPERTY_FACTS) as readonly PropertyName[];

/** A property that is asked for. */
export interface AskedProperty {
  readonly name: PropertyName;
  /** The number behind the name; 1 where none is written or taken. */
  readonly amount: number;
  /** As it is shown: "vectors-left 64". */
  readonly text: string;
}

/** The largest number behind a name: more vectors than a machine can have. */
const MAX_AMOUNT = 9_999_999;

/** Reads "no-io-hangs" or "vectors-left 64" (also with `=` or `:`); a string says what was expected instead. */
export function parseProperty(text: string): AskedProperty | string {
  const match = /^\s*([\w-]+?)(?:\s*[\s=:]\s*(\d{1,7}))?\s*$/.exec(text);
  const name = match?.[1] ?? text.trim();
  if (!match || !isKeyOf(PROPERTY_FACTS, name)) return `one of ${PROPERTY_NAMES.join(', ')}`;
  const { takes } = factsOf(name);
  if (match[2] === undefined) return { name, amount: 1, text: name };
  if (takes === null) return `${name} without a number`;
  const amount = Number(match[2]);
  return amount <= MAX_AMOUNT ? { name, amount, text: `${name} ${amount}` } : `a number up to ${MAX_AMOUNT}`;
}

const factsOf = (name: PropertyName): PropertyFacts => PROPERTY_FACTS[name];

/** What a property means, as a sentence without its end. */
export function meaningOf({ name, amount }: AskedProperty): string {
  const counted = factsOf(name).means.replace(' (default 1)', '').replace(/\bN\b/, String(amount));
  return amount === 1 ? counted.replace(/(queue|vector)s/, '$1') : counted;
}

/** What is to hold whichever CPUs go offline. */
export interface Survival {
  /** At most so many go; null: any number. */
  readonly offline: number | null;
  /** Only these go, and these stay, in list form; undefined: nothing is said. */
  readonly among: string | undefined;
  readonly keep: string | undefined;
  /** Any CPU may be plugged besides. */
  readonly plug: boolean;
  readonly properties: readonly AskedProperty[];
}
