/** Gives a command what the project file says, as if it had been typed: `--fail-on`, `--stack`, and `project` itself. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import type { Stack } from '../../formats/stack.ts';
import { currentFolder, findProject, isTrusted } from './find-project.ts';
import type { Project } from './project-file.ts';

/** Commander's name for where such a value came from. */
const SOURCE = 'config';

/** The project file that counts, and one that does not because it belongs to somebody else. */
interface Found {
  readonly path?: string | undefined;
  readonly foreign?: string | undefined;
}

/** `--config`: a path; false with `--no-config`. */
export type ConfigOption = string | false | undefined;

/** Absolute paths: that of `--config`, none with `--no-config`, else the nearest that can be trusted. */
export function projectPath(config: ConfigOption, cwd: string): Found {
  if (config === false) return {};
  if (config !== undefined) return { path: config };
  const nearest = findProject(cwd);
  if (nearest === undefined) return {};
  return isTrusted(nearest, cwd) ? { path: nearest } : { foreign: relative(cwd, nearest) };
}

/** Sources of an option that nobody typed. */
const NOT_ASKED: readonly (string | undefined)[] = ['default', undefined];

/** `--fail-on` and `--stack` of the command line go before those of the project. */
function applyTo(command: Command, project: Project): void {
  const failOn = NOT_ASKED.includes(command.getOptionValueSource('failOn')) ? project.failOn : undefined;
  const typed = command.getOptionValue('stack') as Stack;
  if (failOn) command.setOptionValueWithSource('failOn', failOn.value, SOURCE);
  command.setOptionValueWithSource('stack', { ...project.stack?.value, ...typed }, SOURCE);
  command.setOptionValueWithSource('project', { ...project, failOn } satisfies Project, SOURCE);
}

/** Looks for the project file and applies it. Throws InputError. */
export async function applyProject(command: Command): Promise<void> {
  const cwd = currentFolder();
  const { path, foreign } = projectPath(command.getOptionValue('config') as ConfigOption, cwd);
  if (foreign !== undefined) command.setOptionValueWithSource('foreignProject', foreign, SOURCE);
  if (path === undefined) return;
  const { readProject } = await import('./project-file.ts');
  applyTo(command, await readProject(path, cwd));
}
