/**
 * Remembers what a pure function gave, by what it looked at. Two arguments that answer alike all that the
 * function asks give the same result, however else they differ. As the function is pure, the answers so far
 * decide what it asks next: questions and answers form a tree, with a result at the end of every way through.
 */
import { assert } from './assert.ts';
import { type Asked, type Question, watched } from './watched.ts';

/** A result, and the way to it. */
interface Leaf<Out> {
  readonly result: Out;
  readonly trail: readonly Asked[];
}

interface Branch<Out> {
  readonly question: Question;
  readonly next: Map<unknown, Branch<Out> | Leaf<Out>>;
}

/** `size`: of all results in it. */
interface Tree<Out> {
  root: Branch<Out> | Leaf<Out> | undefined;
  size: number;
}

/**
 * `make(facts)`, or what it gave for facts that answer alike. `make` must be pure, read what it is given and
 * nothing else that changes; nobody may change the result. What it is given is the facts themselves if the
 * result will not be kept, else something that reads like them, which nobody may look at once `make` is over.
 */
export type Recall<Facts extends object, Out> = (facts: Facts, make: (seen: Facts) => Out) => Out;

/**
 * After so many results in a row that were not there, remembering seems not to pay: it costs time to watch.
 * From then on only every so many-th result is remembered, until one is found again.
 */
const PATIENCE = 8;

function find<Out>({ root }: Tree<Out>, facts: object): Leaf<Out> | undefined {
  let at = root;
  while (at !== undefined && 'next' in at) at = at.next.get(at.question.ask(facts));
  return at;
}

function insert<Out>(tree: Tree<Out>, leaf: Leaf<Out>, size: number): void {
  tree.size += size;
  let put = (node: Branch<Out> | Leaf<Out>): void => {
    tree.root = node;
  };
  let at = tree.root;
  for (const { question, answer } of leaf.trail) {
    if (at === undefined) {
      at = { question, next: new Map() };
      put(at);
    }
    assert('next' in at && at.question.name === question.name, `${question.name} was not asked before`);
    const { next } = at;
    put = (node) => next.set(answer, node);
    at = next.get(answer);
  }
  put(leaf);
}

/**
 * An empty memory. It holds results of at most twice the size `room` in all, those used last: a full tree
 * becomes the old one, and what is used of it moves to the new one.
 */
export function createRecall<Facts extends object, Out>(
  room: number,
  sizeOf: (result: Out) => number,
): Recall<Facts, Out> {
  let young: Tree<Out> = { root: undefined, size: 0 };
  let old: Tree<Out> = { root: undefined, size: 0 };
  let misses = 0;
  const keep = (leaf: Leaf<Out>): Out => {
    const size = sizeOf(leaf.result);
    if (young.size > 0 && young.size + size > room) {
      old = young;
      young = { root: undefined, size: 0 };
    }
    insert(young, leaf, size);
    return leaf.result;
  };
  return (facts, make) => {
    const known = find(young, facts);
    const before = known ?? find(old, facts);
    if (before) {
      misses = 0;
      return known ? known.result : keep(before);
    }
    if (misses++ >= PATIENCE && misses % PATIENCE !== 0) return make(facts);
    const trail: Asked[] = [];
    let open = true;
    const result = make(
      watched(facts, (asked) => {
        if (open) trail.push(asked);
      }),
    );
    open = false;
    return keep({ result, trail });
  };
}
