/** `irqsim merge`: what makes no whole is named; what does is one output with one exit code. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { BIN, batchHere, folder, machine, ndjson, parsed, TOO_LARGE, withFiles } from './batch-inputs.ts';
import { irqsim, irqsimProcess, keepingIo } from './irqsim.ts';

const at = folder();
const file = (name: string) => `${at}/${name}`;
const merge = (...args: string[]) => irqsimProcess(['merge', ...args]);

async function shards(prefix: string, values: readonly unknown[], n: number, ...more: string[]) {
  withFiles({ [`${prefix}.ndjson`]: ndjson(values) }, at);
  for (let k = 1; k <= n; k++) {
    await batchHere([
      file(`${prefix}.ndjson`),
      '--shard',
      `${k}/${n}`,
      '-o',
      file(`${prefix}-${k}`),
      ...more,
    ]);
  }
  return Array.from({ length: n }, (_, k) => file(`${prefix}-${k + 1}`));
}

let good: string[];
beforeAll(async () => {
  good = await shards('a', [machine(1), machine(2), machine(3), machine(4), machine(5)], 3);
});

describe('a whole', () => {
  test('goes to standard output, or to a file, or nowhere', async () => {
    const { code, out, err } = await merge(...good);
    expect({ code, err }).toEqual({
      code: 0,
      err: 'irqsim: merge: 3 shards, 5 records: 5 pass, 0 warn, 0 fail, 0 errors\n',
    });
    expect(out).toBe(irqsimProcess(['batch', file('a.ndjson')]).out);
    expect((await merge(...good, '-o', file('merged'))).out).toBe('');
    expect(readFileSync(file('merged'), 'utf8')).toBe(out);
    expect((await merge(file('merged'))).out).toBe(out);
    const check = await merge(...good, '--check');
    expect({ code: check.code, out: check.out, err: check.err }).toEqual({ code: 0, out: '', err });
  });

  test('keeps what older shards say of themselves', async () => {
    const older = good.map((path, n) => {
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      const { trailer } = JSON.parse(lines.pop() ?? '');
      const records = lines
        .map((line) => `${line.replace(/"version":"[^"]*"/, '"version":"0.0.1"')}\n`)
        .join('');
      const sha256 = createHash('sha256').update(records).digest('hex');
      const tool = { name: 'irqsim', version: '0.0.1' };
      writeFileSync(
        file(`older-${n}`),
        `${records}${JSON.stringify({ trailer: { ...trailer, sha256, tool } })}\n`,
      );
      return file(`older-${n}`);
    });
    expect(parsed((await merge(...older)).out).trailer).toMatchObject({
      records: 5,
      tool: { version: '0.0.1' },
    });
  });

  test('may have more shards than a process may open files', async () => {
    const values = Array.from({ length: 90 }, (_, n) => machine(1 + (n % 4)));
    const files = await shards('many', values, 80);
    const script = 'ulimit -n 50; "$@" | tail -n 1';
    const merged = spawnSync('bash', ['-c', script, 'merge', process.execPath, BIN, 'merge', ...files]);
    expect(merged.stderr.toString()).toBe(
      'irqsim: merge: 80 shards, 90 records: 90 pass, 0 warn, 0 fail, 0 errors\n',
    );
    expect(JSON.parse(merged.stdout.toString()).trailer).toMatchObject({ shard: '1/1', inputs: 90 });
  });

  test('more shards than inputs are no fault', async () => {
    const files = await shards('few', [machine(1)], 4);
    expect((await merge(...files, '--check')).err).toContain('4 shards, 1 record: 1 pass');
  });

  test('has the exit code of all its records', async () => {
    const failing = await shards('f', [machine(1), TOO_LARGE], 2);
    expect((await merge(...failing, '--check')).code).toBe(1);
    expect((await merge(...failing, '--check', '--fail-on', 'never')).code).toBe(0);
    const bad = await shards('b', [TOO_LARGE, '{}'], 2);
    expect((await merge(...bad, '--check', '--fail-on', 'never')).code).toBe(2);
  });
});

describe('refused', () => {
  const edit = (name: string, from: number, change: (text: string) => string) => {
    writeFileSync(file(name), change(readFileSync(good[from], 'utf8')));
    return file(name);
  };
  const refuses = async (files: readonly string[], ...messages: string[]) => {
    const { code, err } = await irqsim(['merge', ...files, '-o', file('never')]);
    expect(code).toBe(2);
    for (const message of messages) expect(err).toContain(message);
    expect(existsSync(file('never')) || existsSync(file('never.part'))).toBe(false);
    expect(err).not.toContain('internal');
  };

  test('shards that are missing, doubled, torn or not there', async () => {
    await refuses([good[0], good[2]], 'merge: missing: shard 2/3');
    await refuses([good[0]], 'merge: missing: shards 2/3, 3/3');
    await refuses([...good, good[1]], `${good[1]}: is shard 2/3, as ${good[1]} is`);
    const torn = edit('torn', 1, (text) => text.slice(0, -20));
    await refuses([good[0], torn, good[2]], `${torn}: has no trailer`, 'missing: shard 2/3');
    await refuses([good[0], file('none'), good[2]], `${file('none')}: no such file`, 'missing: shard 2/3');
    writeFileSync(file('empty'), '');
    await refuses([file('empty')], 'has no trailer');
    await refuses([file('a.ndjson')], 'has no trailer');
    await refuses([at], 'is a directory');
  });

  test('shards of different runs', async () => {
    const others = await shards('o', [machine(1), machine(2), machine(3)], 3);
    await refuses([good[0], others[1], good[2]], 'the number of inputs is 3, that of');
    const halves = await shards('h', [machine(1)], 2);
    await refuses([good[0], halves[1]], 'the number of shards is 2, that of');
    const old = await shards('k', [machine(1), machine(2), machine(3), machine(4), machine(5)], 3, '--audit');
    await refuses([good[0], old[1], good[2]], 'the digest of the options is');
    const version = edit('version', 1, (text) => text.replace(/"version":"[^"]*"\}\}\}/, '"version":"9"}}}'));
    await refuses([good[0], version, good[2]], 'the irqsim version is 9, that of');
    const newer = edit('newer', 1, (text) =>
      text.replace(/"schemaVersion":1(?=[^\n]*\n$)/, '"schemaVersion":2'),
    );
    await refuses([newer], 'newer: has schemaVersion 2, this irqsim knows 1; merge with irqsim ');
  });

  test('records that are not as the trailer has them', async () => {
    const lines = (text: string) => text.trimEnd().split('\n');
    const changed = edit('changed', 1, (text) => text.replace('"verdict":"pass"', '"verdict":"warn"'));
    await refuses(
      [good[0], changed, good[2]],
      `${changed}: the records are not those that its trailer tells of`,
    );
    const short = edit('short', 1, (text) => `${lines(text).slice(1).join('\n')}\n`);
    await refuses([good[0], short, good[2]], `${short}: there is no record of input 1`);
    const long = edit('long', 1, (text) => `${[lines(text)[1], ...lines(text)].join('\n')}\n`);
    await refuses([good[0], long, good[2]], `${long}: there is no record of input 1`);
    const twice = edit(
      'twice',
      1,
      (text) => `${[...lines(text).slice(0, 2), ...lines(text).slice(1)].join('\n')}\n`,
    );
    await refuses([good[0], twice, good[2]], 'is there twice');
    const foreign = edit('foreign', 1, (text) => text.replace('"index":1', '"index":2'));
    await refuses([good[0], foreign, good[2]], 'is not of this shard');
  });

  test.each([
    [/"verdict":"pass",/, ''],
    [/"verdict":"pass"/, '"verdict":"ok"'],
    [/"findings":\[/, '"findings":[{"rule":1},'],
    [/"cpus":\{/, '"cpus":null,"x":{'],
    [/"verdict":"pass"/, '"error":"none"'],
  ])('records that are none: %s, %s', async (part, by) => {
    const odd = edit('odd', 1, (text) => {
      const changed = text.replace(part, by);
      expect(changed).not.toBe(text);
      return changed;
    });
    const whole = await irqsim(['merge', good[0], odd, good[2], '--format', 'text']);
    expect(whole).toMatchObject({ code: 2, err: expect.stringContaining(`${odd}:1: the line is no record`) });
  });

  test('usage', async () => {
    expect((await merge()).code).toBe(2);
    await refuses([...good, '--check'], '--check writes nothing');
    for (const output of [good[1], file('a-9')]) {
      const { code, err } = await irqsim(['merge', file('a-*'), '-o', output]);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('write it elsewhere') });
    }
    expect((await irqsim(['merge', ...good, '-o', good[1]])).err).toContain('is an input too');
  });
});

describe('a summary', () => {
  test('counts rules, lists the worst machines and what was not read', async () => {
    const bad = { topology: { sockets: 60, cores: 5 }, platform: 'kvm', devices: [] };
    const files = await shards('fleet', [machine(2), bad, { topology: 'x' }, machine(4)], 2);
    // As wide as the names of scratch files need.
    const wide = { ...keepingIo().io, columns: 160 };
    expect(await run(['merge', ...files, '--format', 'text', '-o', file('fleet.txt')], wide)).toBe(2);
    const out = readFileSync(file('fleet.txt'), 'utf8');
    expect(out).toMatch(/^FAIL +4 machines +1 fail, 0 warn, 2 pass, 1 not read$/m);
    expect(out).toMatch(/^apic-id-above-limit +error +1 +.*fleet\.ndjson:2$/m);
    expect(out).toMatch(/^.*fleet\.ndjson:2 +FAIL +\d+ of 300 +0 +apic-id-above-limit/m);
    const json = JSON.parse((await merge(...files, '--format', 'json')).out);
    expect(json).toMatchObject({ records: 4, verdicts: { pass: 2, warn: 0, fail: 1 }, unread: 1 });
    expect(json.machines).toHaveLength(1);
    const html = await merge(...files, '--format', 'html', '-o', file('fleet.html'));
    expect(html.out).toBe('');
    expect(readFileSync(file('fleet.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*4 machines/i);
    expect(existsSync(`${file('fleet.html')}.part`)).toBe(false);
  });

  test('is not for --check', async () => {
    const { code, err } = await merge(...good, '--check', '--format', 'html');
    expect({ code, err }).toEqual({
      code: 2,
      err: 'irqsim: merge: --check writes nothing, so it goes without --format html\n',
    });
  });
});
