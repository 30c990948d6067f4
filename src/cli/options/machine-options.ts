/** Options that several commands share. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FORMAT_NAMES, INPUT_FORMATS } from '../../formats/formats.ts';
import type { Defines } from '../../formats/reader.ts';
import {
  isStackProduct,
  NEWEST_KNOWN,
  STACK_PRODUCTS,
  type Stack,
  type StackProduct,
} from '../../formats/stack.ts';
import { parseVersion } from '../../formats/version.ts';
import { isDay } from '../../machine/day.ts';
import { EVENT_PREFIX } from '../../machine/locate.ts';
import type { InputOptions } from '../input/input.ts';
import { type Io, UsageError } from '../io.ts';
import type { SettingsOptions } from '../project/settings.ts';

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];

function columns(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 40 || n > 1000)
    throw new InvalidArgumentError('A number from 40 to 1000 is expected.');
  return n;
}

const TREE = { name: 'machine', title: 'a directory with proc/ or sys/: a captured machine' };

/** The formats that can be read: names for `--from`, and what each one is. */
export function inputFormats(): readonly { readonly name: string; readonly title: string }[] {
  return [TREE, ...FORMAT_NAMES.map((name) => ({ name, title: INPUT_FORMATS[name].reads }))];
}

/** The formats that can be read, one a line, for `--help`. */
export function formatList(): string {
  const formats = inputFormats();
  const width = Math.max(...formats.map(({ name }) => name.length));
  return formats.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n');
}

/** "qemu=10.0,libvirt=10.5" → versions by product, with those of earlier options. */
export function addVersions(text: string, earlier: Stack): Stack {
  const versions: Partial<Record<StackProduct, string>> = { ...earlier };
  for (const part of text.split(',')) {
    const [, product = '', version = ''] = /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    if (!isStackProduct(product)) {
      throw new InvalidArgumentError(
        `PRODUCT=VERSION is expected; products are ${STACK_PRODUCTS.join(', ')}.`,
      );
    }
    if (parseVersion(version) === undefined) {
      throw new InvalidArgumentError(`${product}: a version such as ${NEWEST_KNOWN[product]} is expected.`);
    }
    versions[product] = version;
  }
  return versions;
}

export const stackOption = () =>
  new Option(
    '--stack <versions>',
    'versions of the products whose defaults apply, e.g. qemu=10.0,libvirt=10.5',
  )
    .argParser(addVersions)
    .default({}, 'the newest known');

/** "CPUS=8" → the value by its name; the name may be a command, such as "nproc --all". */
function addDefine(text: string, earlier: Defines): Defines {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals).trim();
  if (equals < 0 || name === '') throw new InvalidArgumentError('NAME=VALUE is expected, e.g. CPUS=8.');
  return { ...earlier, [name]: text.slice(equals + 1) };
}

export const defineOption = () =>
  new Option(
    '--define <name=value>',
    'a value that only the shell of a script knows: a variable, 1 for $1, nproc for $(nproc); repeatable',
  )
    .argParser(addDefine)
    .default({}, 'nothing');

export const fromOption = () =>
  new Option('--from <format>', 'read the input as this format, whatever it looks like');

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
    'play this event after those of the description, e.g. offline=1-3, plug=300@1, suspend; repeatable',
  )
    .argParser(collect)
    .default([], 'none');

export const kernelOption = () =>
  new Option(
    '--kernel <release>',
    'model this kernel instead, e.g. 5.10 or 6.12.41; analyze compares a list: 5.10,6.12',
  );

const policyOption = () =>
  new Option('--policy <name>', 'apply this policy to unreachable CPUs instead; analyze compares all');

export const failOnOption = (text = 'exit with 1 on a finding of this level or above') =>
  new Option('--fail-on <level>', text).choices(['error', 'warning', 'note', 'never']).default('error');

function day(value: string): string {
  if (!isDay(value)) throw new InvalidArgumentError('A day such as 2027-03-31 is expected.');
  return value;
}

const levelOption = () =>
  new Option('--level <rule=level>', 'level of a rule: error, warning, note or off; repeatable')
    .argParser(collect)
    .default([], 'none');

const todayOption = () =>
  new Option(
    '--today <day>',
    'day that decides whether a suppression has expired, e.g. 2027-03-31 (default: SOURCE_DATE_EPOCH, or today)',
  ).argParser(day);

/** How findings are judged: what every command takes that counts them. */
const judgeOptions = (): Option[] => [
  levelOption(),
  new Option('--baseline <file>', 'leave out the findings that this file records'),
  todayOption(),
];

