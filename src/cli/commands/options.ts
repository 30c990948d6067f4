/** Options that several commands share. */
import { InvalidArgumentError, Option } from 'commander';

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

function columns(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 40 || n > 1000)
    throw new InvalidArgumentError('A number from 40 to 1000 is expected.');
  return n;
}

export const fromOption = () =>
  new Option('--from <kind>', 'read the input as this kind, whatever it looks like');

export const setOption = () =>
  new Option(
    '--set <key=value>',
    'change a value of the description first, e.g. devices.nvme0.queues=4; repeatable',
  )
    .argParser(collect)
    .default([], 'none');

export const kernelOption = () =>
  new Option('--kernel <release>', 'model this kernel instead, e.g. 5.10 or 6.12.41');

export const policyOption = () =>
  new Option('--policy <name>', 'treat unreachable CPUs by this policy instead');

export const failOnOption = () =>
  new Option('--fail-on <level>', 'exit with 1 on a finding of this level or above')
    .choices(['error', 'warning', 'note', 'never'])
    .default('error');

export const widthOption = () =>
  new Option('--width <columns>', 'columns to fit the text report in').argParser(columns);
