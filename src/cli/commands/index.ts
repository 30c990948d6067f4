/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { analyzeCommand } from './analyze.ts';
import { captureCommand } from './capture.ts';
import type { DefineCommand } from './command.ts';
import { engineCommand } from './engine.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { kernelsCommand } from './kernels.ts';
import { policiesCommand } from './policies.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { schemaCommand } from './schema.ts';
import { verifyCommand } from './verify.ts';
import { whyCommand } from './why.ts';

export const COMMANDS: readonly DefineCommand[] = [
  analyzeCommand,
  replayCommand,
  whyCommand,
  importCommand,
  verifyCommand,
  captureCommand,
  explainCommand,
  rulesCommand,
  kernelsCommand,
  policiesCommand,
  schemaCommand,
  engineCommand,
];
