/** What is told of the place under the cursor: why the element there is as it is, and what its findings mean. */
import type { Hover, MarkupKind } from 'vscode-languageserver';
import type { Analysis } from '../findings/analyze.ts';
import { findRule } from '../findings/rules/index.ts';
import { count } from '../findings/rules/rule.ts';
import { looseYaml, partsAround } from '../formats/text/yaml-loose.ts';
import type { CpuMask } from '../lib/cpumask.ts';
import { shortenList } from '../lib/ids.ts';
import { HEALTHS } from '../linux/sim/run.ts';
import { modeReasons } from '../questions/why/mode.ts';
import { askWhy } from '../questions/why/why.ts';
import type { Document, Fact } from '../report/document/block.ts';
import { markdownDocument } from '../report/document/markdown/markdown.ts';
import { terminalDocument } from '../report/document/terminal/terminal.ts';
import { whyDocument } from '../report/why.ts';
import { verdictSentence } from '../report/wording/verdict-sentence.ts';
import { rangeIn } from './diagnostics.ts';
import { type Element, elementAt } from './elements.ts';
import type { Question } from './protocol.ts';
import { fieldAt, fieldDocument } from './schema.ts';
import type { Known, Read } from './text.ts';

/** Columns of a plain text. */
const WIDTH = 80;

const MARKDOWN: MarkupKind = 'markdown';
const PLAIN: MarkupKind = 'plaintext';

const paragraph = (text: string): Document => [[{ kind: 'paragraph', text: { prose: text } }]];

function why(analysis: Analysis, kind: 'device' | 'cpu', id: string): Document {
  const asked = askWhy(analysis, kind, id);
  return 'why' in asked ? whyDocument(asked.why, analysis.machine.kernel.text) : [];
}

const isAt = (path: readonly (string | number)[], { path: [key, at] }: Element): boolean =>
  path[0] === key && path[1] === at;

/** The device of an entry that fares worst; how many there are, where the entry stands for several. */
function deviceHover({ analysis }: Read, element: Element): Document {
  const runs = analysis.run.devices.filter(({ path }) => isAt(path, element));
  const [worst] = [...runs].sort((a, b) => HEALTHS.indexOf(b.health) - HEALTHS.indexOf(a.health));
  if (!worst) return [];
  const several = `${count(runs.length, 'device')} of this entry: \`${runs[0].name}\` to \`${runs[runs.length - 1].name}\`; this one fares worst.`;
  return [...why(analysis, 'device', worst.name), ...(runs.length > 1 ? paragraph(several) : [])];
}

/** The first CPU that an entry of `cpus` makes, and how many there are. */
function cpuHover({ analysis }: Read, element: Element): Document {
  const { machine, enumeration } = analysis;
  const indices = new Set(
    machine.cpus.flatMap((_, index) => (isAt(machine.cpuPath?.(index) ?? [], element) ? [index] : [])),
  );
  const made = enumeration.cpus.filter(
    ({ firmwareIndex }) => firmwareIndex !== null && indices.has(firmwareIndex),
  );
  const [first] = made;
  if (!first) return cpusHover(analysis);
  const more = made.length > 1 ? paragraph(`The first of ${made.length} CPUs of this entry.`) : [];
  return [...why(analysis, 'cpu', String(first.cpu)), ...more];
}

function setFact(name: string, cpus: CpuMask): Fact {
  const said = cpus.isEmpty() ? 'none' : `${shortenList(cpus.toString())} (${cpus.weight()})`;
  return { name, texts: [said] };
}

/** The sets of CPUs, and the reasons of the APIC mode that they follow from. */
function cpusHover(analysis: Analysis): Document {
  const { enumeration, run, domains } = analysis;
  const [{ reachable, unreachable, unknown }] = domains;
  const sets = {
    possible: enumeration.possible,
    present: run.present,
    online: run.online,
    reachable,
    unreachable,
    unknown,
  };
  const reasons = modeReasons(analysis).map(
    ({ text }, n): Fact => ({
      name: n === 0 ? 'because' : 'and',
      texts: [text],
    }),
  );
  return [
    [
      { kind: 'heading', level: 2, text: verdictSentence(analysis) },
      {
        kind: 'facts',
        facts: [...Object.entries(sets).map(([name, cpus]) => setFact(name, cpus)), ...reasons],
      },
    ],
  ];
}

const HOVERS: Readonly<Record<Element['kind'], (read: Read, element: Element) => Document>> = {
  device: deviceHover,
  cpu: cpuHover,
  cpus: ({ analysis }) => cpusHover(analysis),
  mode: ({ analysis }) => cpusHover(analysis),
};

/** What the findings mean that are marked on a line: the summary of each rule, and where it says more. */
function findingsHover(read: Read, known: Known, line: number): Document {
  const rules = read.analysis.findings
    .filter((finding) => rangeIn(finding, read, known).start.line === line)
    .map(({ rule }) => rule);
  return [...new Set(rules)].flatMap((name) => {
    const rule = findRule(name);
    if (!rule) return [];
    const texts = [rule.summary, ...rule.explain.slice(0, 1), `\`irqsim explain ${name}\` says more.`];
    return [
      [
        { kind: 'heading', level: 3, text: { code: name } } as const,
        ...texts.map((text) => ({ kind: 'paragraph', text: { prose: text } }) as const),
      ],
    ];
  });
}

/** What the schema says of the key under the cursor, in irqsim's own form. */
async function schemaHover({ open, schema, places }: Known, offset: number): Promise<Document> {
  if (!schema) return [];
  const mark = open.text.startsWith('\ufeff') ? 1 : 0;
  const [source] = await looseYaml(open.text.slice(mark));
  const part = source && partsAround(source, offset - mark).at(-1);
  const key = part?.path.at(-1);
  if (!part || typeof key !== 'string') return [];
  const { line } = places.document.positionAt(part.start + mark);
  const field = fieldAt(schema, part.path);
  return field && line === places.document.positionAt(offset).line ? fieldDocument(key, field) : [];
}

/** What is told of a place; null where nothing is known of it. */
export async function hoverAt(
  known: Known,
  { position, markdown }: Question<'hover'>,
): Promise<Hover | null> {
  const offset = known.places.document.offsetAt(position);
  const document: Document[number][] = [...(await schemaHover(known, offset))];
  // Of several machines the one that begins last before the place.
  const owner = known.read.findLast(({ begins }) => known.places.offsetOf(begins) <= offset);
  for (const read of known.read) {
    const element = read === owner ? await elementAt(read, known, offset) : undefined;
    if (element) document.push(...HOVERS[element.kind](read, element));
    document.push(...findingsHover(read, known, position.line));
  }
  if (document.length === 0) return null;
  const value = markdown
    ? markdownDocument(document)
    : terminalDocument(document, { width: WIDTH, colour: 0 });
  return { contents: { kind: markdown ? MARKDOWN : PLAIN, value } };
}
