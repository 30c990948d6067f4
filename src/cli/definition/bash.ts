/** The completion script for bash (3.2 and newer). */
import { type CommandPlaces, flagsOf } from './places.ts';
import type { Candidates } from './words.ts';

/**
 * The part that does not depend on the commands. bash breaks words at "=", so that --format=json comes as three;
 * `pending` is the option whose value is to come, "=" one of whose value nothing is known.
 */
const SCRIPT = `
_irqsim() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path='' place=0 pending='' options='' valued='' below='' literal=''
  local word i IFS=$' \\t\\n'
  COMPREPLY=()
  _irqsim_command ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -z $literal && $word == '=' ]]; then
      [[ -n $pending ]] || pending='='
    elif [[ -n $pending ]]; then
      pending=''
    elif [[ -n $literal || $word != -?* ]]; then
      if [[ -z $literal && $place == 0 && " $below " == *" $word "* ]]; then
        path=\${path:+$path }$word
        _irqsim_command "$path"
      else
        place=$((place + 1))
      fi
    elif [[ $word == -- ]]; then
      literal=1
    elif [[ " $valued " == *" $word "* ]]; then
      pending=$word
    fi
  done
  if [[ $cur == '=' ]]; then
    cur=''
    [[ -n $pending ]] || pending='='
  fi
  if [[ -n $pending ]]; then
    _irqsim_value "$path" "$pending"
  elif [[ -z $literal && $cur == -* ]]; then
    _irqsim_words $options
  elif [[ -n $below ]]; then
    _irqsim_words $below
  else
    _irqsim_argument "$path" "$place"
  fi
}

_irqsim_reply() {
  local reply
  while IFS= read -r reply; do COMPREPLY+=("$reply"); done < <(compgen "$@" -- "$cur")
}

_irqsim_words() {
  _irqsim_reply -W "$*"
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}

_irqsim_files() {
  _irqsim_reply "$1"
  compopt -o filenames 2>/dev/null
}

complete -F _irqsim irqsim
`;

/** Words need no quoting in any shell, or they are left out: a script must never run what it completes. */
const PLAIN = /^[\w.+:=-]+$/;

function action(candidates: Candidates): string {
  if (candidates.kind === 'words')
    return `_irqsim_words ${candidates.words.filter((word) => PLAIN.test(word)).join(' ')}`;
  return { files: '_irqsim_files -f', directories: '_irqsim_files -d', nothing: ':' }[candidates.kind];
}

function caseLine(patterns: readonly string[], command: string): string {
  return `    ${patterns.map((pattern) => `'${pattern}'`).join(' | ')}) ${command} ;;`;
}

/** One line for all places where the same may stand. */
function grouped(places: readonly (readonly [pattern: string, command: string])[]): string[] {
  const patterns = new Map<string, string[]>();
  for (const [pattern, command] of places) {
    patterns.set(command, [...(patterns.get(command) ?? []), pattern]);
  }
  return [...patterns].filter(([command]) => command !== ':').map(([command, all]) => caseLine(all, command));
}

function commandLine({ path, command, below, values }: CommandPlaces): string {
  const options = command.options.flatMap(flagsOf).join(' ');
  const valued = values.flatMap(({ option }) => flagsOf(option)).join(' ');
  const names = below.map(({ name }) => name).join(' ');
  return caseLine([path], `options='${options}' valued='${valued}' below='${names}'`);
}

function argumentLines({ path, arguments: list, variadic }: CommandPlaces): string[] {
  return list.flatMap((candidates, index) => {
    if (candidates.kind === 'nothing') return [];
    const last = variadic && index === list.length - 1;
    return [`    '${path} '${last ? '*' : index}) ${action(candidates)} ;;`];
  });
}

function lookup(name: string, subject: string, lines: readonly string[]): string {
  return `${name}() {\n  case ${subject} in\n${lines.join('\n')}\n  esac\n}\n`;
}

export function bashCompletion(places: readonly CommandPlaces[], version: string): string {
  const values = places.flatMap(({ path, values }) =>
    values.flatMap(({ option, candidates }) =>
      flagsOf(option).map((flag) => [`${path} ${flag}`, action(candidates)] as const),
    ),
  );
  return [
    `# bash completion for irqsim ${version}, written by: irqsim completion bash`,
    SCRIPT.trimEnd(),
    '',
    lookup('_irqsim_command', '$1', places.map(commandLine)),
    lookup('_irqsim_value', '"$1 $2"', grouped(values)),
    lookup('_irqsim_argument', '"$1 $2"', places.flatMap(argumentLines)),
  ].join('\n');
}