/** Adds `--config` and `--no-config`. */
const withConfig = (command: Command): Command =>
  command
    .option(
      '--config <file>',
      'project file (default: .irqsim.yaml here or above, up to the top of the repository)',
    )
    .option('--no-config', 'use no project file');

/** Adds the project file; what it says is applied before the command runs. */
export function withProject(command: Command): Command {
  return withConfig(command).hook('preAction', async (_, called) =>
    (await import('../project/project.ts')).applyProject(called),
  );
}

export const stdinNameOption = () =>
  new Option(
    '--stdin-filename <name>',
    'name of standard input, for messages and to recognise its format',
  ).argParser((name: string) => {
    if (name !== '') return name;
    throw new InvalidArgumentError('A name is expected.');
  });

const widthOption = () => new Option('--width <columns>', 'width of the text report').argParser(columns);

/** What every command that reads a machine takes. */
export interface MachineOptions extends SettingsOptions {
  readonly set: readonly string[];
  readonly event: readonly string[];
  readonly kernel?: string;
  readonly policy?: string;
  readonly from?: string;
  readonly stack: Stack;
  readonly define: Defines;
  readonly width?: number;
  /** What standard input is called. */
  readonly stdinFilename?: string;
}

/** Adds the {@link MachineOptions} of a command that counts no findings, without those that mean nothing to it. */
export function withReadOptions(command: Command, without: readonly string[] = []): Command {
  const options = [
    setOption,
    eventOption,
    kernelOption,
    policyOption,
    fromOption,
    stackOption,
    defineOption,
    stdinNameOption,
    widthOption,
  ];
  const taken = options.map((option) => option()).filter(({ long = '' }) => !without.includes(long));
  return withProject(taken.reduce((so, option) => so.addOption(option), command));
}

/** Adds all {@link MachineOptions} to a command, without those that mean nothing to it. */
export function withMachineOptions(command: Command, without: readonly string[] = []): Command {
  return judgeOptions().reduce((so, option) => so.addOption(option), withReadOptions(command, without));
}

/** Adds how texts are read and judged whose folders, and with them the project file, are known later. */
export function addReadingOptions(command: Command): Command {
  const options = [stackOption(), defineOption(), ...judgeOptions()];
  return withConfig(options.reduce((so, option) => so.addOption(option), command));
}

/** Adds how the objects of a cluster are read and judged: they come from no file, and one at a time. */
export function addClusterOptions(command: Command): Command {
  const failOn = () => failOnOption('deny an object with a finding of this level or above');
  const options = [stackOption, kernelOption, policyOption, setOption, failOn, levelOption, todayOption];
  return withProject(options.reduce((so, option) => so.addOption(option()), command));
}

/** Columns of a text report where nothing says otherwise, and at most, however wide the terminal. */
const DEFAULT_WIDTH = 100;
const MAX_WIDTH = 160;

/** Columns to fit a text report in. */
export function reportWidth({ width }: Pick<MachineOptions, 'width'>, io: Pick<Io, 'columns'>): number {
  return width ?? Math.min(io.columns ?? DEFAULT_WIDTH, MAX_WIDTH);
}

/** Refuses the lists of kernels and policies that `analyze` compares, where each stands for one machine. */
export function refuseLists({ kernel, policy }: Pick<MachineOptions, 'kernel' | 'policy'>): void {
  const instead = 'analyze compares several, and so does irqsim sweep INPUT --vary';
  if (kernel?.includes(',')) {
    throw new UsageError(`--kernel ${kernel}: one kernel is expected; ${instead} kernel=${kernel}`);
  }
  if (policy?.toLowerCase() === 'all' || policy?.includes(',')) {
    throw new UsageError(`--policy ${policy}: one policy is expected; ${instead} policy=mainline,P3,P5`);
  }
}

/** Options that change the description are changes like any other: checked and reported the same way. */
export function changesOf(options: Pick<MachineOptions, 'set' | 'event' | 'kernel' | 'policy'>): string[] {
  const { set, event, kernel, policy } = options;
  return [
    ...set,
    ...(kernel === undefined ? [] : [`--kernel ${kernel}`]),
    ...(policy === undefined ? [] : [`--policy ${policy}`]),
    ...event.map((text) => `${EVENT_PREFIX}${text}`),
  ];
}

/** How the input of a command is read: what {@link MachineOptions} say of it, with the changes in their order. */
export function readingOf(
  options: Pick<
    MachineOptions,
    'from' | 'stack' | 'define' | 'set' | 'event' | 'kernel' | 'policy' | 'stdinFilename'
  >,
): InputOptions {
  const { from, stack, define, stdinFilename: stdinName } = options;
  return { from, stack, define, set: changesOf(options), ...(stdinName !== undefined && { stdinName }) };
}
