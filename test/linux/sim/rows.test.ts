/** What is only in a row where there is something to say, and the vectors that devices of one shape share. */
import { describe, expect, test } from 'vitest';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import { readText } from '../../helpers.ts';

const SPLIT = (policy: string) => `kernel: "6.12"
hpet: off
policy: ${policy}
cpus: [{ apicId: 0 }, { apicId: 0x100 }, { apicId: 1 }, { apicId: 0x101 }]
devices: [{ name: nvme, driver: nvme, queues: 2 }]
`;

describe('CPUs that hold a vector', () => {
  test('are named where a policy reserves on fewer than those of the mask', async () => {
    const { run } = simulate(await readText(SPLIT('P5')));
    const [{ queues, interrupts }] = run.devices;
    expect(queues.map(({ affinity, reservedOn }) => [`${affinity}`, `${reservedOn}`])).toEqual([
      ['0-1', '0'],
      ['2-3', '2'],
    ]);
    expect('reservedOn' in interrupts[0]).toBe(false);
  });

  test('are not where they are those of the mask, or none', async () => {
    const { run } = simulate(await readText(SPLIT('P2')));
    const [{ queues, interrupts }] = run.devices;
    for (const row of [...queues, ...interrupts]) expect('reservedOn' in row).toBe(false);
  });
});

test('a change that waits is marked, of queues and of other interrupts', async () => {
  const text = `kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices: [{ name: nvme, driver: nvme, queues: 4 }, { name: nic, driver: generic, managed: false, vectors: 2 }]
`;
  const marks = async (events: string[]) => {
    const { run } = simulate(
      await readText(
        text,
        events.map((event) => `--event ${event}`),
      ),
    );
    const [nvme, nic] = run.devices;
    return [nvme.interrupts[0], ...nic.queues].map((row) => ('pending' in row ? `${row.affinity}` : null));
  };
  expect(await marks([])).toEqual([null, null, null]);
  expect(await marks(['set-affinity=nvme:v0=3', 'set-affinity=nic:1=2'])).toEqual(['3', null, '2']);
  expect(await marks(['set-affinity=nvme:v0=3', 'fire=nvme:v0'])).toEqual([null, null, null]);
});

test('an interrupt that never had a vector has none', async () => {
  const { run } = simulate(
    await readText(`kernel: "6.12"
hpet: off
topology: { cores: 4, present: 2 }
devices: [{ name: nvme, driver: nvme, queues: 4 }]
`),
  );
  expect(
    run.devices[0].queues.map(({ state, vector, stopped }) => [state, vector === null, stopped]),
  ).toEqual([
    ['started', false, undefined],
    ['started', false, undefined],
    ['shutdown', true, 'never-started'],
    ['shutdown', true, 'never-started'],
  ]);
  expect(run.devices[0].tally).toEqual({
    healths: { healthy: 2, idle: 2, 'at-risk': 0, degraded: 0, dead: 0 },
    states: { started: 2, shutdown: 2, 'not-allocated': 0 },
    lost: 0,
  });
  expect('lost' in run.devices[0].interrupts[0]).toBe(false);
});

test('masks are shared by shape: sets, vectors before and behind make another one', async () => {
  const { run } = simulate(
    await readText(`kernel: "6.12"
hpet: off
topology: { cores: 4 }
cmdline: nvme.write_queues=2
devices:
  - { name: sets, driver: nvme, queues: 4 }
  - { name: before, driver: generic, managed: true, vectors: 5, preVectors: 1, queues: 4 }
  - { name: behind, driver: generic, managed: true, vectors: 5, postVectors: 1, queues: 4 }
  - { name: again, driver: generic, managed: true, vectors: 5, preVectors: 1, queues: 4 }
`),
  );
  const masks = run.devices.map(({ queues }) => queues.map(({ affinity }) => `${affinity}`).join(' '));
  expect(masks).toEqual(['0-1 2-3 0-1 2-3', '0 1 2 3', '0 1 2 3', '0 1 2 3']);
  expect(
    run.devices.map(({ interrupts }) => interrupts.map(({ vectorIndex, managed }) => [vectorIndex, managed])),
  ).toEqual([[[0, false]], [[0, false]], [[4, false]], [[0, false]]]);
  expect(run.devices[3].queues[0].affinity).toBe(run.devices[1].queues[0].affinity);
});

test('an interrupt that stays behind kills the disk whose queues share it: its I/O hangs', async () => {
  // Every vector with the default affinity is on CPU 0 or 1, and CPU 0 has too few for those of CPU 1.
  const full = `kernel: "6.1.90"
hpet: off
cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]
cmdline: irqaffinity=0-1
devices:
  - { name: nic, driver: generic, managed: false, vectors: 380, node: 0 }
  - { name: one, driver: nvme, queues: 2, vectors: 1 }
  - { name: disk, driver: virtio-blk, queues: 4 }
`;
  const { run } = simulate(await readText(full, ['--event offline=1']));
  const [nic, one, disk] = run.devices;
  expect(nic.tally.lost).toBe(nic.queues.filter(({ lost }) => lost === 'cpu-offline').length);
  // CPU 0 has 201 less the timer's, 190 of the card, and two of the other disk.
  expect(nic.tally.lost).toBe(190 - (201 - 1 - 190 - 2));
  expect([one.health, one.tally.lost, one.queues[0].lost]).toEqual(['dead', 1, 'cpu-offline']);
  expect([disk.health, disk.tally.lost]).toEqual(['idle', 0]);
  expect(
    run.hangs.map(({ device, queue, cpus, from, until }) => [device, queue, `${cpus}`, from, until]),
  ).toEqual([['one', 0, '0,2-3', 1, null]]);
  expect(run.events[0].changes.at(-1)).toBe('I/O of CPUs 0,2-3 to one queue 0 hangs');
  expect(run.events[0].changed.hanging).toMatchObject([{ device: 'one', queue: 0 }]);
});

test('what was shared holds until CPUs come or go', async () => {
  const polled = `kernel: "6.1"
hpet: off
cmdline: nvme.poll_queues=2
topology: { cores: 2, threads: 2 }
devices: [{ name: nvme, driver: nvme, queues: 4 }]
`;
  const maps = async (...events: string[]) => {
    const { run } = simulate(
      await readText(
        polled,
        events.map((event) => `--event ${event}`),
      ),
    );
    return run.devices[0].maps[1].entries.map(({ cpus }) => `${cpus}`);
  };
  expect(await maps('reprobe=nvme')).toEqual(['0,2-3', '1']);
  // A CPU that is offline has no core: it gets a queue in its turn.
  expect(await maps('offline=3', 'reprobe=nvme')).toEqual(['0,2', '1,3']);
  expect(await maps('offline=3', 'online=3', 'reprobe=nvme')).toEqual(['0,2-3', '1']);
});
