/** The tests that judge mutants: those that ask the kernel's model, findings or answers directly, in process. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  'linux',
  'findings/rules',
  'questions/why',
  'questions/irqs',
  'questions/verify',
  'questions/solve',
];
const FILES = [
  'cli/irqs.test.ts',
  'cli/prove.test.ts',
  'cli/solve.test.ts',
  'exactness/record.test.ts',
  'findings/remedies/vain.test.ts',
  'findings/unearned-pass.test.ts',
  'library/spread-affinity.test.ts',
  'machine/behaviours.test.ts',
  'questions/whatif/difference.test.ts',
  'scenarios.test.ts',
  'imported-scenarios.test.ts',
];
/** They look at the project itself, or take long before the first thing that is expected. */
const WITHOUT = [
  'findings/rules/silence.test.ts',
  'findings/rules/numbers.test.ts',
  'findings/rules/crash-kernel.test.ts',
];

function testsIn(root, folder) {
  return readdirSync(join(root, 'test', folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);
}

/** Paths from the project's root. */
export function judgesIn(root) {
  return [...FOLDERS.flatMap((folder) => testsIn(root, folder)), ...FILES]
    .filter((name) => !WITHOUT.includes(name))
    .map((name) => `test/${name}`)
    .sort();
}
