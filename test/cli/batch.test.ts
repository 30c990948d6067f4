/** `irqsim batch` as a user runs it: what is read, what is written, and the exit code. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { maybeGunzip } from '../../src/cli/input/gunzip.ts';
import {
  BIN,
  batchHere,
  folder,
  machine,
  ndjson,
  parsed,
  recordsFrom,
  recordsOf,
  TOO_LARGE,
  TWO_GUESTS,
  withFiles,
} from './batch-inputs.ts';
import { irqsim, irqsimProcess } from './irqsim.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ids = (output: string) => parsed(output).records.map(({ id }) => id);
const yaml = (cores: number) => `kernel: "6.12"\nhpet: off\ntopology: { cores: ${cores} }\n`;

describe('records', () => {
  test('hold the verdict, the CPUs, the queues and the findings of each machine', () => {
    const line = JSON.stringify(TOO_LARGE);
    const { code, out, err } = irqsimProcess(['batch', '-'], {
      input: `${line}\n${JSON.stringify(machine(2))}\n`,
    });
    expect(code).toBe(1);
    expect(err).toBe('irqsim: batch: 2 records: 1 pass, 0 warn, 1 fail, 0 errors\n');
    const { records, trailer } = parsed(out);
    expect(records[0]).toMatchObject({
      id: '-:1',
      index: 0,
      inputSha256: sha256(line),
      schemaVersion: 1,
      tool: { name: 'irqsim' },
      kernelProfile: '6.12',
      platform: 'kvm',
      verdict: 'fail',
      suppressed: 0,
      cpus: {
        possible: { count: 300, list: '0-299' },
        reachable: { count: 256, list: '0-255' },
        unreachable: { count: 44, list: '256-299' },
        unknown: { count: 0, list: '' },
      },
      queues: { healthy: 0, dead: 0 },
    });
    expect(records[0].findings).toContainEqual(
      expect.objectContaining({ rule: 'apic-id-above-limit', level: 'error' }),
    );
    expect(records[0]).not.toHaveProperty('report');
    expect(records[1]).toMatchObject({ id: '-:2', index: 1, verdict: 'pass', errors: 0, warnings: 0 });
    const recordLines = out.slice(0, out.lastIndexOf('\n', out.length - 2) + 1);
    expect(trailer).toMatchObject({
      shard: '1/1',
      records: 2,
      inputs: 2,
      verdicts: { pass: 1, warn: 0, fail: 1 },
      errors: { input: 0, internal: 0 },
      sha256: sha256(recordLines),
      schemaVersion: 1,
    });
  });

  test('are as analyze has it; --reports puts in the whole report', async () => {
    const scenario = 'scenarios/384-of-512-vcpus.yaml';
    const report = JSON.parse((await irqsim(['analyze', '--format', 'json', '--no-vectors', scenario])).out);
    const { records } = parsed((await recordsOf('--reports', scenario)).out);
    expect(records[0].report).toEqual(report);
    expect(records[0]).toMatchObject({ id: scenario, queues: report.summary.queues });
    expect(records[0].verdict).toBe(report.summary.verdict);
  });

  test('are changed by the same options as reports, and tell so', async () => {
    const args = ['-', '--set', 'topology.cores=2', '--kernel', '5.10', '--event', 'offline=1'];
    const input = ndjson([TOO_LARGE]);
    const { records } = parsed((await recordsFrom(input, ...args)).out);
    const [plain] = parsed((await recordsFrom(input, '-')).out).records;
    expect(records[0]).toMatchObject({
      verdict: 'pass',
      kernelProfile: '5.10',
      cpus: { online: { count: 1, list: '0' }, possible: { count: 2, list: '0-1' } },
    });
    expect(records[0].options).not.toBe(plain.options);
    expect(records[0].inputSha256).toBe(plain.inputSha256);
  });

  test('follow each other as the inputs do, and are the same bytes whatever -j is', () => {
    const values = Array.from({ length: 200 }, (_, n) =>
      n % 50 === 7 ? '{"topology":' : machine(1 + ((n * 7919) % 100), { name: `m${n}`, platform: 'kvm' }),
    );
    const at = withFiles({ 'all.ndjson': ndjson(values) });
    const outputs = ['1', '2'].map((j) => {
      const { code } = irqsimProcess(['batch', join(at, 'all.ndjson'), '-j', j, '-o', join(at, `o${j}`)]);
      expect(code).toBe(2);
      return readFileSync(join(at, `o${j}`), 'utf8');
    });
    expect(outputs[1]).toBe(outputs[0]);
    const { records } = parsed(outputs[0]);
    expect(records.map(({ index }) => index)).toEqual(values.map((_, n) => n));
    expect(irqsimProcess(['batch', join(at, 'all.ndjson'), '-j', '3']).out).toBe(outputs[0]);
  });
});

describe('inputs', () => {
  test('a directory is read in the order of its paths, without hidden and foreign files, links in a circle and pipes', async () => {
    const at = withFiles({
      'b.yaml': yaml(2),
      'b/c.json': JSON.stringify(machine(3)),
      'b-1.yml': yaml(4),
      'b/d/e.ndjson': ndjson([machine(5), machine(6)]),
      '.hidden/x.yaml': yaml(7),
      '.x.yaml': yaml(7),
      'notes.txt': 'no machine',
      'z.xml': "<domain type='kvm'><name>z</name><vcpu>2</vcpu><os><type>hvm</type></os></domain>",
    });
    symlinkSync(join(at, 'b.yaml'), join(at, 'link.yaml'));
    symlinkSync(at, join(at, 'circle'));
    // Whoever opens them waits for ever.
    execFileSync('mkfifo', [join(at, 'pipe.yaml')]);
    symlinkSync(join(at, 'pipe.yaml'), join(at, 'to-pipe.yaml'));
    symlinkSync(join(at, 'pipe.yaml'), join(at, 'to-pipe.ndjson'));
    expect(ids((await recordsOf(at)).out)).toEqual(
      ['b-1.yml', 'b.yaml', 'b/c.json', 'b/d/e.ndjson:1', 'b/d/e.ndjson:2', 'link.yaml', 'z.xml'].map(
        (name) => `${at}/${name}`,
      ),
    );
  });

  test('a captured machine is one input, alone and among others', async () => {
    const cpu = 'processor\t: 0\napicid\t\t: 0\ninitial apicid\t: 0\nflags\t\t: fpu x2apic\n\n';
    const files = { 'proc/cpuinfo': cpu, 'sys/devices/system/cpu/possible': '0\n' };
    const at = withFiles({ 'a.yaml': yaml(2) });
    withFiles(files, join(at, 'host1'));
    const both = parsed((await recordsOf(at)).out).records;
    expect(both.map(({ id }) => id)).toEqual([`${at}/a.yaml`, `${at}/host1`]);
    const [alone] = parsed((await recordsOf(`${at}/host1`)).out).records;
    expect(alone.inputSha256).toMatch(/^[0-9a-f]{64}$/);
    expect({ ...both[1], index: 0 }).toEqual(alone);
  });

  test('patterns are sorted, and one that nothing matches is refused', async () => {
    const at = withFiles({ 'vms/b.yaml': yaml(2), 'vms/a/x.yaml': yaml(3), 'vms/c.json': '{}' });
    expect(ids((await recordsOf(`${at}/vms/**/*.yaml`)).out)).toEqual([
      `${at}/vms/a/x.yaml`,
      `${at}/vms/b.yaml`,
    ]);
    expect(ids((await recordsOf(`${at}/v*`, '--exit-zero')).out)).toHaveLength(3);
    const { code, out, err } = await irqsim(['batch', `${at}/vms/*.xml`]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('nothing matches this pattern');
    expect((await irqsim(['batch', `${at}/vms/[ab].yaml`])).err).toContain(
      'a pattern may have *, **, ? and {a,b}',
    );
  });

  test('--files-from takes lines, or names that end with NUL', async () => {
    const at = withFiles({
      'a.yaml': yaml(2),
      'with\nbreak.yaml': yaml(3),
      'c.ndjson': ndjson([machine(1)]),
    });
    const lines = await recordsFrom(`${at}/c.ndjson\n\n${at}/a.yaml`, '--files-from', '-');
    expect(ids(lines.out)).toEqual([`${at}/c.ndjson:1`, `${at}/a.yaml`]);
    writeFileSync(join(at, 'list'), `${at}/with\nbreak.yaml\0${at}/a.yaml\0`);
    const names = await recordsOf('--files-from', join(at, 'list'), '-0');
    expect(ids(names.out)).toEqual([`${at}/with\nbreak.yaml`, `${at}/a.yaml`]);
    expect((await irqsim(['batch', '--files-from', join(at, 'none')])).code).toBe(2);
  });

  test('--files-from of other systems, and without the -0 that it needs', async () => {
    const at = withFiles({ 'a.yaml': yaml(2), 'b.yaml': yaml(3) });
    withFiles({ list: `\ufeff${at}/a.yaml\r\n${at}/b.yaml\r\n`, nul: `${at}/a.yaml\0${at}/b.yaml\0` }, at);
    expect(await batchHere(['--files-from', `${at}/list`, '-o', `${at}/out`])).toMatchObject({ code: 0 });
    const noNul = batchHere(['--files-from', `${at}/nul`, '-o', `${at}/out2`]);
    await expect(noNul).rejects.toThrow('line 1: the paths end with NUL, so -0 is needed');
    expect(readdirSync(at)).toEqual(['a.yaml', 'b.yaml', 'list', 'nul', 'out']);
  });

  test('a name that is not UTF-8 is told to be one', async () => {
    const at = withFiles({ 'a.yaml': yaml(2) });
    writeFileSync(Buffer.concat([Buffer.from(`${at}/b`), Buffer.of(0xff), Buffer.from('.yaml')]), yaml(3));
    const { records } = parsed((await recordsOf(at)).out);
    expect(records.map(({ error, verdict }) => error?.message ?? verdict)).toEqual([
      'pass',
      'no such file: names that are not UTF-8 cannot be read',
    ]);
  });

  test('the output is never one of them, now or at the next run', async () => {
    const at = withFiles({ 'a.ndjson': ndjson([machine(1)]), list: '' });
    symlinkSync(`${at}/a.ndjson`, `${at}/link`);
    withFiles({ list: `${at}/a.ndjson\n` }, at);
    const refused = async (...args: string[]) => {
      const before = readFileSync(`${at}/a.ndjson`, 'utf8');
      const message = await batchHere(args).then(String, String);
      expect(message).toMatch(/-o .* (is an input too|matches .*|lies in .*): write it elsewhere$/);
      expect(readFileSync(`${at}/a.ndjson`, 'utf8')).toBe(before);
      expect(readdirSync(at)).toEqual(['a.ndjson', 'link', 'list']);
    };
    await refused(`${at}/a.ndjson`, '-o', `${at}/a.ndjson`);
    await refused(`${at}/a.ndjson`, '-o', `${at}/link`);
    await refused(`${at}/link`, '-o', `${at}/a.ndjson`);
    await refused(`${at}/*.ndjson`, '-o', `${at}/out.ndjson`);
    await refused(`${at}/**/{a,b}.ndjson`, '-o', `${at}/x/b.ndjson`);
    await refused('--files-from', `${at}/list`, '-o', `${at}/a.ndjson`);
    await refused(at, '-o', `${at}/x/out`);
  });

  test('streams may be gzip, with empty lines and any line ends', async () => {
    const text = `${JSON.stringify(machine(1))}\r\n\n  \n${JSON.stringify(machine(2))}`;
    const at = withFiles({ 's.jsonl.gz': gzipSync(text), 'cut.ndjson.gz': gzipSync(text).subarray(0, 30) });
    expect(ids((await recordsOf(`${at}/s.jsonl.gz`)).out)).toEqual([
      `${at}/s.jsonl.gz:1`,
      `${at}/s.jsonl.gz:4`,
    ]);
    expect(ids((await recordsFrom(gzipSync(text), '-')).out)).toEqual(['-:1', '-:4']);
    const { code, out } = await recordsOf(`${at}/cut.ndjson.gz`, `${at}/s.jsonl.gz`);
    expect(code).toBe(2);
    const { records } = parsed(out);
    expect(records[0].error?.message).toBe('the gzip data is damaged or cut short');
    expect(records.slice(1).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });

  test('a stream that is cut gives all that came before, whoever reads how fast', async () => {
    const packed = gzipSync(
      ndjson(Array.from({ length: 1500 }, (_, n) => ({ name: `m${n * 7919}`, cpus: 1 }))),
    );
    const cut = packed.subarray(0, packed.length - 500);
    const whole = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    const inputs = whole.split('\n').length;
    const at = withFiles({ 'cut.ndjson.gz': cut });
    for (const shard of ['1/1', '3/700']) {
      await batchHere([`${at}/cut.ndjson.gz`, '-o', `${at}/out`, '--shard', shard]);
      expect(parsed(readFileSync(`${at}/out`, 'utf8')).trailer).toMatchObject({ shard, inputs });
    }
    for (const size of [1, 1000, cut.length]) {
      const pieces = Array.from({ length: Math.ceil(cut.length / size) }, (_, n) =>
        cut.subarray(n * size, (n + 1) * size),
      );
      let text = '';
      const read = async () => {
        for await (const bytes of maybeGunzip(Readable.from(pieces))) text += bytes.toString('latin1');
      };
      await expect(read()).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
      expect(text).toBe(whole);
    }
  });

  test('an input of several machines gives as many records', async () => {
    const at = withFiles({ 'two.yaml': TWO_GUESTS.map((guest) => JSON.stringify(guest)).join('\n---\n') });
    const { records, trailer } = parsed((await recordsOf(`${at}/two.yaml`)).out);
    expect(records.map(({ id, index, part, name }) => ({ id, index, part, name }))).toEqual([
      { id: `${at}/two.yaml#1`, index: 0, part: { number: 1, of: 2 }, name: 'a' },
      { id: `${at}/two.yaml#2`, index: 0, part: { number: 2, of: 2 }, name: 'b' },
    ]);
    expect(trailer).toMatchObject({ records: 2, inputs: 1 });
  });

  test('records are machines, or envelopes with an id', async () => {
    const input = ndjson([
      TWO_GUESTS[0],
      { id: 'vm-17', machine: machine(8) },
      { id: 18, text: "<domain type='kvm'><vcpu>4</vcpu><os><type>hvm</type></os></domain>" },
      { format: 'qemu', text: 'qemu-system-x86_64 -M q35 -smp 3' },
      { id: 'two', text: TWO_GUESTS.map((guest) => JSON.stringify(guest)).join('\n---\n') },
    ]);
    const { records } = parsed((await recordsFrom(input, '-')).out);
    const counts = records.map(({ id, cpus }) => [
      id,
      (cpus as { present: { count: number } }).present.count,
    ]);
    expect(counts).toEqual([
      ['a', 2],
      ['vm-17', 8],
      ['18', 4],
      ['-:4', 3],
      ['two#1', 2],
      ['two#2', 2],
    ]);
  });
});

