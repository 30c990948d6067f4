/** `irqsim completion`: what bash, zsh and fish need to complete a command line. */
import { Argument, Command } from 'commander';
import { EXIT, type Io } from '../io.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
The script contains the commands, options, rules and kernels of this version: write it again after an update. CPUs,
queues and devices are those of the file that the line names, which irqsim is asked for.

Examples:
  irqsim completion bash > ~/.local/share/bash-completion/completions/irqsim
  source <(irqsim completion bash)                            this bash only
  irqsim completion zsh > "\${fpath[1]}/_irqsim"               before compinit runs
  irqsim completion fish > ~/.config/fish/completions/irqsim.fish

Exit codes: 0 printed, 2 bad usage.`;

const SHELLS = {
  bash: async () => (await import('../definition/bash.ts')).bashCompletion,
  zsh: async () => (await import('../definition/zsh.ts')).zshCompletion,
  fish: async () => (await import('../definition/fish.ts')).fishCompletion,
};
type Shell = keyof typeof SHELLS;

async function completion(shell: Shell, command: Command, io: Io): Promise<void> {
  const [write, { commandModel, rootOf }, { knownWords }, { placesOf }] = await Promise.all([
    SHELLS[shell](),
    import('../definition/model.ts'),
    import('../definition/known-words.ts'),
    import('../definition/places.ts'),
  ]);
  io.out(write(placesOf(commandModel(rootOf(command)), knownWords()), VERSION));
}

async function values(at: string, words: readonly string[], command: Command, io: Io): Promise<void> {
  const [{ lineValues }, { commandModel, rootOf }] = await Promise.all([
    import('../tasks/line-values.ts'),
    import('../definition/model.ts'),
  ]);
  const called = rootOf(command).commands.find((one) => one.name() === words[0]);
  if (!called || called === command.parent) return;
  for (const word of await lineValues(Number(at), words, commandModel(called), io)) io.out(`${word}\n`);
}

/** For the scripts: prints what the machine that a line names has for word N of it. */
const valuesCommand: DefineCommand = (io, done) =>
  new Command('values')
    .argument('<n>', 'the word below the cursor, counted from 0')
    .argument('<word...>', 'the words behind irqsim')
    .action(async (at: string, words: string[], _options: object, command: Command) => {
      await values(at, words, command, io);
      done(EXIT.clean);
    });

export const completionCommand: DefineCommand = (io, done) =>
  new Command('completion')
    .description('Prints the script that lets bash, zsh or fish complete commands, options and names.')
    .usage('[options] <shell>')
    .addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(SHELLS)))
    .helpCommand(false)
    .addCommand(valuesCommand(io, done), { hidden: true })
    .addHelpText('after', HELP)
    .action(async (shell: Shell, _options: object, command: Command) => {
      await completion(shell, command, io);
      done(EXIT.clean);
    });
