/**
 * The block layer's maps. Figures marked "measured" are /sys/block/DISK/mq/N/cpu_list of real boots: captures
 * b15-16v-nvmesets-6.1 and j-16v-nvmesets-7.3, NVMe disks with write_queues=5 and poll_queues=2.
 */
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/findings/analyze.ts';
import { analyzeText } from '../../helpers.ts';

const SIXTEEN = (kernel: string, smt: number, vectors: number) => `
kernel: "${kernel}"
platform: tcg
cmdline: "nvme.write_queues=5 nvme.poll_queues=2"
cpus: [{ apicId: "0-7" }, { apicId: "8-15", node: 1 }]
smt: ${smt}
devices: [{ name: nvme, driver: nvme, vectors: ${vectors} }]
`;

const cpuLists = ({ run }: Analysis): string[] =>
  run.devices[0].maps.flatMap(({ entries }) => entries.map(({ cpus }) => cpus.toString()));

describe('measured', () => {
  test('6.1, 14 interrupts: poll queues get the CPUs in turn', async () => {
    expect(cpuLists(await analyzeText(SIXTEEN('6.1.176', 1, 17)))).toEqual([
      ...['8-11', '12-15', '0-2', '3-5', '6-7'],
      ...['8-9', '10-11', '12-13', '14-15', '0-1', '2-3', '4-5', '6', '7'],
      ...['0,2,4,6,8,10,12,14', '1,3,5,7,9,11,13,15'],
    ]);
  });

  test('6.1, 9 interrupts', async () => {
    expect(cpuLists(await analyzeText(SIXTEEN('6.1.176', 1, 12)))).toEqual([
      ...['8-11', '12-15', '0-2', '3-5', '6-7', '8-11', '12-15', '0-3', '4-7'],
      ...['0,2,4,6,8,10,12,14', '1,3,5,7,9,11,13,15'],
    ]);
  });

  test('7.x: poll queues are spread as interrupts are', async () => {
    const analysis = await analyzeText(SIXTEEN('7.2', 2, 17));
    const lists = cpuLists(analysis);
    expect(lists.slice(-2)).toEqual(['0-7', '8-15']);
    expect(analysis.run.devices[0].maps.map(({ type, first, queues }) => [type, first, queues])).toEqual([
      ['default', 0, 5],
      ['read', 5, 9],
      ['poll', 14, 2],
    ]);
  });
});

/** blk_mq_map_queues() before 6.3: the map of polled queues, which no interrupt decides. */
describe('CPUs in turn', () => {
  const polled = async (queues: number, machine: string) => {
    const { run } = await analyzeText(
      `kernel: "6.1"\nhpet: off\ncmdline: "nvme.poll_queues=${queues} ${machine}\ndevices: [{ name: nvme, driver: nvme, queues: 8 }]\n`,
    );
    const map = run.devices[0].maps.find(({ type }) => type === 'poll');
    return map?.entries.map(
      ({ queue, cpus, fallback }) => `${queue - map.first}: ${cpus}${fallback ? '!' : ''}`,
    );
  };

  test.each([
    ['a queue for each', 4, '"\ntopology: { cores: 4 }', ['0: 0', '1: 1', '2: 2', '3: 3']],
    ['fewer queues', 3, '"\ntopology: { cores: 4 }', ['0: 0,3', '1: 1', '2: 2']],
    [
      'a core whose first thread has a queue',
      3,
      '"\ntopology: { cores: 2, threads: 2 }',
      ['0: 0', '1: 1', '2: 2-3'],
    ],
    ['a core without a queue', 2, '"\ntopology: { cores: 2, threads: 2 }', ['0: 0,2-3', '1: 1']],
    [
      'a thread that is offline has no core',
      2,
      'maxcpus=3"\ntopology: { cores: 2, threads: 2 }',
      ['0: 0,2', '1: 1,3'],
    ],
    [
      'present ones first',
      3,
      '"\ncpus: [{ apicId: 0 }, { apicId: 1, state: absent }, { apicId: 2 }]',
      ['0: 0', '1: 1', '2: 2'],
    ],
    ['more queues than present CPUs', 3, '"\ntopology: { cores: 4, present: 2 }', ['0: 0,3', '1: 1', '2: 2']],
  ])('%s: %i queues', async (_, queues, machine, expected) => {
    expect(await polled(queues, machine)).toEqual(expected);
  });
});

describe('a device without a mask for each queue', () => {
  const mapsOf = async (kernel: string, device: string, more = '') => {
    const { run } = await analyzeText(
      `kernel: "${kernel}"\nhpet: off\ntopology: { cores: 4 }\n${more}devices: [{ name: dev, ${device} }]\n`,
    );
    return run.devices[0].maps.map(
      ({ type, first, queues, entries }) =>
        `${type} ${first}+${queues} ${entries.map(({ queue, cpus, fallback }) => `${queue}: ${cpus}${fallback ? '!' : ''}`).join(' ')}`,
    );
  };

  test.each([
    ['6.2', ['default 0+2 0: 0,2 1: 1,3']],
    ['6.12', ['default 0+2 0: 0-1 1: 2-3']],
  ])('%s: one line for two queues', async (kernel, maps) => {
    expect(await mapsOf(kernel, 'driver: nvme, queues: 2', 'cmdline: pci=nomsi\n')).toEqual(maps);
  });

  test('one shared vector', async () => {
    expect(await mapsOf('6.12', 'driver: virtio-blk, queues: 2, vectors: 2')).toEqual([
      'default 0+2 0: 0-1 1: 2-3',
    ]);
  });

  test('managed vectors of any driver have a map, others none', async () => {
    expect(await mapsOf('6.12', 'driver: generic, managed: true, vectors: 2')).toEqual([
      'default 0+2 0: 0-1 1: 2-3',
    ]);
    expect(await mapsOf('6.12', 'driver: generic, managed: false, vectors: 2')).toEqual([]);
  });

  test('more queues than CPUs: those behind take none', async () => {
    expect(
      await mapsOf('6.12', 'driver: nvme, queues: 8', 'cmdline: "pci=nomsi nvme.write_queues=4"\n'),
    ).toHaveLength(2);
  });
});

