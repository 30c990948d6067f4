/** `irqsim sweep` as a user runs it. */
import { describe, expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const GUEST = scratchFile(
  'sweep-guest.yaml',
  `kernel: "6.16"
platform: kvm
topology: { sockets: 512, present: 384 }
hpet: off
devices:
  - { name: disk, driver: virtio-blk, queues: 16 }
expect: { reachable: "0-255" }
`,
);
/** The lines below the title. */
const body = (out: string): string[] => out.slice(out.indexOf('\n\n') + 2).split('\n');
const sweep = (...args: string[]) => irqsim(['sweep', GUEST, ...args]);

describe('text', () => {
  test('two axes make a grid of verdicts', async () => {
    const { out, code, err } = await sweep('--vary', 'remapping=off,on', '--vary', 'extDestId=off,on');
    expect(body(out)).toEqual([
      '          extDestId',
      'remapping  off  on',
      'off       FAIL pass',
      'on        pass pass',
      '',
      '4 points: 3 pass, 1 fail',
      '',
    ]);
    expect(err).toBe('');
    expect(code).toBe(1);
  });

  test('one axis makes a list, several fields columns of it', async () => {
    const shown = ['--show', 'reach.unreachable.count', '--show', 'devices.disk.health'];
    const { out, code } = await sweep('--vary', 'topology.sockets=384..512..64', '--width', '120', ...shown);
    expect(body(out).slice(0, 4)).toEqual([
      'topology.sockets verdict errors warnings notes reach.unreachable.count devices.disk.health',
      '384                FAIL       1        2     0                     128 dead',
      '448                FAIL       1        3     0                     192 dead',
      '512                FAIL       1        3     0                     256 dead',
    ]);
    expect(out).toContain('reach.unreachable.count: lowest 128, highest 256\n');
    expect(code).toBe(1);
  });

  test('three axes make captioned grids of a number', async () => {
    const { out } = await sweep(
      ...[
        '--vary',
        'kernel=5.10,6.12',
        '--vary',
        'remapping=off,on',
        '--vary',
        'devices.disk.queues=4..64*4',
      ],
      ...['--show', 'summary.queues.dead'],
    );
    expect(body(out).slice(0, 10)).toEqual([
      'kernel = 5.10',
      '          devices.disk.queues',
      'remapping 4 16 64',
      'off       0  0  0',
      'on        0  0  0',
      '',
      'kernel = 6.12',
      '          devices.disk.queues',
      'remapping 4 16 64',
      'off       1  5 21',
    ]);
    expect(out).toContain('summary.queues.dead: lowest 0, highest 21\n12 points: ');
  });

  test.each(['40', '80', '120'])('fits %s columns, wide grids in blocks', async (width) => {
    const { out } = await sweep(
      '--vary',
      'remapping=off,on',
      '--vary',
      'devices.disk.queues=1..64',
      '--width',
      width,
    );
    const lines = body(out);
    expect(lines.filter((line) => line.length > Number(width))).toEqual([]);
    const cells = lines
      .filter((line) => line.startsWith('off '))
      .join(' ')
      .match(/F/g);
    expect(cells).toHaveLength(64);
    expect(out).toContain(' .  pass   F  fail');
  });

  test('an empty value can be seen', async () => {
    const { out } = await sweep('--vary', 'cmdline+="",nox2apic', '--vary', 'remapping=off,on');
    expect(body(out).slice(0, 4)).toEqual([
      '         remapping',
      'cmdline+  off  on',
      '""       FAIL pass',
      'nox2apic warn warn',
    ]);
  });

  test('colours the verdicts, and numbers by their size', async () => {
    const colours = async (level: string, ...args: string[]) =>
      (
        await irqsim(['sweep', GUEST, '--vary', 'remapping=off,on', '--vary', 'extDestId=off,on', ...args], {
          env: { FORCE_COLOR: level },
        })
      ).out;
    expect(await colours('1')).toContain('\u001b[41m\u001b[97mFAIL\u001b[39m\u001b[49m');
    expect(await colours('3', '--show', 'summary.queues.dead')).toContain('\u001b[48;2;253;231;37m');
    expect(await colours('1', '--show', 'summary.queues.dead')).toContain('\u001b[44m');
    expect(await colours('0')).not.toContain('\u001b');
  });
});

describe('markdown', () => {
  test('grids are tables of words, however wide', async () => {
    const narrow = ['--width', '40', '--format', 'markdown'];
    const { out, code } = await sweep(
      ...['--vary', 'kernel=4.18,6.12', '--vary', 'remapping=off,on', '--vary', 'extDestId=off,on'],
      ...narrow,
    );
    expect(body(out)).toEqual([
      '**kernel = 4.18**',
      '',
      '| remapping ↓ extDestId → | off | on |',
      '| --- | :---: | :---: |',
      '| off | n/a | n/a |',
      '| on | n/a | n/a |',
      '',
      '**kernel = 6.12**',
      '',
      '| remapping ↓ extDestId → | off | on |',
      '| --- | :---: | :---: |',
      '| off | FAIL | pass |',
      '| on | pass | pass |',
      '',
      '- n/a: the description is not valid there',
      '',
      '8 points: 3 pass, 1 fail, 4 invalid',
      '',
    ]);
    expect(code).toBe(2);
    const wide = await sweep(
      ...['--vary', 'remapping=off,on', '--vary', 'devices.disk.queues=1..64'],
      ...narrow,
    );
    expect(wide.out.match(/\| off \|( FAIL \|){64}/)).not.toBeNull();
    expect(wide.out).not.toContain(' F ');
  });

  test('a list is one table, with the scale of each field of numbers', async () => {
    const { out } = await sweep(
      ...[
        '--vary',
        'topology.sockets=448..512..64',
        '--show',
        'reach.unreachable.count',
        '--show',
        'apic.mode',
      ],
      ...['--format', 'markdown', '--width', '40'],
    );
    expect(out.startsWith(`## \`${GUEST}\`: topology.sockets\n`)).toBe(true);
    expect(body(out)).toEqual([
      '| topology.sockets | verdict | errors | warnings | notes | reach.unreachable.count | apic.mode |',
      '| --- | :---: | ---: | ---: | ---: | ---: | --- |',
      '| 448 | FAIL | 1 | 3 | 0 | 192 | x2apic-physical |',
      '| 512 | FAIL | 1 | 3 | 0 | 256 | x2apic-physical |',
      '',
      '- reach.unreachable.count: lowest 192, highest 256',
      '',
      '2 points: 2 fail',
      '',
    ]);
  });
});

describe('data', () => {
  const axes = ['--vary', 'remapping=off,on', '--vary', 'topology.present="0-2,5",9999'];

  test('CSV', async () => {
    const { out, code } = await sweep(
      ...axes,
      '--format',
      'csv',
      '--show',
      'cpus.present',
      '--show',
      'apic.mode',
    );
    expect(out.split('\r\n')).toEqual([
      'remapping,topology.present,verdict,errors,warnings,notes,cpus.present,apic.mode',
      'off,"0-2,5",warn,0,3,1,0-3,x2apic-physical',
      'off,9999,invalid,,,,,',
      'on,"0-2,5",pass,0,0,1,0-3,x2apic-cluster',
      'on,9999,invalid,,,,,',
      '',
    ]);
    expect(code).toBe(2);
  });

  test('NDJSON and JSON hold the same points; --reports adds what analyze says', async () => {
    const { out } = await sweep(
      ...axes,
      '--format',
      'ndjson',
      '--show',
      'findings.length',
      '--reports',
      '--no-vectors',
    );
    const points = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(points.map(({ point, verdict }) => [point.remapping, verdict])).toEqual([
      ['off', 'warn'],
      ['off', 'invalid'],
      ['on', 'pass'],
      ['on', 'invalid'],
    ]);
    expect(points[0].show).toEqual({ 'findings.length': 4 });
    expect(points[1]).toMatchObject({
      summary: null,
      problem: expect.stringContaining('is 9999, but only 512'),
    });
    const alone = ['--set', 'remapping=on', '--set', 'topology.present="0-2,5"', '--set', 'expect={}'];
    const analyzed = await irqsim(['analyze', GUEST, ...alone, '--format', 'ndjson', '--no-vectors']);
    expect(points[2].report).toEqual(JSON.parse(analyzed.out));

    const json = JSON.parse(
      (await sweep(...axes, '--format', 'json', '--show', 'findings.length', '--reports', '--no-vectors'))
        .out,
    );
    expect(json).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'irqsim' },
      source: GUEST,
      axes: [
        { key: 'remapping', values: ['off', 'on'] },
        { key: 'topology.present', values: ['0-2,5', '9999'] },
      ],
    });
    expect(json.points).toEqual(points);
  });
});

