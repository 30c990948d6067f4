/** Options of the commands that say what differs between two machines. */

import { type Command, Option } from 'commander';
import type { DifferenceFormat } from '../../report/difference/index.ts';
import { failOnOption, type MachineOptions, withMachineOptions } from './machine-options.ts';
import { type OutputOption, withOutput } from './output-option.ts';

export interface DifferenceOptions extends MachineOptions, OutputOption {
  readonly format: DifferenceFormat;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly audit?: boolean;
  readonly verbose?: boolean;
}

const FORMATS = ['text', 'json', 'markdown', 'html'];

/** Adds {@link DifferenceOptions} to a command. */
export function withDifferenceOptions(command: Command): Command {
  return withOutput(withMachineOptions(command))
    .addOption(new Option('--format <name>', 'form of the report').choices(FORMATS).default('text'))
    .addOption(failOnOption())
    .option('--audit', 'also list assumptions of the kernel that do not hold on this machine')
    .option('-v, --verbose', 'text, markdown: lists in full, every device and queue');
}

/** The end of the help of these commands. */
export const DIFFERENCE_EXIT_CODES =
  'Exit codes: 0 no new finding at or above --fail-on; 1 there is one, or one was raised to that level\n(what was found before does not count); 2 bad usage or input.';
