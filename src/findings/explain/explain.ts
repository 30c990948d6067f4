/** Finds what a name or a pasted message is about: rules, and messages that belong to no rule. */

import { BROKEN_MIN } from '../../formats/text/broken-lines.ts';
import { assert } from '../../lib/assert.ts';
import { nearest } from '../../machine/did-you-mean.ts';
import { findRule, RULE_NAMES, RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import type { MessageEntry } from './entry.ts';
import { MESSAGES } from './messages/index.ts';
import { compileTemplate, fitness, type Line, partFitness, type Template, toLine } from './template.ts';

/** One thing that the question is about, best first in a list. */
export type Answer =
  | { readonly kind: 'rule'; readonly rule: Rule }
  | {
      readonly kind: 'message';
      readonly entry: MessageEntry;
      /** The wording that fits. */
      readonly template: string;
      /** Rules that find the cause in a machine description. */
      readonly rules: readonly Rule[];
    };

/** What {@link explain} knows about a question. */
export interface Explanation {
  /** Best first; empty if nothing is known. */
  readonly answers: readonly Answer[];
  /** Templates or names near the question, where there is no answer. */
  readonly nearest: readonly string[];
}

/** Longer lines are cut: no message is nearly as long. */
const LINE_MAX = 32 * 1024;
/** Text looked at in all. */
const TEXT_MAX = 256 * 1024;
const ANSWERS_MAX = 8;
const NEAREST_MAX = 3;

interface Known {
  readonly template: Template;
  readonly entry: MessageEntry | null;
  readonly rule: Rule | null;
}

let known: readonly Known[] | undefined;

const wordingOf = ({ pieces }: Template): string => pieces.join('{}');

/**
 * The templates of the messages. "AMD-Vi: X2APIC enabled" is not meant by the kernel's own "x2apic enabled": where
 * somebody prints the same words without a name in front, the name is a part of the wording.
 */
function messageTemplates(): Known[] {
  const all = MESSAGES.flatMap((entry) =>
    entry.templates.map((text) => ({ template: compileTemplate(text), entry, rule: null })),
  );
  const bare = new Set(all.filter((one) => one.template.prefix === '').map((one) => wordingOf(one.template)));
  return all.map((one) => {
    const { prefix, pieces } = one.template;
    if (prefix === '' || !bare.has(wordingOf(one.template))) return one;
    const [first, ...rest] = pieces;
    return { ...one, template: { ...one.template, prefix: '', pieces: [prefix + first, ...rest] } };
  });
}

/** All templates; compiled once. */
function templates(): readonly Known[] {
  known ??= [
    ...messageTemplates(),
    ...RULES.flatMap((rule) =>
      rule.messages.map((text) => ({ template: compileTemplate(text), entry: null, rule })),
    ),
  ];
  return known;
}

function rulesOf(entry: MessageEntry): Rule[] {
  return entry.rules.map((name) => {
    const rule = findRule(name);
    assert(rule, `${entry.name} names the rule ${name}, which does not exist`);
    return rule;
  });
}

const messageAnswer = (entry: MessageEntry, template = entry.templates[0]): Answer => ({
  kind: 'message',
  entry,
  template,
  rules: rulesOf(entry),
});

/** The answers to a name: a rule's or one of its aliases, a message's, or both. */
function named(name: string): Answer[] {
  const rule = findRule(name);
  const entry = MESSAGES.find((one) => one.name === name.toLowerCase());
  return [...(rule ? [{ kind: 'rule' as const, rule }] : []), ...(entry ? [messageAnswer(entry)] : [])];
}

interface Fit extends Known {
  readonly score: number;
}

/** Neighbouring lines that are no message of their own, joined as they were before a mail program broke them. */
function unwrapped(lines: readonly Line[], whole: ReadonlySet<Line>): Line[] {
  return lines.flatMap((line, index) => {
    const next = lines[index + 1];
    if (!next || line.text.length < BROKEN_MIN || whole.has(line) || whole.has(next)) return [];
    return [toLine(`${line.text} ${next.text.replace(/^(> ?)+/, '')}`)];
  });
}

/** Best fit of each entry and rule over all lines, best first; an entry goes before a rule that fits alike. */
function fits(lines: readonly Line[]): Fit[] {
  const best = new Map<MessageEntry | Rule, Fit>();
  const keep = (one: Known, score: number) => {
    const subject = one.entry ?? one.rule;
    if (score > 0 && subject && score > (best.get(subject)?.score ?? 0)) best.set(subject, { ...one, score });
  };
  const whole = new Set<Line>();
  for (const one of templates()) {
    for (const line of lines) {
      const score = fitness(line, one.template);
      if (score > 0) whole.add(line);
      keep(one, score);
    }
  }
  // A line that is a whole message is not asked for as a part of another one.
  const rest = lines.filter((line) => !whole.has(line));
  for (const line of unwrapped(lines, whole)) {
    for (const one of templates()) keep(one, fitness(line, one.template));
  }
  const parts = rest.filter((line) => line.quoted !== '');
  for (const one of templates()) for (const line of parts) keep(one, partFitness(line, one.template));
  const order = new Map(templates().map(({ entry, rule }, index) => [entry ?? rule, index]));
  return [...best]
    .sort(([a, { score }], [b, other]) => other.score - score || order.get(a)! - order.get(b)!)
    .map(([, fit]) => fit);
}

/** Rules whose message is no better a fit than an entry's are listed with that entry. */
function answersOf(found: readonly Fit[]): Answer[] {
  const answers: Answer[] = [];
  const [bestEntry] = found.filter(({ entry }) => entry !== null);
  const listed = found
    .filter(({ rule, score }) => rule !== null && bestEntry && score <= bestEntry.score + 1)
    .map(({ rule }) => rule as Rule);
  for (const one of found) {
    if (one.entry) {
      const own = messageAnswer(one.entry, one.template.text);
      const more = one === bestEntry && own.kind === 'message' ? listed : [];
      answers.push(own.kind === 'message' ? { ...own, rules: [...new Set([...own.rules, ...more])] } : own);
    } else if (one.rule && !listed.includes(one.rule)) answers.push({ kind: 'rule', rule: one.rule });
  }
  return answers.slice(0, ANSWERS_MAX);
}

const words = (text: string): Set<string> => new Set(text.slice(0, 500).match(/[a-z0-9_-]{3,}/g) ?? []);

/** Known templates that share most words with the text. */
function nearestTemplates(text: string): string[] {
  const asked = words(text);
  return templates()
    .map(({ template }) => {
      const own = words(template.pieces.join(' '));
      const shared = [...own].filter((word) => asked.has(word)).length;
      return { text: template.text, shared, score: shared / Math.max(1, own.size + asked.size - shared) };
    })
    .filter(({ shared }) => shared >= 2)
    .sort((a, b) => b.score - a.score)
    .map((one) => one.text)
    .filter((one, index, all) => all.indexOf(one) === index)
    .slice(0, NEAREST_MAX);
}

/** Lines of the question, cut to size. */
function linesOf(asked: string): Line[] {
  return asked
    .slice(0, TEXT_MAX)
    .split('\n')
    .map((line) => toLine(line.slice(0, LINE_MAX)))
    .filter(({ text }) => text !== '');
}

/** Explains a rule's or message's name, or text that contains known messages. Linear in the text. */
export function explain(asked: string): Explanation {
  const name = asked.slice(0, LINE_MAX).trim();
  const byName = named(name);
  if (byName.length > 0) return { answers: byName, nearest: [] };
  if (!name.includes(' ')) {
    const near = nearest(name, [...RULE_NAMES, ...MESSAGES.map((entry) => entry.name)]);
    if (near !== undefined) return { answers: [], nearest: [near] };
  }
  const lines = linesOf(asked);
  const answers = answersOf(fits(lines));
  return {
    answers,
    nearest: answers.length > 0 ? [] : nearestTemplates(lines.map(({ text }) => text).join(' ')),
  };
}

/** Shorter wordings would be found in lines that are about something else. */
const LINE_WEIGHT_MIN = 8;

/**
 * What one line of a log is about; undefined if nothing is known of it. Quoted parts of messages do not count. `takes`:
 * the rules that may answer; an entry goes before a rule that fits alike.
 */
export function explainLine(text: string, takes: (rule: Rule) => boolean): Answer | undefined {
  const line = toLine(text.slice(0, LINE_MAX));
  let best: Known | undefined;
  let most = 0;
  for (const one of templates()) {
    const { weight, pieces } = one.template;
    if (weight < LINE_WEIGHT_MIN || !pieces.every((piece) => line.text.includes(piece))) continue;
    if (one.rule && !takes(one.rule)) continue;
    const score = fitness(line, one.template);
    if (score > most || (score === most && score > 0 && one.entry && !best?.entry)) {
      best = one;
      most = score;
    }
  }
  if (best?.entry) return messageAnswer(best.entry, best.template.text);
  return best?.rule ? { kind: 'rule', rule: best.rule } : undefined;
}

/** Every known template with the name that explains it, in table order. */
export function knownTemplates(): readonly { readonly template: string; readonly name: string }[] {
  return templates().map(({ template, entry, rule }) => ({
    template: template.text,
    name: entry?.name ?? rule?.name ?? '',
  }));
}
