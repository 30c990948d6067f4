/** The engine of a page says what the command says, changes too; hostile inputs and questions get a line. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../src/web/answers.ts';
import { asOptions, changesOf } from '../../src/web/changes.ts';
import type { Reply, Shown } from '../../src/web/protocol.ts';
import { irqsim, ROOT } from '../cli/irqsim.ts';
import { SCENARIOS } from '../report/analyses.ts';

const FILE = 'scenarios/240-vcpus-of-5-cores.yaml';
const text = readFileSync(`${ROOT}/${FILE}`, 'utf8');
const VERSION = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')).version;

const shownOf = (reply: Reply): Shown => {
  if (reply.kind !== 'shown') throw new Error(JSON.stringify(reply));
  return reply;
};

const single = SCENARIOS.filter((file) => /^scenarios\/[^/]+$/.test(file));

test.each(single)('%s: the engine reports what the command reports', async (file) => {
  const ask = createEngine();
  const input = { text: readFileSync(`${ROOT}/${file}`, 'utf8'), file, changes: [] };
  const opened = await ask({ kind: 'open', input });
  const outcome = await irqsim([
    'analyze',
    '--format',
    'json',
    '--no-vectors',
    '--no-config',
    '--fail-on',
    'never',
    file,
  ]);
  const told = JSON.parse(outcome.out);
  expect(opened.kind).toBe('shown');
  const reply = await ask({ kind: 'json', version: VERSION });
  expect(JSON.parse(reply.kind === 'json' ? reply.text : 'null')).toEqual(
    Array.isArray(told) ? told[0] : told,
  );
});

describe('a machine that is changed', () => {
  test('says what differs, and is as it was once nothing is changed', async () => {
    const ask = createEngine();
    const before = shownOf(await ask({ kind: 'open', input: { text, file: FILE, changes: [] } }));
    expect(before).toMatchObject({ verdict: 'fail', difference: '' });
    const after = shownOf(await ask({ kind: 'vary', changes: ['remapping=on'] }));
    expect(after.verdict).toBe('pass');
    expect(after.difference).toContain('80 CPUs and 24 queues gained');
    expect(after.yaml).toMatch(/^remapping: "?on"?$/m);
    expect(shownOf(await ask({ kind: 'vary', changes: [] }))).toEqual(before);
  });

  test('keeps what belongs to it as given', async () => {
    const ask = createEngine();
    const input = { text, file: FILE, changes: ['--kernel 5.10'] };
    await ask({ kind: 'open', input });
    const { controls } = shownOf(await ask({ kind: 'vary', changes: ['hpet=on'] }));
    expect(controls.find(({ path }) => path === 'kernel')?.value).toBe('5.10');
  });

  test.each([
    ['topology.sockets=0', '--set topology.sockets=0: topology.sockets'],
    ['--kernel 1.0', '--kernel 1.0'],
    ['--event offline=900', '--event offline=900'],
  ])('%s: what cannot be is said, and the machine stays', async (change, said) => {
    const ask = createEngine();
    await ask({ kind: 'open', input: { text, file: FILE, changes: [] } });
    const reply = await ask({ kind: 'vary', changes: [change] });
    expect(reply).toMatchObject({ kind: 'problem', lines: [expect.stringContaining(said)] });
    expect((await ask({ kind: 'vary', changes: [] })).kind).toBe('shown');
  });
});

describe('a question', () => {
  test('about a CPU or queue is answered for the machine shown', async () => {
    const ask = createEngine();
    await ask({ kind: 'open', input: { text, file: FILE, changes: [] } });
    const html = async (about: string) => {
      const reply = await ask({ kind: 'why', about });
      return reply.kind === 'why' ? reply.html : '';
    };
    expect(await html('cpu 200')).toContain('above the limit 255');
    expect(await html('queue nvme:63')).toContain('nvme');
    expect(await html('cpu 999')).toContain('there is no CPU 999');
    await ask({ kind: 'vary', changes: ['remapping=on'] });
    expect(await html('cpu 200')).toContain('every device interrupt can reach it');
  });

  test('before a machine is open has no answer', async () => {
    expect(await createEngine()({ kind: 'vary', changes: [] })).toEqual({
      kind: 'problem',
      lines: ['no machine is open'],
    });
  });

  test('about an input that is none names the place', async () => {
    const ask = createEngine();
    const input = { text: 'topology: { sockets: -1 }\n', file: 'a.yaml', changes: [] };
    expect(await ask({ kind: 'open', input })).toMatchObject({
      kind: 'problem',
      lines: [expect.stringMatching(/^a\.yaml:1:\d+: /)],
    });
  });
});

describe('changes', () => {
  const controls = [
    { path: 'kernel', label: 'kernel', value: '6.12' },
    { path: 'remapping', label: 'interrupt remapping', value: 'off' },
  ];

  test('are what differs, as options that a shell takes', () => {
    const values = new Map([
      ['kernel', '5.10'],
      ['remapping', '{"enabled":true,"eim":false}'],
    ]);
    const changes = changesOf(controls, { values, offline: [3, 1] });
    expect(changes).toEqual([
      '--kernel 5.10',
      'remapping={"enabled":true,"eim":false}',
      '--event offline=3,1',
    ]);
    expect(asOptions(changes)).toBe(
      `--kernel 5.10 --set 'remapping={"enabled":true,"eim":false}' --event offline=3,1`,
    );
    expect(changesOf(controls, { values: new Map([['remapping', 'off']]), offline: [] })).toEqual([]);
  });
});

describe('the changes as a patch', () => {
  const patchOf = async (file: string, given: string, changes: readonly string[]) => {
    const ask = createEngine();
    shownOf(await ask({ kind: 'open', input: { text: given, file, changes: [] } }));
    const reply = await ask({ kind: 'patch', changes });
    return reply.kind === 'patch' ? reply.text : JSON.stringify(reply);
  };
  const scenario = (file: string) => readFileSync(`${ROOT}/scenarios/${file}`, 'utf8');

  test('changes the lines of a description, and says what comes of it', async () => {
    const patch = await patchOf(FILE, text, ['extDestId=on', 'topology.sockets=30', 'topology.cores=8']);
    expect(patch).toMatch(
      /^# with these changes: pass, all 240 plugged CPUs reachable; all 64 queues work\n# but for "expect", [^\n]*\n--- a\//,
    );
    expect(patch).toMatch(/^-.*sockets: 48.*\n\+.*sockets: 30/m);
  });

  test('is in the words of the product', async () => {
    const patch = await patchOf('qemu.sh', scenario('imported/qemu-288-vcpus.sh'), ['extDestId=on']);
    expect(patch).toContain('\n+exec qemu-system-x86_64');
    expect(patch).toContain('kernel-irqchip=split');
  });

  test('names what the editor wrote nothing of', async () => {
    const none = await patchOf('vm.sh', 'qemu-system-x86_64 -M q35 -accel kvm -smp 2\n', [
      'topology.cores=3',
    ]);
    expect(none).toMatch(/^# not in the patch: --set topology.cores=3\n# with these changes: [^\n]*\n$/);
  });

  test('names what the input has no place for', async () => {
    const changes = ['--policy redirect', 'extDestId=on', '--event offline=3'];
    const patch = await patchOf('qemu.sh', scenario('imported/qemu-288-vcpus.sh'), changes);
    expect(patch).toMatch(/^# not in the patch: --policy redirect --event offline=3\n# with these changes: /);
    const none = await patchOf('vm.vmx', 'config.version = "8"\nvirtualHW.version = "19"\nnumvcpus = "8"\n', [
      'hpet=off',
    ]);
    expect(none).toMatch(
      /^# irqsim writes nothing into this format: .*\n# not in the patch: --set hpet=off\n/,
    );
  });
});
