/** The page of a machine that carries the engine, made from an input. */
import type { Analysis } from '../../findings/analyze.ts';
import { judge } from '../../findings/triage/judge.ts';
import { describe, type MachineSource } from '../../questions/source.ts';
import { drawnDocument } from '../../report/analysis/drawn.ts';
import { descriptionText } from '../../report/description.ts';
import { htmlSections } from '../../report/document/html/html.ts';
import { machineTitle, verdictSentence } from '../../report/wording/verdict-sentence.ts';
import { explorerPage, type Programs } from '../../web/explorer.ts';
import type { GivenInput } from '../../web/protocol.ts';
import { readBytes, readInput, TREE_FORMAT } from '../input/input.ts';
import { type Io, UsageError } from '../io.ts';
import { changesOf, type MachineOptions, readingOf } from '../options/machine-options.ts';

/** An input that is larger goes into the page as the description that it comes to. */
const TEXT_MAX = 512 * 1024;

/** The programs of pages, as the build leaves them. Throws UsageError where there are none. */
export function pagePrograms({ pageProgram }: Io): Programs {
  if (!pageProgram) throw new UsageError('the programs of pages are not built: run `npm run build` first');
  return { engine: pageProgram('engine'), page: pageProgram('page') };
}

/** The bytes as text, if they are some. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > TEXT_MAX) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The input as a page can read it again: as it was written, or as the description that it comes to. */
function givenInput(source: MachineSource, text: string | undefined, options: MachineOptions): GivenInput {
  const changes = changesOf(options);
  const { from, stack, define: defines } = options;
  if (text !== undefined) return { text, file: source.file, ...(from && { from }), stack, defines, changes };
  const { machine, description } = describe(source, changes);
  return { text: descriptionText(description, machine), file: source.file, from: 'native', changes: [] };
}

export interface Explored {
  readonly page: string;
  readonly analysis: Analysis;
}

/** Reads the one machine of an input and makes its page. Throws InputError or UsageError. */
export async function explore(input: string, options: MachineOptions, io: Io): Promise<Explored> {
  const programs = pagePrograms(io);
  let bytes: Uint8Array | undefined;
  const read = (name: string): Uint8Array => {
    bytes ??= readBytes(name);
    return bytes;
  };
  const sources = await readInput(input, readingOf(options), read);
  if (sources.length > 1)
    throw new UsageError(`${input} holds ${sources.length} machines; a page is about one`);
  const [source] = sources;
  const text = bytes && source.format !== TREE_FORMAT ? textOf(bytes) : undefined;
  const analysis = judge(describe(source, changesOf(options)).machine);
  const verdict = analysis.summary.verdict.toUpperCase();
  const page = explorerPage(programs, {
    title: `irqsim: ${verdict} ${machineTitle(analysis)}: ${verdictSentence(analysis)}`,
    input: givenInput(source, text, options),
    report: htmlSections(drawnDocument(analysis, false)),
  });
  return { page, analysis };
}
