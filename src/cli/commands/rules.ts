/** `irqsim rules`: the list of rules. */
import { Command, Option } from 'commander';
import { EXIT } from '../io.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Examples:
  irqsim rules
  irqsim rules --format json | jq -r '.[] | select(.level == "error") | .name'

Exit codes: 0 printed, 2 bad usage.`;

export const rulesCommand: DefineCommand = (io, done) =>
  new Command('rules')
    .description(
      'Lists every rule with its level and one sentence; those named audit-... run with analyze --audit.',
    )
    .addOption(new Option('--format <name>', 'form of the list').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(async ({ format }: { format: string }) => {
      const { RULES, AUDIT_RULES } = await import('../../findings/rules/index.ts');
      const all = [...RULES, ...AUDIT_RULES];
      if (format === 'json') {
        const list = all.map(({ name, aliases, level, summary }) => ({ name, aliases, level, summary }));
        io.out(`${JSON.stringify(list, null, 2)}\n`);
      } else {
        const { ruleLines } = await import('../../report/rule-list.ts');
        io.out(`${ruleLines(all, io.columns ?? Number.POSITIVE_INFINITY).join('\n')}\n`);
      }
      done(EXIT.clean);
    });
