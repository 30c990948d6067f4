/** What a run tells or writes once all its inputs are analysed: stale suppressions, a new baseline. */
import type { Analysis } from '../../findings/analyze.ts';
import type { JudgeSettings } from '../../findings/triage/settings.ts';
import { traceOf, watchStale } from '../../findings/triage/stale-in-run.ts';
import { type Io, oneLine } from '../io.ts';
import { draftFor, writeBaseline } from './baseline-file.ts';
import { currentFolder } from './find-project.ts';

export interface WrapUp {
  readonly see: (analyses: readonly Analysis[]) => void;
  /** `complete`: every input could be read. Throws UsageError. */
  readonly end: (complete: boolean) => void;
}

/** `path`: the baseline to write, if one is asked for. */
export function wrapUp(
  settings: JudgeSettings,
  path: string | undefined,
  io: Pick<Io, 'note' | 'err'>,
): WrapUp {
  const cwd = currentFolder();
  const stale = watchStale(settings);
  const draft = path === undefined ? undefined : draftFor(path, cwd);
  return {
    see(analyses) {
      for (const analysis of analyses) {
        stale.see(traceOf(analysis, settings));
        draft?.add(analysis);
      }
    },
    end(complete) {
      for (const text of stale.notes(true)) io.note(oneLine(text));
      if (path === undefined || !draft) return;
      if (!complete) {
        io.err(
          oneLine(
            `irqsim: --write-baseline ${path}: not written, for it would lack the input that could not be read`,
          ),
        );
        return;
      }
      writeBaseline(path, draft);
      io.note(oneLine(`${path} is written: ${draft.size()} known finding${draft.size() === 1 ? '' : 's'}`));
    },
  };
}
