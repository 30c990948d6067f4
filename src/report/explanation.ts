/** The document and the JSON of `irqsim explain`. */
import type { MessageEntry } from '../findings/explain/entry.ts';
import type { Answer, knownTemplates } from '../findings/explain/explain.ts';
import { REMEDIES } from '../findings/remedies/index.ts';
import type { Rule } from '../findings/rules/rule.ts';
import type { Document, Fact, Section } from './document/block.ts';

const withNumbers = (template: string): string => template.replaceAll('{}', 'N');

/** What findings of a rule propose where it is proved on the machine, in general words. */
function remediesOf({ name }: Rule): readonly string[] {
  return REMEDIES.filter(({ cures }) => cures.includes(name)).map(({ title }) => title);
}

const paragraph = (text: string): Section => [{ kind: 'paragraph', text: { prose: text } }];

function remedySection(rule: Rule): Section {
  const titles = remediesOf(rule);
  return titles.length === 0
    ? []
    : paragraph(`Changes that analyze and advise try on your machine: ${titles.join('; ')}.`);
}

function messageSection({ messages }: Rule): Section {
  if (messages.length === 0) return [];
  return [
    ...paragraph('Messages in the log:'),
    { kind: 'code', lines: messages.map(withNumbers), below: true },
  ];
}

/** What a rule is about; the page of the rule says it too. */
export function ruleDocument(rule: Rule): Document {
  const { name, aliases, level, summary } = rule;
  const title = [{ code: name }, `${aliases.map((alias) => `, ${alias}`).join('')} (${level})`];
  return [
    [{ kind: 'heading', level: 2, text: title }, ...paragraph(summary)],
    ...rule.explain.map(paragraph),
    remedySection(rule),
    messageSection(rule),
  ];
}

/** Whether a finding matters, by its level. */
const RULE_MATTERS: Readonly<Record<Rule['level'], string>> = {
  error: 'Yes: CPUs, interrupts or devices of such a machine do not work.',
  warning:
    'Yes, as a risk: something is lost or slow, or will be when CPUs go, come or are short of vectors.',
  note: 'Seldom: everything works; it is good to know.',
};

/** Where there are examples. */
const pageSection = ({ name }: Rule): Section => [
  {
    kind: 'paragraph',
    text: { prose: `With a machine that has it: \`docs/rules/${name}.md\`.` },
    tone: 'aside',
  },
];

const fact = (name: string, ...texts: readonly string[]): Fact => ({
  name,
  texts: texts.map((prose) => ({ prose })),
});

/** The rules in one line each: they find the cause in a description. */
function relatedRules(rules: readonly Rule[]): Fact[] {
  if (rules.length === 0) return [];
  return [fact('rules', ...rules.map(({ name, level, summary }) => `${name} (${level}): ${summary}`))];
}

function messageDocument(entry: MessageEntry, template: string, rules: readonly Rule[]): Document {
  const facts = [
    fact('means', entry.meaning),
    fact('matters', entry.matters),
    fact('why', entry.why),
    fact('check', entry.check),
    fact('change', entry.change),
    fact('from', entry.printedBy),
    ...relatedRules(rules),
    fact('name', entry.name),
  ];
  return [[{ kind: 'heading', level: 2, text: { code: withNumbers(template) } }], [{ kind: 'facts', facts }]];
}

/** The answers, best first. */
export function explanationDocument(answers: readonly Answer[]): Document {
  return answers.flatMap((answer) =>
    answer.kind === 'rule'
      ? [
          ...ruleDocument(answer.rule),
          paragraph(`Matters: ${RULE_MATTERS[answer.rule.level]}`),
          pageSection(answer.rule),
        ]
      : messageDocument(answer.entry, answer.template, answer.rules),
  );
}

/** Answers on a terminal. */
export const EXPLANATION_LAYOUT = { maxWidth: 100, names: 9, hang: 0, indent: 2 } as const;

/** Every message that is known, with the name that explains it; a line is never broken on a terminal. */
export function knownDocument(known: ReturnType<typeof knownTemplates>): Document {
  const items = known.map(({ template, name }) => [{ code: withNumbers(template) }, `  [${name}]`]);
  return [[{ kind: 'list', items }]];
}

/** Plain objects, best first: `{rule, ...}` for a rule, `{message, ...}` for a message. */
export function explanationObjects(answers: readonly Answer[]): object[] {
  return answers.map((answer) => {
    if (answer.kind === 'rule') {
      const { name, aliases, level, summary, explain, messages } = answer.rule;
      return {
        rule: name,
        aliases,
        level,
        summary,
        matters: RULE_MATTERS[level],
        explain,
        messages,
        remedies: remediesOf(answer.rule),
      };
    }
    const { name, templates, printedBy, meaning, matters, why, check, change } = answer.entry;
    const rules = answer.rules.map((rule) => rule.name);
    return {
      message: name,
      template: answer.template,
      templates,
      printedBy,
      meaning,
      matters,
      why,
      check,
      change,
      rules,
    };
  });
}
