/** Which shard a run takes, and that all shards together are the whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupsOf, quotaOf } from '../../src/cli/batch/cpus.ts';
import { chooseShard, isOurs } from '../../src/cli/batch/shard.ts';
import { batchHere, machine, ndjson, parsed, TOO_LARGE, TWO_GUESTS, withFiles } from './batch-inputs.ts';
import { irqsim, irqsimProcess } from './irqsim.ts';

const slurm = (id: number, min: number, max: number, count: number, step?: number) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_MAX: String(max),
  SLURM_ARRAY_TASK_COUNT: String(count),
  ...(step === undefined ? {} : { SLURM_ARRAY_TASK_STEP: String(step) }),
});

describe('the environment', () => {
  test.each([
    [{}, '1/1', undefined],
    [{ IRQSIM_SHARD: '3/7' }, '3/7', 'IRQSIM_SHARD'],
    [{ IRQSIM_SHARD: '', CI_NODE_TOTAL: '1' }, '1/1', undefined],
    [{ JOB_COMPLETION_INDEX: '0', IRQSIM_SHARD_COUNT: '200' }, '1/200', 'JOB_COMPLETION_INDEX'],
    [{ JOB_COMPLETION_INDEX: '199', IRQSIM_SHARD_COUNT: '200' }, '200/200', 'JOB_COMPLETION_INDEX'],
    [slurm(1, 1, 4, 4), '1/4', 'SLURM_ARRAY_TASK_ID'],
    [slurm(0, 0, 3, 4), '1/4', 'SLURM_ARRAY_TASK_ID'],
    [slurm(12, 0, 12, 4, 4), '4/4', 'SLURM_ARRAY_TASK_ID'],
    [slurm(20, 0, 30, 4, 10), '3/4', 'SLURM_ARRAY_TASK_ID'],
    [{ CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5' }, '2/5', 'CI_NODE_INDEX'],
    [{ IRQSIM_SHARD: '1/2', ...slurm(1, 1, 4, 4) }, '1/2', 'IRQSIM_SHARD'],
  ])('%j is %s', (env, shard, because) => {
    const { number, of, because: why } = chooseShard(undefined, env);
    expect([`${number}/${of}`, why]).toEqual([shard, because]);
    expect(chooseShard(false, env)).toEqual({ number: 1, of: 1 });
    expect(chooseShard('4/9', env)).toEqual({ number: 4, of: 9 });
  });

  test.each([
    [{ JOB_COMPLETION_INDEX: '0' }, /IRQSIM_SHARD_COUNT is not set/],
    [{ JOB_COMPLETION_INDEX: '5', IRQSIM_SHARD_COUNT: '5' }, /is 5, which is not one of 5 from 0/],
    [{ JOB_COMPLETION_INDEX: '0', IRQSIM_SHARD_COUNT: '0' }, /is 0, which is not one of 0 from 0/],
    [{ IRQSIM_SHARD_COUNT: '5' }, /IRQSIM_SHARD_COUNT is set, but JOB_COMPLETION_INDEX is not/],
    [{ JOB_COMPLETION_INDEX: 'x', IRQSIM_SHARD_COUNT: '5' }, /expected a whole number, found "x"/],
    [{ IRQSIM_SHARD: '5' }, /IRQSIM_SHARD: expected I\/N/],
    [{ IRQSIM_SHARD: '1/0' }, /IRQSIM_SHARD: expected I\/N/],
    // As Slurm has it for arrays 1,5,7 and 3,7, for 10-13, which may be a part of 1-16, and for 7 alone.
    [slurm(5, 1, 7, 3, 1), /goes from 1 to 7 with 3 tasks and may be a part of a larger one/],
    [slurm(7, 3, 7, 2, 1), /goes from 3 to 7 with 2 tasks/],
    [slurm(13, 10, 13, 4, 1), /give --shard "\$SLURM_ARRAY_TASK_ID\/N", or --no-shard/],
    [slurm(7, 7, 7, 1, 1), /has one task, 7, and may be a part/],
    [slurm(1, 1, 1, 1, 1), /has one task, 1, and may be a part/],
    [slurm(3, 1, 7, 4, 4), /may be a part/],
    [{ SLURM_ARRAY_TASK_ID: '1' }, /SLURM_ARRAY_TASK_COUNT is not set/],
    [{ CI_NODE_INDEX: '0', CI_NODE_TOTAL: '5' }, /is 0, which is not one of 5 from 1/],
  ])('%j is refused', (env, message) => {
    expect(() => chooseShard(undefined, env)).toThrow(message);
  });

  test('what decided is told, on standard error only', () => {
    const env = { JOB_COMPLETION_INDEX: '1', IRQSIM_SHARD_COUNT: '3' };
    const { out, err } = irqsimProcess(['batch', '-'], { input: ndjson([machine(1), machine(2)]), env });
    expect(err).toContain('shard 2/3, because of JOB_COMPLETION_INDEX (--no-shard does all)');
    expect(parsed(out)).toMatchObject({
      records: [{ id: '-:2', index: 1 }],
      trailer: { shard: '2/3', records: 1, inputs: 2 },
    });
    const refused = irqsimProcess(['batch', '-'], { env: { JOB_COMPLETION_INDEX: '1' } });
    expect({ code: refused.code, out: refused.out }).toEqual({ code: 2, out: '' });
  });
});

test('every input is in exactly one shard', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 50 }), (index, of) => {
      const owners = Array.from({ length: of }, (_, n) => n + 1).filter((number) =>
        isOurs(index, { number, of }),
      );
      expect(owners).toHaveLength(1);
    }),
  );
});

test('shards of any number, merged in any order, are byte for byte the whole', async () => {
  const values = [machine(1), TOO_LARGE, 'bad', ...TWO_GUESTS, machine(9), { id: 'x', machine: machine(2) }];
  const at = withFiles({
    'in/a.ndjson': ndjson(values),
    'in/two.yaml': TWO_GUESTS.map((guest) => JSON.stringify(guest)).join('\n---\n'),
    'in/z.yaml': 'topology: { cores: 3 }\n',
  });
  const input = join(at, 'in');
  for (const [n, ...options] of [[1], [2], [3], [5, '--reports'], [12]] as const) {
    expect((await batchHere([input, '-o', join(at, 'whole'), ...options])).code).toBe(2);
    const whole = readFileSync(join(at, 'whole'), 'utf8');
    const files = Array.from({ length: n }, (_, k) => join(at, `${n}-${k + 1}`));
    for (const [k, file] of files.entries())
      await batchHere([input, '-o', file, '--shard', `${k + 1}/${n}`, ...options]);
    const merged = await irqsim(['merge', ...files.reverse(), '-o', join(at, 'merged')]);
    expect(merged.code).toBe(2);
    expect(merged.err).toContain('10 records: ');
    expect(readFileSync(join(at, 'merged'), 'utf8')).toBe(whole);
  }
});

describe('the CPUs that may be used', () => {
  test.each([
    ['max 100000', Number.POSITIVE_INFINITY],
    ['150000 100000', 1.5],
    ['-1 100000', Number.POSITIVE_INFINITY],
    [' ', Number.POSITIVE_INFINITY],
    ['0 0', Number.POSITIVE_INFINITY],
  ])('quota %j', (text, cpus) => {
    expect(quotaOf(text)).toBe(cpus);
  });

  test('the group and those above it', () => {
    expect(groupsOf('0::/a/b', '')).toEqual(['', 'a', 'a/b']);
    expect(groupsOf('4:memory:/m\n3:cpu,cpuacct:/docker/x', 'cpu')).toEqual(['', 'docker', 'docker/x']);
    expect(groupsOf('', '')).toEqual(['']);
  });
});
