/** Baselines, project files, records of batches, lists and kernel messages. */
import { readRecord } from '../../src/cli/batch/line-record.ts';
import { jsonSplitter } from '../../src/cli/input/json-parts.ts';
import { readProjectText } from '../../src/cli/project/project-file.ts';
import { type Analysis, analyze } from '../../src/findings/analyze.ts';
import { explain } from '../../src/findings/explain/explain.ts';
import { RULE_NAMES } from '../../src/findings/rules/index.ts';
import { readBaseline } from '../../src/findings/triage/baseline.ts';
import { type JudgeSettings, judgeAnalysis, NO_SETTINGS } from '../../src/findings/triage/judge.ts';
import { inputError } from '../../src/machine/locate.ts';
import { describe, readSources } from '../../src/questions/source.ts';
import { textsOf } from './grammar.ts';
import { COMMON } from './grammars/common.ts';
import { mutated } from './mutate.ts';
import type { Random } from './random.ts';
import { accepts, reportAnalysis, reportOn } from './report.ts';
import type { Target } from './target.ts';
import { TEXT_TARGETS } from './texts.ts';

const hurt = (text: string, random: Random): string => (random.oneIn(4) ? mutated(text, random) : text);
const MACHINE =
  'cpus:\n  - { apicId: "0-3,256-259" }\nplatform: kvm\ndevices:\n  - { name: nvme0, driver: nvme, queues: 8 }\n';

/** The machine whose findings are judged, read and analysed once. */
let known: Promise<Analysis> | undefined;

async function analysed(): Promise<Analysis> {
  const bytes = new TextEncoder().encode(MACHINE);
  const [source] = await readSources({ bytes, file: 'f', from: 'native' });
  return analyze(describe(source).machine);
}

async function judgeBy(settings: Partial<JudgeSettings>, random: Random): Promise<void> {
  known ??= analysed();
  const analysis = await known;
  const all = { ...NO_SETTINGS, today: '2027-01-01', cwd: '/x', ...settings };
  await reportAnalysis(judgeAnalysis(analysis, analysis.machine, all), random);
}

const baselineText = textsOf({
  ...COMMON,
  start: [
    '{"schemaVersion": 1, "tool": {"name": "irqsim", "version": "0.2"}, "findings": [<finding>]}',
    '{"schemaVersion": 1, "tool": {"name": "irqsim", "version": "0.2"}, "findings": [<finding>,\n<finding>]}',
  ],
  finding: [
    '{"file": "f", "machine": "<name>", "rule": "<rule>", "level": "<level>", "devices": [<device?>], "message": "<name>"}',
  ],
  device: ['"nvme0"', '"a", "b"'],
  rule: RULE_NAMES,
  level: ['error', 'warning', 'note'],
});

const projectText = textsOf({
  ...COMMON,
  start: ['<levels?><suppress?><fail?><stack?><more?>', '# <name>\n<suppress><more?>'],
  more: ['docs: https://docs.example.org/<digit>/\n', 'docs: http://a:b@c\n', 'unknown: <digit>\n'],
  levels: ['levels: { <rule>: <level> }\n'],
  suppress: ['suppress:\n<one+>'],
  one: [
    '  - { rule: <rule>, reason: known, until: "203<digit>-01-0<day>" }\n',
    '  - { rule: <rule>, reason: "<name>", files: [ "<glob>" ] }\n',
    '  - { rule: <rule>, reason: x, devices: [ nvme0 ] }\n',
  ],
  fail: ['fail-on: <failon>\n'],
  stack: [
    'stack: { qemu: "<version>" }\n',
    'stack: { libvirt: <version>, kubevirt: "1.<digit>" }\nbaseline: known.json\n',
    'baseline: ../a/known.json\n',
  ],
  rule: RULE_NAMES,
  level: ['error', 'warning', 'note', 'off'],
  failon: ['error', 'warning', 'note', 'never'],
  digit: ['0', '1', '9'],
  day: ['1', '2', '9'],
  glob: ['**/*.yaml', 'f', 'a/[b-d]*.x', '{a,b}/?', '!x', '**'],
  version: ['10.0', '7.2', '11'],
});

