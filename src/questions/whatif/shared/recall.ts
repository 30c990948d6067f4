/**
 * Remembers what a pure function gave, by what it looked at. Two arguments that answer alike all that the
 * function asks give the same result, however else they differ. As the function is pure, the answers so far
 * decide what it asks next: questions and answers form a tree, with a result at the end of every way through.
 */
import { assert } from '../../../lib/assert.ts';
import { createPatience } from './patience.ts';
import { type Asked, answer, sameQuestion, watched } from './watched.ts';

/** A result, and the way to it. */
interface Leaf<Out> {
  readonly result: Out;
  readonly trail: readonly Asked[];
}

/** Where ways part: at the question number `at`. `trail`: one of them, which all follow up to there. */
interface Fork<Out> {
  readonly trail: readonly Asked[];
  readonly at: number;
  readonly next: Map<unknown, Node<Out>>;
}

type Node<Out> = Leaf<Out> | Fork<Out>;

/** Trees by what they are made of; `size`: of all results in them. */
interface Forest<Of, Out> {
  readonly roots: Map<Of, Node<Out>>;
  size: number;
}

/**
 * `make(facts)`, or what it gave for the same `of` and facts that answer alike. `make` must be pure, read the
 * facts, `of` and nothing else that changes; nobody may change the result. What it is given is the facts
 * themselves if the result will not be kept, else something that reads like them, which nobody may look at once
 * `make` is over. `of` is compared by identity.
 */
export type Recall<Of extends object, Seen extends object, Out> = (
  of: Of,
  facts: Seen,
  make: (seen: Seen) => Out,
) => Out;

/** Remembers nothing. */
export function makeAnew<Seen extends object, Out>(_: object, facts: Seen, make: (seen: Seen) => Out): Out {
  return make(facts);
}

function find<Of, Out>({ roots }: Forest<Of, Out>, of: Of, facts: object): Leaf<Out> | undefined {
  let node = roots.get(of);
  for (let at = 0; node !== undefined; at++) {
    if ('next' in node && at === node.at) {
      node = node.next.get(answer(node.trail[at].question, facts));
    } else if (at === node.trail.length) {
      return 'next' in node ? undefined : node;
    } else if (answer(node.trail[at].question, facts) !== node.trail[at].answer) {
      return undefined;
    }
  }
  return undefined;
}

function insert<Of, Out>({ roots }: Forest<Of, Out>, of: Of, leaf: Leaf<Out>): void {
  let put = (node: Node<Out>): void => {
    roots.set(of, node);
  };
  let node = roots.get(of);
  for (let at = 0; node !== undefined; at++) {
    const [theirs, ours] = [node.trail[at], leaf.trail[at]];
    assert(
      theirs && ours && sameQuestion(theirs.question, ours.question),
      'the answers decide what is asked next',
    );
    if ('next' in node && at === node.at) {
      const { next }: Fork<Out> = node;
      put = (one) => next.set(ours.answer, one);
      node = next.get(ours.answer);
    } else if (theirs.answer !== ours.answer) {
      put({
        trail: leaf.trail,
        at,
        next: new Map([
          [theirs.answer, node],
          [ours.answer, leaf],
        ]),
      });
      return;
    }
  }
  put(leaf);
}

/**
 * An empty memory. It holds results of at most twice the size `room` in all, those used last: a full forest
 * becomes the old one, and what is used of it moves to the new one. `misses`: how many results in a row it watches
 * and keeps although none was of use.
 */
export function createRecall<Of extends object, Seen extends object, Out>(
  room: number,
  sizeOf: (result: Out) => number,
  misses?: number,
): Recall<Of, Seen, Out> {
  let young: Forest<Of, Out> = { roots: new Map(), size: 0 };
  let old: Forest<Of, Out> = { roots: new Map(), size: 0 };
  const patience = createPatience(misses);
  const keep = (of: Of, leaf: Leaf<Out>): Out => {
    const size = sizeOf(leaf.result);
    if (young.size > 0 && young.size + size > room) {
      old = young;
      young = { roots: new Map(), size: 0 };
    }
    insert(young, of, leaf);
    young.size += size;
    return leaf.result;
  };
  return (of, facts, make) => {
    const known = find(young, of, facts);
    const before = known ?? find(old, of, facts);
    if (before) {
      patience.found();
      return known ? known.result : keep(of, before);
    }
    if (!patience.missed()) return make(facts);
    const trail: Asked[] = [];
    let open = true;
    const result = make(
      watched(facts, (asked) => {
        if (open) trail.push(asked);
      }),
    );
    open = false;
    return keep(of, { result, trail });
  };
}
