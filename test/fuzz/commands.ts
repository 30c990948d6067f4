/** Every command on one machine, on a folder of them, and on outputs of batches. */
import { createHash } from 'node:crypto';
import { IMPORTED_RULES } from '../../src/findings/rules/imported/index.ts';
import { call, callTwice, checkSchema, put, type Said, taken } from './calls.ts';
import { checkText } from './check.ts';
import { textsOf } from './grammar.ts';
import { COMMON, IGNORE } from './grammars/common.ts';
import { mutated } from './mutate.ts';
import { checkFacts, codeFor, type Report } from './oracles.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import { description, TEXT_TARGETS } from './texts.ts';

/** Arguments behind the command; `@` stands for the file, which else is the first. Where there is a schema: of its JSON. */
interface Command {
  readonly args: string;
  readonly schema?: string;
}

const json = (args: string, schema = args.split(' ')[0]): Command => ({
  args: `${args} --format json`,
  schema,
});
const plain = (args: string): Command => ({ args });

const COMMANDS: readonly Command[] = [
  plain('advise'),
  plain('advise --patch'),
  json('advise --fail-on warning --budget 40'),
  plain('analyze --kernel 5.10,6.12'),
  plain('analyze --policy all'),
  plain('analyze -q'),
  plain('analyze -v --audit'),
  plain('budget'),
  json('budget --fit 9'),
  json('diff @ @'),
  plain('dmesg'),
  json('dmesg'),
  plain('irqs --movable'),
  json('irqs --to 0-1'),
  plain('prove --budget 2000'),
  json('prove --offline-at-most 1 --plug any --budget 500'),
  json('prove --property no-queue-stops --orders --budget 500'),
  json('replay'),
  plain('replay --format markdown'),
  plain('solve --maximise topology.cores=1..4'),
  json('solve --minimise devices.0.queues=1..3 --subject-to no-queue-stops'),
  json('solve --maximise offline'),
  plain('sweep --vary policy=mainline,P3,P5'),
  json('sweep --vary topology.cores=1-3 --ignore-invalid'),
  plain('sweep --vary extDestId=on,off --format csv'),
  json('whatif --set topology.cores=2'),
  plain('whatif --set extDestId=on --format markdown'),
  plain('why @ cpu 1'),
  plain('why @ cpu 0'),
  plain('why @ mode'),
  plain('why @ queue dev0:0'),
];

const argvOf = (args: string, path: string): string[] => {
  const [command, ...rest] = args.split(' ');
  const argv = rest.includes('@') ? rest.map((one) => (one === '@' ? path : one)) : [path, ...rest];
  return [command, ...argv, '--no-config'];
};

function expect(holds: boolean, what: string, { code, out, err }: Said): void {
  if (!holds)
    throw new Error(`untrue: ${what}\nexit code ${code}\n${out.slice(0, 400)}\n${err.slice(0, 400)}`);
}

const reportsIn = (out: string): readonly Report[] => (out === '' ? [] : [JSON.parse(out)].flat());

/** `analyze`: exit code, text and JSON say the same. */
async function analyse(path: string, random: Random): Promise<boolean> {
  const failOn = random.pick(['error', 'warning', 'note', 'never'] as const);
  const argv = ['analyze', path, '--no-config', '--fail-on', failOn];
  const asJson = await callTwice([...argv, '--format', 'json']);
  const reports = reportsIn(asJson.out);
  for (const report of reports) checkFacts(report);
  const text = await call(argv);
  expect(text.code === asJson.code, 'text and JSON have one exit code', text);
  if (asJson.code === 2) return false;
  expect(
    asJson.code === Math.max(...reports.map((one) => codeFor(one, failOn))),
    'the code is that of findings',
    text,
  );
  const verdicts = text.out.match(/^(?:PASS|WARN|FAIL)(?= )/gm) ?? [];
  const wanted = reports.map(({ summary }) => summary.verdict.toUpperCase());
  expect(verdicts.join() === wanted.join(), `the text has the verdicts\n${wanted}`, text);
  return true;
}

/** `diff` of a machine with itself finds nothing. */
async function same(path: string): Promise<boolean> {
  const done = await call(['diff', path, path, '--no-config', '--format', 'json']);
  expect(done.code !== 1, 'a machine is like itself', done);
  return done.code === 0;
}

