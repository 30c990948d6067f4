/** `irqsim explain`: what a rule or a pasted kernel message means. */
import { Command, Option } from 'commander';
import { EXIT, UsageError } from '../io.ts';
import type { DefineCommand } from './command.ts';

const HELP = `
Examples:
  irqsim explain apic-id-above-limit
  irqsim explain R004
  irqsim explain "[    0.61] x2apic: IRQ remapping doesn't support X2APIC mode"`;

export const explainCommand: DefineCommand = (io, done) =>
  new Command('explain')
    .summary('say what a rule or a pasted message means and what to change')
    .description('Explains a rule by name, or a message pasted from a kernel or hypervisor log.')
    .argument('<rule-or-message...>', 'a rule name, its R number, or a line of a log')
    .addOption(new Option('--format <name>', 'form of the text').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(async (words: string[], { format }: { format: string }) => {
      const [{ explain }, { RULE_NAMES }, { suggestion }, { explanationText }] = await Promise.all([
        import('../../rules/explain.ts'),
        import('../../rules/index.ts'),
        import('../../machine/did-you-mean.ts'),
        import('../../report/explanation.ts'),
      ]);
      const asked = words.join(' ');
      const rules = explain(asked);
      if (rules.length === 0) {
        const hint =
          words.length === 1 && !asked.includes(' ')
            ? suggestion(asked, RULE_NAMES, 'rules')
            : 'irqsim rules lists what is known';
        throw new UsageError(`explain: nothing known about "${asked}"; ${hint}`);
      }
      const list = rules.map(({ name, aliases, level, summary, explain: text, messages }) => ({
        rule: name,
        aliases,
        level,
        summary,
        explain: text,
        messages,
      }));
      io.out(
        format === 'json' ? `${JSON.stringify(list, null, 2)}\n` : explanationText(rules, io.columns ?? 100),
      );
      done(EXIT.clean);
    });
