import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Small files that take long. Vitest begins with the largest files where it has not measured any, and one worker would
 * be left alone with these at the end.
 */
const LONGEST: readonly string[] = [
  'recipes/recipes.test.ts',
  'cli/batch-resume.test.ts',
  'formats/fuzz-importers.test.ts',
  'questions/advise/scenarios.test.ts',
  'findings/remedies/proposals.test.ts',
  'web/browser.test.ts',
  'cli/batch.test.ts',
  'formats/edit/everywhere.test.ts',
  'cli/compiled.test.ts',
  'cli/trust.test.ts',
  'findings/rules/silence.test.ts',
  'formats/kernel-log/captures.test.ts',
  'cli/hostile-archives.test.ts',
  'library/package.test.ts',
  'exactness/record.test.ts',
  'questions/budget/fits.test.ts',
  'cli/readme.test.ts',
  'questions/whatif/sweep.test.ts',
  'formats/strangers/strangers.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Programs that tests start write texts in the signs of the locale.
    env: { LC_ALL: 'C.UTF-8' },
    // Nothing of the code is changed by a test, so that the files of a worker may share its modules.
    isolate: false,
    // Most of what a test makes is garbage at its end: less is copied where garbage is collected less often.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    // By default one is left out for watching.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
