/** `irqsim irqs` as a user runs it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const MIXED = scratchFile(
  'irqs-mixed.yaml',
  `kernel: "6.12"
topology: { cores: 8 }
cmdline: isolcpus=managed_irq,domain,6-7
devices:
  - { name: disk, driver: nvme, queues: 8, vectors: 9 }
  - { name: nic, driver: generic, managed: false, vectors: 4 }
`,
);

interface Row {
  readonly irq: number;
  readonly device: string;
  readonly queue: number | null;
  readonly managed: boolean;
  readonly movable: boolean;
  readonly errno: number | null;
  readonly effective: number;
  readonly isolated: boolean;
  readonly online: boolean;
  readonly reachable: boolean;
}

async function rows(...args: string[]): Promise<Row[]> {
  const { out } = await irqsim(['irqs', '--format', 'json', '--fail-on', 'never', ...args]);
  return JSON.parse(out).interrupts;
}

test('the errno of a managed interrupt is that of the kernel, others take the write', async () => {
  for (const [kernel, errno] of [
    ['5.10', 5],
    ['6.11', 5],
    ['6.12', 1],
    ['7.0', 1],
  ] as const) {
    const all = await rows('--kernel', kernel, MIXED);
    expect(all).toHaveLength(13);
    for (const row of all) {
      expect(row.errno).toBe(row.managed ? errno : null);
      expect(row.movable).toBe(!row.managed);
    }
  }
});

test('--movable: the admin interrupt of nvme and all of the network card', async () => {
  const movable = await rows('--movable', MIXED);
  expect(movable.map(({ device, queue }) => [device, queue])).toEqual([
    ['disk', null],
    ['nic', 0],
    ['nic', 1],
    ['nic', 2],
    ['nic', 3],
  ]);
});

test('each interrupt once, ascending; isolation is that of its CPU', async () => {
  const all = await rows(MIXED);
  const numbers = all.map(({ irq }) => irq);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  for (const row of all) expect(row.isolated).toBe(row.effective >= 6);
  expect(all.some(({ isolated }) => isolated)).toBe(true);
  for (const row of await rows('--set', 'cmdline=', MIXED)) expect(row.isolated).toBe(false);
});

test('an interrupt that queues share is one row and of no single queue', async () => {
  const all = await rows('--set', 'cmdline=pci=nomsi', MIXED);
  expect(all.map(({ device, queue, managed }) => [device, queue, managed])).toEqual([
    ['disk', expect.toSatisfy((queue) => queue === null || queue === 0), false],
    ['nic', expect.toSatisfy((queue) => queue === null || queue === 0), false],
  ]);
});

describe('forms', () => {
  test('JSON begins as every document does', async () => {
    const { out } = await irqsim(['irqs', '--format', 'json', '--fail-on', 'never', MIXED]);
    expect(Object.keys(JSON.parse(out))).toEqual(['schemaVersion', 'tool', 'machine', 'interrupts']);
  });

  test('JSON is as irqsim schema irqs says', async () => {
    const schema = JSON.parse((await irqsim(['schema', 'irqs'])).out);
    const check = new Ajv2020({ allErrors: true }).compile(schema);
    const { out } = await irqsim(['irqs', '--format', 'json', '--fail-on', 'never', MIXED]);
    check(JSON.parse(out));
    expect(check.errors ?? []).toEqual([]);
    const documented = Object.keys(schema.properties.interrupts.items.properties);
    expect(Object.keys(JSON.parse(out).interrupts[0]).sort()).toEqual(documented.sort());
  });

  test('text joins interrupts that follow each other and says what a write gives', async () => {
    const { out } = await irqsim(['irqs', '--fail-on', 'never', MIXED]);
    expect(out).toContain('13 interrupts on Linux 6.12, 5 movable.');
    expect(out).toMatch(/disk +0-5 +0-5 +0-5 +yes +EPERM/);
    expect(out).not.toContain('\u001b');
  });

  test('a long list of CPUs is counted', async () => {
    const many = scratchFile(
      'irqs-many.yaml',
      'topology: { cores: 120, threads: 2 }\ndevices:\n  - { name: d, driver: nvme, queues: 64, vectors: 65 }\n',
    );
    const { out } = await irqsim(['irqs', '--fail-on', 'never', many]);
    expect(out).toMatch(/0-63 +0-239 +64 CPUs in \d+-239 +yes/);
  });

  test('Markdown, and a machine without devices', async () => {
    const { out } = await irqsim(['irqs', '--format', 'markdown', '--fail-on', 'never', MIXED]);
    expect(out).toContain('| irq | device |');
    const bare = scratchFile('irqs-bare.yaml', 'topology: { cores: 2 }\n');
    expect(await irqsim(['irqs', bare])).toMatchObject({ code: 0 });
    expect((await irqsim(['irqs', '--movable', bare])).out).toContain(
      'No interrupt of a device can be moved',
    );
  });
});

describe('room for what is moved', () => {
  const full = scratchFile(
    'irqs-full.yaml',
    `kernel: "6.12"
topology: { cores: 3 }
remapping: on
devices:
  - { name: bulk, driver: generic, vectors: 595 }
  - { name: nic, driver: generic, vectors: 4 }
`,
  );

  test('CPUs without a free vector take nothing: ENOSPC with remapping, without it the interrupt stays', async () => {
    // 603 vectors, one for the timer, 599 for the devices: three are left.
    const [row] = await rows(full);
    expect(row).toMatchObject({ movable: true, errno: null });
    const used = await rows('--set', 'devices.nic.vectors=7', full);
    expect(used.every(({ movable, errno }) => !movable && errno === 28)).toBe(true);
    const plain = await rows('--set', 'devices.nic.vectors=7', '--set', 'remapping=off', full);
    expect(plain.every(({ movable, errno }) => !movable && errno === null)).toBe(true);
    const { out } = await irqsim(['irqs', '--set', 'devices.nic.vectors=7', '--set', 'remapping=off', full]);
    expect(out).toContain('taken, and it stays: no free vector there');
  });

  test('--to asks for the CPUs that are named', async () => {
    expect((await rows('--to', '6-7', MIXED)).filter(({ movable }) => movable)).toHaveLength(5);
    expect((await rows('--movable', '--to', '0', '--event', 'offline=5', MIXED)).length).toBe(5);
    const gone = await rows('--to', '5', '--event', 'offline=5', MIXED);
    expect(gone.filter(({ managed }) => !managed).every(({ errno }) => errno === 22)).toBe(true);
    for (const wrong of ['9', 'all', '3-1', ''])
      expect((await irqsim(['irqs', '--to', wrong, MIXED])).code, wrong).toBe(2);
  });
});

test('exit codes: findings 1, bad usage and input 2', async () => {
  expect((await irqsim(['irqs', 'scenarios/384-of-512-vcpus.yaml'])).code).toBe(1);
  expect((await irqsim(['irqs', 'nowhere.yaml'])).code).toBe(2);
  expect((await irqsim(['irqs', '--format', 'csv', MIXED])).code).toBe(2);
  expect((await irqsim(['irqs', '--kernel', '5.10,6.12', MIXED])).code).toBe(2);
});
