/** How texts of a folder are read: what `analyze` in that folder makes of options, project file and baseline. */
import { statSync } from 'node:fs';
import type { Reading } from '../../lsp/protocol.ts';
import type { Io } from '../io.ts';
import type { MachineOptions } from '../options/machine-options.ts';
import { type ConfigOption, projectPath } from '../project/project.ts';
import { type Project, readProject } from '../project/project-file.ts';
import { settingsOf } from '../project/settings.ts';

/** Options that decide how every text is read; paths are absolute. */
export interface ReadingOptions
  extends Pick<MachineOptions, 'stack' | 'define' | 'level' | 'baseline' | 'today' | 'audit'> {
  readonly config?: ConfigOption;
}

/** How texts of a folder, by its absolute path, are read. Rejects with InputError or UsageError. */
export type Readings = (folder: string) => Promise<Reading>;

const day = (): string => new Date().toISOString().slice(0, 10);

/** Another text for a file that was written anew. */
function stateOf(path: string | undefined): string {
  if (path === undefined) return '';
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${path} ${stat?.mtimeMs} ${stat?.size} ${stat?.ino}`;
}

interface Kept {
  readonly state: string;
  readonly baseline: string | undefined;
  readonly reading: Reading;
}

/** Readings by folder, each made anew once its files or the day have changed. Notes on `io` as `analyze` does. */
export function readings(options: ReadingOptions, io: Pick<Io, 'env' | 'note'>): Readings {
  const kept = new Map<string, Kept>();
  let made = 0;

  async function make(folder: string, path: string | undefined, foreign: string | undefined) {
    const project: Project | undefined = path === undefined ? undefined : await readProject(path, folder);
    const settings = settingsOf(
      {
        ...options,
        ...(project && { project }),
        ...(foreign !== undefined && { foreignProject: foreign }),
      },
      io,
      folder,
    );
    const failOn = project?.failOn?.value;
    const reading: Reading = {
      stamp: String(++made),
      level: failOn === 'never' ? undefined : failOn,
      stack: { ...project?.stack?.value, ...options.stack },
      defines: options.define,
      settings,
      docs: project?.docs,
    };
    return { reading, baseline: options.baseline ?? project?.baseline?.value };
  }

  return async (folder) => {
    const { path, foreign } = projectPath(options.config, folder);
    const before = kept.get(folder);
    const files = `${day()} ${stateOf(path)} ${foreign}`;
    if (before && before.state === `${files} ${stateOf(before.baseline)}`) return before.reading;
    const { reading, baseline } = await make(folder, path, foreign);
    kept.set(folder, { state: `${files} ${stateOf(baseline)}`, baseline, reading });
    return reading;
  };
}
