/** Parts of the input that its reader could not make sense of: what they say is missing from the report. */
import { listWords } from '../../../lib/words.ts';
import type { NotUnderstood } from '../../../machine/not-understood.ts';
import type { RawFinding, Rule } from '../rule.ts';

const WRITE_DOWN =
  'give it in a form that irqsim reads, or add what is missing to the description that irqsim import writes';

/** A part may be one thing or several, so the sentence has none of them as its subject. */
function toFinding({ part, mayHold, remedy }: NotUnderstood, index: number): RawFinding {
  const bears = mayHold.length > 0;
  return {
    message: bears
      ? `not understood: ${part}; this may be about ${listWords(mayHold, 'or')}, which the report then lacks`
      : `not understood: ${part}; this has no bearing on CPUs and interrupts that irqsim knows of`,
    cause: ['the report is made without it'],
    fix: [remedy ?? (bears ? WRITE_DOWN : 'nothing, unless irqsim import shows that something is missing')],
    path: ['notUnderstood', index],
    level: bears ? 'warning' : 'note',
  };
}

export const inputNotUnderstood: Rule = {
  name: 'input-not-understood',
  aliases: [],
  level: 'warning',
  summary: 'A part of the input was not understood, so the report may lack what it says.',
  explain: [
    'Every part of a configuration is used, or known to have no bearing on CPUs and interrupts, or named here. A part that may hold CPUs, devices, the machine type, the irqchip or the kernel is a warning, for a verdict without it could be wrong; any other is a note.',
    'Typical parts: a shell variable whose value only the shell knows, an option or device that is newer than this irqsim, a file that is not there, a template that was not filled in.',
    'Check: irqsim import FILE shows the machine as it was read. Change: supply the value (--define NAME=VALUE for shell variables), give the file, or write the machine as a description.',
  ],
  messages: [],
  check({ machine }) {
    return machine.notUnderstood.map(toFinding);
  },
};
