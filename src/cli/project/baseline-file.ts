/** Baselines on the disk: `--baseline FILE` reads one, `--write-baseline FILE` writes one. */
import { dirname, relative, resolve } from 'node:path';
import { type BaselineDraft, draftBaseline, readBaseline } from '../../findings/triage/baseline.ts';
import type { Baseline } from '../../findings/triage/settings.ts';
import { LIMITS } from '../../machine/limits.ts';
import { InputError } from '../../machine/locate.ts';
import { readBytes } from '../input/input.ts';
import { statOf } from '../input/walk.ts';
import { UsageError } from '../io.ts';
import { replaceFile } from '../output/replace-file.ts';
import { VERSION } from '../version.ts';

const WRITING = 'irqsim analyze --write-baseline';

function readAt(absolute: string, cwd: string): Baseline {
  const file = relative(cwd, absolute) || '.';
  return readBaseline(
    new TextDecoder().decode(readBytes(file, { onlyFiles: true, path: absolute })),
    file,
    dirname(absolute),
  );
}

/** A baseline stands in a folder, which the names in it start from: standard input and output have none. */
function refuseNoFile(path: string, asked: string): void {
  if (path === '' || path === '-') throw new UsageError(`${asked}: expected the name of a file`);
}

/**
 * The baseline at `path`, which may be relative to `cwd`; `asked` is what names it, for the error if there is none.
 * Throws InputError or UsageError.
 */
export function loadBaseline(path: string, cwd: string, asked: string): Baseline {
  refuseNoFile(path, asked);
  const absolute = resolve(cwd, path);
  if (!statOf(absolute)) {
    const file = relative(cwd, absolute);
    throw new UsageError(`${asked}: no such file; ${WRITING} ${file} INPUT... writes it`);
  }
  return readAt(absolute, cwd);
}

/** Whether a new baseline may take the place of the file: an older baseline, or one that is still empty. */
function mayReplace(absolute: string, cwd: string): boolean {
  const stat = statOf(absolute);
  if (!stat?.isFile() || stat.size === 0) return true;
  try {
    readAt(absolute, cwd);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** A draft of the baseline that is to be written at `path`. Throws UsageError if something else is there. */
export function draftFor(path: string, cwd: string): BaselineDraft {
  refuseNoFile(path, `--write-baseline ${path}`);
  const absolute = resolve(cwd, path);
  if (!mayReplace(absolute, cwd)) {
    throw new UsageError(`--write-baseline ${path}: the file is there and is no baseline; remove it first`);
  }
  return draftBaseline(cwd, dirname(absolute));
}

/** Writes all of the file or nothing, and nothing that could not be read again. Throws UsageError. */
export function writeBaseline(path: string, draft: BaselineDraft): void {
  const text = draft.text(VERSION);
  if (Buffer.byteLength(text) > LIMITS.textBytes) {
    const limit = LIMITS.textBytes / 2 ** 20;
    throw new UsageError(
      `--write-baseline ${path}: ${draft.size()} findings take more than ${limit} MiB; write one for each part of the inputs`,
    );
  }
  replaceFile(path, text);
}
