/**
 * `npm run mutate`: changes the code bit by bit and looks whether a test notices. What was found is in
 * docs/mutation.md. One file: `npm run mutate -- --mutate src/linux/engine/cpuhotplug.ts`.
 */
export default {
  mutate: ['src/linux/**/*.ts', 'src/findings/**/*.ts'],
  testRunner: 'in-process',
  plugins: ['./test/mutation/runner.mjs'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // A constant of a module needs all tests for each of its mutants.
  ignoreStatic: true,
  // TypeScript 7 lacks the functions that would rewrite this file; nothing in it needs that.
  tsconfigFile: 'test/mutation/none.json',
  tempDirName: 'coverage/mutation/sandbox',
  ignorePatterns: ['dist', 'coverage'],
  reporters: ['results', 'progress'],
  // The tests of one mutant have a budget of their own (runner.mjs); what never ends is stopped by this.
  dryRunTimeoutMinutes: 60,
  timeoutMS: 180_000,
  timeoutFactor: 0,
};
