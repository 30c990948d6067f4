/** Sweeps: how axes are read, the order of the points, and that reuse changes no byte of any report. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/findings/analyze.ts';
import { judge } from '../../../src/findings/triage/judge.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';
import { parseAxis } from '../../../src/questions/whatif/axis.ts';
import { createGrid, pointAt } from '../../../src/questions/whatif/grid.ts';
import { sweep } from '../../../src/questions/whatif/sweep.ts';
import { jsonReport } from '../../../src/report/json.ts';
import { runs } from '../../budget.ts';

const texts = (axis: string): string[] => parseAxis(axis).values.map(({ text }) => text);
const changes = (axis: string): (string | null)[] => parseAxis(axis).values.map(({ change }) => change);

describe('an axis', () => {
  test.each([
    ['remapping=off,on', ['off', 'on']],
    ['topology.sockets=1..4', ['1', '2', '3', '4']],
    ['queues=1..64..21', ['1', '22', '43', '64']],
    ['queues=1..20..8', ['1', '9', '17']],
    ['queues=1..16*2', ['1', '2', '4', '8', '16']],
    ['queues=3..100*3', ['3', '9', '27', '81']],
    ['queues=1,2,8..10', ['1', '2', '8', '9', '10']],
    ['queues=2,1..3,2', ['2', '1', '3']],
    ['topology.present="0-3,8",4', ['0-3,8', '4']],
    ['remapping={"enabled":true,"eim":false},on', ['{"enabled":true,"eim":false}', 'on']],
    ['events=[],[{"offline":"1,2"}]', ['[]', '[{"offline":"1,2"}]']],
    ['kernel=5.4, 6.12', ['5.4', '6.12']],
  ])('%s', (axis, values) => {
    expect(texts(axis)).toEqual(values);
  });

  test('keeps JSON strings for --set, and gives what is added as it is', () => {
    expect(changes('fadt="6",6.5')).toEqual(['fadt="6"', 'fadt=6.5']);
    expect(changes('cmdline+="",nox2apic,"isolcpus=managed_irq,2-3"')).toEqual([
      null,
      'cmdline+=nox2apic',
      'cmdline+=isolcpus=managed_irq,2-3',
    ]);
  });

  test.each([
    ['remapping', 'expected KEY=VALUE'],
    ['=1', 'expected KEY=VALUE'],
    ['a=', 'a value is missing'],
    ['a=1,,2', 'a value is missing'],
    ['a=8..1', 'runs backwards; write 1..8'],
    ['a=1..', 'cannot be read'],
    ['a=1..8..0', 'a step is 1 or more'],
    ['a=0..8*2', 'never gets on'],
    ['a=1..8*1', 'never gets on'],
    ['a=1..999999999', 'more than 100,000 values'],
    ['a="x', 'a " is not closed'],
    ['a=[1,2', 'brackets'],
  ])('%s is refused', (axis, message) => {
    expect(() => parseAxis(axis)).toThrow(RangeError);
    expect(() => parseAxis(axis)).toThrow(message);
  });
});

describe('a grid', () => {
  test('the first axis varies slowest', () => {
    const grid = createGrid([parseAxis('a=1,2'), parseAxis('b=x,y,z')]);
    const points = Array.from({ length: grid.size }, (_, n) =>
      pointAt(grid, n)
        .map(({ text }) => text)
        .join(''),
    );
    expect(points).toEqual(['1x', '1y', '1z', '2x', '2y', '2z']);
  });

  test('refuses a key that is there twice, and too many points', () => {
    expect(() => createGrid([parseAxis('cmdline=a'), parseAxis('cmdline+=b')])).toThrow(
      'cmdline is varied twice',
    );
    expect(() => createGrid([parseAxis('a=1..317'), parseAxis('b=1..317')])).toThrow(
      'the grid has 100,489 points; the limit is 100,000',
    );
  });
});

/** Every key that a step of the simulation reads, with values that make a difference. */
const AXES: readonly (readonly string[])[] = [
  [
    'kernel="4.19"',
    'kernel="5.4"',
    'kernel="5.10"',
    'kernel="6.2"',
    'kernel="6.8"',
    'kernel="6.12"',
    'kernel="7.2"',
  ],
  ['platform=kvm', 'platform=bare-metal', 'platform=hyperv', 'platform=xen-hvm'],
  ['remapping=off', 'remapping=on', 'remapping={"enabled":true,"eim":false}'],
  ['extDestId=false', 'extDestId=true'],
  ['topology.sockets=2', 'topology.sockets=4', 'topology.sockets=5'],
  ['topology.cores=3', 'topology.cores=40'],
  ['topology.present=3', 'topology.present="0-5,7"', 'topology.present=9'],
  ['topology.nodes=1', 'topology.nodes=2'],
  ['devices.disk.queues=1', 'devices.disk.queues=5', 'devices.disk.queues=64'],
  ['devices.nic.vectors=3', 'devices.nic.vectors=40'],
  ['devices.disk.node=0', 'devices.disk.node=1'],
  [
    'policy=mainline',
    'policy=P1',
    'policy=P3',
    'policy=P4',
    'policy=P5',
    'policy=P6',
    'policy=extended-destination-id',
    'policy=no-hpet',
    'policy=hyperv-stub',
  ],
  [
    'cmdline=',
    'cmdline=nr_cpus=4',
    'cmdline=maxcpus=2',
    'cmdline="isolcpus=managed_irq,1-3"',
    'cmdline=noapic',
    'cmdline=nox2apic',
  ],
  ['x2apic=auto', 'x2apic=supported', 'x2apic=locked'],
  ['kernelConfig.irqRemap=on', 'kernelConfig.irqRemap=off'],
  ['hpet=on', 'hpet={"present":true,"msi":true}'],
  ['legacyIrqs=on', 'legacyIrqs=off'],
  ['firmware.onlineCapable=on', 'firmware.onlineCapable=off'],
  ['kernelConfig.x2apic=on', 'kernelConfig.x2apic=off'],
  [
    'events=[]',
    'events=[{"offline":1},{"online":1}]',
    'events=[{"plug":{"apicId":11}},{"online":6},{"unplug":2},{"plug":{"apicId":2,"node":1}}]',
    'events=[{"setAffinity":{"device":"hba","vector":1,"cpus":"3"}},{"offline":3},{"setAffinity":{"device":"hba","vector":1,"cpus":"0-2"}},{"fire":{"device":"hba","vector":1}}]',
    'events=[{"suspend":{}},{"resume":{}},{"smt":"off"}]',
    'events=[{"unplug":1},{"setAffinity":{"device":"nic","vector":0,"cpus":"2"}},{"fire":{"device":"nic","vector":0}}]',
  ],
];