/** Rules about products: a description of irqsim's own says nothing of one. */
const OF_PRODUCTS: ReadonlySet<string> = new Set(IMPORTED_RULES.map(({ name }) => name));

/** What both must say of a machine that was read and of what was written of it. */
const ofMachine = ({ cpus, reach, summary: { queues }, findings }: Report): object => ({
  cpus,
  reach,
  queues,
  rules: [...new Set(findings.map(({ rule }) => rule))].filter((rule) => !OF_PRODUCTS.has(rule)),
});

/** What `import` writes is the machine that was read. */
async function imported(path: string, input: string): Promise<boolean> {
  const { code, out } = await call(['import', path, '--no-config']);
  if (code !== 0) return false;
  const other = put('imported.yaml', out);
  const argv = (file: string) => [
    'analyze',
    file,
    '--no-config',
    '--format',
    'json',
    '--today',
    '2027-01-01',
  ];
  const [before, after] = [await call(argv(path)), await call(argv(other))];
  const facts = (done: Said) => reportsIn(done.out).map(ofMachine);
  const isWhole = !/irqsim/i.test(input) && before.code !== 2;
  expect(
    !isWhole || JSON.stringify(facts(before)) === JSON.stringify(facts(after)),
    `what import writes is the machine:\n${JSON.stringify(facts(before))}\n${JSON.stringify(facts(after))}\n`,
    after,
  );
  return true;
}

async function playCommand(input: string, random: Random): Promise<boolean> {
  const path = put('input', input);
  if (random.oneIn(4)) return analyse(path, random);
  if (random.oneIn(12)) return same(path);
  if (random.oneIn(8)) return imported(path, input);
  const { args, schema } = random.pick(COMMANDS);
  const { code } = await (random.oneIn(6) ? callTwice : call)(argvOf(args, path), schema);
  return code !== 2;
}

/** A rule that changes of the description or the product may take away. */
const isOfText = ({ rule }: { readonly rule: string }): boolean => rule === 'expectation';

/** `advise --fix`: the text is read again, and what had to go is gone or said to be left. */
async function playFix(input: string, random: Random): Promise<boolean> {
  const path = put('fixed', input);
  const level = random.pick(['error', 'warning'] as const);
  const done = await call(['advise', path, '--fix', '--no-config', '--budget', '60', '--fail-on', level]);
  const text = taken('fixed');
  if (done.code === 2) return false;
  // Of several machines one may be written, and another not.
  const isOne = (done.out.match(/^(?:PASS|WARN|FAIL) /gm) ?? []).length <= 1;
  expect(done.code === 0 || text === input || !isOne, 'what is not written leaves the file as it is', done);
  if (done.code !== 0 || text === input) return true;
  const after = await call(['analyze', path, '--no-config', '--format', 'json', '--fail-on', level]);
  expect(after.code !== 2, `what was written is read again\n${JSON.stringify(text)}`, after);
  const left = reportsIn(after.out).flatMap(({ findings }) => findings.filter((one) => !isOfText(one)));
  const isSaid = /irqsim: advise: |not in this file/.test(done.err);
  expect(
    codeFor({ findings: left }, level) === 0 || isSaid,
    `what had to go is gone\n${JSON.stringify(left.map(({ message }) => message))} of ${JSON.stringify(text)}`,
    done,
  );
  return true;
}

/** Several files of a folder, of other formats and none, with a project file. */
async function playFolder(input: string, random: Random): Promise<boolean> {
  const parts = input.split('\n%%\n');
  for (const [n, name] of ['vms/a.yaml', 'vms/b.xml', 'vms/deep/c.sh', 'vms/.irqsim.yaml'].entries())
    put(name, parts[n] ?? '');
  const args = random.pick([['analyze'], ['analyze', '--format', 'json'], ['analyze', '--statistics']]);
  const [command, ...rest] = args;
  const done = await call([command, put('vms/readme.txt', 'none').replace(/\/[^/]*$/, ''), ...rest]);
  if (args.includes('json') && done.code !== 2) for (const report of reportsIn(done.out)) checkFacts(report);
  return done.out !== '';
}

