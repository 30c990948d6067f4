/** `irqsim budget` as a user runs it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const NICS = scratchFile(
  'budget-nics.yaml',
  `kernel: "6.12"
topology: { sockets: 4, cores: 60, threads: 2, nodes: 4 }
remapping: on
devices:
  - { name: nic, driver: generic, count: 4, vectors: 64 }
`,
);
const FULL = scratchFile(
  'budget-full.yaml',
  `kernel: "6.12"
topology: { cores: 4 }
devices:
  - { name: disk, driver: nvme, count: 203, queues: 4 }
`,
);

const known = new Map<string, ReturnType<typeof irqsim>>();

/** What is asked for again is asked once: an account of 480 CPUs takes long. */
async function answer(...args: string[]) {
  const key = args.join('\0');
  const outcome = known.get(key) ?? irqsim(['budget', '--format', 'json', '--fail-on', 'never', ...args]);
  known.set(key, outcome);
  return JSON.parse((await outcome).out);
}

const schemaOf = async () => JSON.parse((await irqsim(['schema', 'budget'])).out);

/** The schema with every object closed. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return copy.type === 'object' && copy.properties ? { ...copy, additionalProperties: false } : copy;
}

test('four cards of 64 vectors on 480 CPUs: what is left, what fits, and why the machine cannot sleep', async () => {
  const budget = await answer(NICS);
  expect(budget.layout).toEqual({ vectors: 256, system: 55, capacity: 201 });
  expect(budget.perCpu).toEqual([
    {
      cpus: '0-256',
      online: true,
      usable: true,
      capacity: 201,
      managed: 0,
      managedInUse: 0,
      other: 1,
      free: 200,
    },
    {
      cpus: '257-479',
      online: true,
      usable: true,
      capacity: 201,
      managed: 0,
      managedInUse: 0,
      other: 0,
      free: 201,
    },
  ]);
  expect(
    budget.devices.map(({ name, asked, granted, freeAfter }: Record<string, unknown>) => [
      name,
      asked,
      granted,
      freeAfter,
    ]),
  ).toEqual([
    ['nic0', 64, 64, { lowestCpu: 200, cpu: 0, total: 96_415 }],
    ['nic1', 64, 64, { lowestCpu: 200, cpu: 0, total: 96_351 }],
    ['nic2', 64, 64, { lowestCpu: 200, cpu: 0, total: 96_287 }],
    ['nic3', 64, 64, { lowestCpu: 200, cpu: 0, total: 96_223 }],
  ]);
  // 96,223 / 64; 257 interrupts fit on two CPUs and not on one.
  expect(budget).toMatchObject({
    exhaustedBy: null,
    fits: [{ name: 'nic', more: 1503 }],
    offlineAtMost: 478,
  });
  expect(budget.suspend).toBe('refused');
  expect(budget.offline).toMatchObject({ exact: true, mayLeave: 479, mustStay: 257 });
  expect(budget.offline.confirmed.refusedAt).toBeNull();
  expect(budget.offline.refused).toMatchObject({ errno: 28, cpus: '1-479' });
});

test('who runs out, and what it falls back to', async () => {
  const budget = await answer(FULL);
  expect(budget.exhaustedBy).toBe('disk160');
  expect(budget.devices[160]).toMatchObject({ asked: 5, shortOf: true });
  expect(budget.devices[160].granted).toBeLessThan(5);
  const { out } = await irqsim(['budget', '--fail-on', 'never', FULL]);
  expect(out).toContain('SHORT');
  expect(out).toContain('disk160 is the first for which vectors ran out');
  expect(out).toMatch(/disk0 \.\. disk159 \(160\)/);
});

test('--fit asks for devices that nobody described', async () => {
  const budget = await answer('--fit', '9', '--fit', '64', NICS);
  expect(budget.fits.map(({ name, asks, count }: Record<string, unknown>) => [name, asks, count])).toEqual([
    ['nic', 64, 4],
    ['9-vector device', 9, 0],
    ['64-vector device', 64, 0],
  ]);
  expect(budget.fits[2].more).toBe(1503);
  expect((await irqsim(['budget', '--fit', '0', NICS])).code).toBe(2);
  expect((await irqsim(['budget', '--fit', '2049', NICS])).code).toBe(2);
});

test('isolcpus keeps one of its housekeeping CPUs, whatever room there is', async () => {
  const quiet = [
    '--set',
    'devices=[]',
    '--set',
    'topology.sockets=1',
    '--set',
    'topology.cores=4',
    '--set',
    'topology.threads=1',
    '--set',
    'topology.nodes=1',
  ];
  const kept = await answer(...quiet, '--set', 'cmdline=isolcpus=0-1', NICS);
  expect(kept).toMatchObject({ offlineAtMost: 1, suspend: 'refused' });
  expect(kept.offline.refused).toMatchObject({ cpus: '2-3', errno: 16 });
  const crash = await answer(...quiet, '--set', 'cmdline=isolcpus=0-1', '--kernel', '7.3', NICS);
  expect(crash).toMatchObject({ offlineAtMost: 1, suspend: 'refused', suspended: { result: 'crashed' } });
  expect(await answer(...quiet, NICS)).toMatchObject({ offlineAtMost: 3, suspend: 'ok' });
});

test('CPUs that a policy has online and interrupts cannot use are no room', async () => {
  const { perCpu, devices, full } = await answer('--policy', 'P2', 'scenarios/four-cpus-two-queues.yaml');
  expect(perCpu.at(-1)).toMatchObject({ cpus: '2-3', online: true, usable: false });
  expect(devices[0].freeAfter.lowestCpu).toBeGreaterThan(190);
  expect(full).toBe('');
});

test('CPUs that never come online hold reservations; a kernel that panics has no account', async () => {
  const slots = scratchFile(
    'budget-slots.yaml',
    `kernel: "6.12"\ntopology: { sockets: 8, present: 2 }\ndevices: [{ name: disk, driver: nvme, queues: 8 }]\n`,
  );
  const { perCpu } = await answer(slots);
  expect(perCpu.at(-1)).toMatchObject({ cpus: '2-7', online: false, managed: 1, managedInUse: 0, free: 200 });
  const panics = scratchFile(
    'budget-panic.yaml',
    `kernel: "6.12"\ncpus: [{ apicId: 300 }, { apicId: 1 }]\nx2apic: locked\n`,
  );
  const dead = await answer(panics);
  if (dead.offlineAtMost === null) expect(dead).toMatchObject({ perCpu: [], devices: [], suspend: null });
});

describe('forms', () => {
  test('JSON is valid, and holds documented fields only', async () => {
    const strict = new Ajv2020({ allErrors: true }).compile(closed(await schemaOf()) as object);
    for (const args of [
      [NICS],
      [FULL],
      ['--policy', 'P2', 'scenarios/384-of-512-vcpus.yaml'],
      ['scenarios/vector-exhaustion.yaml'],
    ]) {
      strict(await answer(...args));
      expect(strict.errors ?? [], args.join(' ')).toEqual([]);
    }
  });

  test('text is in the width, Markdown has the same tables', async () => {
    const { out } = await irqsim(['budget', '--fail-on', 'never', '--width', '80', NICS]);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toContain('any 478 of 479 CPUs may go, in any order');
    const { out: markdown } = await irqsim(['budget', '--fail-on', 'never', '--format', 'markdown', NICS]);
    expect(markdown).toContain('| CPUs | state |');
  });
});

test('exit codes: findings 1, bad usage and input 2', async () => {
  expect((await irqsim(['budget', 'scenarios/possible-larger-than-present.yaml'])).code).toBe(0);
  expect((await irqsim(['budget', 'scenarios/384-of-512-vcpus.yaml'])).code).toBe(1);
  expect((await irqsim(['budget', 'nowhere.yaml'])).code).toBe(2);
  expect((await irqsim(['budget', '--format', 'csv', NICS])).code).toBe(2);
});
