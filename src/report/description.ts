/**
 * A description as YAML text in irqsim's own form: a comment says where it comes from, what a product decided by
 * default, and what it would refuse. Reading it again gives the same machine.
 */
import { jsonText } from '../lib/json-text.ts';
import { visible } from '../lib/visible.ts';
import type { Assumption, Import, Machine, Suppression } from '../machine/machine.ts';

type Mapping = Readonly<Record<string, unknown>>;

/**
 * @param description a valid raw description: a mapping as a reader or a user wrote it
 * @param machine the machine made of it, for its name and the comments
 */
export function descriptionText(description: unknown, machine: Machine): string {
  const { imported, source } = machine;
  const assumptions = imported?.assumptions ?? [];
  const lines = [
    ...comment(
      `Written by irqsim import from ${source === '-' ? 'standard input' : source}${formatOf(imported)}.`,
    ),
    ...(imported?.refusals ?? []).flatMap(({ by, level, message }) =>
      comment(`${by} ${level === 'error' ? 'refuses' : 'warns'}: ${message}`),
    ),
    ...assumed(assumptions.filter(({ path }) => !isWritten(path?.[0], description))),
    ...placedSuppressions(machine),
  ];
  for (const [key, value] of entriesOf(withSuppressions(description, machine))) {
    const about = assumptions.filter(({ path }) => path?.[0] === key);
    lines.push(...(Array.isArray(value) ? listLines(key, value, about) : valueLines(key, value, about)));
  }
  return `${lines.join('\n')}\n`;
}

const fromComments = ({ triage }: Machine): readonly Suppression[] =>
  (triage?.suppress ?? []).filter(({ comment }) => comment);

/** Comments that are about all of the machine are keys of the description. */
function withSuppressions(description: unknown, machine: Machine): unknown {
  const own = (description as { readonly suppress?: readonly unknown[] }).suppress ?? [];
  const whole = fromComments(machine).filter(({ comment }) => comment?.lines === null);
  if (whole.length === 0) return description;
  const added = whole.map(({ rule, reason, until }) => ({ rule, reason, until }));
  return { ...(description as Mapping), suppress: [...own, ...added] };
}

/** What a comment says of lines of the input has no place here: the finding comes back. */
function placedSuppressions(machine: Machine): string[] {
  return fromComments(machine).flatMap(({ rule, comment: scope, location }) =>
    scope?.lines
      ? comment(`left out: the comment on line ${location.line} of the input that suppresses ${rule}`)
      : [],
  );
}

function formatOf(imported: Import | undefined): string {
  return imported ? ` (${imported.format})` : '';
}

function isWritten(key: unknown, description: unknown): boolean {
  return entriesOf(description).some(([name]) => name === key);
}

function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(value as Mapping).filter(([, part]) => part !== undefined);
}

function valueLines(key: string, value: unknown, about: readonly Assumption[]): string[] {
  return [...assumed(about), `${key}: ${flow(value)}`];
}

/** One line for each part, with what is assumed about it above. */
function listLines(key: string, list: readonly unknown[], about: readonly Assumption[]): string[] {
  if (list.length === 0) return valueLines(key, list, about);
  return [
    ...assumed(about.filter(({ path }) => typeof path?.[1] !== 'number' || path[1] >= list.length)),
    `${key}:`,
    ...list.flatMap((part, index) => [
      ...assumed(about.filter(({ path }) => path?.[1] === index)).map((line) => `  ${line}`),
      `  - ${flow(part)}`,
    ]),
  ];
}

function assumed(assumptions: readonly Assumption[]): string[] {
  return assumptions.flatMap(({ text }) => comment(`assumed: ${text}`));
}

/** Comment lines; what could end a comment early is made a blank. */
function comment(text: string): string[] {
  return [
    `# ${visible(text)
      .replace(/[^ -~\u00a1-\ud7ff\ue000-\ufefe]+/g, ' ')
      .trim()}`,
  ];
}

/** A value on one line of YAML. JSON's quoted strings are YAML's. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = entriesOf(value).map(([key, part]) => `${key}: ${flow(part)}`);
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
  }
  return typeof value === 'string' ? text(value) : String(value);
}

/** Words that YAML reads as something else than text. */
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Plain words stay plain, all else is quoted. */
function text(value: string): string {
  return /^[A-Za-z][A-Za-z0-9-]*$/.test(value) && !RESERVED.test(value) ? value : jsonText(value);
}
