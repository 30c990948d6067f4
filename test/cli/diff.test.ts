/** `irqsim diff`, as a user runs it. */
import { describe, expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const BEFORE = scratchFile(
  'before.yaml',
  'remapping: on\ncpus: [{ apicId: "0-7" }]\ndevices:\n  - { name: nvme, driver: nvme, queues: 8 }\n  - { name: nic, driver: generic, managed: false, vectors: 4 }\n',
);
const AFTER = scratchFile(
  'after.yaml',
  'remapping: on\ncpus: [{ apicId: "0-1" }, { apicId: "4-7" }, { apicId: "2-3" }]\ndevices:\n  - { name: nvme, driver: nvme, queues: 6 }\n  - { name: hba, driver: generic, managed: true, vectors: 4 }\n',
);
const LOW = 'scenarios/six-cpus-native-6.12.yaml';
const REMAPPED = 'scenarios/six-cpus-remapped-6.12.yaml';

/** Virtual machines of KubeVirt in one file. */
const guests = (file: string, machines: Readonly<Record<string, number>>): string =>
  scratchFile(
    file,
    Object.entries(machines)
      .map(
        ([name, sockets]) =>
          `kind: VirtualMachine\napiVersion: kubevirt.io/v1\nmetadata: { name: ${name} }\nspec: { template: { spec: { domain: { cpu: { sockets: ${sockets} }, devices: {} } } } }\n`,
      )
      .join('---\n'),
  );

describe('diff', () => {
  test('two descriptions: devices and queues that came and went, CPUs by APIC ID', async () => {
    const { code, out } = await irqsim(['diff', BEFORE, AFTER, '--width', '160']);
    expect(code).toBe(0);
    expect(out).toContain(`before  ${BEFORE}\nafter   ${AFTER}\n`);
    expect(out).toContain(
      'CPU 2 is APIC ID 2 before and 4 after: 6 CPUs renumbered, so CPUs are compared by APIC ID',
    );
    expect(out).toMatch(/^~ nvme vectors +9\/9 +7\/7$/m);
    expect(out).toContain('queues 6-7: removed, was healthy');
    expect(out).toMatch(/^- nic +generic, 4 healthy +-$/m);
    expect(out).toMatch(/^\+ hba +- +generic, 4 healthy$/m);
  });

  test('an input and itself, the other one from standard input', async () => {
    const { code, out } = await irqsim(['diff', BEFORE, BEFORE]);
    expect([code, out]).toEqual([0, `PASS → PASS  nothing differs\nbefore  ${BEFORE}\nafter   ${BEFORE}\n`]);
    const input = 'remapping: on\ncpus: [{ apicId: "0-7" }]\n';
    expect((await irqsim(['diff', '-', BEFORE], { input })).out).toContain('before  standard input\n');
  });

  test('swapping the inputs swaps what is gained and lost, and the exit code', async () => {
    const better = await irqsim(['diff', LOW, REMAPPED]);
    expect(better.code).toBe(0);
    expect(better.out).toContain('FAIL → PASS  3 CPUs gained; 3 findings gone');
    const worse = await irqsim(['diff', REMAPPED, LOW]);
    expect(worse.code).toBe(1);
    expect(worse.out).toContain('PASS → FAIL  3 CPUs lost; 3 new findings');
    expect(worse.out).toContain('lost 3-5 (3); after: APIC ID above the limit 254');
  });

  test('inputs of different kinds', async () => {
    const { code, out } = await irqsim([
      ...['diff', 'scenarios/imported/qemu-288-vcpus.sh', 'scenarios/imported/kubevirt-64-vcpus.yaml'],
      ...['--stack', 'kubevirt=1.4', '--format', 'json'],
    ]);
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report.lost).toEqual({ cpus: 80, queues: 24, devices: 2 });
    expect(report.devices.map(({ name }: { name: string }) => name)).toEqual([
      'blk0',
      'nic0',
      'root',
      'data',
      'default',
    ]);
  });

  test('options change both sides, and expectations do not count then', async () => {
    const { code, out } = await irqsim(['diff', LOW, REMAPPED, '--kernel', '5.10', '--set', 'cpus.0.node=0']);
    expect(code).toBe(0);
    expect(out).toContain(`before  ${LOW} with --set cpus.0.node=0 --kernel 5.10\n`);
    expect(out).not.toContain('expectation');
  });

  test('an expectation that the second input does not meet is a new finding', async () => {
    const file = scratchFile('unmet.yaml', 'topology: { sockets: 4 }\nexpect: { online: "0-7" }\n');
    const same = scratchFile('met.yaml', 'topology: { sockets: 4 }\n');
    const { code, out } = await irqsim(['diff', same, file]);
    expect(code).toBe(1);
    expect(out).toMatch(/^\+ expectation +- +error$/m);
    expect(out).toContain(`at ${file}:2:19`);
  });
});

