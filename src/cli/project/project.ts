/** Gives a command what the project file says, as if it had been typed: `--fail-on`, `--stack`, and `project` itself. */
import type { Command } from 'commander';
import type { Stack } from '../../formats/reader.ts';
import { currentFolder, findProject } from './find-project.ts';
import type { Project } from './project-file.ts';

/** Commander's name for where such a value came from. */
const SOURCE = 'config';

/** Absolute path of the project file that counts: that of `--config`, none with `--no-config`, else the nearest. */
function projectPath(command: Command, cwd: string): string | undefined {
  const config = command.getOptionValue('config') as string | false | undefined;
  if (config === false) return undefined;
  return config ?? findProject(cwd);
}

/** `--fail-on` and `--stack` of the command line go before those of the project. */
function applyTo(command: Command, project: Project): void {
  const failOn = command.getOptionValueSource('failOn') === 'default' ? project.failOn : undefined;
  const typed = command.getOptionValue('stack') as Stack;
  if (failOn) command.setOptionValueWithSource('failOn', failOn.value, SOURCE);
  command.setOptionValueWithSource('stack', { ...project.stack?.value, ...typed }, SOURCE);
  command.setOptionValueWithSource('project', { ...project, failOn } satisfies Project, SOURCE);
}

/** Looks for the project file and applies it. Throws InputError. */
export async function applyProject(command: Command): Promise<void> {
  const cwd = currentFolder();
  const path = projectPath(command, cwd);
  if (path === undefined) return;
  const { readProject } = await import('./project-file.ts');
  applyTo(command, await readProject(path, cwd));
}
