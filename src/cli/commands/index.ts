/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { lookup } from '../../lib/lookup.ts';
import { adviseCommand } from './advise.ts';
import { analyzeCommand } from './analyze.ts';
import { batchCommand } from './batch.ts';
import { budgetCommand } from './budget.ts';
import { captureCommand } from './capture.ts';
import type { DefineCommand } from './command.ts';
import { completionCommand } from './completion.ts';
import { diffCommand } from './diff.ts';
import { dmesgCommand } from './dmesg.ts';
import { engineCommand } from './engine.ts';
import { explainCommand } from './explain.ts';
import { exploreCommand } from './explore.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { irqsCommand } from './irqs.ts';
import { kernelsCommand } from './kernels.ts';
import { lspCommand } from './lsp.ts';
import { manCommand } from './man.ts';
import { mergeCommand } from './merge.ts';
import { policiesCommand } from './policies.ts';
import { proveCommand } from './prove.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { solveCommand } from './solve.ts';
import { sweepCommand } from './sweep.ts';
import { verifyCommand } from './verify.ts';
import { whatifCommand } from './whatif.ts';
import { whyCommand } from './why.ts';

export const COMMANDS = {
  analyze: analyzeCommand,
  replay: replayCommand,
  why: whyCommand,
  irqs: irqsCommand,
  budget: budgetCommand,
  explore: exploreCommand,
  prove: proveCommand,
  whatif: whatifCommand,
  diff: diffCommand,
  sweep: sweepCommand,
  solve: solveCommand,
  advise: adviseCommand,
  batch: batchCommand,
  merge: mergeCommand,
  import: importCommand,
  init: initCommand,
  verify: verifyCommand,
  capture: captureCommand,
  dmesg: dmesgCommand,
  lsp: lspCommand,
  serve: serveCommand,
  explain: explainCommand,
  rules: rulesCommand,
  kernels: kernelsCommand,
  policies: policiesCommand,
  schema: schemaCommand,
  completion: completionCommand,
  man: manCommand,
  engine: engineCommand,
} as const satisfies Readonly<Record<string, DefineCommand>>;

/** Commands that tell of all others. */
const TELL_OF_ALL: readonly string[] = ['completion', 'man'];
/** Words that need no command, where they are the first. */
const NEED_NONE: readonly string[] = ['-V', '--version'];

const named = (name: string | undefined): readonly DefineCommand[] =>
  [lookup(COMMANDS, name)].filter((command) => command !== undefined);

/** The commands that a command line may be about, by its first words: to define them all takes longer than most need. */
export function commandsFor(words: readonly string[]): readonly DefineCommand[] {
  const [first] = words;
  if (first === undefined) return Object.values(COMMANDS);
  // "completion values N -- why ...": somebody waits at a prompt.
  if (first === 'completion' && words[1] === 'values')
    return [...new Set([completionCommand, ...named(words[4])])];
  if (named(first).length > 0 && !TELL_OF_ALL.includes(first)) return named(first);
  return NEED_NONE.includes(first) ? [] : Object.values(COMMANDS);
}
