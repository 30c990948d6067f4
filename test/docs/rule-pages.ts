/** A page a rule: what it means, a machine that has it with what irqsim prints, and one close to it that has not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMachines } from '../../src/cli/input/input.ts';
import type { Analysis } from '../../src/findings/analyze.ts';
import { RULES } from '../../src/findings/rules/index.ts';
import { LEVELS, type Rule } from '../../src/findings/rules/rule.ts';
import { judge } from '../../src/findings/triage/judge.ts';
import { findingBlocks } from '../../src/report/analysis/findings.ts';
import type { Document } from '../../src/report/document/block.ts';
import { ruleDocument } from '../../src/report/explanation.ts';
import { machineTitle, verdictSentence } from '../../src/report/wording/verdict-sentence.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCENARIOS = 'scenarios/rules';
const NAMES = readdirSync(`${ROOT}/${SCENARIOS}`);

const scenarioOf = (rule: string, kind: 'bad' | 'ok'): string | undefined => {
  const name = NAMES.find((one) => one.startsWith(`${rule}.${kind}.`));
  return name && `${SCENARIOS}/${name}`;
};

async function analysisOf(file: string): Promise<Analysis> {
  const before = process.cwd();
  process.chdir(ROOT);
  try {
    const [machine] = await readMachines(file, { set: [] });
    return judge(machine, { today: '2026-01-01' });
  } finally {
    process.chdir(before);
  }
}

async function example(rule: string, kind: 'bad' | 'ok', title: string): Promise<Document> {
  const file = scenarioOf(rule, kind);
  if (file === undefined || !existsSync(`${ROOT}/${file}`)) return [];
  const analysis = await analysisOf(file);
  const found = analysis.findings.filter((finding) => finding.rule === rule);
  const text = readFileSync(`${ROOT}/${file}`, 'utf8').trimEnd();
  return [
    [
      { kind: 'heading', level: 2, text: title },
      { kind: 'code', lines: text.split('\n') },
      { kind: 'paragraph', text: [{ code: machineTitle(analysis) }, `: ${verdictSentence(analysis)}.`] },
      ...findingBlocks(found, []),
    ],
  ];
}

/** The page of a rule. */
export async function rulePage(rule: Rule): Promise<Document> {
  const { name } = rule;
  return [
    [{ kind: 'heading', level: 1, text: name }],
    ...ruleDocument(rule).map((section, n) => (n === 0 ? section.slice(1) : section)),
    ...(await example(name, 'bad', 'A machine with this finding')),
    ...(await example(name, 'ok', 'A similar machine without it')),
  ];
}

/** The list of all rules by level, each a link; Markdown. */
export function rulesIndex(): string {
  const lines = LEVELS.flatMap((level) => [
    `## ${level[0].toUpperCase()}${level.slice(1)}s`,
    '',
    ...RULES.filter((rule) => rule.level === level).map(
      ({ name, summary }) => `- [${name}](${name}.md): ${summary}`,
    ),
    '',
  ]);
  return `# Rules\n\nWhat irqsim finds, by its usual level. \`npm run docs\` writes these pages from the rules' own texts and scenarios.\n\n${lines.join('\n').trimEnd()}\n`;
}
