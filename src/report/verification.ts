/** What came of a verification, as a document and as JSON. */
import type { Mismatch, NotCompared, Tally } from '../questions/verify/tally.ts';
import type { Verification } from '../questions/verify/verify.ts';
import type { Block, Column, Document, Section, Tone } from './document/block.ts';
import { documentHead } from './json.ts';

/** Mismatches that are listed without `--verbose`. */
const LISTED = 40;

/** Parts of a machine without which nothing is verified. */
const DECISIVE = ['the kernel', 'CPUs'] as const;

type VerificationVerdict = 'match' | 'mismatch' | 'unknown';

const TONES: Readonly<Record<VerificationVerdict, Tone>> = {
  match: 'good',
  mismatch: 'bad',
  unknown: 'doubt',
};

/** What a verification came to; a machine whose kernel or CPUs were guessed was not verified, whatever agrees. */
export function verdictOf({ mismatches, machine, unknown }: Verification): VerificationVerdict {
  if (mismatches.length > 0) return 'mismatch';
  if (unknown.length > 0) return 'unknown';
  return machine.notUnderstood.some(({ mayHold }) => DECISIVE.some((part) => mayHold.includes(part)))
    ? 'unknown'
    : 'match';
}

/** The same reason in several stages, as one line. */
function reasons(notCompared: readonly NotCompared[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, why, count } of notCompared) {
    const key = `${kind}: ${why}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return [...counts].map(([key, count]) => `${count} × ${key}`);
}

const COLUMNS: readonly Column[] = [
  { title: 'Values' },
  { title: 'compared', numbers: true },
  { title: 'as predicted', numbers: true },
];

/** By kind of value: how many were compared, and how many agree. */
function countTable(counts: Tally['counts']): Block {
  return {
    kind: 'table',
    columns: COLUMNS,
    rows: [...counts].map(([kind, { compared, matched }]) => [
      { text: kind },
      { text: String(compared) },
      { text: String(matched), tone: matched === compared ? 'good' : 'bad' },
    ]),
  };
}

function mismatchText({ stage, kind, subject, predicted, shown }: Mismatch): string {
  const when = stage === '' ? '' : `${stage}: `;
  return `${when}${kind}, ${subject}: predicted ${predicted}, the machine shows ${shown}`;
}

/** Texts under a title; nothing for none. */
function listed(title: string, items: readonly string[]): Section {
  if (items.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: title },
    { kind: 'list', items },
  ];
}

function mismatchSection(mismatches: readonly Mismatch[], verbose: boolean): Section {
  const shown = verbose ? mismatches : mismatches.slice(0, LISTED);
  const rest = mismatches.length - shown.length;
  return listed('Mismatches', [
    ...shown.map(mismatchText),
    ...(rest > 0 ? [`and ${rest} more (--verbose lists them)`] : []),
  ]);
}

function unknownSection({ machine, unknown }: Verification): Section {
  const texts = [
    ...machine.notUnderstood.map(({ part, remedy }) => `${part}${remedy ? `: ${remedy}` : ''}`),
    ...unknown,
  ];
  return texts.length === 0 ? [] : [{ kind: 'facts', facts: [{ name: 'Unknown', texts }] }];
}

/** The report; `verbose` lists every mismatch. */
export function verificationDocument(source: string, result: Verification, verbose: boolean): Document {
  const { counts, mismatches, notCompared, machine, stages, assumptions } = result;
  const all = [...counts.values()];
  const compared = all.reduce((sum, count) => sum + count.compared, 0);
  const matched = all.reduce((sum, count) => sum + count.matched, 0);
  const verdict = verdictOf(result);
  const facts = [
    { name: 'Machine', texts: [`Linux ${machine.kernel.text} on ${machine.platform}`] },
    ...(stages.length > 1 ? [{ name: 'Stages', texts: [stages.join(', ')] }] : []),
  ];
  return [
    [
      {
        kind: 'headline',
        level: 2,
        verdict: verdict.toUpperCase(),
        tone: TONES[verdict],
        title: source,
        text: `${matched} of ${compared} values are as predicted`,
      },
    ],
    [{ kind: 'facts', facts }],
    counts.size === 0 ? [] : [countTable(counts)],
    mismatchSection(mismatches, verbose),
    unknownSection(result),
    listed('Not compared', reasons(notCompared)),
    listed(
      'Assumed',
      assumptions.map(({ text }) => text),
    ),
  ];
}

/** The report on a terminal. */
export const VERIFICATION_LAYOUT = { indent: 2 } as const;

/** Fields are only ever added. */
export function verificationJson(source: string, result: Verification, version: string): object {
  const { counts, mismatches, notCompared, unknown, machine, stages, assumptions } = result;
  return {
    ...documentHead(version),
    machine: { source, kernel: machine.kernel.text, platform: machine.platform },
    stages,
    verdict: verdictOf(result),
    kinds: [...counts].map(([kind, count]) => ({ kind, ...count })),
    mismatches,
    notCompared,
    unknown,
    assumptions: assumptions.map(({ text }) => text),
  };
}