const DESCRIPTION = `
name: swept
topology: { sockets: 4, cores: 3, threads: 2, present: 9, nodes: 2 }
devices:
  - { name: disk, driver: nvme, count: 2, queues: 6 }
  - { name: nic, driver: virtio-net, queues: 3, vectors: 12 }
  - { name: hba, driver: generic, managed: false, vectors: 9 }
expect: { reachable: "0-1" }
`;

const grids = fc
  .shuffledSubarray(AXES as (readonly string[])[], { minLength: 1, maxLength: 3 })
  .chain((keys) =>
    fc.tuple(
      ...keys.map((values) =>
        fc.shuffledSubarray([...values], { minLength: 1, maxLength: Math.min(4, values.length) }),
      ),
    ),
  );

/** Assignments of one key as an axis. */
function axisOf(assignments: readonly string[]) {
  const [key] = assignments[0].split('=', 1);
  return { key, values: assignments.map((change) => ({ text: change.slice(key.length + 1), change })) };
}

async function read() {
  const [source] = await readSources({ bytes: new TextEncoder().encode(DESCRIPTION), file: 'swept.yaml' });
  return source;
}

/** The analysis without what to change, which is searched for when it is asked for. */
function withoutFixes(analysis: Analysis): Analysis {
  const fix = { value: [], enumerable: true };
  return { ...analysis, findings: analysis.findings.map((finding) => Object.create(finding, { fix })) };
}

