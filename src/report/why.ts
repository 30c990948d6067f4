/** The text and the JSON of `irqsim why`. */
import { Chalk } from 'chalk';
import { visible } from '../lib/visible.ts';
import type { Origin, Why } from '../questions/why/chain.ts';
import { wrap } from './document/terminal/wrap.ts';

export interface WhyOptions {
  readonly width: number;
  readonly colour: 0 | 1 | 2 | 3;
  /** The release, named with the kernel's functions. */
  readonly kernel: string;
}

const LABEL = 11;

/** "guest.yaml:7:14", "--set kernel=5.4" or "default of extDestId". */
function originText(origin: Origin | undefined): string | null {
  if (origin === undefined) return null;
  if ('defaultOf' in origin) return `default of ${origin.defaultOf}`;
  return origin.file.startsWith('--') ? origin.file : `${origin.file}:${origin.line}:${origin.column}`;
}

function notes(by: string | undefined, origin: Origin | undefined): string {
  const known = [by, originText(origin)].filter((one) => one !== undefined && one !== null);
  return known.length === 0 ? '' : visible(`[${known.join('; ')}]`);
}

/** The answer: verdict, shortest chain, all steps in order, consequences. Lines end with a newline. */
export function whyText(
  { subject, verdict, works, because, steps, consequences }: Why,
  options: WhyOptions,
): string {
  const ink = new Chalk({ level: options.colour });
  const columns = Math.max(30, options.width - LABEL);
  const labelled = (label: string, text: string, note: string): string[] => {
    const lines = wrap(text, columns);
    const last = lines[lines.length - 1];
    if (note !== '' && last.length + 2 + note.length <= columns)
      lines.push(`${lines.pop()}  ${ink.dim(note)}`);
    else if (note !== '') lines.push(ink.dim(note));
    return lines.map((line, n) => ink.dim((n === 0 ? label : '').padEnd(LABEL)) + line);
  };
  // The reasons of the mode are among the steps; what stands above is not said again.
  const said = new Set(because.map((reason) => `because ${reason.text}`));
  const unsaid = steps.filter(({ text }) => !said.has(text));
  const head = wrap(`${subject} ${verdict}`, options.width);
  const lines = [
    ...head.map((line) => (works ? ink.green(line) : ink.yellow(line))),
    ...because.flatMap(({ text, origin }, n) =>
      labelled(n === 0 ? 'because' : 'and', text, notes(undefined, origin)),
    ),
    ...(steps.length === 0 ? [] : ['', ink.bold(`Steps, Linux ${options.kernel}`)]),
    ...unsaid.flatMap(({ topic, text, by, origin }) => labelled(topic, text, notes(by, origin))),
    ...(consequences.length === 0 ? [] : ['', ink.bold('Consequences')]),
    ...consequences.flatMap((text) => wrap(text, options.width)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as an object; an origin is a location, `{defaultOf}` or absent. */
export function whyObject(why: Why, kernel: string): object {
  return { ...why, kernel };
}