const record = (random: Random): string => {
  const target = random.pick(TEXT_TARGETS);
  const text = target.make(random);
  return random.pick([
    JSON.stringify({ id: random.below(9), format: target.name, text }),
    JSON.stringify({
      id: 'a',
      machine: { topology: { cores: random.below(9) }, devices: [{ name: 'a', driver: 'nvme' }] },
    }),
    JSON.stringify({ topology: { sockets: 1 + random.below(4) }, kernel: '6.12' }),
    '{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachineInstance","metadata":{"name":"a","namespace":"b"},"spec":{"domain":{"cpu":{"cores":4},"devices":{}}}}',
  ]);
};

async function playRecord(line: string, random: Random): Promise<void> {
  const read = await readRecord({ file: 'f', line: 3, column: 2, bytes: new TextEncoder().encode(line) }, {});
  for (const source of await read.sources()) await reportOn(describe(source).machine, random);
}

const list = (random: Random): string => {
  const items = Array.from({ length: random.below(4) }, () => record(random));
  return `{\n  "apiVersion": "v1",\n  "items": [${items.join(random.pick([',', ', ', ',\n']))}],\n  "kind": "List"\n}\n`;
};

async function playList(text: string, random: Random): Promise<void> {
  const splitter = jsonSplitter();
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length + 1);
  const items = [...splitter.push(bytes.subarray(0, at)), ...splitter.push(bytes.subarray(at))];
  items.push(...splitter.end());
  const cut = items.find(({ bytes: item }) => item === null);
  if (cut) throw inputError('f', 'cut off', cut.line, Math.max(1, cut.column));
  for (const { bytes: item } of items.slice(0, 2))
    if (item) await playRecord(Buffer.from(item).toString(), random);
}

const messages = textsOf({
  ...COMMON,
  start: ['<line>', '[    0.123456] <line>\n<line>', 'Jan 1 kernel: <line>'],
  line: [
    'APIC: NR_CPUS/possible_cpus limit of <n> reached. Processor <id>/0x<id> ignored.',
    'x2apic enabled',
    'irq <n>: Affinity broken due to vector space exhaustion.',
    'DMAR-IR: Enabled IRQ remapping in xapic mode',
    'CPU<id> still alive',
    'nvme nvme0: <n>/<n>/<n> default/read/poll queues',
    'do_IRQ: <n>.<id> No irq handler for vector',
    'qemu-system-x86_64: Invalid CPU topology: product of the hierarchy must match maxcpus',
    'apic-id-above-limit',
    'R0<n>',
  ],
});

const accepted = (act: (input: string, random: Random) => Promise<void>) => (input: string, random: Random) =>
  accepts(() => act(input, random), random);

export const OTHER_TARGETS: readonly Target[] = [
  {
    name: 'baselines',
    weight: 8,
    make: (random) => hurt(baselineText(random), random),
    run: accepted((text, random) => judgeBy({ baseline: readBaseline(text, 'known.json', '/x') }, random)),
  },
  {
    name: 'project files',
    weight: 8,
    make: (random) => hurt(projectText(random), random),
    run: accepted(async (text, random) => {
      const { triage } = await readProjectText(text, '.irqsim.yaml', '/x/.irqsim.yaml');
      await judgeBy({ project: triage }, random);
    }),
  },
  { name: 'records', weight: 8, make: (random) => hurt(record(random), random), run: accepted(playRecord) },
  { name: 'lists', weight: 8, make: (random) => hurt(list(random), random), run: accepted(playList) },
  {
    name: 'messages',
    weight: 4,
    make: (random) => hurt(messages(random), random),
    run: async (text) => explain(text).answers.length > 0,
  },
];
