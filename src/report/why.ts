/** The document and the JSON of `irqsim why`. */
import type { Origin, Why } from '../questions/why/chain.ts';
import type { Document, Fact } from './document/block.ts';

/** "guest.yaml:7:14", "--set kernel=5.4" or "default of extDestId". */
function originText(origin: Origin | undefined): string | null {
  if (origin === undefined) return null;
  if ('defaultOf' in origin) return `default of ${origin.defaultOf}`;
  return origin.file.startsWith('--') ? origin.file : `${origin.file}:${origin.line}:${origin.column}`;
}

/** A fact and where it comes from. */
function fact(name: string, text: string, by: string | undefined, origin: Origin | undefined): Fact {
  const note = [by, originText(origin)].filter((one) => one !== undefined && one !== null).join('; ');
  return { name, texts: [text], ...(note === '' ? {} : { note }) };
}

/** The answer: verdict, shortest chain, all steps in order, consequences. */
export function whyDocument(why: Why, kernel: string): Document {
  const { subject, verdict, works, because, steps, consequences } = why;
  // The reasons of the mode are among the steps; what stands above is not said again.
  const said = new Set(because.map((reason) => `because ${reason.text}`));
  const unsaid = steps.filter(({ text }) => !said.has(text));
  const chain = because.map(({ text, origin }, n) =>
    fact(n === 0 ? 'because' : 'and', text, undefined, origin),
  );
  const decisions = unsaid.map(({ topic, text, by, origin }) => fact(topic, text, by, origin));
  return [
    [
      { kind: 'heading', level: 2, text: `${subject} ${verdict}`, tone: works ? 'good' : 'doubt' },
      { kind: 'facts', facts: chain },
    ],
    steps.length === 0
      ? []
      : [
          { kind: 'heading', level: 3, text: `Steps, Linux ${kernel}` },
          { kind: 'facts', facts: decisions },
        ],
    consequences.length === 0
      ? []
      : [
          { kind: 'heading', level: 3, text: 'Consequences' },
          { kind: 'list', items: consequences },
        ],
  ];
}

/** The answer on a terminal. */
export const WHY_LAYOUT = { names: 11, nameFace: 'dim', hang: 0 } as const;

/** The same as an object; an origin is a location, `{defaultOf}` or absent. */
export function whyObject(why: Why, kernel: string): object {
  return { ...why, kernel };
}