const recordLine = textsOf({
  ...COMMON,
  start: [
    '{"id":"<name>#N","index":#N,"inputSha256":"08","schemaVersion":1,"tool":{"name":"irqsim","version":"0.2.0"},"options":"8d",<rest>',
  ],
  rest: [
    '"name":"<name>","kernelProfile":"7.3","platform":"kvm","policy":"mainline","verdict":"<verdict>","errors":<n>,"warnings":<n>,"notes":1,"suppressed":0,"cpus":{<sets>},"queues":{"healthy":<n>,"idle":0,"at-risk":0,"degraded":0,"dead":<n>},"findings":[<finding>]}',
    '"error":{"kind":"<kind>","message":"<name>","problems":[{"file":"a","line":1,"column":<n>,"message":"<name>"}]}}',
  ],
  sets: [
    '"possible":{"count":2,"list":"0-1"},"present":{"count":2,"list":"0-1"},"online":{"count":2,"list":"0-1"},"reachable":{"count":2,"list":"0-1"},"unreachable":{"count":<n>,"list":""},"unknown":{"count":0,"list":""}',
  ],
  finding: [
    '{"rule":"apic-id-above-limit","level":"<level>","message":"<name>","cpus":"","devices":[],"location":null}',
  ],
  verdict: ['pass', 'warn', 'fail'],
  kind: ['input', 'internal'],
  level: ['error', 'warning', 'note'],
});

/** The output of a run, with its trailer. */
function shard(records: readonly string[]): string {
  const lines = records.map((line, n) => line.replaceAll('#N', String(n)));
  const many = (part: string) => lines.filter((line) => line.includes(part)).length;
  const trailer = {
    shard: '1/1',
    records: lines.length,
    inputs: lines.length,
    verdicts: {
      pass: many('"verdict":"pass"'),
      warn: many('"verdict":"warn"'),
      fail: many('"verdict":"fail"'),
    },
    noted: many('"verdict":"pass"'),
    errors: { input: many('"kind":"input"'), internal: many('"kind":"internal"') },
    sha256: createHash('sha256').update(lines.join('')).digest('hex'),
    options: '8d',
    schemaVersion: 1,
    tool: { name: 'irqsim', version: '0.2.0' },
  };
  return `${lines.join('')}${JSON.stringify({ trailer })}\n`;
}

async function playMerge(input: string, random: Random): Promise<boolean> {
  const form = random.pick(['text', 'markdown', 'html', 'json']);
  const argv = ['merge', put('shard', input), '--no-config', '--format', form];
  // To standard output it is written as it comes, which is not kept.
  const { code } = await call([...argv, '-o', put('merged', '')]);
  if (code === 2) return false;
  const text = taken('merged');
  checkText('merge', text);
  if (form === 'json') await checkSchema('merge', text);
  return true;
}

const hurt = (text: string, random: Random): string => (random.oneIn(4) ? mutated(text, random) : text);
const anyText = (random: Random): string =>
  random.oneIn(2) ? description(random) : random.pick(TEXT_TARGETS).make(random);

/** Formats that `advise --fix` writes into. */
const EDITED = TEXT_TARGETS.filter(({ name }) =>
  ['native', 'libvirt', 'qemu', 'kubevirt', 'proxmox', 'cloud-hypervisor'].includes(name),
);

export const COMMAND_TARGETS: readonly Target[] = [
  { name: 'commands', weight: 6, make: (random) => hurt(anyText(random), random), run: playCommand },
  {
    name: 'advise --fix',
    weight: 2,
    make: (random) => hurt(random.oneIn(2) ? description(random) : random.pick(EDITED).make(random), random),
    run: playFix,
  },
  {
    name: 'folders',
    weight: 1,
    make: (random) =>
      [
        description(random),
        ...Array.from({ length: 2 }, () => anyText(random)),
        `suppress: [] # ${random.pick(IGNORE)}`,
      ].join('\n%%\n'),
    run: playFolder,
  },
  {
    name: 'merges',
    weight: 2,
    make: (random) =>
      hurt(shard(Array.from({ length: 1 + random.below(4) }, () => `${recordLine(random)}\n`)), random),
    run: playMerge,
  },
];
