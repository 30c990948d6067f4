/** `irqsim explain`: what a rule or a pasted kernel, QEMU or libvirt message means. */
import { Command, Option } from 'commander';
import { answerText } from '../../report/document/answer.ts';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, EXIT, type Io, UsageError } from '../io.ts';
import type { DefineCommand } from './command.ts';

interface ExplainOptions {
  readonly format: DocumentFormat;
  readonly list?: boolean;
}

const HELP = `
A message may be pasted as it is in the log: with timestamp, other numbers, text around it, several lines, or
only a part of it. A single argument may also name a file with a log; - is standard input. The best match is
listed first; where nothing matches, the nearest known messages are listed.

Examples:
  irqsim explain apic-id-above-limit
  irqsim explain apic-id-above-limit --format markdown
  irqsim explain "[    0.61] x2apic: IRQ remapping doesn't support X2APIC mode"
  irqsim explain CPU 259 has invalid APIC ID 103. Aborting bringup
  irqsim explain "...extended interrupt mode..."
  dmesg | irqsim explain -
  irqsim explain boot.log
  irqsim explain --list | grep -i vectors

Exit codes: 0 explained, 2 bad usage, or the message is not known.`;

/** In a pipe, lines are never broken, so that they can be searched. */
const unbroken = ({ columns }: Io) => ({ width: columns ?? Number.POSITIVE_INFINITY, colour: 0 }) as const;

async function listKnown(format: DocumentFormat, io: Io): Promise<void> {
  const [{ knownTemplates }, { knownDocument }] = await Promise.all([
    import('../../findings/explain/explain.ts'),
    import('../../report/explanation.ts'),
  ]);
  const known = knownTemplates();
  io.out(await answerText({ json: () => known, document: () => knownDocument(known) }, format, unbroken(io)));
}

const QUOTED_MAX = 200;
/** Longer logs are cut: explain answers with the best few messages anyway. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;

/** The words as a message; `-` is standard input, and one word with a path's look that can be opened is a file. */
async function askedText(words: readonly string[]): Promise<string> {
  const [path] = words;
  if (words.length !== 1 || !(path === '-' || /[./]/.test(path))) return words.join(' ').trim();
  const { readBounded } = await import('../input/read-bytes.ts');
  try {
    const bytes = readBounded(path, LOG_BYTES_MAX);
    if (bytes === null) throw new UsageError(`explain: ${path} is longer than 16 MiB; give a part of it`);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (path !== '-' && (error as NodeJS.ErrnoException).code === 'ENOENT') return path;
    throw error;
  }
}

async function explainOne(asked: string, format: DocumentFormat, io: Io): Promise<void> {
  const [{ explain }, report] = await Promise.all([
    import('../../findings/explain/explain.ts'),
    import('../../report/explanation.ts'),
  ]);
  const { answers, nearest } = explain(asked);
  if (answers.length === 0) {
    const quoted = asked.length > QUOTED_MAX ? `${asked.slice(0, QUOTED_MAX)}…` : asked;
    const near = nearest.map((text) => text.replaceAll('{}', 'N'));
    const hint =
      near.length === 0
        ? 'irqsim rules and irqsim explain --list tell what is known'
        : near.length === 1
          ? `did you mean "${near[0]}"?`
          : `the nearest are:\n${near.map((text) => `  ${text}`).join('\n')}`;
    throw new UsageError(`explain: nothing known about "${quoted}"; ${hint}`);
  }
  const style = { width: io.columns ?? 100, colour: colourLevel(io) };
  const answer = {
    json: () => report.explanationObjects(answers),
    document: () => report.explanationDocument(answers),
    layout: report.EXPLANATION_LAYOUT,
  };
  io.out(await answerText(answer, format, style));
}

export const explainCommand: DefineCommand = (io, done) =>
  new Command('explain')
    .description('Explains a rule by name, or a message pasted from a kernel, QEMU or libvirt log.')
    .argument(
      '[rule-or-message...]',
      'a rule name, a line of a log, a file with a log, or - for standard input',
    )
    .addOption(new Option('--format <name>', 'form of the text').choices(DOCUMENT_FORMATS).default('text'))
    .option('--list', 'list every known message')
    .addHelpText('after', HELP)
    // Messages quote options of other programs: "-device intel-iommu: ...".
    .allowUnknownOption()
    .action(async (words: string[], { format, list }: ExplainOptions) => {
      const asked = list ? '' : await askedText(words);
      if (list) await listKnown(format, io);
      else if (asked === '')
        throw new UsageError('explain: name a rule or paste a message; --list shows all');
      else await explainOne(asked, format, io);
      done(EXIT.clean);
    });
