/** Asks bash, zsh and fish what they offer behind a line: the completion scripts in their own shells, many lines a start. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram } from '../built.ts';
import { irqsim } from './irqsim.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Notes on standard error which shell is not here, for its tests are skipped then. */
export function has(shell: Shell): boolean {
  const isThere = spawnSync(shell, ['-c', 'exit 0']).status === 0;
  if (!isThere) console.error(`${shell} is not installed: completion in it is not tested`);
  return isThere;
}

const folder = mkdtempSync(join(tmpdir(), 'irqsim-shells-'));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const scripts = new Map<Shell, string>();

/** The path of the completion script, which is written once. */
export async function scriptOf(shell: Shell): Promise<string> {
  const path = scripts.get(shell) ?? written(`irqsim.${shell}`, (await irqsim(['completion', shell])).out);
  scripts.set(shell, path);
  return path;
}

/** The environment of a shell that finds irqsim, and nothing of the user's. */
function environment(): NodeJS.ProcessEnv {
  const program = written('irqsim', `#!/bin/sh\nexec '${process.execPath}' '${builtProgram()}' "$@"\n`);
  chmodSync(program, 0o755);
  return {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    ZDOTDIR: folder,
    TERM: 'dumb',
  };
}

/** What a shell prints after it has read the completion script. */
export async function ask(shell: Shell, text: string, cwd: string): Promise<string> {
  const script = written(`ask.${shell}`, `source '${await scriptOf(shell)}'\n${text}\n`);
  const args = shell === 'fish' ? ['--no-config'] : shell === 'zsh' ? ['-f'] : [];
  const { stdout, stderr } = spawnSync(shell, [...args, script], {
    cwd,
    encoding: 'utf8',
    env: environment(),
  });
  if (stderr !== '') throw new Error(`${shell}: ${stderr}`);
  return stdout;
}

const single = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const END = '--end of line--';

const broken = (words: readonly string[]): string[] =>
  words.flatMap((word) => word.split(/(?<=[=:])|(?=[=:])/));

/** Words as bash breaks them. */
const bashLine = (words: readonly string[], behind: readonly string[]): string =>
  `COMP_WORDS=(irqsim ${broken([...words, ...behind])
    .map(single)
    .join(' ')}); COMP_CWORD=${broken(words).length}
_irqsim; printf '%s\\n' "\${COMPREPLY[@]}" '${END}'`;

const fishLine = (words: readonly string[]): string =>
  `complete -C ${`'irqsim ${words.join(' ').replaceAll(/['\\]/g, '\\$&')}'`}; echo '${END}'`;

/**
 * zsh completes on its command line only: one runs on a terminal of its own, types each line and prints what is added.
 * What compadd is given is asked of compadd itself.
 */
const zshLines = (script: string, lines: readonly (readonly string[])[]): string => String.raw`
zmodload zsh/zpty
zpty inner zsh -f -i
expect() { local line; while zpty -r inner line; do line=$${'{'}line%%$'\r\n'}; [[ $line == *"$1"* ]] && return; [[ -z $2 ]] || print -r -- "$line"; done }
zpty -w inner "source '${written('inner.zsh', zshInner(script))}'"
expect 'ready--'
for line in ${lines.map((words) => single(`irqsim ${words.join(' ')}`)).join(' ')}; do
  zpty -w -n inner "$line"$'\t'
  expect '${END}begin' ''
  expect '${END}done' shown
  print -r -- '${END}'
  zpty -w -n inner $'\x15'
done
zpty -d inner
`;

const zshInner = (script: string): string => String.raw`
PROMPT= RPROMPT=
stty -echo 2>/dev/null
unsetopt zle_bracketed_paste 2>/dev/null
unset zle_bracketed_paste
autoload -Uz compinit
compinit -u -D
source '${script}'
zmodload zsh/zutil
bindkey '^I' complete-word
begin() { print -r -- $'\n''${END}begin' }
finish() { print -r -- '${END}done'; compprefuncs=(begin) comppostfuncs=(finish); compstate[insert]=''; compstate[list]='' }
compprefuncs=(begin)
comppostfuncs=(finish)
compadd() {
  if [[ "\${@[1,(i)(-|--)]}" == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits
  local -a prefix
  builtin compadd -A hits "$@"
  zparseopts -E -a prefix p:
  local hit
  for hit in $hits; do print -r -- "$prefix[2]$hit"; done
  builtin compadd "$@"
}
print -r -- ready'--'
`;

/** What each line is completed to; words before the cursor, and for bash also those behind. */
export async function offers(
  shell: Shell,
  lines: readonly { readonly words: readonly string[]; readonly behind?: readonly string[] }[],
  cwd: string,
): Promise<string[][]> {
  const text = {
    bash: () => lines.map(({ words, behind = [] }) => bashLine(words, behind)).join('\n'),
    fish: () => lines.map(({ words }) => fishLine(words)).join('\n'),
    zsh: async () =>
      zshLines(
        await scriptOf('zsh'),
        lines.map(({ words }) => words),
      ),
  };
  const out =
    shell === 'zsh'
      ? spawnSync('zsh', ['-f', '-c', await text.zsh()], {
          cwd,
          encoding: 'utf8',
          env: environment(),
          timeout: 15_000,
        }).stdout
      : await ask(shell, await text[shell](), cwd);
  return out
    .split(`${END}\n`)
    .slice(0, -1)
    .map((part) =>
      part
        .split('\n')
        .map((line) => line.split('\t')[0].trimEnd())
        .filter((line) => line !== ''),
    );
}
