/** What differs between two analyses: explicit pairs, and what holds for every pair. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { type Difference, differenceOf, nothingDiffers } from '../../../src/questions/whatif/difference.ts';
import { newFindings } from '../../../src/questions/whatif/findings.ts';
import { queueRuns } from '../../../src/questions/whatif/queues.ts';
import { analyzeText, readText } from '../../helpers.ts';

const FOLDER = new URL('../../../scenarios/', import.meta.url).pathname;

/** A scenario with changes; what it expects is left out. */
async function scenario(name: string, set: readonly string[] = []): Promise<Analysis> {
  const machine = await readText(readFileSync(join(FOLDER, name), 'utf8'), set, name);
  return analyze({ ...machine, expect: undefined });
}

async function whatif(name: string, ...set: string[]): Promise<Difference> {
  return differenceOf(await scenario(name), await scenario(name, set));
}

async function texts(before: string, after: string): Promise<Difference> {
  return differenceOf(await analyzeText(before), await analyzeText(after));
}

const rules = (findings: readonly { rule: string }[]) => findings.map(({ rule }) => rule);

describe('240 vCPUs of 5 cores', () => {
  const NAME = '240-vcpus-of-5-cores.yaml';

  test('with the extended ID: 80 CPUs and 24 queues come, all findings go', async () => {
    const difference = await whatif(NAME, 'extDestId=true');
    expect(difference.facets).toEqual([
      { name: 'extended ID used', before: 'no', after: 'yes' },
      { name: 'APIC ID limit', before: '255', after: '32767' },
      { name: 'limit of pci-msi, ioapic', before: '255', after: '32767' },
    ]);
    expect(difference.pairing).toMatchObject({ by: 'number', renumbered: null });
    expect(difference.sets.map(({ set }) => set)).toEqual(['online', 'reachable']);
    for (const { gained, lost } of difference.sets) {
      expect(gained).toMatchObject({
        count: 80,
        cpus: '160-239',
        because: ['APIC ID above the limit 255'],
      });
      expect(lost).toBeNull();
    }
    expect(difference.usable).toEqual({ gained: 80, lost: 0 });
    expect(difference.queues).toEqual({ gained: 24, lost: 0, started: 0, stopped: 0 });
    const [nvme, ...others] = difference.devices;
    expect(others).toEqual([]);
    const runs = queueRuns(nvme.queues, false);
    expect(runs).toHaveLength(1);
    expect(runs[0].map(({ index }) => index)).toEqual(Array.from({ length: 24 }, (_, n) => 40 + n));
    expect(runs[0][0]).toMatchObject({ health: true, state: true, mask: false, effective: true });
    expect(difference.vectors).toContainEqual({ name: 'vectors wasted', before: '80', after: '0' });
    expect(rules(difference.findings.gone)).toEqual([
      'apic-id-above-limit',
      'sparse-apic-ids',
      'queue-never-starts',
      'managed-vectors-wasted',
    ]);
    expect(difference.findings.came).toEqual([]);
  });

  test('as 30 sockets of 8: the IDs are dealt anew, so CPUs are compared by number', async () => {
    const difference = await whatif(NAME, 'topology.sockets=30', 'topology.cores=8');
    expect(difference.pairing.by).toBe('number');
    expect(difference.pairing.renumbered).toEqual({ count: 235, cpu: 5, before: 8, after: 5 });
    expect(difference.facets).toEqual([{ name: 'topology', before: '48 x 5 x 1', after: '30 x 8 x 1' }]);
    expect(difference.usable).toEqual({ gained: 80, lost: 0 });
  });

  test('a new kernel release alone is one facet', async () => {
    const difference = await whatif(NAME, 'kernel="6.1"');
    expect(difference.facets).toEqual([{ name: 'kernel', before: 'Linux 6.12', after: 'Linux 6.1' }]);
    expect(difference).toMatchObject({ sets: [], devices: [], vectors: [] });
    expect(nothingDiffers(difference)).toBe(false);
  });
});