describe('errors', () => {
  const BAD: readonly (readonly [line: unknown, column: number, message: string])[] = [
    ['not json', 1, 'expected a JSON object: one machine a line'],
    ['name: x', 1, 'expected a JSON object: one machine a line'],
    ['[1]', 1, 'expected a JSON object: one machine a line'],
    ['{"topology": {"cores": 2},', 27, 'the text ends where a key in double quotes should be'],
    [{ topology: { cores: 2 }, nam: 1 }, 25, 'unknown key "nam"'],
    [{ id: 'a' }, 2, 'a record with an "id" needs "machine"'],
    [{ id: 'a', machine: { topology: { coers: 2 } } }, 34, 'unknown key "coers"'],
    [{ id: 'a', machine: 3 }, 11, 'machine: expected a description'],
    [{ id: {}, machine: {} }, 2, 'id: expected a text or a number'],
    [{ id: 'a', machine: {}, text: '' }, 11, 'either "machine" or "text"'],
    [{ machine: {}, topology: {} }, 15, 'unknown key "topology"'],
    [{ text: 'x', format: 'vbox' }, 1, 'format "vbox": no such kind'],
    [{ text: 3 }, 2, 'text: expected a text'],
    ['{"a": 1, "a": 2}', 10, 'the key "a" is written twice'],
    ['{"a": "\u0000"}', 8, 'looks binary'],
  ];

  test('every bad line gives a record that says where and what; the others are done', () => {
    const input = ndjson(['', ...BAD.map(([line]) => line), machine(2)]);
    const { code, out, err } = irqsimProcess(['batch', '-', '-j', '2'], { input });
    expect(code).toBe(2);
    const { records, trailer } = parsed(out);
    expect(records).toHaveLength(BAD.length + 1);
    for (const [n, [, column, message]] of BAD.entries()) {
      const { error, inputSha256, verdict } = records[n];
      expect({ verdict, kind: error?.kind }, message).toEqual({ verdict: undefined, kind: 'input' });
      expect(error?.message).toContain(message);
      expect(error?.problems[0]).toMatchObject({ line: message.includes('vbox') ? 1 : n + 2, column });
      expect(inputSha256).toHaveLength(64);
    }
    expect(records[BAD.length]).toMatchObject({ index: BAD.length, verdict: 'pass' });
    expect(trailer).toMatchObject({ errors: { input: BAD.length, internal: 0 }, verdicts: { pass: 1 } });
    expect(err.trimEnd().split('\n')).toEqual([
      '-:2:1: expected a JSON object: one machine a line',
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^-:\d+:\d+: /)),
      'and more errors: see the records',
      expect.stringContaining('1 pass, 0 warn, 0 fail, 15 errors'),
    ]);
  });

  test.each([
    ['{\n  "platform": "kvm"\n}\n', 'standard input is a record, .*: jq -c \\. makes'],
    ['[\n  { "platform": "kvm" },\n  {\n "platform": "kvm"\n  }\n]\n', "jq -c '\\.\\[\\]' makes"],
    ['platform: kvm\ntopology: { cores: 4 }\n', 'irqsim analyze reads one input of any format'],
  ])('a stream without a record says once what makes records of it: %j', async (text, hint) => {
    const { code, err } = await recordsFrom(text, '-');
    expect(code).toBe(2);
    expect(err.match(new RegExp(hint, 'g'))).toHaveLength(1);
    expect((await recordsFrom(`${text}{"platform": "kvm"}\n`, '-')).err).not.toContain('jq -c');
  });

  test('a list that is cut off between two objects lacks something behind its last byte', async () => {
    const list = `{"items": [\n{"kind": "Pod"},\n`;
    const { records } = parsed((await recordsFrom(list, '-')).out);
    expect(records[0].error?.problems[0]).toMatchObject({ file: '-', line: 3, column: 1 });
  });

  test('places in a text of a record are those of the text', async () => {
    const line = JSON.stringify({
      id: 'a',
      text: 'platform: kvm\nextDestId: off\ntopology: { cores: 300 }\n',
    });
    const wrong = JSON.stringify({ id: 'b', text: 'platform: kvmm\n' });
    const { records } = parsed((await recordsFrom(`\n\n${line}\n${wrong}\n`, '-')).out);
    expect((records[0].findings as unknown[])[0]).toMatchObject({ location: { file: 'a', line: 2 } });
    expect(records[1].error?.problems[0]).toMatchObject({ file: 'b', line: 1 });
  });

  test('places of findings are places in the stream', async () => {
    const value = { id: 'a', machine: machine(2) };
    const { records } = parsed((await recordsFrom(`\n${JSON.stringify(value)}\n`, '-')).out);
    const places = (records[0].findings as { location: { line: number; column: number } | null }[]).flatMap(
      ({ location }) => location ?? [],
    );
    expect(places.length).toBeGreaterThan(0);
    for (const { line, column } of places) {
      expect(line).toBe(2);
      expect(column).toBeGreaterThan(JSON.stringify({ id: 'a', machine: 0 }).indexOf('0'));
    }
  });

  test('inputs that are not there, or are too long, have their records too', async () => {
    const at = withFiles({ 'a.yaml': yaml(2), 'long.ndjson': `${'x'.repeat(17 * 2 ** 20)}\n{}\n` });
    symlinkSync(join(at, 'loop.yaml'), join(at, 'loop.yaml'));
    mkdirSync(join(at, 'dir.ndjson'));
    const bad = [`${at}/none.yaml`, `${at}/none.ndjson`, `${at}/loop.yaml`, `${at}/${'n'.repeat(300)}`];
    const { code, out } = await recordsOf(...bad, `${at}/dir.ndjson`, `${at}/long.ndjson`, `${at}/a.yaml`);
    expect(code).toBe(2);
    const { records } = parsed(out);
    expect(records.map(({ error, verdict }) => error?.message ?? verdict)).toEqual([
      'no such file',
      'no such file',
      'cannot be read (ELOOP)',
      'cannot be read (ENAMETOOLONG)',
      'the line is longer than 16 MiB',
      expect.stringContaining('CPU'),
      'pass',
    ]);
    expect(records[0]).not.toHaveProperty('inputSha256');
    expect(records[4].inputSha256).toBe(sha256('x'.repeat(17 * 2 ** 20)));
  });

  test('--on-error=stop ends before the first bad input, and goes on once it is mended', async () => {
    const at = withFiles({ 'a.ndjson': ndjson([machine(1), 'oops', machine(3)]) });
    const args = ['batch', `${at}/a.ndjson`, '-o', `${at}/out.json`, '-j', '2'];
    const stopped = irqsimProcess([...args, '--on-error', 'stop']);
    expect(stopped.code).toBe(2);
    expect(stopped.err).toContain('a.ndjson:2:1: expected a JSON object');
    expect(stopped.err).toContain('stopped at an error after 1 record: ');
    expect(readFileSync(join(at, 'out.json.part'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
    withFiles({ 'a.ndjson': ndjson([machine(1), machine(2), machine(3)]) }, at);
    expect(irqsimProcess([...args, '--on-error', 'stop', '--resume']).code).toBe(0);
    expect(readFileSync(join(at, 'out.json'), 'utf8')).toBe((await recordsOf(`${at}/a.ndjson`)).out);
  });
});

describe('exit codes', () => {
  const warning = machine(4, { platform: 'kvm', cmdline: 'nr_cpus=2' });
  test.each([
    [[machine(1)], [], 0],
    [[machine(1), TOO_LARGE], [], 1],
    [[machine(1), TOO_LARGE], ['--fail-on', 'never'], 0],
    [[machine(1, { guestOs: 'Windows', platform: 'kvm' })], ['--fail-on', 'note'], 1],
    [[machine(1, { guestOs: 'Windows', platform: 'kvm' })], ['--fail-on', 'warning'], 0],
    [[TOO_LARGE, {}], [], 2],
    [[TOO_LARGE, {}], ['--exit-zero'], 0],
    [[], [], 0],
    [[warning], [], 0],
    [[warning], ['--fail-on', 'warning'], 1],
    [[warning, {}], ['--fail-on', 'never'], 2],
    [[warning, {}], ['--fail-on', 'warning', '--exit-zero'], 0],
  ])('%j %j gives %i', (values, options, code) => {
    const at = withFiles({ 'a.ndjson': ndjson(values) });
    const run = batchHere([`${at}/a.ndjson`, '-o', `${at}/out`, ...options]);
    return expect(run.then((ended) => ended.code)).resolves.toBe(code);
  });

  test.each([
    [[], 'name files, directories or patterns'],
    [['-', '-'], 'standard input can be read once only'],
    [['-', '--files-from', '-'], 'standard input can be read once only'],
    [['-', '--kernel', '5.4,6.1'], 'under one kernel'],
    [['-', '--kernel', 'x'], '--kernel x: '],
    [['-', '--policy', 'all'], '--policy all: expected one of mainline'],
    [['-', '--from', 'vbox'], '--from vbox: no such kind'],
    [['-', '--set', 'x'], 'expected KEY=VALUE'],
    [['-', '--event', 'offlin=1'], 'did you mean "offline"?'],
    [['-', '--shard', '0/2'], 'shards are numbered 1/2 to 2/2'],
    [['-', '--shard', '3/2'], 'shards are numbered 1/2 to 2/2'],
    [['-', '--shard', '2'], 'expected I/N such as 2/8'],
    [['-', '-j', '0'], 'A number from 1 to 1024'],
    [['-', '--resume'], 'give its name with -o'],
    [['-', '--resume', '--force', '-o', 'x'], 'cannot be used with'],
    [['scenarios', '-o', 'scenarios/rules/out.ndjson'], 'lies in scenarios, which is read as input'],
    [['-', '-o', 'scenarios'], 'is no regular file'],
    [['-', '-o', 'no/such/folder/out'], 'cannot be written (ENOENT)'],
    [['-', '-0'], '-0 is about the paths of --files-from'],
    [['-', '--exit-zero', '--kernel', '99'], '--kernel 99: '],
  ])('%j is refused in one line', async (args, message) => {
    const { code, out, err } = await irqsim(['batch', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

test('a pipe or a device is not replaced by a file', async () => {
  // One of our own: were it not refused, it would be gone.
  const pipe = join(folder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { code, err } = await irqsim(['batch', '-', '-o', pipe], { input: ndjson([machine(1)]) });
  expect(code).toBe(2);
  expect(err).toContain('is no regular file');
  expect(statSync(pipe).isFIFO()).toBe(true);
});

describe('streams', () => {
  test('many lines pass through little memory', () => {
    const line = `{"cpus":1}${' '.repeat(3900)}\n`;
    const at = withFiles({ 'many.ndjson': line.repeat(5_000) });
    const env = { NODE_OPTIONS: '--max-old-space-size=64' };
    const { code, err } = irqsimProcess(
      ['batch', `${at}/many.ndjson`, '-j', '2', '-o', `${at}/out`, '--quiet'],
      {
        env,
      },
    );
    expect(err.split('\n')).toHaveLength(7);
    expect(code).toBe(2);
    const out = readFileSync(`${at}/out`, 'utf8');
    const last = out.slice(out.lastIndexOf('\n', out.length - 2) + 1);
    expect(JSON.parse(last).trailer).toMatchObject({ records: 5_000, errors: { input: 5_000 } });
  });

  test('a machine that no memory is enough for has its record, and the next has its turn', () => {
    const values = [machine(1), { numbers: Array.from({ length: 2e6 }, () => 1) }, machine(2)];
    const at = withFiles({ 'a.ndjson': ndjson(values) });
    const env = { NODE_OPTIONS: '--max-old-space-size=40' };
    const { code, out } = irqsimProcess(['batch', `${at}/a.ndjson`, '-j', '1'], { env });
    expect(code).toBe(3);
    const { records } = parsed(out);
    expect(records.map(({ verdict, error }) => error ?? verdict)).toEqual([
      'pass',
      { kind: 'internal', message: 'the worker ran out of memory', problems: [] },
      'pass',
    ]);
  });

  test('a reader that goes away ends the run quietly', () => {
    const at = withFiles({ 'many.ndjson': ndjson(Array.from({ length: 5000 }, () => machine(8))) });
    for (const j of [1, 2]) {
      const script = `"$0" "$1" batch "$2" -j ${j} | head -n 1`;
      const { stdout, stderr } = spawnSync(
        'bash',
        ['-o', 'pipefail', '-c', script, process.execPath, BIN, `${at}/many.ndjson`],
        { encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('without input there is a trailer', async () => {
    const { out, code } = await recordsOf(folder());
    expect(code).toBe(0);
    expect(parsed(out)).toMatchObject({
      records: [],
      trailer: { records: 0, inputs: 0, sha256: sha256('') },
    });
  });
});
