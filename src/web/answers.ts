/** The engine behind a page: one machine, changes to it, and questions about it. Pure but for what it remembers. */
import type { Analysis } from '../findings/analyze.ts';
import { judge } from '../findings/triage/judge.ts';
import { whyNotEdited } from '../formats/index.ts';
import { visible } from '../lib/visible.ts';
import { InputError } from '../machine/locate.ts';
import { varied } from '../machine/vary.ts';
import { type Described, describe, type MachineSource, machineOf, readSources } from '../questions/source.ts';
import { differenceOf } from '../questions/whatif/difference.ts';
import { askWhy, type SubjectKind } from '../questions/why/why.ts';
import { drawnDocument } from '../report/analysis/drawn.ts';
import { descriptionText } from '../report/description.ts';
import { differenceDocument } from '../report/difference/document.ts';
import { htmlSections } from '../report/document/html/html.ts';
import { htmlText } from '../report/document/html/text.ts';
import { jsonReport } from '../report/json.ts';
import { whyDocument } from '../report/why.ts';
import { machineTitle, verdictSentence } from '../report/wording/verdict-sentence.ts';
import { asOptions } from './changes.ts';
import { controlsOf } from './controls.ts';
import { written } from './patch.ts';
import type { GivenInput, Question, Reply, Shown } from './protocol.ts';

/** What the engine remembers between questions. */
interface Memory {
  source: MachineSource;
  input: GivenInput;
  /** The machine as it was given. */
  given: Analysis;
  /** The machine last shown. */
  shown: Analysis;
}

const problem = (...lines: readonly string[]): Reply => ({ kind: 'problem', lines });

function shownOf({ machine, description }: Described, analysis: Analysis, difference: string): Shown {
  return {
    kind: 'shown',
    title: machineTitle(analysis),
    verdict: analysis.summary.verdict,
    report: htmlSections(drawnDocument(analysis, false)),
    difference,
    controls: controlsOf(machine, description),
    online: analysis.run.online.toString(),
    yaml: descriptionText(description, machine),
  };
}

async function open(input: GivenInput): Promise<{ reply: Reply; memory?: Memory }> {
  const { text, file, from, stack, defines, changes } = input;
  const bytes = new TextEncoder().encode(text);
  const sources = await readSources({ bytes, file, from, stack, defines });
  const [source] = sources;
  const described = describe(source, changes);
  const analysis = judge(described.machine);
  const shown = shownOf(described, analysis, '');
  const more =
    sources.length === 1
      ? ''
      : `<p class="aside">The input holds ${sources.length} machines; this is the first.</p>`;
  return {
    reply: { ...shown, report: more + shown.report },
    memory: { source, input, given: analysis, shown: analysis },
  };
}

/** The machine with changes, and what differs from the machine as it was given. */
function vary(memory: Memory, changes: readonly string[]): Reply {
  const { source, input, given } = memory;
  const described = describe(source, [...input.changes, ...changes]);
  const analysis = judge(varied(described.machine, {}));
  memory.shown = analysis;
  if (changes.length === 0) return shownOf(described, judge(described.machine), '');
  const title = machineTitle(analysis);
  const pair = {
    before: { title, changes: [] },
    after: { title, changes: changes.map((change) => asOptions([change])) },
    difference: differenceOf(given, analysis),
  };
  return shownOf(described, analysis, htmlSections(differenceDocument(pair, false)));
}

/** The changes as a patch of the input, under remarks that `patch` and `git apply` pass over. */
async function patch({ source, input }: Memory, changes: readonly string[]): Promise<Reply> {
  const result = await written(input, source, changes);
  const machine = machineOf(result.source, [...input.changes, ...result.left]);
  const analysis = judge(varied(machine, {}));
  const why = whyNotEdited(source.format);
  const remarks = [
    ...(why === undefined ? [] : [`irqsim writes nothing into this format: ${why}`]),
    ...(result.left.length === 0 ? [] : [`not in the patch: ${asOptions(result.left)}`]),
    `with these changes: ${analysis.summary.verdict}, ${verdictSentence(analysis)}`,
    ...(machine.expect === undefined ? [] : ['but for "expect", written for other values: adapt it too']),
  ];
  return { kind: 'patch', text: [...remarks.map((text) => `# ${visible(text)}`), result.patch].join('\n') };
}

/** "cpu 3" or "queue nvme0:3". */
function why({ shown }: Memory, about: string): Reply {
  const [kind, ...id] = about.split(' ');
  const asked = askWhy(shown, kind as SubjectKind, id.join(' '));
  if ('problem' in asked) return { kind: 'why', html: `<p>${htmlText(asked.problem)}</p>` };
  return { kind: 'why', html: htmlSections(whyDocument(asked.why, shown.machine.kernel.text)) };
}

/** All that is wrong, a line each; what is no input error is a bug and is said to be one. */
function problemsOf(error: unknown): readonly string[] {
  if (error instanceof InputError) {
    const lines = error.problems.map(({ file, line, column, message }) =>
      visible(file.startsWith('--') ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`),
    );
    return error.more > 0 ? [...lines, `and ${error.more} more`] : lines;
  }
  return [`a bug in irqsim: ${error instanceof Error ? error.message : String(error)}`];
}

/** Answers questions one after the other. */
export function createEngine(): (question: Question) => Promise<Reply> {
  let memory: Memory | undefined;
  return async (question) => {
    try {
      if (question.kind === 'open') {
        memory = undefined;
        const opened = await open(question.input);
        memory = opened.memory;
        return opened.reply;
      }
      if (memory === undefined) return problem('no machine is open');
      if (question.kind === 'vary') return vary(memory, question.changes);
      if (question.kind === 'patch') return await patch(memory, question.changes);
      if (question.kind === 'why') return why(memory, question.about);
      const report = jsonReport(memory.shown, question.version, { vectors: false });
      return { kind: 'json', text: JSON.stringify(report) };
    } catch (error) {
      return { kind: 'problem', lines: problemsOf(error) };
    }
  };
}