describe('sets of CPUs', () => {
  test('CPUs that an event takes offline stop their queues', async () => {
    const { sets, queues, findings } = await whatif(
      'hotplug-16-cpus-8-events.yaml',
      'events+={"offline":"4-7"}',
    );
    expect(sets).toHaveLength(1);
    expect(sets[0]).toMatchObject({
      set: 'online',
      gained: null,
      lost: { count: 4, cpus: '4-7', because: ['taken offline by an event'] },
    });
    expect(queues).toEqual({ gained: 0, lost: 0, started: 0, stopped: 9 });
    expect(rules(findings.came)).toEqual(['queue-waits-for-cpus']);
  });

  test('a CPU that gets no number is lost with the reason of the kernel', async () => {
    const { sets } = await whatif('six-cpus-remapped-6.12.yaml', 'cmdline=nr_cpus=4');
    expect(sets.map(({ set, lost }) => [set, lost?.cpus, lost?.because])).toEqual(
      ['possible', 'present', 'online', 'reachable'].map((set) => [
        set,
        '4-5',
        ['the limit of 4 CPUs was reached before it'],
      ]),
    );
  });

  test('an ID that becomes known makes a CPU reachable', async () => {
    const { sets } = await whatif('one-present-of-128.yaml', 'events=[{"plug":{"apicId":1}}]');
    expect(sets.map(({ set, gained }) => [set, gained?.cpus, gained?.because])).toEqual([
      ['present', '1', ['not plugged']],
      ['reachable', '1', ['APIC ID not known']],
    ]);
  });

  test('a panic takes all CPUs offline', async () => {
    const [before, after] = ['platform: bare-metal\nremapping: on\n', 'platform: bare-metal\n'].map(
      (text) => `${text}x2apic: locked\ntopology: { sockets: 4 }\n`,
    );
    const { facets, sets } = await texts(before, after);
    expect(facets[0].name).toBe('kernel panic');
    expect(sets[0]).toMatchObject({ set: 'online', lost: { cpus: '0-3', because: ['the kernel panics'] } });
  });
});

describe('the same APIC IDs under other numbers', () => {
  const machine = (cpus: string) =>
    `remapping: on\ncpus: [${cpus}]\ndevices:\n  - { name: d, driver: generic, managed: true, vectors: 8 }\n`;
  const A = machine('{ apicId: "0-7" }');
  const B = machine('{ apicId: "0-1" }, { apicId: "4-7" }, { apicId: "2-3" }');

  test('are compared by ID: nothing is gained or lost', async () => {
    const difference = await texts(A, B);
    expect(difference.pairing.by).toBe('apic-id');
    expect(difference.pairing.renumbered).toEqual({ count: 6, cpu: 2, before: 2, after: 4 });
    expect([...difference.pairing.beforeOf]).toEqual([0, 1, 4, 5, 6, 7, 2, 3]);
    expect(difference.sets).toEqual([]);
    expect(difference.usable).toEqual({ gained: 0, lost: 0 });
    expect(nothingDiffers(difference)).toBe(false);
  });

  test('an ID that only one side has is lost, not the highest number', async () => {
    const { sets, pairing } = await texts(A, machine('{ apicId: "0-1" }, { apicId: "3-7" }'));
    expect(pairing.by).toBe('apic-id');
    expect(sets[0]).toMatchObject({
      set: 'possible',
      gained: null,
      lost: { count: 1, cpus: '2', apicIds: '2', because: ['firmware lists no such CPU'] },
    });
  });

  test('slots without ID are paired among themselves', async () => {
    const slots = '{ count: 4, state: absent }';
    const { sets } = await texts(
      `platform: kvm\n${machine(`{ apicId: "0-7" }, ${slots}`)}`,
      `platform: kvm\n${machine(`{ apicId: "0-1" }, { apicId: "3-7" }, ${slots}`)}`,
    );
    expect(sets.map(({ lost }) => lost?.apicIds)).toEqual(['2', '2', '2', '2']);
    expect(sets.every(({ gained }) => gained === null)).toBe(true);
  });
});

describe('devices', () => {
  const machine = (devices: string) => `topology: { sockets: 4 }\nremapping: on\ndevices: [${devices}]\n`;
  const nvme = (queues: number) => `{ name: nvme, driver: nvme, queues: ${queues} }`;
  const disk = '{ name: disk, driver: virtio-blk, queues: 2 }';

  test('come and go by name', async () => {
    const { devices, queues } = await texts(machine(nvme(4)), machine(disk));
    expect(devices.map(({ name, before, after }) => [name, before?.driver, after?.driver])).toEqual([
      ['nvme', 'nvme', undefined],
      ['disk', undefined, 'virtio-blk'],
    ]);
    expect(queues).toEqual({ gained: 2, lost: 4, started: 0, stopped: 0 });
  });

  test('in another order with the same interrupts do not differ', async () => {
    const quiet = '{ name: d, driver: generic, managed: true, vectors: 4 }';
    const other = '{ name: e, driver: generic, managed: true, vectors: 4 }';
    const { devices } = await texts(machine(`${quiet}, ${other}`), machine(`${other}, ${quiet}`));
    expect(devices).toEqual([]);
  });

  test('with fewer queues: the others have other masks, the last are gone', async () => {
    const { devices } = await texts(machine(nvme(4)), machine(nvme(2)));
    const [{ before, after, queues }] = devices;
    expect([before?.vectorsGranted, after?.vectorsGranted]).toEqual([5, 3]);
    expect(queues.map(({ index, mask, after: is }) => [index, mask, is?.affinity.toString()])).toEqual([
      [0, true, '0-1'],
      [1, true, '2-3'],
      [2, false, undefined],
      [3, false, undefined],
    ]);
    expect(queueRuns(queues, false).map((run) => run.length)).toEqual([2, 2]);
    expect(queueRuns(queues, true).map((run) => run.length)).toEqual([1, 1, 2]);
  });
});

