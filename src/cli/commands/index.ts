/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { adviseCommand } from './advise.ts';
import { analyzeCommand } from './analyze.ts';
import { batchCommand } from './batch.ts';
import { budgetCommand } from './budget.ts';
import { captureCommand } from './capture.ts';
import type { DefineCommand } from './command.ts';
import { completionCommand } from './completion.ts';
import { diffCommand } from './diff.ts';
import { engineCommand } from './engine.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { irqsCommand } from './irqs.ts';
import { kernelsCommand } from './kernels.ts';
import { manCommand } from './man.ts';
import { mergeCommand } from './merge.ts';
import { policiesCommand } from './policies.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { schemaCommand } from './schema.ts';
import { sweepCommand } from './sweep.ts';
import { verifyCommand } from './verify.ts';
import { whatifCommand } from './whatif.ts';
import { whyCommand } from './why.ts';

export const COMMANDS: readonly DefineCommand[] = [
  analyzeCommand,
  replayCommand,
  whyCommand,
  irqsCommand,
  budgetCommand,
  whatifCommand,
  diffCommand,
  sweepCommand,
  adviseCommand,
  batchCommand,
  mergeCommand,
  importCommand,
  initCommand,
  verifyCommand,
  captureCommand,
  explainCommand,
  rulesCommand,
  kernelsCommand,
  policiesCommand,
  schemaCommand,
  completionCommand,
  manCommand,
  engineCommand,
];
