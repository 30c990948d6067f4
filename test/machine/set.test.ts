import { expect, test } from 'vitest';
import { InputError } from '../../src/machine/locate.ts';
import { applySet, applySets } from '../../src/machine/set.ts';
import { errors, machine } from './helpers.ts';

const BASE = {
  cmdline: 'quiet',
  cpus: [{ apicId: '0-3' }],
  devices: [
    { name: 'nvme0', driver: 'nvme', queues: 2 },
    { name: 'disk', driver: 'nvme', count: 4 },
  ],
};

function set(...assignments: string[]): unknown {
  return applySets({ value: BASE, locate: () => undefined }, assignments).value;
}

function failure(assignment: string): string {
  try {
    set(assignment);
  } catch (error) {
    if (error instanceof InputError) return error.format();
    throw error;
  }
  throw new Error('accepted');
}

test('sets values by number, by name and at the top', () => {
  expect(set('devices.nvme0.queues=4')).toMatchObject({ devices: [{ queues: 4 }, {}] });
  expect(set('devices.1.count=2')).toMatchObject({ devices: [{ queues: 2 }, { count: 2 }] });
  expect(set('kernel=6.10')).toMatchObject({ kernel: '6.10' });
  expect(set('hpet=off', 'extDestId=true')).toMatchObject({ hpet: 'off', extDestId: 'true' });
  expect(set('topology.cores=4')).toMatchObject({ topology: { cores: 4 } });
  expect(set('devices.2={"name":"x","driver":"nvme"}')).toMatchObject({ devices: [{}, {}, { name: 'x' }] });
  expect(set('cmdline=a=b c')).toMatchObject({ cmdline: 'a=b c' });
  expect(set('cmdline="7"')).toMatchObject({ cmdline: '7' });
  expect(set('events=[{"offline":1}]')).toMatchObject({ events: [{ offline: 1 }] });
  expect(set('events.0.offline=1')).toMatchObject({ events: [{ offline: 1 }] });
});

test('+= adds to texts and lists', () => {
  expect(set('cmdline+=nr_cpus=4', 'cmdline+=2')).toMatchObject({ cmdline: 'quiet nr_cpus=4 2' });
  expect(set('events+={"offline":1}', 'events+=[{"online":1}]')).toMatchObject({
    events: [{ offline: 1 }, { online: 1 }],
  });
  expect(set('name+=x')).toMatchObject({ name: 'x' });
});

test('one device of a group is written out', () => {
  const opened = set('devices.disk2.queues=7') as { devices: unknown[] };
  expect(opened.devices).toEqual([
    { name: 'nvme0', driver: 'nvme', queues: 2 },
    { name: 'disk0', driver: 'nvme' },
    { name: 'disk1', driver: 'nvme' },
    { name: 'disk2', driver: 'nvme', queues: 7 },
    { name: 'disk3', driver: 'nvme' },
  ]);
  expect(failure('devices.disk4.queues=7')).toContain('there is no element named "disk4"');
  expect(failure('devices.disk01.queues=7')).toContain('there is no element named "disk01"');
});

test('what was written keeps its place when a group is written out', () => {
  const place = (path: readonly (string | number)[]) => ({ file: path.join('.'), line: 1, column: 1 });
  const value = { devices: [{ name: 'a1', count: 3 }, { name: 'b' }, { name: 'c' }] };
  const { locate } = applySets({ value, locate: place }, ['devices.a11.queues=2', 'devices.b.node=1']);
  const files = (...paths: (string | number)[][]) => paths.map((path) => locate(path)?.file);
  expect(
    files(['devices', 0, 'queues'], ['devices', 1, 'name'], ['devices', 2], ['devices', 3, 'name']),
  ).toEqual(['devices.0.queues', 'devices.0.name', 'devices.0', 'devices.1.name']);
  expect(files(['devices', 1, 'queues'], ['devices', 3, 'node'], ['devices', 4], ['kernel'])).toEqual([
    '--set devices.a11.queues=2',
    '--set devices.b.node=1',
    'devices.2',
    'kernel',
  ]);
});

test('the original is not changed', () => {
  const before = JSON.stringify(BASE);
  set('devices.0.queues=9', 'cmdline+=x', 'cpus+={"apicId":9}');
  expect(JSON.stringify(BASE)).toBe(before);
});

test.each([
  ['kernel', 'expected KEY=VALUE'],
  ['=4', 'expected a dotted key such as devices.nvme.queues'],
  ['a..b=4', 'expected a dotted key such as devices.nvme.queues'],
  ['__proto__.x=4', 'unknown key "__proto__"'],
  ['devices.constructor=4', 'unknown key "constructor"'],
  ['devices.0.prototype.x=4', 'unknown key "prototype"'],
  ['devices.nvme1.queues=4', 'there is no element named "nvme1", did you mean "nvme0"?'],
  ['devices.9.queues=4', 'there is no element 9: the list has 2'],
  ['cmdline.x=4', 'cmdline is not a mapping or a list, so it has no "x"'],
  ['devices.0.queues+=4', '+= adds to a text or a list only'],
  ['hpet={x}', '"{x}" is not valid JSON'],
])('refuses %s', (assignment, message) => {
  expect(failure(assignment)).toBe(`--set ${assignment}: ${message}`);
});

test('later errors about a set value are located at the --set, others in the file', async () => {
  const text = 'cpus: [{ apicId: 0-1 }]\ndevices: [{ name: nvme0, driver: nvme, quues: 1 }]\n';
  expect(await errors(text, ['devices.nvme0.queues=many'])).toEqual([
    '--set devices.nvme0.queues=many: devices[0].queues: expected a whole number from 1 to 65535, found "many"',
    'm.yaml:2:40: unknown key "quues" in devices[0], did you mean "queues"?',
  ]);
});

test('an anchor shared by two devices changes in one place only', async () => {
  const text =
    'cpus: [{apicId: 0}]\ndevices: [{name: a, driver: nvme, count: 2}]\nexpect: {queues: &q {dead: 0}}\n';
  const m = await machine(text, ['expect.queues.dead=3']);
  expect(m.expect?.queues?.dead).toBe(3);
  expect(m.locate(['expect', 'queues', 'dead'])?.file).toBe('--set expect.queues.dead=3');
  expect(m.locate(['devices', 0])?.line).toBe(2);
});

test('the last of several wins', () => {
  const raw = { value: {}, locate: () => undefined };
  const twice = applySet(applySet(raw, 'smt=2'), 'smt=4');
  expect(twice.value).toEqual({ smt: 4 });
  expect(twice.locate(['smt'])?.file).toBe('--set smt=4');
});

test('a switch that has a long form takes keys below it', () => {
  const on = (value: unknown, ...assignments: string[]) =>
    applySets({ value: { remapping: value, hpet: value }, locate: () => undefined }, assignments).value;
  expect(on('on', 'remapping.eim=false', 'hpet.msi=on')).toEqual({
    remapping: { enabled: 'on', eim: 'false' },
    hpet: { present: 'on', msi: 'on' },
  });
  expect(on(true, 'remapping.vendor=amd')).toMatchObject({ remapping: { enabled: true, vendor: 'amd' } });
});
