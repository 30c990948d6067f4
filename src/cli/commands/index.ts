/** The commands, in the order of `--help`. A new command is one file and one line here. */
import { analyzeCommand } from './analyze.ts';
import type { DefineCommand } from './command.ts';
import { engineCommand } from './engine.ts';
import { explainCommand } from './explain.ts';
import { policiesCommand } from './policies.ts';
import { rulesCommand } from './rules.ts';
import { schemaCommand } from './schema.ts';

export const COMMANDS: readonly DefineCommand[] = [
  analyzeCommand,
  explainCommand,
  rulesCommand,
  policiesCommand,
  schemaCommand,
  engineCommand,
];
