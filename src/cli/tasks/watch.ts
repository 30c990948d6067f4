/** `analyze --watch`: the same run again whenever a file that it reads has changed, until somebody ends it. */
import { relative, resolve } from 'node:path';
import { awaitSignals, type Ending } from '../batch/signals.ts';
import { changedFiles, type Stamps, stampsOf } from '../input/stamps.ts';
import { statOf } from '../input/walk.ts';
import { type Again, type Io, oneLine, UsageError } from '../io.ts';
import { namedFile } from '../output/named-file.ts';
import { throughLinks } from '../output/through-links.ts';
import { currentFolder, projectCandidates } from '../project/find-project.ts';
import { type ConfigOption, projectPath } from '../project/project.ts';

export interface WatchOptions {
  readonly format: string;
  readonly output?: string | undefined;
  readonly baseline?: string;
  readonly config?: ConfigOption;
}

/** Milliseconds between two looks; where a look takes long, so many times as long as it takes. */
const BETWEEN = 100;
const TIMES = 10;
/** Looks that a file may go on changing before it is read as it is. */
const PATIENCE = 10;
/** Changed files that are named. */
const NAMED = 3;
/** Clears the screen; what has scrolled away stays. */
const CLEAR = '\u001b[2J\u001b[H';

/** Throws UsageError for an input that can be read once only, or that does not tell when it changes. */
function refuseUnwatchable(inputs: readonly string[]): void {
  for (const input of inputs) {
    const stat = input === '-' ? undefined : statOf(input);
    if (input === '-' || (stat && !stat.isFile() && !stat.isDirectory()))
      throw new UsageError(
        `--watch: ${input === '-' ? 'standard input' : input} can be read only once; name a file or a folder`,
      );
    if (/^\/(?:(?:proc|sys)(?:\/|$)|$)/.test(resolve(input)))
      throw new UsageError(`--watch: ${input}: files of a running machine do not tell when they change`);
  }
}

/** The files beside the inputs that a run depends on: project files that are there or may come, baselines. */
async function settingsFiles({ baseline, config }: WatchOptions): Promise<readonly string[]> {
  const cwd = currentFolder();
  const files = config === undefined ? projectCandidates(cwd) : config === false ? [] : [config];
  try {
    const { path } = projectPath(config, cwd);
    const { readProject } = await import('../project/project-file.ts');
    const project = path === undefined ? undefined : await readProject(path, cwd);
    return [...files, ...[baseline, project?.baseline?.value].filter((file) => file !== undefined)];
  } catch {
    // The run says what is wrong with it.
    return [...files, ...(baseline === undefined ? [] : [baseline])];
  }
}

/** Waits so long, or until a signal comes. */
function pause(milliseconds: number, ending: Ending): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    ending.do(() => {
      clearTimeout(timer);
      done();
    });
  });
}

/**
 * Waits until files have changed and are at rest again: editors write a file in several steps, and rename it. Gives
 * the names of those that changed; none: somebody ended it.
 */
export async function change(
  before: Stamps,
  look: () => Stamps,
  ending: Ending,
  io: Io,
): Promise<readonly string[]> {
  let last = before;
  for (let restless = 0; ; ) {
    const began = performance.now();
    const now = look();
    const took = performance.now() - began;
    const isAtRest = changedFiles(last, now).length === 0;
    const changed = changedFiles(before, now);
    if (changed.length > 0 && (isAtRest || ++restless > PATIENCE)) return changed;
    last = now;
    await pause(Math.max(BETWEEN, TIMES * took), ending);
    if (ending.signal !== undefined || io.isGone?.()) return [];
  }
}

function changeText(changed: readonly string[]): string {
  const names = changed.map((path) => relative(currentFolder(), path));
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''} changed`;
}

/** Says what is to come: on a cleared screen, behind a line of text, or, where standard output is data, beside it. */
function announce(changed: readonly string[], options: WatchOptions, io: Io): void {
  const text = changeText(changed);
  const isText = options.format === 'text' && namedFile(options.output) === undefined;
  if (isText && io.stdoutIsTty && io.env.TERM !== 'dumb') io.out(CLEAR);
  else if (isText && !io.quiet) io.out(oneLine(`=== ${text} ===`));
  if (!isText || io.stdoutIsTty) io.note(oneLine(`irqsim: ${text}`));
}

/** Runs `again` now and after each change. Returns the last exit code once a signal ends it, or that of bad usage. Throws UsageError. */
export async function watch(
  inputs: readonly string[],
  options: WatchOptions,
  io: Io,
  again: () => Promise<Again>,
): Promise<number> {
  refuseUnwatchable(inputs);
  const output = namedFile(options.output);
  const skipped = output === undefined ? undefined : resolve(throughLinks(output));
  const ending = awaitSignals();
  try {
    for (let runs = 0; ; runs++) {
      const files = [...inputs, ...(await settingsFiles(options))];
      const look = () => stampsOf(files, skipped);
      const before = look();
      const { code, isBadUsage } = await again();
      // Later it may be a file that is not there for a moment.
      if (isBadUsage && runs === 0) return code;
      io.note(oneLine(`irqsim: watching ${inputs.join(', ')}; Ctrl-C ends it`));
      if (ending.signal !== undefined) return code;
      const changed = await change(before, look, ending, io);
      if (changed.length === 0) return code;
      announce(changed, options, io);
    }
  } finally {
    ending.close();
  }
}
