/** The annotated log for people: what matters first, then the rest, what differs, and what to ask for. */
import { count } from '../../findings/rules/rule.ts';
import type { AnnotatedLog } from '../../questions/dmesg/dmesg.ts';
import type { AnnotatedLine } from '../../questions/dmesg/lines.ts';
import { headline } from '../analysis/headline.ts';
import type { Document, Fact, Inline, Section } from '../document/block.ts';

/** Characters of a message that are shown. */
const SHOWN = 110;

function messageText({ text, times, last }: AnnotatedLine): Inline {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return [{ code: shown }, times === 1 ? '' : ` (${times} lines like it, the last is ${last})`];
}

/** Lines shown without -v that are no sign of trouble. */
const ROUTINE_SHOWN = 16;

const firstSentence = (text: string): string => /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;

function heading(text: string): Section {
  return [{ kind: 'heading', level: 3, text }];
}

function mattersSection(lines: readonly AnnotatedLine[]): Section {
  if (lines.length === 0)
    return [{ kind: 'paragraph', text: 'No line that irqsim knows is a sign of trouble.', tone: 'good' }];
  return [
    ...heading('What matters, the first cause first'),
    {
      kind: 'facts',
      facts: lines.map(
        (one): Fact => ({
          name: `line ${one.line}`,
          texts: [
            messageText(one),
            { prose: one.means },
            ...(one.mattersText === null ? [] : [{ prose: `Matters: ${one.mattersText}` }]),
            ...(one.entry === null ? [] : [[{ code: `irqsim explain ${one.entry}` }]]),
          ],
        }),
      ),
    },
  ];
}

function routineSection(lines: readonly AnnotatedLine[], verbose: boolean): Section {
  if (lines.length === 0) return [];
  const shown = verbose ? lines : lines.slice(0, ROUTINE_SHOWN);
  const rest = lines.length - shown.length;
  return [
    ...heading('What else the log says'),
    {
      kind: 'facts',
      facts: shown.map(
        (one): Fact => ({
          name: `line ${one.line}`,
          texts: [messageText(one), { prose: verbose ? one.means : firstSentence(one.means) }],
        }),
      ),
    },
    ...(rest > 0
      ? [{ kind: 'paragraph', text: `${rest} more kinds of lines: irqsim dmesg -v` } as const]
      : []),
  ];
}

function differenceSection({ differences, notCompared, judged }: AnnotatedLog): Section {
  if (!('analysis' in judged)) return [];
  const open = notCompared.map((text) => ({ kind: 'paragraph', text }) as const);
  if (differences.length === 0 && open.length > 0) return open;
  if (differences.length === 0)
    return [
      {
        kind: 'paragraph',
        text: 'The model, told what the log tells, prints the same lines: nothing is missing, nothing is unexpected.',
      },
    ];
  return [
    ...heading('Where the log and the model differ'),
    ...open,
    {
      kind: 'facts',
      facts: differences.map(
        ({ kind, text, line, times, model }): Fact => ({
          name: kind,
          texts: [
            [
              line === null ? '' : `line ${line}  `,
              { code: text.slice(0, SHOWN) },
              times === 1 ? '' : ` (${times} lines like it)`,
            ],
            kind === 'unexpected'
              ? `the model has ${model ?? 'no such line'}`
              : 'the model prints it, the log does not',
          ],
        }),
      ),
    },
  ];
}

function factSection({ facts }: AnnotatedLog): Section {
  const shown = (value: number | string | null): string => (value === null ? 'not told' : String(value));
  const devices = facts.devices.map(({ name, driver, queues, pollQueues, vectors }) => {
    const counts = [
      ...(queues === null ? [] : [`${queues} queues`]),
      ...(pollQueues ? [`${pollQueues} poll queues`] : []),
      ...(vectors === null ? [] : [`${vectors} vectors`]),
    ];
    return `${name} (${driver}): ${counts.join(', ') || 'queues not told'}`;
  });
  const rows: readonly (readonly [name: string, texts: readonly string[]])[] = [
    ['Kernel', [`Linux ${shown(facts.kernel)}, on ${facts.platform ?? 'no hypervisor that it names'}`]],
    [
      'CPUs',
      [
        `${shown(facts.possible)} possible, ${shown(facts.present)} plugged, ${shown(facts.broughtUp)} brought up` +
          (facts.refused === '' ? '' : `, refused: ${facts.refused}`),
      ],
    ],
    ['APIC', [`${shown(facts.routing)}; remapping: ${facts.remapping ?? 'none that the log shows'}`]],
    ...(devices.length > 0 ? [['Devices', devices] as const] : []),
  ];
  return [
    ...heading('What the log says, in values'),
    { kind: 'facts', facts: rows.map(([name, texts]): Fact => ({ name, texts })) },
  ];
}

function verdictSection({ judged }: AnnotatedLog): Section {
  if (!('analysis' in judged))
    return [{ kind: 'paragraph', text: `No verdict: ${judged.why}`, tone: 'doubt' }];
  const { findings } = judged.analysis;
  const told = findings.filter(({ level, rule }) => level !== 'note' && rule !== 'input-not-understood');
  if (told.length === 0) return [headline(judged.analysis)];
  return [
    headline(judged.analysis),
    {
      kind: 'facts',
      facts: told.map(
        ({ level, rule, message }): Fact => ({ name: level, texts: [[{ code: rule }, `: ${message}`]] }),
      ),
    },
  ];
}

function askSection({ ask }: AnnotatedLog): Section {
  return ask.length === 0
    ? []
    : [
        ...heading('What to ask for next'),
        {
          kind: 'facts',
          facts: ask.map((text, index): Fact => ({ name: `${index + 1}`, texts: [{ prose: text }] })),
        },
      ];
}

export function dmesgDocument(log: AnnotatedLog, verbose: boolean): Document {
  const { file, messages, lines, facts } = log;
  const boots = facts.boots > 1 ? `, the last of ${facts.boots} boots` : '';
  const kernel = facts.kernel === null ? 'a kernel that it does not name' : `Linux ${facts.kernel}`;
  return [
    [
      {
        kind: 'heading',
        level: 2,
        text: `${file}: ${count(messages, 'message')} of ${kernel}${boots}; known: ${count(lines.length, 'kind')} of them`,
      },
    ],
    mattersSection(lines.filter(({ matters }) => matters)),
    routineSection(
      lines.filter(({ matters }) => !matters),
      verbose,
    ),
    factSection(log),
    differenceSection(log),
    verdictSection(log),
    askSection(log),
  ];
}

/** The answer on a terminal. */
export const DMESG_LAYOUT = { names: 12, nameFace: 'dim', hang: 0 } as const;
