/** `irqsim lsp`: a language server, for editors. */
import { Command, Option } from 'commander';
import type { ReadingOptions } from '../lsp/readings.ts';
import { addReadingOptions } from '../options/machine-options.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Speaks the Language Server Protocol on standard input and output; an editor starts it and ends it. While a machine
description, a libvirt domain, a KubeVirt manifest, a script that starts QEMU or another file that analyze reads is
written, findings and mistakes are marked where they are, each finding's line offers the changes that advise proves,
as edits, and the verdict stands above the machine. What is analysed is the text in the editor, saved or not. Of
files that are no machine nothing is said. The project file and the baseline that count are those of the folder of
each file.

Editors are set up as docs/editors.md of irqsim says: VS Code, Neovim, Helix and Emacs start "irqsim lsp".

Examples:
  irqsim lsp                                      what an editor starts
  irqsim lsp --stack libvirt=10.5,qemu=9.2        the versions that run here
  irqsim lsp --audit --level sparse-apic-ids=off

Exit codes: 0 the editor ended it by shutdown and exit, 1 it went without that, 2 bad usage.`;

export const lspCommand: DefineCommand = (io, done) =>
  addReadingOptions(new Command('lsp'))
    .description('Serves an editor: findings while machines are written, and their fixes as edits.')
    .option('--audit', 'also note the assumptions of the kernel that do not hold on the machine')
    .addOption(new Option('--stdio', 'speak on standard input and output, as it does anyway'))
    .addHelpText('after', HELP)
    .action(async (options: ReadingOptions) => {
      const { serveEditor } = await import('../tasks/lsp.ts');
      done(await serveEditor(options, io));
    });
