/** What `irqsim advise` does: advice on each machine of an input, and the input changed where that is asked for. */
import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import type { Level } from '../../findings/rules/rule.ts';
import { type Advice, type Answer, advise, answerToWrite } from '../../questions/advise/advise.ts';
import type { Subject } from '../../questions/advise/trial.ts';
import { type MachineSource, readSources } from '../../questions/source.ts';
import { type AdviceFormat, adviceWriter } from '../../report/advice/index.ts';
import { unifiedPatch } from '../../report/advice/patch.ts';
import type { AdviceStyle } from '../../report/advice/style.ts';
import { titleOf } from '../../report/advice/words.ts';
import { readBytes, readInput } from '../input/input.ts';
import { colourLevel, EXIT, type Io, oneLine, UsageError } from '../io.ts';
import { changesOf, type MachineOptions, readingOf, reportWidth } from '../options/machine-options.ts';
import type { OutputOption } from '../options/output-option.ts';
import { replaceFile } from '../output/replace-file.ts';
import { settingsOf } from '../project/settings.ts';
import { VERSION } from '../version.ts';

export interface AdviseOptions extends MachineOptions, OutputOption {
  readonly format: AdviceFormat;
  readonly failOn?: Level | 'never';
  readonly max: number;
  readonly budget?: number;
  readonly fix?: boolean;
  readonly patch?: boolean;
  readonly choose?: number;
}

/** The machines of an input, with its text if it has one. */
interface Read {
  readonly sources: readonly MachineSource[];
  readonly text: string | null;
}

/** Standard input can be read only once. */
async function read(input: string, options: AdviseOptions): Promise<Read> {
  let bytes: Uint8Array | undefined;
  const sources = await readInput(input, readingOf(options), (name) => {
    bytes = readBytes(name);
    return bytes;
  });
  return { sources, text: bytes ? textOf(bytes) : null };
}

/** The text with its byte order mark, as it will be written again; null for bytes that would not come out the same. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Options that do not go together. */
function refuseOptions({ fix, patch, choose, max }: AdviseOptions): void {
  if (fix && patch) throw new UsageError('advise: --fix writes, --patch shows: give one of them');
  if (choose === undefined) return;
  if (!fix && !patch) throw new UsageError('advise: --choose goes with --fix or --patch');
  if (choose > max)
    throw new UsageError(`advise: --choose ${choose}, but --max ${max} answers are looked for`);
}

const changesText = ({ fix, patch }: AdviseOptions): boolean => fix === true || patch === true;

/** The answer to write; undefined where there is none. */
function chosen({ answers }: Advice, title: string, choose: number | undefined): Answer | undefined {
  if (choose === undefined) return answerToWrite({ answers });
  const answer = answers[choose - 1];
  if (answer || answers.length === 0) return answer;
  const there = answers.length === 1 ? 'there is 1 answer' : `there are ${answers.length} answers`;
  throw new UsageError(`advise: --choose ${choose}, but ${there} for ${title}`);
}

/** Says on standard error what the file does not hold; true if it holds any of the answer. */
function tell(advice: Advice, answer: Answer, title: string, io: Io): boolean {
  const number = advice.answers.indexOf(answer) + 1;
  const { file, changes } = answer;
  const elsewhere = file?.elsewhere ?? changes;
  if (file === null)
    io.err(oneLine(`irqsim: ${title}: nothing of answer ${number} can be written into this input`));
  else
    io.note(oneLine(`${title}: answer ${number}: ${file.written.map((change) => change.title).join('; ')}`));
  for (const change of elsewhere) {
    io.err(oneLine(`irqsim: ${title}: not in this file: ${change.title} (${change.costs})`));
  }
  return file !== null;
}

/** An `expect` section would now fail, or hold by accident. */
function noteExpectations({ subject }: Advice, title: string, io: Io): void {
  const { value } = subject.source.result.raw;
  if (typeof value !== 'object' || value === null || !('expect' in value)) return;
  io.note(oneLine(`${title}: \`expect\` describes the machine as it was: revise it`));
}

/** The report is data, unless the changed text is. */
function reportTo(input: string, { fix, patch, output }: AdviseOptions, io: Io): (text: string) => void {
  const textOnStdout = patch === true || (fix === true && (output ?? input) === '-');
  return textOnStdout ? io.note : io.out;
}

/** The file behind any link, from this folder down; a file elsewhere is named from the root, and that is said. */
function patchName(input: string, { stdinFilename = 'stdin' }: AdviseOptions, io: Io): string {
  if (input === '-') return stdinFilename;
  const file = realpathSync(input);
  const below = relative(realpathSync('.'), file);
  if (!/^\.\.(?:\/|$)/.test(below)) return below;
  io.note(oneLine(`${input} is not below this folder: apply the patch with patch -p1 -d /`));
  return file;
}

function write(input: string, before: string, after: string, options: AdviseOptions, io: Io): void {
  const { fix, patch, output } = options;
  if (patch && after !== before) io.out(unifiedPatch(patchName(input, options, io), before, after));
  if (!fix) return;
  if ((output ?? input) === '-') io.out(after);
  else if (output !== undefined) replaceFile(output, after);
  else if (after !== before) replaceFile(input, after);
}

const SOLVED: readonly Advice['status'][] = ['nothing-to-fix', 'advised'];

/** A machine of an input whose text may have changed meanwhile. */
async function subjectOf(
  { sources, text }: Read,
  index: number,
  now: string | null,
  options: AdviseOptions,
  io: Io,
): Promise<Subject> {
  const changed = now !== null && now !== text;
  const again = changed
    ? await readSources({
        bytes: new TextEncoder().encode(now),
        file: sources[index].file,
        from: sources[index].format,
        stack: options.stack,
        defines: options.define,
      })
    : sources;
  return {
    source: again[index],
    text: now,
    index,
    stack: options.stack,
    defines: options.define,
    changes: changesOf(options),
    settings: settingsOf(options, io),
  };
}

/** Advises on every machine of the input, in order; returns the exit code. Throws InputError or UsageError. */
export async function adviseInput(input: string, options: AdviseOptions, io: Io): Promise<number> {
  refuseOptions(options);
  const found = await read(input, options);
  const several = found.sources.length > 1;
  const style: AdviceStyle = {
    version: VERSION,
    several,
    quiet: io.quiet === true,
    width: reportWidth(options, io),
    colour: colourLevel(io),
  };
  const writer = await adviceWriter(options.format, style);
  const report = reportTo(input, options, io);
  const { max, budget } = options;
  const level = options.failOn === 'never' ? undefined : options.failOn;
  let text = found.text;
  let code: number = EXIT.clean;
  for (const index of found.sources.keys()) {
    const subject = await subjectOf(found, index, text, options, io);
    const advice = await advise(subject, { level, max, budget });
    const title = titleOf(advice, several);
    if (!SOLVED.includes(advice.status)) code = EXIT.findings;
    if (changesText(options)) {
      const answer = chosen(advice, title, options.choose);
      if (answer && !tell(advice, answer, title, io)) code = EXIT.findings;
      if (answer?.file) {
        text = answer.file.text;
        noteExpectations(advice, title, io);
      }
    }
    report(writer.add(advice));
  }
  report(writer.end());
  if (changesText(options) && found.text !== null) write(input, found.text, text ?? found.text, options, io);
  return code;
}
