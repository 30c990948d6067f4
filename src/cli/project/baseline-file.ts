/** Baselines on the disk: `--baseline FILE` reads one, `--write-baseline FILE` writes one. */
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type BaselineDraft, draftBaseline, readBaseline } from '../../triage/baseline.ts';
import type { Baseline } from '../../triage/settings.ts';
import { readBytes } from '../input/input.ts';
import { UsageError } from '../io.ts';
import { VERSION } from '../version.ts';

const WRITING = 'irqsim analyze --write-baseline';

/**
 * The baseline at `path`, which may be relative to `cwd`; `asked` is what names it, for the error if there is none.
 * Throws InputError or UsageError.
 */
export function loadBaseline(path: string, cwd: string, asked: string): Baseline {
  const absolute = resolve(cwd, path);
  const file = relative(cwd, absolute) || '.';
  if (!statSync(absolute, { throwIfNoEntry: false })) {
    throw new UsageError(`${asked}: no such file; ${WRITING} ${file} INPUT... writes it`);
  }
  return readBaseline(new TextDecoder().decode(readBytes(file)), file, dirname(absolute));
}

/** A draft of the baseline that is to be written at `path`. */
export function draftFor(path: string, cwd: string): BaselineDraft {
  return draftBaseline(cwd, dirname(resolve(cwd, path)));
}

/** Writes all of the file or nothing. Throws UsageError. */
export function writeBaseline(path: string, cwd: string, draft: BaselineDraft): void {
  const absolute = resolve(cwd, path);
  const unfinished = `${absolute}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, draft.text(VERSION));
    renameSync(unfinished, absolute);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`--write-baseline ${path}: cannot be written (${code ?? message})`);
  }
}
