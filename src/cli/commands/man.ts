/** `irqsim man`: the manual page. */
import { Command } from 'commander';
import { EXIT, type Io } from '../io.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Examples:
  irqsim man | man -l -
  irqsim man > ~/.local/share/man/man1/irqsim.1 && man irqsim

Exit codes: 0 printed, 2 bad usage.`;

async function man(command: Command, io: Io): Promise<void> {
  const [{ manPage }, { commandModel, rootOf }, { inputFormats }] = await Promise.all([
    import('../definition/man.ts'),
    import('../definition/model.ts'),
    import('../options/machine-options.ts'),
  ]);
  io.out(manPage({ root: commandModel(rootOf(command)), version: VERSION, formats: inputFormats() }));
}

export const manCommand: DefineCommand = (io, done) =>
  new Command('man')
    .description('Prints the manual page irqsim(1), made from the definitions of the commands.')
    .addHelpText('after', HELP)
    .action(async (_options: object, command: Command) => {
      await man(command, io);
      done(EXIT.clean);
    });
