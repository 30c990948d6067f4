/** The last line of a report on several machines: how many findings there are, and where to go on. */
import { type Analysis, NO_CHANGE_PROVED } from '../../findings/analyze.ts';
import { count, type Finding } from '../../findings/rules/rule.ts';

/** Sums over the machines of a run. */
export interface Closing {
  machines: number;
  /** Inputs that could not be read. */
  unread: number;
  errors: number;
  warnings: number;
  notes: number;
  /** Findings that propose a change. */
  proposing: number;
}

export const noClosing = (): Closing => ({
  machines: 0,
  unread: 0,
  errors: 0,
  warnings: 0,
  notes: 0,
  proposing: 0,
});

const proposes = ({ fix }: Finding): boolean => fix.some((text) => text !== NO_CHANGE_PROVED);

export function addToClosing(closing: Closing, { summary, findings }: Analysis): void {
  closing.machines++;
  closing.errors += summary.errors;
  closing.warnings += summary.warnings;
  closing.notes += summary.notes;
  closing.proposing += findings.filter(proposes).length;
}

/** "2 errors, 3 warnings, 1 note in 12 machines; 4 propose changes, which irqsim advise tries"; empty for one machine. */
export function closingLine({ machines, unread, errors, warnings, notes, proposing }: Closing): string {
  if (machines + unread < 2) return '';
  const counts = [count(errors, 'error'), count(warnings, 'warning'), count(notes, 'note')];
  const changes =
    proposing === 0
      ? ''
      : `; ${proposing} propose${proposing === 1 ? 's' : ''} changes, which irqsim advise tries on a machine`;
  const lost = unread === 0 ? '' : `; ${count(unread, 'input')} could not be read`;
  return `${counts.join(', ')} in ${count(machines, 'machine')}${changes}${lost}`;
}