test('two disks of one kind and one of another: each has the maps of its own queues', async () => {
  const { run } = await analyzeText(`kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices:
  - { name: a, driver: nvme, queues: 4 }
  - { name: b, driver: nvme, queues: 4 }
  - { name: c, driver: nvme, queues: 2 }
  - { name: d, driver: virtio-blk, queues: 4 }
  - { name: e, driver: virtio-blk, queues: 4, vectors: 2 }
`);
  const lists = run.devices.map(({ maps: [{ entries }] }) => entries.map(({ cpus }) => `${cpus}`));
  const four = ['0', '1', '2', '3'];
  expect(lists).toEqual([four, four, ['0-1', '2-3'], four, four]);
  // What is alike is one thing in memory.
  expect(run.devices[1].maps[0].entries).toBe(run.devices[0].maps[0].entries);
});

const APART = (policy: string, rest = '') => `
kernel: "6.12"
cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }, { apicId: "0x100-0x101", node: 0 }]
devices: [{ name: nvme, driver: nvme, queues: 4 }]
policy: ${policy}
${rest}`;

describe('CPUs in no mask', () => {
  test.each(['P3', 'P4'])('%s: they stay with queue 0', async (policy) => {
    const { run } = await analyzeText(APART(policy));
    const [map] = run.devices[0].maps;
    expect(
      map.entries.filter(({ fallback }) => fallback).map(({ queue, cpus }) => [queue, `${cpus}`]),
    ).toEqual([[0, '4-5']]);
  });

  test('reads too, although queue 0 is a queue for writes', async () => {
    const { run } = await analyzeText(APART('P3', 'cmdline: nvme.write_queues=2\n'));
    expect(run.devices[0].maps.map(({ entries }) => entries.find(({ fallback }) => fallback)?.queue)).toEqual(
      [0, 0],
    );
  });

  test.each(['P0', 'P2', 'P5'])('%s: every possible CPU is in a mask', async (policy) => {
    const { run } = await analyzeText(APART(policy));
    expect(run.devices[0].maps[0].entries.some(({ fallback }) => fallback)).toBe(false);
  });

  test('without managed interrupts there is no map', async () => {
    const { run } = await analyzeText(
      APART('P3').replace(/devices: .*/, 'devices: [{ name: nic, driver: virtio-net, queues: 2 }]'),
    );
    expect(run.devices[0].maps).toEqual([]);
  });
});

describe('I/O hangs', () => {
  const hangs = ({ run }: Analysis) =>
    run.hangs.map(({ device, queue, cpus, from, until }) => `${device}:${queue} ${cpus} ${from}-${until}`);
  const rules = ({ findings }: Analysis) => findings.map(({ rule }) => rule);

  test.each(['P3', 'P4'])('%s: of the CPUs of queue 0 when its interrupt stops', async (policy) => {
    const analysis = await analyzeText(APART(policy, 'events: [{ offline: 2 }]\n'));
    expect(hangs(analysis)).toEqual(['nvme:0 4-5 1-null']);
    expect(analysis.run.devices[0].queues[0].health).toBe('dead');
    expect(rules(analysis)).toContain('policy-io-hangs');
    expect(analysis.run.events[0].changes).toContain('I/O of CPUs 4-5 to nvme queue 0 hangs');
  });

  test('for a time: found with the events that begin and end it', async () => {
    const analysis = await analyzeText(
      APART('P3', 'events: [{ offline: 2 }, { offline: 3 }, { online: 2 }]\n'),
    );
    expect(hangs(analysis)).toEqual(['nvme:0 4-5 1-3']);
    const found = analysis.findings.find(({ rule }) => rule === 'policy-io-hangs');
    expect(found?.level).toBe('error');
    expect(found?.message).toContain('from event 1 (offline CPU 2) to event 3 (online CPU 2)');
  });

  test('not when the CPUs that use the queue have gone before', async () => {
    const analysis = await analyzeText(APART('P3', 'events: [{ offline: "4-5" }, { offline: 2 }]\n'));
    expect(hangs(analysis)).toEqual([]);
    expect(analysis.run.devices[0].queues[0].health).not.toBe('dead');
  });

  test('from boot on under P2', async () => {
    expect(hangs(await analyzeText(APART('P2')))).toEqual(['nvme:2 4 0-null', 'nvme:3 5 0-null']);
  });

  test('never where requests are redirected', async () => {
    expect(hangs(await analyzeText(APART('P5', 'events: [{ offline: 2 }, { offline: 3 }]\n')))).toEqual([]);
  });
});

test('P5 redirects reads to queues for reads only', async () => {
  const text = APART('P5', 'cmdline: nvme.write_queues=2\n').replace('queues: 4', 'queues: 8');
  const { run } = await analyzeText(text);
  const [, read] = run.devices[0].maps;
  for (const { index, redirectedTo } of run.devices[0].queues) {
    if (redirectedTo !== undefined) expect(redirectedTo >= read.first).toBe(index >= read.first);
  }
});
