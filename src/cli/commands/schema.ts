/** `irqsim schema`: the forms of what irqsim reads and writes, for other programs. */
import { Argument, Command } from 'commander';
import { EXIT } from '../io.ts';
import type { DefineCommand } from './command.ts';

/** What can be printed. */
const DOCUMENTS = {
  machine: async () => (await import('../../machine/schema.ts')).machineJsonSchema(),
  report: async () => (await import('../../report/schema/report-schema.ts')).reportJsonSchema(),
  budget: async () => (await import('../../report/schema/budget-schema.ts')).budgetJsonSchema(),
  prove: async () => (await import('../../report/schema/prove-schema.ts')).proveJsonSchema(),
  dmesg: async () => (await import('../../report/schema/dmesg-schema.ts')).dmesgJsonSchema(),
  irqs: async () => (await import('../../report/schema/irqs-schema.ts')).irqsJsonSchema(),
  solve: async () => (await import('../../report/schema/solve-schema.ts')).solveJsonSchema(),
  whatif: async () => (await import('../../report/schema/difference-schema.ts')).differenceJsonSchema(),
  diff: async () => (await import('../../report/schema/difference-schema.ts')).differenceJsonSchema(),
  sweep: async () => (await import('../../report/schema/sweep-schema.ts')).sweepJsonSchema(),
  advise: async () => (await import('../../report/schema/advise-schema.ts')).adviseJsonSchema(),
  replay: async () => (await import('../../report/schema/replay-schema.ts')).replayJsonSchema(),
  verify: async () => (await import('../../report/schema/verify-schema.ts')).verifyJsonSchema(),
  batch: async () => (await import('../../report/schema/batch-schema.ts')).batchJsonSchema(),
  merge: async () => (await import('../../report/schema/merge-schema.ts')).mergeJsonSchema(),
  project: async () => (await import('../project/project-file.ts')).projectJsonSchema(),
  'problem-matcher': async () => (await import('../../report/reporters/problem-matcher.ts')).problemMatcher(),
} satisfies Readonly<Record<string, () => Promise<object>>>;

const HELP = `
  machine          machine descriptions, from the schema with which irqsim checks them
  report           the report of analyze --format json and ndjson
  budget           the answer of budget --format json
  prove            the answer of prove --format json
  dmesg            the answer of dmesg --format json
  irqs             the answer of irqs --format json
  solve            the answer of solve --format json
  whatif, diff     what differs between two machines: whatif and diff --format json
  sweep            the points of sweep --format json and ndjson
  advise           the answers of advise --format json
  replay           the events of replay --format json
  verify           the comparison of verify --format json
  batch            a line that batch writes: a record, or the trailer
  merge            the summary of merge --format json and analyze --statistics --format json
  project          the project file, .irqsim.yaml
  problem-matcher  what GitHub Actions needs to make annotations of analyze --format unix

Examples:
  irqsim schema > irqsim.schema.json
  # first line of a description, for editors with the YAML language server:
  # yaml-language-server: $schema=./irqsim.schema.json

  # a step of a GitHub Actions job:
  irqsim schema problem-matcher > "$RUNNER_TEMP/irqsim.json"
  echo "::add-matcher::$RUNNER_TEMP/irqsim.json"
  irqsim analyze --format unix configs/*.yaml

Exit codes: 0 printed, 2 bad usage.`;

export const schemaCommand: DefineCommand = (io, done) =>
  new Command('schema')
    .description('Prints a JSON Schema (draft 2020-12); of machine descriptions where nothing else is named.')
    .addArgument(new Argument('[what]', 'what to print').choices(Object.keys(DOCUMENTS)).default('machine'))
    .addHelpText('after', HELP)
    .action(async (what: keyof typeof DOCUMENTS) => {
      io.out(`${JSON.stringify(await DOCUMENTS[what](), null, 2)}\n`);
      done(EXIT.clean);
    });
