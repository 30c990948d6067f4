/** The completion script for bash (3.2 and newer). */
import { type CommandPlaces, flagsOf } from './places.ts';
import { type Candidates, isPlain } from './words.ts';

/**
 * The part that does not depend on the commands. bash breaks words at ":" and "=": those at ":" are joined again, so that
 * nvme0:3 is one; of --level=rule=off, three are values. `pending` is the option whose value is to come; "--level rule="
 * the same behind its key, "=" one of whose value nothing is known.
 */
const SCRIPT = `
_irqsim() {
  local cur path='' place=0 pending='' option='' key='' options='' valued='' below='' literal=''
  local word i at words IFS=$' \\t\\n'
  COMPREPLY=()
  _irqsim_join
  cur=\${words[at]}
  _irqsim_command ''
  for ((i = 0; i < at; i++)); do
    word=\${words[i]}
    if [[ -z $literal && $word == '=' ]]; then
      [[ -n $pending ]] || pending="$option $key="
    elif [[ -n $pending ]]; then
      option=$pending key=$word pending=''
      continue
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
    option='' key=''
  done
  if [[ $cur == '=' ]]; then
    cur=''
    [[ -n $pending ]] || pending="$option $key="
  fi
  if [[ $pending == *= ]]; then
    _irqsim_after "\${pending%=}"
  elif [[ -n $pending ]]; then
    _irqsim_value "$path" "$pending"
  elif [[ -z $literal && $cur == -* ]]; then
    _irqsim_words $options
  elif [[ -n $below ]]; then
    _irqsim_words $below
  else
    _irqsim_argument "$path" "$place"
  fi
  _irqsim_unjoin
}

# The words behind irqsim, and which of them is below the cursor.
_irqsim_join() {
  local i join=''
  words=() at=0
  for ((i = 1; i < \${#COMP_WORDS[@]}; i++)); do
    if [[ \${#words[@]} -gt 0 && ( -n $join || \${COMP_WORDS[i]} == :* ) ]]; then
      words[\${#words[@]} - 1]+=\${COMP_WORDS[i]}
    else
      words+=("\${COMP_WORDS[i]}")
    fi
    join=''
    [[ \${COMP_WORDS[i]} != *: ]] || join=1
    [[ $i != "$COMP_CWORD" ]] || at=$((\${#words[@]} - 1))
  done
}

# What bash replaces begins behind the last colon.
_irqsim_unjoin() {
  local i begun=\${cur%"\${cur##*:}"}
  [[ -n $begun && $COMP_WORDBREAKS == *:* ]] || return 0
  for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"$begun"}; done
}

_irqsim_reply() {
  local reply
  while IFS= read -r reply; do COMPREPLY+=("$reply"); done < <(compgen "$@" -- "$cur")
}

_irqsim_words() {
  _irqsim_reply -W "$*"
  _irqsim_space
}

# No blank behind what is only begun.
_irqsim_space() {
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=.] ]]; then compopt -o nospace 2>/dev/null; fi
}

# What the machine in the file of this line has; nothing of it is expanded here.
_irqsim_asked() {
  local reply
  while IFS= read -r reply; do
    [[ $reply != "$cur"* ]] || COMPREPLY+=("$reply")
  done < <(command irqsim completion values "$at" -- "\${words[@]}" 2>/dev/null </dev/null)
  _irqsim_space
}

_irqsim_files() {
  _irqsim_reply "$1"
  compopt -o filenames 2>/dev/null
}

complete -F _irqsim irqsim
`;

const wordsAction = (words: readonly string[]): string => `_irqsim_words ${words.filter(isPlain).join(' ')}`;

function action(candidates: Candidates): string {
  if (candidates.kind === 'words') {
    const parts = candidates.words.length > 0 ? [wordsAction(candidates.words)] : [];
    return [...parts, ...(candidates.asks ? ['_irqsim_asked'] : [])].join('; ');
  }
  return { files: '_irqsim_files -f', directories: '_irqsim_files -d', nothing: ':' }[candidates.kind];
}

/** "'--set devices.'*'.driver'": a pattern in which only the stars are special. */
const afterPattern = (option: string, key: string): string => `${option} ${key}`.replaceAll('*', "'*'");

function caseLine(patterns: readonly string[], command: string): string {
  return `    ${patterns.map((pattern) => `'${pattern}'`).join(' | ')}) ${command} ;;`;
}

/** What stands behind "=", whatever the command: one line for all keys where the same may. */
function afterLines(places: readonly CommandPlaces[]): string[] {
  const lines = places.flatMap(({ values }) =>
    values.flatMap(({ option, candidates }) =>
      Object.entries(candidates.kind === 'words' ? (candidates.after ?? {}) : {}).map(
        ([key, words]) => [afterPattern(option.long, key), wordsAction(words)] as const,
      ),
    ),
  );
  return grouped([...new Map(lines)]);
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
    lookup('_irqsim_after', '$1', afterLines(places)),
    lookup('_irqsim_argument', '"$1 $2"', places.flatMap(argumentLines)),
  ].join('\n');
}
