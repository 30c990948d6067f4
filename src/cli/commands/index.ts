/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { analyzeCommand } from './analyze.ts';
import type { DefineCommand } from './command.ts';
import { engineCommand } from './engine.ts';
import { explainCommand } from './explain.ts';
import { kernelsCommand } from './kernels.ts';
import { policiesCommand } from './policies.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { schemaCommand } from './schema.ts';
import { whyCommand } from './why.ts';

export const COMMANDS: readonly DefineCommand[] = [
  analyzeCommand,
  replayCommand,
  whyCommand,
  explainCommand,
  rulesCommand,
  kernelsCommand,
  policiesCommand,
  schemaCommand,
  engineCommand,
];
