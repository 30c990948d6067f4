/** sweepMachine and adviseMachine: the what-ifs for other programs. */
import { describe, expect, test } from 'vitest';
import { adviseMachine, InputError, sweepMachine } from '../../src/index.ts';

const GUEST = `
platform: kvm
topology: { sockets: 48, cores: 5 }
devices:
  - { name: nvme, driver: nvme, queues: 64 }
`;

describe('sweepMachine', () => {
  test('analyses every point, the first axis the slowest', async () => {
    const points = [
      ...(await sweepMachine(GUEST, { vary: ['extDestId=false,true', 'topology.cores=4..5'] })),
    ];
    const rows = points.map(({ point, analysis }) => [
      ...point.map(({ text }) => text),
      analysis?.summary.verdict,
    ]);
    expect(rows).toEqual([
      ['false', '4', 'pass'],
      ['false', '5', 'fail'],
      ['true', '4', 'pass'],
      ['true', '5', 'pass'],
    ]);
  });

  test('a point that is no machine says why, and the others go on', async () => {
    const points = [...(await sweepMachine(GUEST, { vary: ['topology.cores=0,1'] }))];
    expect(points.map(({ invalid }) => invalid instanceof InputError)).toEqual([true, false]);
  });

  test('what cannot be is refused', async () => {
    await expect(sweepMachine(GUEST, { vary: ['extDestId'] })).rejects.toThrow(RangeError);
    await expect(sweepMachine(GUEST, { vary: [], index: 1 })).rejects.toThrow(
      'index: 1, but the content holds 1 machines',
    );
    await expect(sweepMachine('a: [', { vary: [] })).rejects.toBeInstanceOf(InputError);
  });
});

describe('adviseMachine', () => {
  test('finds proved answers, and writes one into the content', async () => {
    const advice = await adviseMachine(GUEST, { file: 'guest.yaml' });
    expect(advice.status).toBe('advised');
    for (const { difference } of advice.answers) expect(difference.after.summary.errors).toBe(0);
    const fixed = advice.answers.find(({ file }) => file?.elsewhere.length === 0)?.file?.text ?? '';
    expect(fixed).not.toBe(GUEST);
    expect((await adviseMachine(new TextEncoder().encode(fixed))).status).toBe('nothing-to-fix');
  });

  test('set, level and max count', async () => {
    const fine = await adviseMachine(GUEST, { set: ['extDestId=true'] });
    expect(fine.status).toBe('nothing-to-fix');
    expect((await adviseMachine(GUEST, { level: 'error', max: 1 })).answers).toHaveLength(1);
  });

  test('what cannot be is refused', async () => {
    await expect(adviseMachine('a: [')).rejects.toBeInstanceOf(InputError);
    await expect(adviseMachine(GUEST, { index: 2 })).rejects.toThrow(RangeError);
  });
});
