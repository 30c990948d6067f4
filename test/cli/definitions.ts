/** The command definitions, for tests that hold for every command. */
import { Command } from 'commander';
import { COMMANDS, definedCommand } from '../../src/cli/commands/index.ts';
import { addEverydayOptions } from '../../src/cli/definition/everyday.ts';
import { type CommandModel, commandModel } from '../../src/cli/definition/model.ts';
import type { Io } from '../../src/cli/io.ts';

const SILENT: Io = {
  env: {},
  stdoutIsTty: false,
  stderrIsTty: false,
  asciiOnly: false,
  columns: undefined,
  out: () => {},
  err: () => {},
  note: () => {},
};

const names = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];
const commands = await Promise.all(names.map((name) => definedCommand(name, SILENT, () => {})));
const root = new Command('irqsim');
for (const command of commands) root.addCommand(command);
addEverydayOptions(root);

/** irqsim with all commands below it, as run.ts puts them together. */
export const definitions = (): CommandModel => commandModel(root);

/** Every command at any depth, without the `help` that commander adds. */
export function everyCommand(above: CommandModel = definitions()): CommandModel[] {
  return above.commands
    .filter(({ name }) => name !== 'help')
    .flatMap((command) => [command, ...everyCommand(command)]);
}
