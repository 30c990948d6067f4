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

/** Words that begin an assignment are followed by no blank; `option` says what may stand behind. */
function action(candidates: Candidates, option = ''): string {
  if (candidates.kind !== 'words') {
    return { files: '_files', directories: '_files -/', nothing: ' ' }[candidates.kind];
  }
  const begun = candidates.words.filter((word) => word.endsWith('='));
  if (begun.length === 0 && !candidates.asks) return `(${candidates.words.join(' ')})`;
  const whole = candidates.words.filter((word) => !word.endsWith('='));
  return `{_irqsim_words "${option}" "${begun.join(' ')}" "${whole.join(' ')}"${candidates.asks ? ' asks' : ''}}`;
}

function optionSpec(option: OptionModel, candidates: Candidates | undefined): string {
  const { long, repeatable, value = '', description } = option;
  const flags = flagsOf(option);
  const takes = candidates ? `:${escaped(value)}:${action(candidates, long)}` : '';
  const about = `[${escaped(description)}]${takes}`;
  const equals = (flag: string) => `${flag}${candidates && flag.startsWith('--') ? '=' : ''}`;
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

const WORDS = `# Assignments that are begun, whole words, and what the machine in the file of this line has.
_irqsim_words() {
  local -a expl found
  if [[ $PREFIX == *=* ]]; then
    compset -P '*='
    _irqsim_after "$1 \${\${IPREFIX%=}##*=}"
    return
  fi
  [[ -z $2 ]] || _wanted values expl value compadd -S '' -- \${=2}
  [[ -z $3 ]] || _wanted values expl value compadd -- \${=3}
  [[ -n $4 ]] || return 0
  found=(\${(f)"$(command irqsim completion values $((CURRENT - 1)) -- "\${(@)words}" 2>/dev/null </dev/null)"})
  expl=(\${(M)found:#*.})
  if (( $#expl )); then _wanted values expl value compadd -S '' -a found; else _wanted values expl value compadd -a found; fi
}
`;

/** What may stand behind "=", by option and key. */
function afterFunction(places: readonly CommandPlaces[]): string {
  const lines = places.flatMap(({ values }) =>
    values.flatMap(({ option, candidates }) =>
      Object.entries(candidates.kind === 'words' ? (candidates.after ?? {}) : {}).map(
        ([key, words]) =>
          `    ${quoted(`${option.long} ${key}`).replaceAll('*', "'*'")}) _wanted values expl value compadd -- ${words.join(' ')} ;;`,
      ),
    ),
  );
  return `_irqsim_after() {\n  local -a expl\n  case $1 in\n${[...new Set(lines)].join('\n')}\n  esac\n}\n`;
}

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
    afterFunction(places),
    ...places.map(commandFunction),
    CALL,
  ].join('\n');
}
