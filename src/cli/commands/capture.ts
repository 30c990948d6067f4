/** `irqsim capture`: collects what is needed to analyse this machine elsewhere. */

import { Command } from 'commander';
import { visibleLines } from '../../lib/visible.ts';
import { EXIT, type Io } from '../io.ts';
import type { DefineCommand } from './command.ts';

interface CaptureOptions {
  readonly output: string;
  readonly root: string;
  readonly script?: boolean;
}

const HELP = `
Run it as root: only root can read the ACPI tables. The names of the collected files are
printed on standard error. They contain the CPUs, the firmware tables about them, interrupts, PCI devices and
names of network interfaces. Of the kernel command line only the parameters that irqsim reads are kept, of
the kernel log only the messages that it reads, of PCI configuration space the first 256 bytes.

Examples:
  sudo irqsim capture -o web7.tar.gz && irqsim analyze web7.tar.gz
  irqsim capture --root sosreport-web7        what irqsim needs of an unpacked sosreport
  irqsim capture --script > capture.sh        a shell script for machines without irqsim

Exit codes: 0 collected, 2 bad usage, or the archive cannot be written.`;

async function capture({ output, root, script }: CaptureOptions, io: Io): Promise<number> {
  if (script) {
    const { captureScript } = await import('../tasks/capture-script.ts');
    io.out(captureScript());
    return EXIT.clean;
  }
  const { runCapture } = await import('../tasks/run-capture.ts');
  io.note(visibleLines(runCapture(output, root)));
  return EXIT.clean;
}

export const captureCommand: DefineCommand = (io, done) =>
  new Command('capture')
    .summary('collect what is needed to analyse this machine elsewhere')
    .description('Collects the firmware tables and the state of CPUs and interrupts of this Linux machine.')
    .option('-o, --output <file>', 'archive to write', 'irqsim-capture.tar.gz')
    .option('--root <dir>', 'directory to take for /', '/')
    .option('--script', 'print a POSIX shell script that does the same')
    .addHelpText('after', HELP)
    .action(async (options: CaptureOptions) => {
      done(await capture(options, io));
    });
