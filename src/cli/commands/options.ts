/** Options that several commands share. */
import { InvalidArgumentError, Option } from 'commander';
import { EVENT_PREFIX } from '../../machine/locate.ts';

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

export const eventOption = () =>
  new Option(
    '--event <event>',
    'let this happen after the events of the description, e.g. offline=1-3, plug=300@1, suspend; repeatable',
  )
    .argParser(collect)
    .default([], 'none');

export const kernelOption = () =>
  new Option(
    '--kernel <release>',
    'model this kernel instead, e.g. 5.10 or 6.12.41; analyze compares a list: 5.10,6.12',
  );

export const policyOption = () =>
  new Option('--policy <name>', 'treat unreachable CPUs by this policy instead; all compares them');

export const failOnOption = () =>
  new Option('--fail-on <level>', 'exit with 1 on a finding of this level or above')
    .choices(['error', 'warning', 'note', 'never'])
    .default('error');

export const widthOption = () =>
  new Option('--width <columns>', 'columns to fit the text report in').argParser(columns);

/** Columns of a text report where nothing says otherwise. */
export const DEFAULT_WIDTH = 100;

/** Options that change the description are changes like any other: checked and reported the same way. */
export function changesOf(options: {
  readonly set: readonly string[];
  readonly event: readonly string[];
  readonly kernel?: string;
  readonly policy?: string;
}): string[] {
  const { set, event, kernel, policy } = options;
  return [
    ...set,
    ...(kernel === undefined ? [] : [`kernel="${kernel}"`]),
    ...(policy === undefined ? [] : [`policy="${policy}"`]),
    ...event.map((text) => `${EVENT_PREFIX}${text}`),
  ];
}