describe('findings', () => {
  test('of one rule are matched by what they say, figures aside', async () => {
    const [refused, also] = ['events=[{"online":6},{"plug":{"apicId":200}}]', 'events=[{"online":6}]'];
    const before = await scenario('hotplug-above-the-limit.yaml', [refused]);
    const after = await scenario('hotplug-above-the-limit.yaml', [also]);
    const events = (analysis: Analysis) => analysis.findings.filter(({ rule }) => rule === 'event-refused');
    const { gone, came } = differenceOf(before, after).findings;
    expect(events(before).length).toBeGreaterThan(events(after).length);
    expect(gone.filter(({ rule }) => rule === 'event-refused').map(({ message }) => message)).toEqual(
      events(before)
        .map(({ message }) => message)
        .filter((message) => !events(after).some((event) => event.message === message)),
    );
    expect(rules(came)).not.toContain('event-refused');
  });

  test('that say other figures are changed, not new', async () => {
    const { findings } = await whatif(
      'one-present-of-128.yaml',
      'events=[{"plug":{"apicId":1}},{"online":1}]',
    );
    expect(findings.changed.map(({ after }) => after.rule)).toEqual(['unknown-cpus-in-masks']);
    expect(findings.came).toEqual([]);
    expect(newFindings(findings, 'note')).toEqual([]);
  });

  test('that are raised to the threshold are new to it', () => {
    const finding = { rule: 'r', message: 'm', cause: [], fix: [], devices: [], location: undefined };
    const changed = [
      { before: { ...finding, level: 'note' as const }, after: { ...finding, level: 'error' as const } },
    ];
    const findings = { gone: [], came: [{ ...finding, level: 'warning' as const }], changed };
    expect(newFindings(findings, 'error').map(({ level }) => level)).toEqual(['error']);
    expect(newFindings(findings, 'warning').map(({ level }) => level)).toEqual(['warning', 'error']);
    expect(newFindings(findings, 'note').map(({ level }) => level)).toEqual(['warning']);
  });
});

/** A difference as pairs of what is before and after; `swapped` turns them round. */
function sides(difference: Difference, swapped: boolean): object {
  const { facets, sets, usable, queues, devices, vectors, findings } = difference;
  const pair = <T>(before: T, after: T): readonly [T, T] => (swapped ? [after, before] : [before, after]);
  const facetPairs = (list: Difference['facets']) =>
    list.flatMap(({ name, before, after }) =>
      name
        .replace(/^limit of /, '')
        .split(', ')
        .map((one) => [one, ...pair(before, after)].join('|')),
    );
  return {
    facets: facetPairs(facets).sort(),
    vectors: facetPairs(vectors),
    sets: sets.map(({ set, gained, lost }) => [set, ...pair(gained, lost)]),
    usable: pair(usable.gained, usable.lost),
    queues: [...pair(queues.gained, queues.lost), ...pair(queues.started, queues.stopped)],
    devices: devices.map((one) => `${one.name} ${one.queues.length} ${one.interrupts.length}`).sort(),
    findings: pair(findings.gone, findings.came),
    changed: findings.changed
      .map(({ before, after }) => pair(before.message, after.message).join('|'))
      .sort(),
  };
}

function expectSymmetry(one: Analysis, two: Analysis): void {
  expect(nothingDiffers(differenceOf(one, one))).toBe(true);
  expect(sides(differenceOf(one, two), false)).toEqual(sides(differenceOf(two, one), true));
}

describe('every pair', () => {
  test('of scenarios: nothing differs from itself, and swapping swaps gained and lost', async () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.startsWith('vector'));
    const analyses = await Promise.all(names.map((name) => scenario(name)));
    for (const one of analyses) for (const two of analyses) expectSymmetry(one, two);
  });

  test('of small machines: the same', async () => {
    const machine = fc
      .record({
        kernel: fc.constantFrom('5.4', '5.15', '6.12'),
        platform: fc.constantFrom('kvm', 'bare-metal'),
        ids: fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 6 }),
        slots: fc.integer({ min: 0, max: 3 }),
        queues: fc.integer({ min: 1, max: 6 }),
        limit: fc.constantFrom('', 'nr_cpus=3', 'maxcpus=2'),
        extDestId: fc.boolean(),
      })
      .map(({ ids, slots, queues, limit, ...rest }) =>
        JSON.stringify({
          ...rest,
          cmdline: limit,
          cpus: [
            ...ids.map((apicId) => ({ apicId })),
            ...(slots > 0 ? [{ count: slots, state: 'absent' }] : []),
          ],
          devices: [{ name: 'd', driver: 'nvme', queues }],
        }),
      );
    await fc.assert(
      fc.asyncProperty(machine, machine, async (one, two) => {
        expectSymmetry(await analyzeText(one), await analyzeText(two));
      }),
      { numRuns: 60 },
    );
  });
});
