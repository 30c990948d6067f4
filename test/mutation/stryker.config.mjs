/**
 * `npm run mutate`: changes the code bit by bit and looks whether a test notices. What was found is in
 * docs/mutation.md. One file: `npm run mutate -- --mutate src/linux/engine/cpuhotplug.ts`.
 */
export default {
  mutate: ['src/linux/**/*.ts', 'src/findings/**/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // A constant of a module needs all tests for each of its mutants.
  ignoreStatic: true,
  // TypeScript 7 lacks the functions that would rewrite this file; nothing in it needs that.
  tsconfigFile: 'test/mutation/none.json',
  incremental: true,
  incrementalFile: 'coverage/mutation/incremental.json',
  tempDirName: 'coverage/mutation/sandbox',
  ignorePatterns: ['dist', 'docs', 'coverage'],
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'coverage/mutation/report.json' },
  clearTextReporter: { reportTests: false, allowColor: false },
  timeoutMS: 20_000,
};
