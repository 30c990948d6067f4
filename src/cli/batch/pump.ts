/** From items to outcomes: bounded work in flight, outcomes in the order of the items, whoever is done first. */
import type { Item } from './item.ts';
import { itemsOf } from './outcomes.ts';
import type { Outcome } from './process.ts';
import type { Ran, Runner } from './runner.ts';

/** Work of this many milliseconds goes into a chunk: what a chunk costs the main thread is a hundredth of that. */
const CHUNK_MS = 40;
const CHUNK_ITEMS = 256;
const CHUNK_BYTES = 256 * 1024;
/** Bytes of lines and outcomes in flight for each slot, past which nothing more is begun. */
const SLOT_BYTES = 128 * 1024;
/** What an item takes beside its bytes. */
const ITEM_BYTES = 512;
/** How much a new measurement counts for the size of the next chunks. */
const WEIGHT = 0.3;

export interface PumpOptions {
  readonly runner: Runner;
  /** Items that come before all of `source`. */
  readonly first: readonly Item[];
  readonly source: AsyncIterator<readonly Item[]>;
  /** Takes outcomes in order; the next come when it is done. True: stop here. */
  readonly deliver: (outcomes: readonly Outcome[]) => Promise<boolean>;
}

export interface Pump {
  /** True once everything is delivered; false if it was stopped before. Fails as the source or the runner does. */
  readonly finished: Promise<boolean>;
  /** Finishes what is begun, and begins nothing more. */
  stop(): void;
  /** Ends it at once. */
  fail(error: Error): void;
}

interface Flight {
  readonly items: readonly Item[];
  bytes: number;
  ran?: Ran;
}

const bytesOf = (item: Item) => ITEM_BYTES + ('bytes' in item ? item.bytes.length : 0);

/** Something that can be waited for, again and again. */
function bell() {
  let wake = () => {};
  let rung = false;
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(): Promise<void> {
      if (!rung) await new Promise<void>((resolve) => (wake = resolve));
      rung = false;
    },
  };
}

/** Chunks of as many items as take CHUNK_MS, by what the last ones took. */
function chunker(): { readonly take: (from: Item[]) => Item[]; readonly learn: (ran: Ran) => void } {
  let msEach = CHUNK_MS;
  return {
    take(from) {
      const most = Math.min(CHUNK_ITEMS, Math.max(1, Math.floor(CHUNK_MS / msEach)));
      let n = 0;
      for (let bytes = 0; n < from.length && n < most && bytes < CHUNK_BYTES; n++) bytes += bytesOf(from[n]);
      return from.splice(0, n);
    },
    learn({ outcomes, ms }) {
      const items = itemsOf(outcomes);
      if (items > 0) msEach += WEIGHT * (ms / items - msEach);
    },
  };
}

/** The items that wait to be begun, and the source that more of them come from. */
interface Supply {
  waiting: Item[];
  /** The source has been asked for more, and has not answered yet. */
  asking: boolean;
  /** The source has no more. */
  ended: boolean;
}

/** Asks the source for more; `changed` hears of the answer, `failed` of an error. */
function ask(
  supply: Supply,
  source: PumpOptions['source'],
  changed: () => void,
  failed: (error: Error) => void,
): void {
  supply.asking = true;
  source.next().then(({ done, value }) => {
    supply.asking = false;
    if (done) supply.ended = true;
    else supply.waiting = [...value];
    changed();
  }, failed);
}

/** The chunks that the runner has, in order; `changed` hears of one that is done. */
function createFlights(runner: Runner, changed: () => void) {
  const flights: Flight[] = [];
  const chunks = chunker();
  let held = 0;
  return {
    isEmpty: () => flights.length === 0,
    hasRoom: () =>
      flights.length < runner.slots && (held < runner.slots * SLOT_BYTES || flights.length === 0),
    front: (): Flight | undefined => flights[0],
    /** Forgets the first, which is delivered. */
    shift() {
      held -= flights.shift()?.bytes ?? 0;
    },
    /** Begins a chunk of those that wait. */
    launch(waiting: Item[]) {
      const items = chunks.take(waiting);
      const flight: Flight = { items, bytes: items.reduce((sum, item) => sum + bytesOf(item), 0) };
      held += flight.bytes;
      flights.push(flight);
      void runner.run(items).then((ran) => {
        const text = ran.outcomes.reduce((sum, outcome) => sum + outcome.text.length, 0);
        held += text;
        flight.bytes += text;
        flight.ran = ran;
        chunks.learn(ran);
        changed();
      });
    },
  };
}

/** Starts at once. */
export function startPump({ runner, first, source, deliver }: PumpOptions): Pump {
  const changed = bell();
  const flights = createFlights(runner, changed.ring);
  const supply: Supply = { waiting: [...first], asking: false, ended: false };
  let stopped = false;
  let failure: Error | undefined;

  function fail(error: Error): void {
    failure ??= error;
    changed.ring();
  }

  function begin(): void {
    if (stopped) return;
    while (supply.waiting.length > 0 && flights.hasRoom()) flights.launch(supply.waiting);
    if (supply.waiting.length === 0 && !supply.asking && !supply.ended && flights.hasRoom())
      ask(supply, source, changed.ring, fail);
  }

  /** Delivers what is done at the front; false once there is a gap, behind which nothing counts. */
  async function deliverFront(): Promise<boolean> {
    for (let front = flights.front(); front?.ran; front = flights.front()) {
      const { outcomes } = front.ran;
      const enough = await deliver(outcomes);
      flights.shift();
      if (enough || itemsOf(outcomes) < front.items.length) return false;
      begin();
    }
    return true;
  }

  async function pump(): Promise<boolean> {
    for (;;) {
      begin();
      if (!(await deliverFront())) return false;
      if (failure) throw failure;
      const isDone = stopped || (supply.ended && supply.waiting.length === 0);
      if (flights.isEmpty() && isDone) return !stopped;
      if (flights.front()?.ran === undefined) await changed.wait();
    }
  }

  return {
    finished: pump(),
    stop() {
      stopped = true;
      runner.stop();
      changed.ring();
    },
    fail,
  };
}
