/** `irqsim capture`: collects what is needed to analyse this machine elsewhere. */

import { Command } from 'commander';
import { shellWord } from '../../lib/shell-word.ts';
import { EXIT, type Io, oneLine, UsageError } from '../io.ts';
import type { DefineCommand } from './command.ts';

interface CaptureOptions {
  readonly output: string;
  readonly root: string;
  readonly script?: boolean;
  readonly verbose?: boolean;
}

const HELP = `
Run it as root: only root can read the ACPI tables. The collected files contain the CPUs, the firmware tables
about them, interrupts, PCI devices and names of network interfaces. Of the kernel command line only the
parameters that irqsim reads are kept, of the kernel log only the messages that it reads, of PCI configuration
space the first 256 bytes.

Examples:
  sudo irqsim capture -o web7.tar.gz && irqsim analyze web7.tar.gz
  ssh web7 sudo irqsim capture -o - > web7.tar.gz
  irqsim capture --root sosreport-web7        what irqsim needs of an unpacked sosreport
  irqsim capture --script > capture.sh        a shell script for machines without irqsim

Exit codes: 0 collected, 2 bad usage, or the archive cannot be written.`;

/** Where firmware describes the CPUs. */
const MADT = './sys/firmware/acpi/tables/APIC';

/** What was done, in one line. */
function doneText(output: string, files: readonly string[]): string {
  const count = `${files.length} file${files.length === 1 ? '' : 's'}`;
  const where = output === '-' ? 'standard output' : output;
  const lacks = files.includes(MADT) ? '' : '; without the ACPI tables, which only root can read';
  const next = output === '-' ? '' : `; irqsim analyze ${shellWord(output)} reports on it`;
  return `${where} is written: ${count}${lacks}${next}`;
}

async function capture({ output, root, script, verbose }: CaptureOptions, io: Io): Promise<number> {
  if (script) {
    const { captureScript } = await import('../tasks/capture-script.ts');
    io.out(captureScript());
    return EXIT.clean;
  }
  const { runCapture } = await import('../tasks/run-capture.ts');
  if (output === '-' && io.stdoutIsTty)
    throw new UsageError('capture: an archive is not for a terminal: name a file with -o, or pipe it on');
  const files = runCapture(output, root);
  if (verbose) io.note(files.map((file) => oneLine(`collected ${file}`)).join(''));
  io.note(oneLine(doneText(output, files)));
  return EXIT.clean;
}

export const captureCommand: DefineCommand = (io, done) =>
  new Command('capture')
    .description('Collects the firmware tables and the state of CPUs and interrupts of this Linux machine.')
    .option('-o, --output <file>', 'archive to write (-: standard output)', 'irqsim-capture.tar.gz')
    .option('--root <dir>', 'directory to take for /', '/')
    .option('-v, --verbose', 'list the collected files')
    .option('--script', 'print a POSIX shell script that does the same')
    .addHelpText('after', HELP)
    .action(async (options: CaptureOptions) => {
      done(await capture(options, io));
    });
