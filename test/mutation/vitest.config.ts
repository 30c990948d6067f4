/** The tests that judge a mutant: those that are quick and ask the kernel's model or the findings directly. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/linux/**/*.test.ts',
      'test/findings/rules/rules.test.ts',
      'test/findings/triage/**/*.test.ts',
      'test/machine/**/*.test.ts',
      'test/questions/whatif/difference.test.ts',
      'test/questions/why/**/*.test.ts',
      'test/scenarios.test.ts',
    ],
    setupFiles: ['test/setup.ts'],
    isolate: false,
    testTimeout: 120_000,
  },
});
