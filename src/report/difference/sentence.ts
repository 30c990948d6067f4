/** A difference in one sentence: what was gained and lost. */
import type { Analysis } from '../../findings/analyze.ts';
import { count } from '../../findings/rules/rule.ts';
import { type Difference, nothingDiffers } from '../../questions/whatif/difference.ts';

/** "FAIL → PASS". */
export function verdictText({ before, after }: Difference): string {
  return `${verdictWord(before)} → ${verdictWord(after)}`;
}

/** "FAIL". */
export const verdictWord = ({ summary }: Analysis): string => summary.verdict.toUpperCase();

type Part = readonly [n: number, one: string];

/** "80 CPUs and 24 queues gained"; empty if there are none. */
function clause(parts: readonly Part[], verb?: string): string[] {
  const texts = parts.filter(([n]) => n > 0).map(([n, one]) => count(n, one));
  if (texts.length === 0) return [];
  const what = [...texts.slice(0, -2), texts.slice(-2).join(' and ')].join(', ');
  return [verb === undefined ? what : `${what} ${verb}`];
}

/** What came of it all, most important first; CPUs are those online and reachable. */
export function differenceSentence(difference: Difference): string {
  if (nothingDiffers(difference)) return 'nothing differs';
  const { usable, queues, devices, findings, facets, vectors } = difference;
  const { gone, came, changed } = findings;
  const added = devices.filter(({ before }) => before === null).length;
  const removed = devices.filter(({ after }) => after === null).length;
  const parts = [
    ...clause(
      [
        [usable.gained, 'CPU'],
        [queues.gained, 'queue'],
        [added, 'device'],
      ],
      'gained',
    ),
    ...clause(
      [
        [usable.lost, 'CPU'],
        [queues.lost, 'queue'],
        [removed, 'device'],
      ],
      'lost',
    ),
    ...clause([[queues.started, 'waiting queue']], 'started'),
    ...clause([[queues.stopped, 'queue']], queues.stopped === 1 ? 'waits for CPUs' : 'wait for CPUs'),
    ...clause([[gone.length, 'finding']], 'gone'),
    ...clause([[came.length, 'new finding']]),
    ...clause([[changed.length, 'finding']], 'changed'),
  ];
  if (parts.length > 0) return parts.join('; ');
  const what =
    devices.length > 0 ? 'interrupts' : facets.length + vectors.length > 0 ? 'settings' : 'numbers';
  return `only ${what} differ, nothing gained or lost`;
}
