/** Notes on what the project file changes that no report tells. */
import type { Location } from '../../machine/machine.ts';
import { type Io, oneLine } from '../io.ts';
import type { Project } from './project-file.ts';

function tell({ file, line, column }: Location, what: string, note: Io['note']): void {
  note(oneLine(`${file}:${line}:${column}: note: ${what}`));
}

/** Another level decides the exit code than without the file. */
export function tellFailOn(project: Project | undefined, note: Io['note']): void {
  const failOn = project?.failOn;
  if (failOn && failOn.value !== 'error') tell(failOn.location, `fail-on ${failOn.value}`, note);
}

/** Other versions than the newest have their defaults counted. */
export function tellStack(project: Project | undefined, note: Io['note']): void {
  const stack = project?.stack;
  const versions = Object.entries(stack?.value ?? {}).map(([product, version]) => `${product}=${version}`);
  if (stack && versions.length > 0) tell(stack.location, `stack ${versions.join(',')}`, note);
}

/** Which project file counts where it is not in the folder itself, and which does not count. */
export function tellWhich(
  { project, foreignProject }: { readonly project?: Project | undefined; readonly foreignProject?: string },
  note: Io['note'],
): void {
  if (foreignProject !== undefined)
    note(
      oneLine(
        `${foreignProject} belongs to another user and does not count; --config ${foreignProject} uses it`,
      ),
    );
  if (project?.file.includes('/')) note(oneLine(`settings of ${project.file}`));
}
