/** Suppressions in comments, from the command line: reports, exit codes, formats, folders, streams. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordsFrom, recordsOf } from './batch-inputs.ts';
import { irqsim } from './irqsim.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqsim-comments-'));
const run = (...args: readonly string[]) => irqsim(args, { cwd: folder });
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** One error on line 4 (apic-id-above-limit), warnings on lines 5 and 7. */
const GUEST = `kernel: "6.12"
platform: kvm
hpet: off
extDestId: off
cpus: [{ apicId: "0-1,0x100-0x101" }]
devices:
  - { name: disk, driver: virtio-blk, queues: 4 }
`;
const KNOWN = 'irqsim: ignore apic-id-above-limit -- replaced in spring until 2027-03-31';
const AT_LINE = GUEST.replace('extDestId: off', `extDestId: off # ${KNOWN}`);

interface Report {
  readonly findings: readonly { rule: string; location: { line: number } | null }[];
  readonly suppressed: readonly { rule: string; suppression: object }[];
  readonly summary: { verdict: string; suppressed: number };
}

async function report(name: string, ...more: readonly string[]): Promise<Report> {
  return JSON.parse((await run('analyze', '--format', 'json', ...more, name)).out) as Report;
}

test('a comment suppresses what is placed on its line, for the reason it gives, until its day', async () => {
  const name = file('line.yaml', AT_LINE);
  expect((await run('analyze', '--today', '2027-03-31', name)).code).toBe(0);
  const found = await report(name, '--today', '2027-03-31');
  expect(found.summary).toMatchObject({ verdict: 'warn', suppressed: 1 });
  expect(found.suppressed).toMatchObject([
    {
      rule: 'apic-id-above-limit',
      suppression: {
        by: 'comment',
        reason: 'replaced in spring',
        until: '2027-03-31',
        location: { file: name, line: 4, column: 18 },
      },
    },
  ]);
  const ended = await run('analyze', '--today', '2027-04-01', name);
  expect(ended.code).toBe(1);
  expect(ended.out).toContain(
    'the suppression of apic-id-above-limit ended on 2027-03-31; it no longer holds',
  );
  const { out } = await run('analyze', '--today', '2027-01-01', name);
  expect(out).toContain('apic-id-above-limit (line 4: replaced in spring, until 2027-03-31)');
});

test('on another line it suppresses nothing, and is reported as unused with what it is about', async () => {
  const other = await report(
    file('other.yaml', GUEST.replace('hpet: off', `hpet: off # ${KNOWN}`)),
    '--today',
    '2027-01-01',
  );
  expect(other.summary).toMatchObject({ verdict: 'fail', suppressed: 0 });
  expect(other.findings.at(-1)).toMatchObject({
    rule: 'suppression-unused',
    level: 'note',
    location: { line: 3 },
    cause: [
      'its reason was: replaced in spring',
      'it is about what is placed on line 3',
      'the rule finds something on line 4; a comment at the head is about the whole machine',
    ],
  });
});

test('at the head it is about the machine, also about what an option or a default causes', async () => {
  const text = GUEST.replace('extDestId: off\n', '');
  const rule = 'apic-id-above-limit';
  const [finding] = (await report(file('plain.yaml', text))).findings;
  expect(finding).toMatchObject({ rule, location: null });
  const name = file('head.yaml', `# irqsim: ignore ${rule} -- known\n${text}`);
  for (const options of [[], ['--set', 'extDestId=off']]) {
    const { findings, suppressed } = await report(name, ...options);
    expect(suppressed.map((one) => one.rule)).toEqual([rule]);
    expect(findings.map((one) => one.rule)).not.toContain('suppression-unused');
  }
  const first = text.replace('\n', ` # irqsim: ignore ${rule} -- known\n`);
  expect((await report(file('first.yaml', first))).suppressed.map((one) => one.rule)).toEqual([rule]);
  const below = await report(
    file('below.yaml', text.replace('hpet: off', `hpet: off # irqsim: ignore ${rule} -- known`)),
  );
  expect(JSON.stringify(below.findings.at(-1))).toContain(
    'the rule finds something on no line; a comment at the head',
  );
});

test('a finding that is about devices elsewhere too is not suppressed above one of them', async () => {
  const device = (name: string) => `  - name: ${name}\n    driver: virtio-blk\n    queues: 4\n`;
  const ignore = (indent: string) => `${indent}# irqsim: ignore queue-never-starts -- known\n`;
  const guest = (above: string, before: string) =>
    GUEST.replace(/devices:[\s\S]*/, `${above}devices:\n${before}${device('a')}${device('b')}`);
  const { findings, suppressed } = await report(file('one.yaml', guest('', ignore('  '))));
  expect(suppressed).toEqual([]);
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'queue-never-starts', devices: ['a', 'b'] }),
  );
  expect(JSON.stringify(findings.at(-1))).toContain(
    'the finding there is about more: b; a comment at the head',
  );
  expect((await report(file('all.yaml', guest(ignore(''), '')))).suppressed).toMatchObject([
    { rule: 'queue-never-starts' },
  ]);
  const grouped = guest('', ignore('  '))
    .replace(device('b'), '')
    .replace('queues: 4', 'queues: 4\n    count: 2');
  expect((await report(file('group.yaml', grouped))).suppressed).toHaveLength(1);
});

