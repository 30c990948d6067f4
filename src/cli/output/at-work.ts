/** For which commands a terminal shows that they are at work: those that read machines and say nothing before the end. */
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { BusyLine } from './busy-line.ts';

/** `batch`, `prove`, `solve` and `sweep` say how far they are. */
const SILENT_COMMANDS: readonly string[] = [
  'analyze',
  'replay',
  'why',
  'irqs',
  'budget',
  'explore',
  'whatif',
  'diff',
  'advise',
  'merge',
  'import',
  'verify',
  'dmesg',
];

export interface AtWork {
  /** What is written through it stands on lines of its own. */
  readonly io: Io;
  readonly begin: (called: Command, quiet: boolean) => Promise<void>;
  readonly end: () => void;
}

/** Somebody types the input. Node's terminals are loaded with this, for they would be a tenth of every start. */
const isTyped = async ({ args }: Command, { stdin = 0 }: Io): Promise<boolean> =>
  args.includes('-') && (await import('node:tty')).isatty(stdin);

export function atWork(io: Io): AtWork {
  const { stderrFile } = io;
  if (stderrFile === undefined || !io.stderrIsTty) return { io, begin: async () => {}, end: () => {} };
  let line: BusyLine | undefined;
  const aside = (write: (text: string) => void) => (text: string) =>
    line ? line.aside(() => write(text)) : write(text);
  return {
    io: { ...io, out: aside(io.out), err: aside(io.err), note: aside(io.note) },
    async begin(called, quiet) {
      const isWatch = called.opts<{ watch?: boolean }>().watch && io.again;
      if (quiet || isWatch || !SILENT_COMMANDS.includes(called.name())) return;
      if (await isTyped(called, io)) return;
      const { busyLine } = await import('./busy-line.ts');
      line = busyLine(stderrFile, `irqsim ${called.name()} is at work`);
    },
    end() {
      line?.end();
      line = undefined;
    },
  };
}
