/** The text and the JSON of `irqsim explain`. */
import type { MessageEntry } from '../findings/explain/entry.ts';
import type { Answer } from '../findings/explain/explain.ts';
import { REMEDIES } from '../findings/remedies/index.ts';
import type { Rule } from '../findings/rules/rule.ts';
import { wrap } from './document/terminal/wrap.ts';

const COLUMNS_MAX = 100;
const LABEL = 9;

const withNumbers = (template: string): string => template.replaceAll('{}', 'N');

/** What findings of a rule propose where it is proved on the machine, in general words. */
function remediesOf({ name }: Rule): readonly string[] {
  return REMEDIES.filter(({ cures }) => cures.includes(name)).map(({ title }) => title);
}

function remedyLines(rule: Rule, columns: number): string[] {
  const titles = remediesOf(rule);
  if (titles.length === 0) return [];
  return ['', ...wrap(`Tried on your machine by analyze and advise: ${titles.join('; ')}.`, columns)];
}

function ruleLines(rule: Rule, columns: number): string[] {
  return [
    `${[rule.name, ...rule.aliases].join(', ')} (${rule.level})`,
    ...wrap(rule.summary, columns),
    ...rule.explain.flatMap((paragraph) => ['', ...wrap(paragraph, columns)]),
    ...remedyLines(rule, columns),
    ...(rule.messages.length === 0
      ? []
      : ['', 'Messages in the log:', ...rule.messages.map((text) => `  ${withNumbers(text)}`)]),
  ];
}

function labelled(label: string, text: string, columns: number): string[] {
  return wrap(text, columns - LABEL).map((line, n) => (n === 0 ? label : '').padEnd(LABEL) + line);
}

/** The rules in one line each: they find the cause in a description. */
function relatedRules(rules: readonly Rule[], columns: number): string[] {
  return rules.flatMap((rule, n) =>
    labelled(n === 0 ? 'rules' : '', `${rule.name} (${rule.level}): ${rule.summary}`, columns),
  );
}

function messageLines(
  entry: MessageEntry,
  template: string,
  rules: readonly Rule[],
  columns: number,
): string[] {
  return [
    ...wrap(withNumbers(template), columns),
    '',
    ...labelled('means', entry.meaning, columns),
    ...labelled('why', entry.why, columns),
    ...labelled('check', entry.check, columns),
    ...labelled('change', entry.change, columns),
    ...labelled('from', entry.printedBy, columns),
    ...relatedRules(rules, columns),
    ...labelled('name', entry.name, columns),
  ];
}

/** One section an answer, best first. */
export function explanationText(answers: readonly Answer[], width: number): string {
  const columns = Math.min(width, COLUMNS_MAX);
  return answers
    .map((answer) => {
      const lines =
        answer.kind === 'rule'
          ? ruleLines(answer.rule, columns)
          : messageLines(answer.entry, answer.template, answer.rules, columns);
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

/** Plain objects, best first: `{rule, ...}` for a rule, `{message, ...}` for a message. */
export function explanationObjects(answers: readonly Answer[]): object[] {
  return answers.map((answer) => {
    if (answer.kind === 'rule') {
      const { name, aliases, level, summary, explain, messages } = answer.rule;
      return { rule: name, aliases, level, summary, explain, messages, remedies: remediesOf(answer.rule) };
    }
    const { name, templates, printedBy, meaning, why, check, change } = answer.entry;
    const rules = answer.rules.map((rule) => rule.name);
    return {
      message: name,
      template: answer.template,
      templates,
      printedBy,
      meaning,
      why,
      check,
      change,
      rules,
    };
  });
}
