/** The completion script for zsh: one function a command, made of _arguments specifications. */
import type { OptionModel } from './model.ts';
import { type CommandPlaces, flagsOf } from './places.ts';
import type { Candidates } from './words.ts';

/** A word in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Text inside [...] or between colons of a specification. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

/** Words that begin an assignment are followed by no blank. */
function action(candidates: Candidates): string {
  if (candidates.kind !== 'words') {
    return { files: '_files', directories: '_files -/', nothing: ' ' }[candidates.kind];
  }
  const begun = candidates.words.filter((word) => word.endsWith('='));
  if (begun.length === 0) return `(${candidates.words.join(' ')})`;
  const whole = candidates.words.filter((word) => !word.endsWith('='));
  return `{_irqsim_words "${begun.join(' ')}" "${whole.join(' ')}"}`;
}

function optionSpec(option: OptionModel, candidates: Candidates | undefined): string {
  const { long, repeatable, value = '', description, optional } = option;
  const flags = flagsOf(option);
  const takes = candidates ? `:${optional ? ':' : ''}${escaped(value)}:${action(candidates)}` : '';
  const about = `[${escaped(description)}]${takes}`;
  const equals = (flag: string) =>
    `${flag}${candidates && flag.startsWith('--') ? (optional ? '=-' : '=') : ''}`;
  if (repeatable) return flags.map((flag) => quoted(`*${equals(flag)}${about}`)).join(' ');
  if (flags.length === 1) return quoted(`${equals(long)}${about}`);
  return flags.map((flag) => quoted(`(${flags.join(' ')})${equals(flag)}${about}`)).join(' ');
}

function functionName(path: string): string {
  return `_irqsim${path === '' ? '' : `_${path.replace(/\W/g, '_')}`}`;
}

function commandFunction({ path, command, below, values, arguments: list, variadic }: CommandPlaces): string {
  const specs = command.options.map((option) =>
    optionSpec(option, values.find((value) => value.option === option)?.candidates),
  );
  const places = list.map((candidates, index) => {
    const { name, required } = command.arguments[index];
    const last = variadic && index === list.length - 1;
    return quoted(`${last ? '*' : ''}:${required || last ? '' : ':'}${escaped(name)}:${action(candidates)}`);
  });
  const name = functionName(path);
  if (below.length === 0) {
    return `${name}() {\n  _arguments -s -S \\\n    ${[...specs, ...places].join(' \\\n    ')}\n}\n`;
  }
  const described = below.map((one) => `    ${quoted(`${escaped(one.name)}:${one.summary}`)}`).join('\n');
  const calls = below.map((one) => `        ${one.name}) ${functionName(`${path} ${one.name}`.trim())} ;;`);
  return `${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands
  commands=(
${described}
  )
  _arguments -C -s -S \\
    ${specs.join(' \\\n    ')} \\
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands 'irqsim command' commands ;;
    rest)
      curcontext="\${curcontext%:*:*}:irqsim-$line[1]:"
      case $line[1] in
${calls.join('\n')}
      esac
      ;;
  esac
}
`;
}

const WORDS = `# Assignments that are begun, and whole words.
_irqsim_words() {
  local -a expl
  _wanted values expl value compadd -S '' -- \${=1}
  [[ -z $2 ]] || _wanted values expl value compadd -- \${=2}
}
`;

const CALL = `if [[ $funcstack[1] == _irqsim ]]; then
  _irqsim "$@"
else
  compdef _irqsim irqsim
fi
`;

export function zshCompletion(places: readonly CommandPlaces[], version: string): string {
  return [
    '#compdef irqsim',
    `# zsh completion for irqsim ${version}, written by: irqsim completion zsh`,
    '',
    WORDS,
    ...places.map(commandFunction),
    CALL,
  ].join('\n');
}
