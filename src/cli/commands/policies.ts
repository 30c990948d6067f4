/** `irqsim policies`: the what-if policies. */
import { Command, Option } from 'commander';
import { answerText } from '../../report/document/answer.ts';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, EXIT } from '../io.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Examples:
  irqsim policies
  irqsim analyze --policy P2 machine.yaml
  irqsim analyze --policy all machine.yaml      a row for each policy
  irqsim policies --format markdown > policies.md

Exit codes: 0 printed, 2 bad usage.`;

export const policiesCommand: DefineCommand = (io, done) =>
  new Command('policies')
    .description(
      'Lists the policies: what each does with CPUs that interrupts cannot reach, and who proposed it.',
    )
    .addOption(new Option('--format <name>', 'form of the list').choices(DOCUMENT_FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action(async ({ format }: { format: DocumentFormat }) => {
      const [{ POLICIES }, { POLICIES_LAYOUT, policiesDocument }] = await Promise.all([
        import('../../linux/policy/index.ts'),
        import('../../report/policies.ts'),
      ]);
      const list = POLICIES.map(({ name, aliases, source, summary, verdict }) => ({
        name,
        aliases,
        source,
        summary,
        verdict,
      }));
      const style = { width: io.columns ?? 100, colour: colourLevel(io) };
      const document = () => policiesDocument(POLICIES);
      io.out(await answerText({ json: () => list, document, layout: POLICIES_LAYOUT }, format, style));
      done(EXIT.clean);
    });