describe('inputs with several machines', () => {
  /** KubeVirt 1.4 makes four times the sockets possible, and its libvirt refuses more than 255 vCPUs. */
  const OLD = ['--stack', 'kubevirt=1.4'];
  const ONE = guests('one.yaml', { web: 4, db: 8, old: 2 });
  const TWO = guests('two-more.yaml', { db: 8, web: 4, new: 70 });

  test('are paired by name; those without partner are said', async () => {
    const { code, out } = await irqsim(['diff', ONE, TWO, ...OLD, '--width', '160']);
    expect(out).toContain(`PASS → PASS  nothing differs\nbefore  ${ONE} (web)\nafter   ${TWO} (web)\n`);
    expect(out).toContain(`before  ${ONE} (db)\nafter   ${TWO} (db)\n`);
    expect(out).toMatch(/^PASS {2}only before: all 2 plugged CPUs reachable/m);
    expect(out).toMatch(/^FAIL {2}only after: libvirt/m);
    // The machine that is only after has an error that was not there before.
    expect(code).toBe(1);
    expect((await irqsim(['diff', TWO, ONE, ...OLD])).code).toBe(0);
  });

  test('with --quiet are a line each', async () => {
    expect((await irqsim(['diff', ONE, TWO, ...OLD, '--quiet'])).out.trimEnd().split('\n')).toEqual([
      `PASS → PASS  ${TWO} (web): nothing differs`,
      expect.stringContaining(`${TWO} (db): `),
      `PASS  ${ONE} (old): only before`,
      `FAIL  ${TWO} (new): only after`,
    ]);
  });

  test('as JSON are an array, a missing side is null', async () => {
    const pairs: { before: object | null; after: object | null }[] = JSON.parse(
      (await irqsim(['diff', ONE, TWO, '--format', 'json'])).out,
    );
    expect(pairs.map(({ before, after }) => [before !== null, after !== null])).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [false, true],
    ]);
  });

  test('two single machines are a pair, whatever their names', async () => {
    const [web, db] = [guests('web.yaml', { web: 4 }), guests('db.yaml', { db: 4 })];
    expect((await irqsim(['diff', web, db])).out).toContain('nothing differs');
  });
});

test('bad usage and bad input are one message and exit code 2', async () => {
  const cases = [
    [['diff', '-', '-'], 'irqsim: diff: only one of the inputs can be standard input'],
    [['diff', BEFORE], "missing required argument 'after'"],
    [['diff', BEFORE, 'nowhere.yaml'], 'nowhere.yaml:1:1: no such file'],
    [['diff', 'nowhere.yaml', AFTER], 'nowhere.yaml:1:1: no such file'],
    [['diff', BEFORE, AFTER, '--from', 'word'], '--from word: no such kind'],
    [['diff', BEFORE, AFTER, '--format', 'csv'], 'Allowed choices are text, json, markdown'],
  ] as const;
  for (const [args, message] of cases) {
    const { code, out, err } = await irqsim(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  }
});

test('markdown keeps names with signs of its own literal', async () => {
  const file = scratchFile('a|b.yaml', 'topology: { sockets: 4 }\ncmdline: "a|b *c* nr_cpus=2"\n');
  const { out } = await irqsim(['diff', BEFORE, file, '--format', 'markdown']);
  expect(out).toContain('a\\|b \\*c\\* nr_cpus=2');
  for (const line of out.split('\n').filter((one) => one.startsWith('| `'))) {
    expect(line.replaceAll('\\|', '').split('|')).toHaveLength(6);
  }
});
