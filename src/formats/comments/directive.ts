/** What a comment says: `irqsim: ignore RULE, RULE -- reason until 2027-03-31`. */
import { nearest } from '../../machine/did-you-mean.ts';
import { excerpt } from '../../machine/locate.ts';
import { REASON } from '../../machine/schema-triage.ts';
import { TextError } from '../text/text.ts';
import type { Comment } from './comment.ts';

const FORM = '"irqsim: ignore RULE -- reason"';
const IGNORE = 'ignore';
/** What other tools call it. */
const OTHER_WORDS: readonly string[] = ['disable', 'suppress', 'noqa', 'nolint'];

/** A word of a comment, and its offset in the text. */
export interface Named {
  readonly value: string;
  readonly offset: number;
}

export interface Directive {
  readonly rules: readonly Named[];
  readonly reason: string;
  /** As it is written; nobody has looked whether it is a day. */
  readonly until: Named | undefined;
}

/** The text of the comment behind "irqsim: ignore"; undefined where it says something else. Throws TextError. */
function behindIgnore({ text, offset }: Comment): Named | undefined {
  const [, colon, word, rest] = /^irqsim(\s*:)?\s*([\w-]*)([\s\S]*)$/i.exec(text) ?? [];
  const isIgnore = word?.toLowerCase() === IGNORE;
  if (isIgnore && colon !== undefined) return { value: rest, offset: offset + text.length - rest.length };
  if (isIgnore) throw new TextError(offset, `expected ${FORM}: the colon is missing`);
  if (word === undefined || colon === undefined) return undefined;
  const isMeant =
    word.toLowerCase().startsWith(IGNORE) ||
    OTHER_WORDS.includes(word.toLowerCase()) ||
    nearest(word, [IGNORE]) !== undefined;
  if (isMeant) throw new TextError(offset, `${excerpt(word)}: expected ${FORM}`);
  return undefined;
}

/** Rules are parted from the reason by "--", a dash, or, as XML has no "--" in comments, a colon. */
const PARTING = /(?:^|\s)(?:--+|\u2013|\u2014)(?=\s|$)|:(?=\s|$)/;

/** What stands before the reason: all rules there are take half of it. */
const MAX_NAMES = 8192;

/** "[until 2027-03-31]" at the end; what is behind "until" has to be a day. */
const UNTIL = /(?:^|[\s,;([])until[:\s]\s*([^\s\])]*[^\s\]).])[\])]?\.?\s*$/i;

/** "known until 2027-03-31" → both. Throws TextError for a day that stands elsewhere. */
function splitReason({ value, offset }: Named): Pick<Directive, 'reason' | 'until'> {
  const found = UNTIL.exec(value);
  const until = found
    ? {
        value: found[1],
        offset: offset + found.index + found[0].indexOf(found[1], found[0].search(/until/i) + 5),
      }
    : undefined;
  const reason = value
    .slice(0, found?.index)
    .replace(/\s+/g, ' ')
    .replace(found ? /[ ,;]+$/ : '', '')
    .trim();
  const early = /\buntil\s+\d/i.exec(reason);
  if (early)
    throw new TextError(
      offset + Math.max(0, value.search(/\buntil\s+\d/i)),
      'the day stands at the end: "reason until 2027-03-31"',
    );
  return { reason, until };
}

/** What a comment says; undefined for one that is not about findings. Throws TextError. */
export function directiveOf(comment: Comment): Directive | undefined {
  const behind = behindIgnore(comment);
  if (!behind) return undefined;
  const parting = PARTING.exec(behind.value);
  const names = behind.value.slice(0, parting?.index);
  if (names.length > MAX_NAMES) throw new TextError(comment.offset, `far too many rules: expected ${FORM}`);
  const rules = new Map<string, Named>();
  for (const { 0: value, index } of names.matchAll(/[^\s,]+/g))
    if (!rules.has(value)) rules.set(value, { value, offset: behind.offset + index });
  if (rules.size === 0) throw new TextError(comment.offset, `no rule is named: expected ${FORM}`);
  if (!parting) throw new TextError(comment.offset, `no reason is given: expected ${FORM}`);
  const start = parting.index + parting[0].length;
  const { reason, until } = splitReason({ value: behind.value.slice(start), offset: behind.offset + start });
  if (reason === '') throw new TextError(comment.offset, `no reason is given: expected ${FORM}`);
  if (!REASON.test(reason))
    throw new TextError(comment.offset, 'expected a reason in 1 to 1000 printable characters');
  return { rules: [...rules.values()], reason, until };
}
