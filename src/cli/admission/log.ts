/** The log: JSON objects, one a line. */
import { jsonText } from '../../lib/json-text.ts';
import type { Io } from '../io.ts';

export interface Log {
  /** What happens to the server: also with --quiet. */
  say(event: string, facts?: Readonly<Record<string, unknown>>): void;
  /** A request. */
  request(facts: Readonly<Record<string, unknown>>): void;
}

export function logTo({ err, note }: Pick<Io, 'err' | 'note'>): Log {
  const line = (event: string, facts: Readonly<Record<string, unknown>>): string =>
    `${jsonText({ time: new Date().toISOString(), event, ...facts })}\n`;
  return {
    say: (event, facts = {}) => err(line(event, facts)),
    request: (facts) => note(line('request', facts)),
  };
}

/** Something that may happen often is said at most once in `ms`, with how often it was left out. */
export function seldom(
  ms: number,
  now: () => number,
  say: (text: string, leftOut: number) => void,
): (text: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (text) => {
    if (now() - last < ms) {
      leftOut++;
      return;
    }
    say(text, leftOut);
    last = now();
    leftOut = 0;
  };
}