describe('a sweep', () => {
  test('gives at every point what an analysis of that point alone gives', async () => {
    const source = await read();
    let valid = 0;
    fc.assert(
      fc.property(grids, fc.subarray(['--event offline=1', '--event plug=300']), (assignments, common) => {
        const grid = createGrid(assignments.map(axisOf));
        const report = (analysis: Analysis) =>
          JSON.stringify(
            jsonReport(valid % 4 === 0 ? analysis : withoutFixes(analysis), 'test', { vectors: true }),
          );
        for (const swept of sweep(source, grid, common)) {
          const sets = swept.point.flatMap(({ change }) => change ?? []);
          try {
            const fresh = judge({ ...machineOf(source, [...sets, ...common]), expect: undefined });
            expect(swept.analysis && report(swept.analysis)).toBe(report(fresh));
            valid++;
          } catch (error) {
            if (!(error instanceof InputError)) throw error;
            expect(swept.invalid?.format()).toBe(error.format());
          }
        }
      }),
      { numRuns: runs(40) },
    );
    expect(valid).toBeGreaterThan(60);
  }, 120_000);

  const DISK = 'devices=[{"name":"disk","driver":"nvme","queues":6}]';
  const DELIVERY = ['remapping=off,on', 'extDestId=off,on', 'hpet=on,off'];
  test.each([
    ['however messages are delivered, if they reach every CPU', 1, [DISK], DELIVERY],
    ['the ways to reach CPUs that the others do not', 2, [DISK, 'topology.sockets=99'], DELIVERY],
    ['not where interrupts move, which remapping changes', 2, [], DELIVERY],
    ['what no step of a run asks', 1, [], ['name=a,b', 'timers.arat=on,off', 'policy=mainline,no-hpet']],
    ['kernels that behave alike in a run', 3, [], ['kernel=6.9,6.10,6.11,7.0,7.1']],
    ['not other CPUs', 3, [], ['topology.cores=2,3,4']],
  ])('runs once: %s', async (_, different, common, axes) => {
    const changes = ['platform=kvm', 'topology.present="0-3"', ...common];
    const swept = [...sweep(await read(), createGrid(axes.map(parseAxis)), changes)];
    expect(swept.map(({ invalid }) => invalid)).toEqual(swept.map(() => null));
    expect(new Set(swept.map(({ analysis }) => analysis?.run.devices)).size).toBe(different);
  });

  test('an analysis that was handed out stays as it is while others are made', async () => {
    const grid = createGrid([
      axisOf(['hpet=on', 'hpet=off']),
      axisOf([
        'events=[{"unplug":1}]',
        'events=[{"plug":{"apicId":11}},{"online":9}]',
        'events=[{"offline":2}]',
        'events=[]',
      ]),
    ]);
    const analyses = [...sweep(await read(), grid)].flatMap(({ analysis }) => analysis ?? []);
    expect(analyses).toHaveLength(8);
    const present = analyses.map(({ run }) => run.present.toString());
    expect(present).toEqual([...present.slice(0, 4), ...present.slice(0, 4)]);
    expect(present.slice(0, 4)).toEqual(['0,2-8', '0-9', '0-8', '0-8']);
    expect(analyses[0].enumeration.present.toString()).toBe('0,2-8');
  });

  test('a point that is no valid machine is told as such, and expectations do not count', async () => {
    const swept = [...sweep(await read(), createGrid([parseAxis('topology.present=4,99')]))];
    expect(swept.map(({ invalid }) => invalid?.problems[0].message)).toEqual([
      undefined,
      'topology.present is 99, but only 24 CPUs are possible',
    ]);
    expect(swept[0].analysis?.findings.map(({ rule }) => rule)).not.toContain('expectation');
  });
});
