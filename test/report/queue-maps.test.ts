/** The block layer's maps in the text report and in `why`: as JSON has them, once for devices alike. */
import { describe, expect, test } from 'vitest';
import { whyCpu } from '../../src/questions/why/cpu.ts';
import { analysisText } from '../../src/report/analysis/analysis.ts';
import { jsonReport } from '../../src/report/json.ts';
import { analyzeText } from '../helpers.ts';

const MACHINE = `
topology: { cores: 8, present: 6 }
kernel: "6.12"
platform: kvm
cmdline: nvme.poll_queues=2 nvme.write_queues=3
devices:
  - { name: nvme, driver: nvme, count: 3, queues: 8 }
  - { name: disk, driver: virtio-blk, queues: 4 }
  - { name: nic, driver: generic, managed: off, vectors: 2 }
`;
const STYLE = { width: 100, colour: 0, verbose: true } as const;

interface MapJson {
  readonly type: string;
  readonly cpus: readonly { readonly cpus: string; readonly queue: number }[];
}
interface DeviceJson {
  readonly name: string;
  readonly maps?: readonly MapJson[];
}

async function analysed(policy: string) {
  const analysis = await analyzeText(`${MACHINE}policy: ${policy}\n`);
  const { devices } = jsonReport(analysis, '1', { vectors: false }) as { devices: readonly DeviceJson[] };
  return { analysis, devices, text: analysisText(analysis, STYLE) };
}

/** The rows below a caption, as cells. */
function tableOf(text: string, caption: string): string[][] {
  const [, section] = text.split(`\n${caption}: queues by CPU\n`);
  const [heading, ...rows] = section
    .split('\n\n')[0]
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  expect(heading).toEqual(['type', 'queue', 'I/O of CPUs']);
  return rows.filter(({ length }) => length === 3);
}

const rowsOf = ({ maps = [] }: DeviceJson): string[][] =>
  maps.flatMap(({ type, cpus }) => cpus.map((one) => [type, String(one.queue), one.cpus]));

describe.each(['mainline', 'present-only'])('under %s', (policy) => {
  test('the tables of -v are the maps of JSON, and devices alike share one', async () => {
    const { devices, text } = await analysed(policy);
    const byName = new Map(devices.map((device) => [device.name, device]));
    for (const name of ['nvme0', 'nvme1', 'nvme2']) {
      expect(tableOf(text, 'nvme0 .. nvme2 (3)')).toEqual(rowsOf(byName.get(name) as DeviceJson));
    }
    expect(tableOf(text, 'disk')).toEqual(rowsOf(byName.get('disk') as DeviceJson));
    expect(text.match(/: queues by CPU/g)).toHaveLength(2);
  });

  test('why cpu names the queue of each type', async () => {
    const { analysis, devices } = await analysed(policy);
    const said = { default: 'I/O mapped to', read: 'reads to', poll: 'polled I/O to' } as Record<
      string,
      string
    >;
    for (const { cpu } of analysis.enumeration.cpus) {
      const { consequences } = whyCpu(analysis, cpu);
      for (const { name } of devices) {
        const { maps } = analysis.run.devices.find((device) => device.name === name) ?? { maps: [] };
        const line = consequences.find((text) => text.startsWith(`${name}: `)) ?? '';
        for (const { type, entries } of maps) {
          const queue = entries.find(({ cpus }) => cpus.test(cpu))?.queue;
          expect(line).toMatch(new RegExp(`${said[type]} queue ${queue}(?!\\d)`));
        }
      }
    }
  });
});

test('CPUs in no mask stay with queue 0, and the report says so', async () => {
  const { text } = await analysed('present-only');
  expect(text).toContain('CPUs 6-7 are in no mask of the read queues, so they stay with queue 0');
  expect((await analysed('mainline')).text).not.toContain('in no mask');
});

test('without -v, and for devices that the block layer does not drive, there is none', async () => {
  const { analysis } = await analysed('mainline');
  expect(analysisText(analysis, { ...STYLE, verbose: false })).not.toContain('queues by CPU');
  const nic = await analyzeText(
    'topology: { cores: 2 }\ndevices: [{ name: nic, driver: generic, vectors: 2 }]\n',
  );
  expect(analysisText(nic, STYLE)).not.toContain('queues by CPU');
});
