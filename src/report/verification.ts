/** What came of a verification, as text and as JSON. */
import { visible } from '../lib/visible.ts';
import type { NotCompared } from '../questions/verify/tally.ts';
import type { Verification } from '../questions/verify/verify.ts';

/** Mismatches that the text lists in full without `--verbose`. */
const LISTED = 40;

/** Parts of a machine without which nothing is verified. */
const DECISIVE = ['the kernel', 'CPUs'] as const;

/** What a verification came to; a machine whose kernel or CPUs were guessed was not verified, whatever agrees. */
export function verdictOf({ mismatches, machine, unknown }: Verification): 'match' | 'mismatch' | 'unknown' {
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
  return [...counts].map(([key, count]) => `  ${count} × ${key}`);
}

/** The report; `verbose` lists every mismatch. */
export function verificationText(source: string, result: Verification, verbose: boolean): string {
  const { counts, mismatches, notCompared, unknown, machine, stages, assumptions } = result;
  const all = [...counts.values()];
  const compared = all.reduce((sum, count) => sum + count.compared, 0);
  const matched = all.reduce((sum, count) => sum + count.matched, 0);
  const shown = verbose ? mismatches : mismatches.slice(0, LISTED);
  const rows = [...counts].map(
    ([kind, count]) => `  ${kind.padEnd(20)} ${String(count.matched).padStart(6)} of ${count.compared}`,
  );
  const verdict = verdictOf(result).toUpperCase();
  return [
    `${verdict}  ${source}  ${matched} of ${compared} values are as predicted`,
    '',
    `Machine   Linux ${machine.kernel.text} on ${machine.platform}`,
    ...(stages.length > 1 ? [`Stages    ${stages.join(', ')}`] : []),
    '',
    'Matched',
    ...rows,
    ...(shown.length > 0 ? ['', 'Mismatches'] : []),
    ...shown.map(
      ({ stage, kind, subject, predicted, shown: machineShows }) =>
        `  ${stage === '' ? '' : `${stage}: `}${kind}, ${subject}: predicted ${predicted}, the machine shows ${machineShows}`,
    ),
    ...(mismatches.length > shown.length
      ? [`  and ${mismatches.length - shown.length} more (--verbose lists them)`]
      : []),
    ...machine.notUnderstood.map(({ part, remedy }) => `Unknown   ${part}${remedy ? `: ${remedy}` : ''}`),
    ...unknown.map((what) => `Unknown   ${what}`),
    ...(notCompared.length > 0 ? ['', 'Not compared', ...reasons(notCompared)] : []),
    ...(assumptions.length > 0 ? ['', 'Assumed', ...assumptions.map(({ text }) => `  ${text}`)] : []),
  ]
    .map((line) => `${visible(line)}\n`)
    .join('');
}

/** Fields are only ever added. */
export function verificationJson(source: string, result: Verification, version: string): object {
  const { counts, mismatches, notCompared, unknown, machine, stages, assumptions } = result;
  return {
    schemaVersion: 1,
    tool: { name: 'irqsim', version },
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