describe('exit codes and messages', () => {
  test('invalid points are counted on standard error, and --ignore-invalid lets them be', async () => {
    const axis = ['--vary', 'topology.sockets=1..8', '--set', 'remapping=on', '--set', 'topology.present=5'];
    const { out, err, code } = await sweep(...axis);
    expect(out).toContain('8 points: 4 pass, 4 invalid\n');
    expect(err).toContain('4 of 8 points are no valid machine:\n  topology.sockets=1: ');
    expect(err).toContain('topology.present=5: topology.present is 5');
    expect(err).toContain('topology.present is 5, but only 1 CPU');
    expect(err).toContain('  and 1 more\n');
    expect(code).toBe(2);
    expect((await sweep(...axis, '--ignore-invalid')).code).toBe(0);
  });

  test('a problem of many points is told once, without the change that names the point', async () => {
    const { out, err } = await sweep('--vary', 'hpet=on,nonsense', '--vary', 'remapping=off,on');
    expect(out).toContain('4 points: 1 pass');
    expect(err).toMatch(
      /^2 of 4 points are no valid machine:\n {2}hpet=nonsense remapping=off and 1 more: hpet: /,
    );
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    const alone = await sweep('--vary', 'kernel=4.18');
    expect(alone.err).toBe(
      '1 of 1 point is no valid machine:\n  kernel=4.18: kernel 4.18 is older than the oldest modelled release, 4.19\n',
    );
    expect(alone.out).toBe('1 point: 1 invalid\n');
  });

  test('a topology whose number of CPUs is fixed says so', async () => {
    const axis = ['--vary', 'topology.sockets=512,600'];
    const told = 'topology.max is written as 500: there are 500 CPUs';
    expect((await sweep(...axis, '--set', 'name=x')).err).toBe('');
    const file = scratchFile('sweep-capped.yaml', 'topology: { sockets: 512, max: 500 }\n');
    expect((await irqsim(['sweep', file, ...axis])).err).toContain(told);
    expect((await irqsim(['sweep', file, ...axis, '--set', 'topology.max=510'])).err).toBe('');
  });

  test('--fail-on counts over all points; what the description expects does not', async () => {
    const axis = ['--vary', 'remapping=on', '--vary', 'extDestId=off,on'];
    expect((await sweep(...axis)).code).toBe(0);
    expect((await sweep('--vary', 'extDestId=off')).code).toBe(1);
    expect((await sweep('--vary', 'extDestId=off', '--fail-on', 'never')).code).toBe(0);
  });

  test('--set and --event count at every point, events after the changes of the point', async () => {
    const { out } = await sweep(
      ...['--set', 'remapping=on', '--event', 'offline=1', '--vary', 'topology.present=2,4'],
      ...['--show', 'cpus.online', '--format', 'ndjson'],
    );
    const shown = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).show['cpus.online']);
    expect(shown).toEqual(['0', '0,2-3']);
  });

  test.each([
    [[], 'say what to vary'],
    [['--vary', 'a=1..400', '--vary', 'b=1..400'], 'the grid has 160,000 points; the limit is 100,000'],
    [['--vary', 'remapping=off', '--vary', 'remapping=on'], 'remapping is varied twice'],
    [['--vary', 'topology.sockets=8..1'], 'runs backwards; write 1..8'],
    [
      ['--vary', 'remapping=off', '--show', 'summary.queue.dead'],
      'summary has no "queue", did you mean "queues"?',
    ],
    [
      ['--vary', 'remapping=off', '--show', 'sumary.errors'],
      'the report has no "sumary", did you mean "summary"?',
    ],
    [
      ['--vary', 'remapping=off', '--show', 'devices.dsk.health'],
      'devices has no "dsk", did you mean "disk"?',
    ],
    [['--vary', 'remapping=off', '--show', 'apic.'], 'expected a dotted path'],
    [['--vary', 'kernel=6.1', '--kernel', '6.12'], 'kernel is varied already'],
    [['--vary', 'remapping=off', '--policy', 'all'], '--policy all: one policy is expected'],
    [['--vary', 'remapping=off', '--reports'], '--reports goes with --format json or ndjson'],
  ])('%j is refused', async (args, message) => {
    const { code, err, out } = await sweep(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  test('a key that does not exist makes every point invalid', async () => {
    const { code, err } = await sweep('--vary', 'remappin=off,on');
    expect(code).toBe(2);
    expect(err).toContain('unknown key "remappin", did you mean "remapping"?');
  });
});
