/** The manual page, in roff with the man(7) macros. */
import { wrap } from '../../report/document/terminal/wrap.ts';
import { EVERYDAY_FLAGS } from './everyday.ts';
import { ENVIRONMENT, FILES } from './man-facts.ts';
import type { CommandModel, OptionModel } from './model.ts';
import { type NoteBlock, noteBlocks } from './notes.ts';

export interface ManRequest {
  readonly root: CommandModel;
  readonly version: string;
  readonly formats: readonly { readonly name: string; readonly title: string }[];
}

/** Text that roff takes as it stands: no escapes, and hyphens that can be copied. */
function roff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...');
}

/** A line that begins with a dot or a quote would be taken for a request. */
const line = (text: string): string => text.replace(/^(?=[.'])/, '\\&');

/** Lines of running text. */
const prose = (text: string): string => wrap(roff(text), 78).map(line).join('\n');

const bold = (text: string): string => `\\fB${roff(text)}\\fR`;
const italic = (text: string): string => `\\fI${roff(text)}\\fR`;
/** An argument of a macro. */
const quoted = (text: string): string => `"${roff(text).replaceAll('"', '\\(dq')}"`;

function verbatim(lines: readonly string[]): string[] {
  const indent = Math.min(...lines.filter((text) => text !== '').map((text) => text.search(/\S/)));
  return [
    '.PP',
    '.nf',
    '.RS 4',
    ...lines.map((text) => line(roff(text.slice(indent))) || '\\&'),
    '.RE',
    '.fi',
  ];
}

function paragraph(text: string): string[] {
  return ['.PP', prose(text)];
}

function optionLines(option: OptionModel): string[] {
  const { short, long, value, optional, description, choices, usual } = option;
  const flags = short === undefined ? bold(long) : `${bold(short)}, ${bold(long)}`;
  const name = italic(value ?? '');
  const takes = value === undefined ? '' : optional ? `[=${name}]` : ` ${name}`;
  const more = [
    ...(choices.length > 0 ? [`one of ${choices.join(', ')}`] : []),
    ...(usual === undefined ? [] : [`default: ${usual}`]),
  ];
  return [
    '.TP',
    `${flags}${takes}`,
    prose(`${description}${more.length > 0 ? ` (${more.join('; ')})` : ''}`),
  ];
}

/** Options that every command has are told once. */
const EVERYWHERE: readonly string[] = [...EVERYDAY_FLAGS, '--help', '--version'];

function noteLines(block: NoteBlock): string[] {
  if (block.kind === 'paragraph' || block.kind === 'exit codes') return paragraph(block.lines.join(' '));
  if (block.kind === 'examples') return [];
  return [...(block.heading === '' ? [] : paragraph(block.heading)), ...verbatim(block.lines)];
}

/** The list of formats has a section of its own. */
const isFormatList = ({ heading }: NoteBlock): boolean => heading.startsWith('Formats, recognised');

function commandLines(command: CommandModel): string[] {
  const options = command.options.filter(({ long }) => !EVERYWHERE.includes(long));
  const about = command.arguments.filter(({ description }) => description !== '');
  return [
    `.SS ${quoted(`irqsim ${command.path.join(' ')}`)}`,
    `${bold(`irqsim ${command.path.join(' ')}`)} ${italic(command.usage)}`,
    ...paragraph(command.description),
    ...about.flatMap(({ name, description, choices }) => [
      '.TP',
      italic(name),
      prose(choices.length > 0 ? `${description}: ${choices.join(', ')}` : description),
    ]),
    ...options.flatMap(optionLines),
    ...noteBlocks(command.notes)
      .filter((block) => !isFormatList(block))
      .flatMap(noteLines),
    ...command.commands.filter(isOwn).flatMap(commandLines),
  ];
}

/** The help command that commander adds needs no word. */
const isOwn = ({ name }: CommandModel): boolean => name !== 'help';

function exampleLines({ commands }: CommandModel): string[] {
  return commands.flatMap((command) => [
    ...noteBlocks(command.notes)
      .filter(({ kind }) => kind === 'examples')
      .flatMap(({ lines }) => verbatim(lines)),
    ...exampleLines(command),
  ]);
}

function tagged(list: readonly (readonly [name: string, about: string])[]): string[] {
  return list.flatMap(([name, about]) => ['.TP', bold(name), prose(about)]);
}

const EXIT_STATUS: readonly (readonly [string, string])[] = [
  ['0', 'Nothing at or above --fail-on.'],
  ['1', 'At least one finding at or above it.'],
  ['2', 'Bad usage or bad input; the other inputs are still reported.'],
  ['3', 'A bug in irqsim.'],
];

/** Without a date, so that the same version gives the same bytes. */
export function manPage({ root, version, formats }: ManRequest): string {
  const everywhere = root.options.filter(({ long }) => EVERYWHERE.includes(long));
  const lines = [
    `.\\" Written by: irqsim man`,
    `.TH IRQSIM 1 "" ${quoted(`irqsim ${version}`)} "User Commands"`,
    // Options and keys are copied from here: no word is broken, no line is stretched.
    '.nh',
    '.ad l',
    '.SH NAME',
    'irqsim \\- say which CPUs can receive device interrupts, before the machine boots',
    '.SH SYNOPSIS',
    `${bold('irqsim')} ${italic('command')} [${italic('options')}] [${italic('input')}...]`,
    '.SH DESCRIPTION',
    prose(root.description),
    '.SH OPTIONS',
    'These go before the name of a command and after it.',
    ...everywhere.flatMap(optionLines),
    '.SH COMMANDS',
    ...root.commands.filter(isOwn).flatMap(commandLines),
    '.SH INPUT FORMATS',
    prose(
      'An input is a file, a directory or - for standard input. Its format is recognised by content, or named with --from:',
    ),
    ...tagged(formats.map(({ name, title }) => [name, title])),
    '.SH EXIT STATUS',
    ...tagged(EXIT_STATUS),
    '.SH ENVIRONMENT',
    ...tagged(ENVIRONMENT),
    '.SH FILES',
    ...tagged(FILES),
    '.SH EXAMPLES',
    ...exampleLines({ ...root, commands: [root, ...root.commands].map(onlyOnce(root)) }).slice(1),
  ];
  return `${lines.join('\n')}\n`;
}

/** The root stands in the list of its own examples without the commands below it. */
function onlyOnce(root: CommandModel): (command: CommandModel) => CommandModel {
  return (command) => (command === root ? { ...root, commands: [] } : command);
}
