/** `irqsim completion`: what bash, zsh and fish need to complete a command line. */
import { Argument, Command } from 'commander';
import { EXIT, type Io } from '../io.ts';
import { VERSION } from '../version.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
The script contains the commands, options, rules and kernels of this version: write it again after an update.

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

export const completionCommand: DefineCommand = (io, done) =>
  new Command('completion')
    .summary('print the completion script of a shell')
    .description('Prints the script that lets bash, zsh or fish complete commands, options and names.')
    .addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action(async (shell: Shell, _options: object, command: Command) => {
      await completion(shell, command, io);
      done(EXIT.clean);
    });
