/** Scripts played without a shell: the commands that they would run, and what only the shell knows. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of shell scripts
import { expect, test } from 'vitest';
import { runBatch } from '../../src/formats/text/batch.ts';
import { arithmetic } from '../../src/formats/text/shell-arithmetic.ts';
import { runScript } from '../../src/formats/text/shell-run.ts';
import { psCommand, withoutPrompts } from '../../src/formats/text/terminal.ts';

const commandsOf = (text: string, defines = {}) =>
  runScript(text, defines).commands.map(({ words }) => words.map((word) => word.text));
const last = (text: string, defines = {}) => commandsOf(text, defines).at(-1);

test.each<[string, string[]]>([
  ['A=1\nB="x y"\nrun $A "$B" $B', ['run', '1', 'x y', 'x', 'y']],
  ['A=a\nA+=b\nA="$A c"\nrun $A', ['run', 'ab', 'c']],
  [
    'a=(x "y z" # no\n w)\na+=(v)\nrun "${a[@]}" ${#a[@]} ${a[1]}',
    ['run', 'x', 'y z', 'w', 'v', '4', 'y', 'z'],
  ],
  ['run ${N:-4} ${N:+no} ${M-"a b"} "${O:=c}" $O', ['run', '4', 'a b', 'c', 'c']],
  ['N=6\nrun $((N * 2 + 1)) $(( ${N}/4 )) $(($N%4))', ['run', '13', '1', '2']],
  [
    'add() { ARGS+=("-d" "$1,n=$2"); }\nadd a 1\nadd b 2\nrun "${ARGS[@]}"',
    ['run', '-d', 'a,n=1', '-d', 'b,n=2'],
  ],
  ['function f { run "$@"; }\nf 1 "2 3"', ['run', '1', '2 3']],
  ['C="run"\nC+=" a"\nC="$C \'b c\'"\neval $C', ['run', 'a', 'b c']],
  ['sudo sh -c "run a b"', ['run', 'a', 'b']],
  ['for i in 0 1; do A="$A d$i"; done; run $A', ['run', 'd0', 'd1']],
  ['for i in $(seq 2 4); do A+=($i); done\nrun ${A[*]}', ['run', '2', '3', '4']],
  ['K=q\nif [ "$K" = q ]; then X=1; elif true; then X=2; else X=3; fi\nrun $X', ['run', '1']],
  ['[[ -z $UNSET ]] && X=4\nrun $X', ['run', '4']],
  ['case b in a|b) X=1;; *) X=2;; esac\nrun $X', ['run', '1']],
  ['run a > /dev/null 2>&1 < in', ['run', 'a']],
  ['cat <<EOF\nit\'s "open\nEOF\nrun x', ['run', 'x']],
  ['A=x; unset A; run ${A:-u}', ['run', 'u']],
  ['set -- a b c\nshift\nrun "$@" $#', ['run', 'b', 'c', '2']],
  ['run a\\\nb $\'c\' "d\\\ne"', ['run', 'ab', 'c', 'de']],
])('%j', (text, words) => {
  expect(last(text)).toEqual(words);
});

test.each<[string, string, Record<string, string>, string[]]>([
  ['variables', 'run $CPUS', { CPUS: '8' }, ['run', '8']],
  ['over what is set', 'CPUS=4\nrun $CPUS', { CPUS: '8' }, ['run', '8']],
  ['positional', 'run $1 "${2}"', { 1: 'a', 2: 'b c' }, ['run', 'a', 'b c']],
  ['all of them', 'run "$@"', { '@': '-x 1' }, ['run', '-x', '1']],
  [
    'commands',
    'run $(nproc) `nproc --all` $(( $(nproc) / 2 ))',
    { nproc: '8', 'nproc --all': '16' },
    ['run', '8', '16', '4'],
  ],
])('--define: %s', (_, text, defines, words) => {
  expect(last(text, defines)).toEqual(words);
});

const unknownsOf = (text: string) =>
  runScript(text)
    .commands.at(-1)
    ?.words.flatMap(({ unknowns = [] }) =>
      unknowns.map(({ written, name, splits }) => [written, name, splits]),
    );

test.each<[string, unknown[]]>([
  ['run $X', [['$X', 'X', true]]],
  ['run "a$X"', [['$X', 'X', false]]],
  ['run "${a[@]}"', [['${a[@]}', 'a', true]]],
  [
    'run $(nproc) "$1"',
    [
      ['$(nproc)', 'nproc', true],
      ['$1', '1', false],
    ],
  ],
  ['run $((N+1))', [['$((N+1))', 'N', true]]],
  ['read -p "how many" N\nrun $N', [['$N', 'N', true]]],
  ['while getopts c: o; do N=$OPTARG; done\nrun $N', [['$N', 'N', true]]],
  ['A=x\n[ -e /dev/kvm ] && A=y\nrun $A', [['$A', 'A', true]]],
])('what only the shell knows: %j', (text, unknowns) => {
  expect(unknownsOf(text)).toEqual(unknowns);
});

test('branches that nobody can decide keep what they have in common, and their choices', () => {
  const text = 'A=(-m 1)\nif [ -e /x ]; then A+=(-s); else A+=(-S -s); fi\nrun "${A[@]}"';
  const words = runScript(text).commands.at(-1)?.words ?? [];
  expect(words.slice(0, 3).map((word) => word.text)).toEqual(['run', '-m', '1']);
  const [unknown] = words[3].unknowns ?? [];
  expect(unknown.choices?.map((choice) => choice.map((word) => word.text))).toEqual([['-s'], ['-S', '-s']]);
});

test('a branch that leaves the script decides nothing', () => {
  expect(last('A=1\nif [ -e /x ]; then A=2; exit 1; fi\nrun $A')).toEqual(['run', '1']);
});

test('each character of an expanded word leads to where it was written', () => {
  const text = 'A="b c"\nLIST=(x"y" $A)\nrun "${LIST[@]}" z';
  for (const word of runScript(text).commands[0].words) {
    for (const [index, char] of [...word.text].entries()) expect(text[word.at(index)]).toBe(char);
  }
});

test.each(['f() { f; }\nf', `A=xxxxxxxx\n${'A="$A$A"\n'.repeat(40)}`, `${'( '.repeat(200)}`, 'eval "$A" "'])(
  'what has no end is refused: %#',
  (text) => {
    expect(() => runScript(text)).toThrow(/too deep|too long|too many|quote has no end/);
  },
);

test.each<[string, number | undefined]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['7 / 2 % 2', 1],
  ['2 ** 3 << 1', 16],
  ['1 < 2 ? 5 : 6', 5],
  ['!0 && -1 == ~0', 1],
  ['0x10 + 010', 24],
  ['1 / 0', undefined],
  ['1 +', undefined],
  ['x', undefined],
])('$((%s))', (text, value) => {
  expect(arithmetic(text, () => undefined)).toBe(value);
});

test.each([
  'admin@host:~# run a',
  '[root@db1 ~]# run a',
  '(venv) me@laptop:~/vm$ run a',
  '$ run a',
  'bash-5.2$ run a',
  'me@h % run a',
  'PS C:\\vm> run a',
])('the prompt of %j', (line) => {
  const text = withoutPrompts(line);
  expect(text.trim()).toBe('run a');
  expect(text).toHaveLength(line.length);
});

test.each([
  'root      2201  3.0  1.2 5124 9000 ?  Sl   10:11 2:33 /usr/bin/run -a {"b":"c"}',
  'libvirt+ 22     1 99 10:11 ?        02:33:10 /usr/bin/run -a {"b":"c"}',
  ' 2201 ?        Sl     2:33 /usr/bin/run -a {"b":"c"}',
  '2201 /usr/bin/run -a {"b":"c"}',
])('columns of ps: %j', (line) => {
  expect(psCommand(line, 0)?.map((word) => word.text)).toEqual(['/usr/bin/run', '-a', '{"b":"c"}']);
});

test('a batch file', () => {
  const text =
    '@echo off\r\nrem run no\r\nset N=4\r\nset "P=C:\\a b"\r\n"%P%\\run.exe" ^\r\n  -n %N%,%n% "c d" ^"e %M%\r\n';
  const [, command] = runBatch(text);
  expect(command.words.map((word) => word.text)).toEqual([
    'C:\\a b\\run.exe',
    '-n',
    '4,4',
    'c d',
    '"e',
    '%M%',
  ]);
  expect(command.words.at(-1)?.unknowns?.map(({ name }) => name)).toEqual(['M']);
});
