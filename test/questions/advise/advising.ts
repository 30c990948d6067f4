/** Shared by the tests of the advice: a text in, advice out, and an answer proved once more from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Level } from '../../../src/findings/rules/rule.ts';
import { judge } from '../../../src/findings/triage/judge.ts';
import type { Stack } from '../../../src/formats/stack.ts';
import {
  type Advice,
  type AdviceOptions,
  type Answer,
  advise,
} from '../../../src/questions/advise/advise.ts';
import type { Subject } from '../../../src/questions/advise/trial.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';
import { atLeast } from '../../../src/questions/whatif/findings.ts';

export const SCENARIOS = fileURLToPath(new URL('../../../scenarios', import.meta.url));

/** All scenarios, as paths below the folder. */
export const scenarioNames: readonly string[] = readdirSync(SCENARIOS, { recursive: true })
  .map(String)
  .filter((name) => /\.(?:yaml|sh)$/.test(name))
  .sort();

export const scenarioText = (name: string): string => readFileSync(join(SCENARIOS, name), 'utf8');

const bytes = (text: string) => new TextEncoder().encode(text);

export interface How extends Partial<AdviceOptions> {
  readonly file?: string;
  readonly stack?: Stack;
  readonly set?: readonly string[];
  readonly index?: number;
}

export async function subjectOf(text: string, how: How = {}): Promise<Subject> {
  const { file = 'test.yaml', stack = {}, set = [], index = 0 } = how;
  const source = (await readSources({ bytes: bytes(text), file, stack }))[index];
  return { source, text, index, stack, changes: set, settings: {} };
}

/** The advice on a text, as the command line gives it. */
export async function adviceOn(text: string, how: How = {}): Promise<Advice> {
  const { level = 'error', max = 3, budget } = how;
  return advise(await subjectOf(text, how), { level, max, budget });
}

async function findingsIn(text: string, { file = 'test.yaml', stack = {}, set = [], index = 0 }: How) {
  const source = (await readSources({ bytes: bytes(text), file, stack }))[index];
  return judge({ ...machineOf(source, set), expect: undefined }).findings;
}

/** Findings by text and how it is read: answers at several levels are often the same. */
const known = new Map<string, Promise<readonly Finding[]>>();

/** What stands in the way of a machine that is read from scratch; what it expects does not count. */
export async function leftIn(text: string, level: Level, how: How = {}): Promise<readonly Finding[]> {
  const key = JSON.stringify([text, how]);
  const findings = known.get(key) ?? findingsIn(text, how);
  known.set(key, findings);
  return (await findings).filter((finding) => atLeast(finding.level, level));
}

/** "qemu=10.0" → versions by product. */
export function stackOf({ stack }: Answer): Stack {
  return Object.fromEntries(stack.map((text) => text.split('=')));
}

/** The titles of each answer. */
export const titles = ({ answers }: Advice): readonly (readonly string[])[] =>
  answers.map(({ changes }) => changes.map(({ title }) => title));