test('SARIF: suppressed in the source, with the place of the comment', async () => {
  const { out } = await run(
    'analyze',
    '--format',
    'sarif',
    '--today',
    '2027-01-01',
    file('line.yaml', AT_LINE),
  );
  const { results } = JSON.parse(out).runs[0];
  const [one] = results.filter((result: { suppressions?: unknown }) => result.suppressions);
  expect(one.suppressions).toMatchObject([
    {
      kind: 'inSource',
      justification: 'replaced in spring (until 2027-03-31)',
      location: { physicalLocation: { region: { startLine: 4 } } },
    },
  ]);
});

test('what is wrong with a comment makes the input unreadable, at its place', async () => {
  const name = file(
    'wrong.yaml',
    GUEST.replace('platform: kvm', 'platform: kvm # irqsim: ignore apic-id -- x'),
  );
  expect(await run('analyze', name)).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(/^wrong\.yaml:2:32: unknown rule "apic-id"/),
    cpuSeconds: expect.anything(),
  });
});

const VMI = (name: string, above = '') =>
  `${above}apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: ${name} }\nspec:\n  domain:\n    cpu: { sockets: 260 }\n    features: {}\n`;

test('a comment about several machines that none of them needs is said once, after all', async () => {
  const list = (comment: string) =>
    `# irqsim: ignore ${comment} -- known\napiVersion: v1\nkind: List\nitems:\n${['a', 'b'].map((name) => `- ${VMI(name).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`;
  const needed = file('needed.yaml', list('hypervisor-refuses'));
  const options = ['--stack', 'kubevirt=1.4', '--no-config'];
  expect(JSON.parse((await run('analyze', '--format', 'json', ...options, needed)).out)).toMatchObject([
    { summary: { suppressed: 1 } },
    { summary: { suppressed: 1 } },
  ]);
  const said = `stale.yaml:1:3: note: the suppression of duplicate-apic-ids matches no finding of this run\n`;
  const stale = file('stale.yaml', list('duplicate-apic-ids'));
  expect((await run('analyze', ...options, stale)).err).toBe(said);
});

test('batch: of each record; in a stream of documents too, with the lines of the stream', async () => {
  const names = ['a', 'b'].map((name) => `${VMI(name, `# irqsim: ignore hypervisor-refuses -- ${name}\n`)}`);
  const options = ['--stack', 'kubevirt=1.4'];
  const records = (out: string) =>
    out
      .trim()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const fromFile = await recordsOf(join(folder, file('two.yaml', names.join('---\n'))), ...options);
  expect(records(fromFile.out)).toMatchObject([{ suppressed: 1 }, { suppressed: 1 }]);
  const unused = names.map((text) => text.replace('hypervisor-refuses', 'duplicate-apic-ids')).join('---\n');
  const fromStream = records((await recordsFrom(unused, '-', ...options)).out);
  expect(fromStream.map(({ findings }) => findings.at(-1))).toMatchObject([
    { rule: 'suppression-unused', location: { line: 1 } },
    { rule: 'suppression-unused', location: { line: 10 } },
  ]);
  const itemOf = (text: string) => {
    const [comment, ...rest] = text.trimEnd().split('\n');
    return `  ${comment}\n  - ${rest.join('\n    ')}\n`;
  };
  const list = `apiVersion: v1\nitems:\n${names.map(itemOf).join('')}`;
  const items = records((await recordsFrom(list, '-', ...options)).out);
  expect(items).toMatchObject([{ suppressed: 1 }, { suppressed: 1 }]);
  const aboveAll = await recordsFrom(`# irqsim: ignore expectation -- all\n${list}`, '-', ...options);
  expect(aboveAll.err).toContain(
    '-:1:1: a comment for irqsim at the head of a list that is read item by item',
  );
  const text = JSON.stringify({ id: 'x', text: AT_LINE });
  const [inText] = records((await recordsFrom(`${text}\n`, '-', '--today', '2027-01-01')).out);
  expect(inText).toMatchObject({ id: 'x', suppressed: 1, verdict: 'warn' });
});

test('import keeps what is about all of the machine, and says what it leaves out', async () => {
  const xml = `<!-- ${KNOWN} -->\n<domain type='kvm'>\n  <name>a</name> <!-- ${KNOWN} -->\n  <vcpu>4</vcpu>\n</domain>\n`;
  const { out } = await run('import', file('a.xml', xml));
  expect(out).toContain(
    '# left out: the comment on line 3 of the input that suppresses apic-id-above-limit\n',
  );
  expect(out).toContain(
    'suppress:\n  - { rule: apic-id-above-limit, reason: "replaced in spring", until: "2027-03-31" }\n',
  );
  expect((await run('analyze', '-q', file('again.yaml', out))).code).toBe(0);
});
