/** The completion script for fish. */
import { type CommandPlaces, flagsOf } from './places.ts';
import type { Candidates } from './words.ts';

/** A word that fish takes as it stands. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/**
 * The part that does not depend on the commands: which command the words so far lead to, and how many arguments it
 * has. `__irqsim_at PATH` is true in that command, `__irqsim_at PATH N` at its argument N, with + also behind it.
 */
function script(places: readonly CommandPlaces[]): string {
  const cases = places.map(({ path, below, values }) => {
    const valued = values.flatMap(({ option }) => flagsOf(option)).join(' ');
    const names = below.map(({ name }) => name).join(' ');
    return `        case ${quoted(path)}\n            echo ${quoted(names)}\n            echo ${quoted(valued)}`;
  });
  return `
function __irqsim_command
    switch "$argv"
${cases.join('\n')}
    end
end

function __irqsim_at
    set -l words (commandline -opc)
    set -l path
    set -l place 0
    set -l pending 0
    set -l literal 0
    set -l known (__irqsim_command '')
    for word in $words[2..-1]
        if test $pending = 1
            set pending 0
        else if test $literal = 1; or not string match -q -- '-?*' $word
            if test $literal = 0 -a $place = 0; and contains -- $word (string split ' ' -- $known[1])
                set -a path $word
                set known (__irqsim_command $path)
            else
                set place (math $place + 1)
            end
        else if test "$word" = --
            set literal 1
        else if contains -- $word (string split ' ' -- $known[2])
            set pending 1
        end
    end
    test "$path" = "$argv[1]"; or return 1
    test -n "$argv[2]"; or return 0
    test $pending = 0; or return 1
    switch $argv[2]
        case '*+'
            test $place -ge (string trim -r -c + -- $argv[2])
        case '*'
            test $place = $argv[2]
    end
end
`;
}

/** What may stand behind "=", by option and key: `__irqsim_after OPTION` offers it with the key that is written. */
function afterScript(places: readonly CommandPlaces[]): string {
  const cases = places.flatMap(({ values }) =>
    values.flatMap(({ option, candidates }) =>
      Object.entries(candidates.kind === 'words' ? (candidates.after ?? {}) : {}).map(
        ([key, words]) =>
          `        case ${quoted(`${option.long} ${key}`)}\n            printf '%s\\n' $key={${words.join(',')}}`,
      ),
    ),
  );
  return `function __irqsim_after
    set -l word (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))
    string match -q -- '*=*' $word; or return
    set -l key (string replace -r -- '=[^=]*$' '' $word)
    switch "$argv[1] $key"
${[...new Set(cases)].join('\n')}
    end
end

# What the machine in the file of this line has.
function __irqsim_asked
    set -l before (commandline -opc)
    set -l all (commandline -o)
    set -l behind (math (count $before) + 1)
    test -z (commandline -t | string collect); or set behind (math $behind + 1)
    command irqsim completion values (math (count $before) - 1) -- $before[2..-1] (commandline -ct | string collect) $all[$behind..-1] 2>/dev/null </dev/null
end
`;
}

/** Options of `complete` that offer the candidates of a value or an argument. */
function offer(candidates: Candidates, option = ''): string {
  if (candidates.kind === 'words') {
    const asked = [
      ...(candidates.after ? [`(__irqsim_after ${option})`] : []),
      ...(candidates.asks ? ['(__irqsim_asked)'] : []),
    ];
    return `-f -a ${quoted([...candidates.words, ...asked].join(' '))}`;
  }
  return {
    files: '-F',
    directories: `-f -a ${quoted('(__fish_complete_directories (commandline -ct))')}`,
    nothing: '-f',
  }[candidates.kind];
}

function linesOf({ path, command, below, values, arguments: list, variadic }: CommandPlaces): string[] {
  const at = (place = '') => `complete -c irqsim -n ${quoted(`__irqsim_at ${quoted(path)}${place}`)}`;
  const options = command.options.map((option) => {
    const names = `${option.short === undefined ? '' : `-s ${option.short.slice(1)} `}-l ${option.long.slice(2)}`;
    const value = values.find((one) => one.option === option);
    const takes = value ? ` -r ${offer(value.candidates, option.long)}` : '';
    return `${at()} ${names}${takes} -d ${quoted(option.description)}`;
  });
  const names = below.map(({ name, summary }) => `${at(' 0')} -f -a ${name} -d ${quoted(summary)}`);
  const places = list.map((candidates, index) => {
    const last = variadic && index === list.length - 1;
    return `${at(` ${index}${last ? '+' : ''}`)} ${offer(candidates)}`;
  });
  return [...options, ...names, ...places];
}

export function fishCompletion(places: readonly CommandPlaces[], version: string): string {
  return [
    `# fish completion for irqsim ${version}, written by: irqsim completion fish`,
    script(places),
    afterScript(places),
    'complete -c irqsim -f',
    ...places.flatMap(linesOf),
    '',
  ].join('\n');
}
