/** `-o FILE` of the commands that write a report: one option, and one way to the file. */
import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { namedFile } from '../output/named-file.ts';
import type { SettingsOptions } from '../project/settings.ts';

export interface OutputOption {
  readonly output?: string | undefined;
}

/** Adds {@link OutputOption} to a command; `about` says what is written. */
export const withOutput = (
  command: Command,
  about = 'write to this file, completely or not at all',
): Command => command.addOption(new Option('-o, --output <file>', `${about} (-: standard output)`));

/** Options that name other files that a run reads, or writes besides. */
type FileOptions = OutputOption & Pick<SettingsOptions, 'baseline' | 'writeBaseline' | 'project'>;

/**
 * Runs what writes a report, on standard output or into the file of `-o`: whole, once `act` is through, and not at all
 * if it fails. `inputs`: names of what is read, of which the file must be none, nor any that `options` name. Throws UsageError.
 */
export async function reporting(
  options: FileOptions,
  inputs: readonly string[],
  io: Io,
  act: (io: Io) => Promise<number>,
): Promise<number> {
  const output = namedFile(options.output);
  if (output === undefined) return act(io);
  const { intoFile } = await import('../output/into-file.ts');
  const { baseline, writeBaseline, project } = options;
  const files = [...inputs, baseline, writeBaseline, project?.file, project?.baseline?.value];
  return intoFile(
    output,
    files.filter((file) => file !== undefined),
    io,
    act,
  );
}
