/** `irqsim kernels`: the modelled releases, and what changed in each. */
import { Command, Option } from 'commander';
import { answerText } from '../../report/document/answer.ts';
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../report/document/formats.ts';
import { colourLevel, EXIT } from '../io.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
A kernel is named as --kernel 6.12.41; a bare series such as 6.12 means its newest stable release.

Examples:
  irqsim kernels
  irqsim kernels --format json | jq -r '.behaviours[] | .name + " " + (.since // "-")'
  irqsim kernels --format markdown > kernels.md
  irqsim analyze --kernel 5.4,6.1,6.12 guest.yaml     what differs between kernels on one machine

Exit codes: 0 printed, 2 bad usage.`;

export const kernelsCommand: DefineCommand = (io, done) =>
  new Command('kernels')
    .description(
      'Lists the releases in which a modelled behaviour changes, and each behaviour with its evidence.',
    )
    .addOption(new Option('--format <name>', 'form of the list').choices(DOCUMENT_FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action(async ({ format }: { format: DocumentFormat }) => {
      const { KERNELS_LAYOUT, kernelsDocument, kernelsObject } = await import('../../report/kernels.ts');
      const style = { width: io.columns ?? 100, colour: colourLevel(io) };
      const answer = { json: kernelsObject, document: kernelsDocument, layout: KERNELS_LAYOUT };
      io.out(await answerText(answer, format, style));
      done(EXIT.clean);
    });
