/**
 * Grammars as tables: a rule is a list of texts of which one is taken, or a function. `<name>` stands for a rule,
 * `<name?>` for it or nothing, `<name*>` for none to four of it, `<name+>` for one to three; `<` not followed by a name
 * is itself.
 */
import type { Random } from './random.ts';

export type Rule = readonly string[] | ((random: Random) => string);
export type Grammar = Readonly<Record<string, Rule>>;

type Segment = string | { readonly rule: string; readonly times: (random: Random) => number };

const TIMES: Readonly<Record<string, (random: Random) => number>> = {
  '': () => 1,
  '?': (random) => random.below(2),
  '*': (random) => random.below(5),
  '+': (random) => 1 + random.below(3),
};

/** How deep rules may nest before optional parts are left out. */
const DEPTH = 12;

function segmentsOf(text: string, known: Grammar): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const found of text.matchAll(/<([\w-]+)([?*+]?)>/g)) {
    if (!Object.hasOwn(known, found[1])) continue;
    segments.push(text.slice(at, found.index), { rule: found[1], times: TIMES[found[2]] });
    at = found.index + found[0].length;
  }
  return [...segments, text.slice(at)].filter((segment) => segment !== '');
}

/** A generator of the texts of a grammar, from its rule `start`. */
export function textsOf(grammar: Grammar): (random: Random) => string {
  const compiled = new Map<string, readonly (readonly Segment[])[]>();
  for (const [name, rule] of Object.entries(grammar)) {
    if (typeof rule !== 'function')
      compiled.set(
        name,
        rule.map((text) => segmentsOf(text, grammar)),
      );
  }
  function expand(name: string, random: Random, depth: number): string {
    const rule = grammar[name];
    if (typeof rule === 'function') return rule(random);
    let text = '';
    for (const segment of random.pick(compiled.get(name) ?? [])) {
      if (typeof segment === 'string') text += segment;
      else {
        const times = depth > DEPTH && segment.times !== TIMES[''] ? 0 : segment.times(random);
        for (let i = 0; i < times; i++) text += expand(segment.rule, random, depth + 1);
      }
    }
    return text;
  }
  return (random) => expand('start', random, 0);
}
