/** `irqsim replay`, and --event on analyze, as a user runs them. */
import { describe, expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const MACHINE = scratchFile(
  'four.yaml',
  `kernel: "6.12"
topology: { cores: 4 }
hpet: off
devices:
  - { name: nvme, driver: nvme, count: 2, queues: 4 }
events:
  - { offline: 3 }
`,
);
const HOTPLUG = 'scenarios/hotplug-16-cpus-8-events.yaml';

describe('text', () => {
  test('tells each event, draws the queues, and ends with the verdict', async () => {
    const { code, out } = await irqsim(['replay', '--event', 'online=3', '--event', 'offline=0', MACHINE]);
    expect(code).toBe(0);
    expect(out.replace(/^(PASS|WARN)/m, 'VERDICT')).toBe(
      `Events    3 after boot, 1 refused
  0  boot: CPUs 0-3 online of 0-3 present, 11 vectors in use
  1  offline CPU 3: ok
     nvme0, nvme1: queue 3 shut down
     vectors in use: 11 before, 9 after
  2  online CPU 3: ok
     nvme0, nvme1: queue 3 started on CPU 3
     vectors in use: 9 before, 11 after
  3  offline CPU 0: refused (EPERM): the boot CPU of an x86 machine cannot be taken offline

Queues    b after boot, # started, . stopped: waits for a CPU
          queue         b123
nvme0, nvme1
          0-2           ####
          3             #.##

VERDICT  ${MACHINE}  all 4 plugged CPUs reachable; all 8 queues work
End       online 0-3; present 0-3; reachable 0-3; unreachable none; unknown none

irqsim analyze reports on the state at the end: CPUs, devices, findings
`,
    );
  });

  test('as Markdown: the events as a list, the queues as a drawing', async () => {
    const args = ['replay', '--format', 'markdown', '--event', 'online=3', '--event', 'offline=0', MACHINE];
    const { code, out } = await irqsim(args);
    expect(code).toBe(0);
    expect(out).toMatch(/^## (PASS|WARN) `[^`]+` all 4 plugged CPUs reachable; all 8 queues work$/m);
    expect(out).toContain(`1. **offline CPU 3**: ok
   - nvme0, nvme1: queue 3 shut down
   - vectors in use: 11 before, 9 after
2. **online CPU 3**: ok`);
    expect(out).toContain(`\n\`\`\`
Queues    b after boot, # started, . stopped: waits for a CPU
          queue         b123
nvme0, nvme1
          0-2           ####
          3             #.##
\`\`\`\n`);
  });

  test('fits its width, and has colour only if asked', async () => {
    const args = ['replay', '--width', '60', HOTPLUG];
    const plain = (await irqsim(args)).out;
    for (const line of plain.split('\n').filter((one) => !one.includes(HOTPLUG)))
      expect(line.length).toBeLessThanOrEqual(60);
    expect(plain).not.toContain('\u001b');
    expect((await irqsim(args, { env: { FORCE_COLOR: '1' } })).out).toContain('\u001b[32m#');
  });

  test('many events share columns, and few of them are told', async () => {
    const events = Array.from({ length: 500 }, (_, n) => (n % 2 === 0 ? { offline: 2 } : { online: 2 }));
    const many = JSON.stringify({
      topology: { cores: 4 },
      devices: [{ name: 'nvme0', driver: 'nvme', queues: 4 }],
      events,
    });
    const { out, code } = await irqsim(['replay', '-'], { input: many });
    expect(code).toBe(0);
    expect(out).toContain('a column is the worst of 7 events');
    expect(out).toContain('and 460 more events (-v shows all)');
    expect(out.split('\n').length).toBeLessThan(200);
  });

  test('without events it says so', async () => {
    const { code, out } = await irqsim([
      'replay',
      'scenarios/six-cpus-native-6.12.yaml',
      '--fail-on',
      'never',
    ]);
    expect(code).toBe(0);
    expect(out).toContain('No events');
  });
});

describe('json', () => {
  test('boot, events with what they change, the strip, and the analysis of the end', async () => {
    const { code, out } = await irqsim(['replay', '--format', 'json', '--event', 'plug=300', MACHINE]);
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'irqsim' },
      machine: { kernel: '6.12' },
      boot: { online: '0-3', present: '0-3', totalAllocated: 11 },
      events: [
        {
          number: 1,
          event: { offline: 3 },
          result: 'ok',
          changed: {
            shutDown: [
              { device: 'nvme0', queue: 3 },
              { device: 'nvme1', queue: 3 },
            ],
            cpus: { offline: '3' },
            vectors: { before: 11, after: 9 },
          },
        },
        { number: 2, event: { plug: { apicId: 300 } }, result: 'refused', errno: 19, errnoName: 'ENODEV' },
      ],
      strip: {
        devices: [
          {
            devices: ['nvme0', 'nvme1'],
            queues: [
              { queues: '0-2', states: '###' },
              { queues: '3', states: '#..' },
            ],
          },
        ],
      },
      end: { cpus: { online: '0-2' }, summary: { queues: { healthy: 6, idle: 2 } } },
    });
    expect(report.end.devices[0].queues[3]).toMatchObject({
      state: 'shutdown',
      stopped: 'shut-down',
      msix: 'all zero, masked',
    });
    expect(report.end.devices[0].queues[0]).not.toHaveProperty('stopped');
  });

  test('as NDJSON, a line an event and one for the end', async () => {
    const lines = (await irqsim(['replay', '--format', 'ndjson', HOTPLUG])).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([...Array.from({ length: 8 }, () => 'event'), 'end']);
    expect(lines[8].end.summary.verdict).toBe('pass');
  });
});

describe('--event', () => {
  test('on analyze the event is part of the report', async () => {
    const { out } = await irqsim(['analyze', '--format', 'json', '--event', 'offline=1-2', MACHINE]);
    const { events, cpus } = JSON.parse(out);
    expect(cpus.online).toBe('0');
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({ event: { offline: [1, 2] }, result: 'ok', errno: 0 });
  });

  test('comes after --set, whatever the order', async () => {
    const args = [
      'analyze',
      '--format',
      'json',
      '--event',
      'suspend',
      '--set',
      'events=[{"offline":1}]',
      MACHINE,
    ];
    const { events } = JSON.parse((await irqsim(args)).out);
    expect(events.map(({ event }: { event: object }) => event)).toEqual([{ offline: 1 }, { suspend: true }]);
  });

  test.each([
    ['offlin=1', 'did you mean "offline"?'],
    ['offline=77', 'CPU 77 does not exist, the highest is 3'],
    ['plug=', 'expected plug=APICID'],
    ['set-affinity=nvme:0=1', 'unknown device "nvme"'],
  ])('%s is refused with one error', async (event, message) => {
    const { code, out, err } = await irqsim(['replay', '--event', event, MACHINE]);
    expect(code).toBe(2);
    expect(out.replace(/^(PASS|WARN)/m, 'VERDICT')).toBe('');
    expect(err).toContain(`--event ${event}: `);
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('the exit code follows --fail-on', async () => {
  const above = 'scenarios/hotplug-above-the-limit.yaml';
  expect((await irqsim(['replay', above])).code).toBe(1);
  expect((await irqsim(['replay', '--fail-on', 'never', above])).code).toBe(0);
});
