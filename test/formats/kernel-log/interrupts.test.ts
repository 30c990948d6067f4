/** A log and /proc/interrupts in one text: both are read, in either order. */
import { describe, expect, test } from 'vitest';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';

async function read(text: string): Promise<Analysis> {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'paste.txt' });
  expect(source.format).toBe('kernel-log');
  return analyze(machineOf(source));
}

const LOG = [
  'Linux version 6.12.43 (build@example) (gcc 14.2.0) #1 SMP PREEMPT_DYNAMIC',
  'Command line: root=/dev/vda1 ro',
  'CPU topo: Allowing 4 present CPUs plus 0 hotplug CPUs',
  'x2apic enabled',
  '..TIMER: vector=0x30 apic1=0 pin1=2 apic2=-1 pin2=-1',
  '.... node  #0, CPUs:      #1 #2 #3',
  'smp: Brought up 1 node, 4 CPUs',
  'nvme nvme0: 4/0/0 default/read/poll queues',
  'mlx5_core 0000:03:00.0: firmware version: 16.35.2000',
  'smartpqi 0000:04:00.0: Microchip SmartPQI Driver',
]
  .map((text, index) => `[${(index / 10).toFixed(6).padStart(12)}] ${text}\n`)
  .join('');

/** Rows of 4 CPUs, or fewer. */
function table(cpus: readonly number[] = [0, 1, 2, 3]): string {
  const counts = cpus.map((cpu) => `${100 + cpu}`.padStart(10)).join(' ');
  const row = (irq: number, chip: string, name: string) => `${irq}: ${counts}  ${chip}-edge   ${name}\n`;
  const msi = (address: string, index: number) => `PCI-MSIX-${address}   ${index}`;
  return [
    `     ${cpus.map((cpu) => `CPU${cpu}`).join('     ')}\n`,
    row(24, msi('0000:04:00.0', 0), 'smartpqi'),
    row(25, msi('0000:04:00.0', 1), 'smartpqi'),
    ...[0, 1, 2, 3, 4].map((queue) => row(26 + queue, msi('0000:02:00.0', queue), `nvme0q${queue}`)),
    ...[0, 1, 2].map((index) => row(31 + index, msi('0000:03:00.0', index), `mlx5_comp${index}`)),
    ...[0, 1].map((index) => row(34 + index, msi('0000:05:00.0', index), `xhci_hcd`)),
    `NMI: ${counts}  Non-maskable interrupts\n`,
  ].join('');
}

const devices = ({ machine }: Analysis) => machine.devices.map(({ name, driver }) => [name, driver]);
const unread = ({ machine }: Analysis) => machine.notUnderstood.map(({ part }) => part).join('\n');

describe.each([
  ['one behind the other', LOG + table()],
  ['the table first', `$ cat /proc/interrupts\n${table()}\n$ dmesg\n${LOG}`],
  ['in Markdown', `Two things:\n\n\`\`\`\n${LOG}\`\`\`\n\n\`\`\`\n${table()}\`\`\`\n`],
  [
    'quoted in a mail',
    (LOG + table())
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n'),
  ],
])('%s', (_, text) => {
  test('devices are those of the table, with what the log says of them', async () => {
    const analysis = await read(text);
    expect(devices(analysis)).toEqual([
      ['0000:04:00.0', 'smartpqi'],
      ['nvme0', 'nvme'],
      ['0000:03:00.0', 'generic'],
      ['0000:05:00.0', 'generic'],
    ]);
    expect(analysis.run.devices[1].queues).toHaveLength(4);
    expect(analysis.run.online.toString()).toBe('0-3');
    expect(unread(analysis)).not.toMatch(/mlx5_core|cut off|columns/);
    expect(analysis.summary.verdict).not.toBe('pass');
  });
});

test('CPUs without a column were taken offline', async () => {
  const analysis = await read(LOG + table([0, 1, 3]));
  expect(analysis.run.online.toString()).toBe('0-1,3');
  expect(analysis.run.present.toString()).toBe('0-3');
});

test('columns of CPUs that the log does not have are named, and decide nothing', async () => {
  const analysis = await read(LOG + table([0, 1, 2, 3, 4]));
  expect(unread(analysis)).toMatch(/^columns of CPUs 4 .* another boot or machine$/m);
  expect(analysis.run.online.toString()).toBe('0-3');
});

test('the columns count the CPUs of a log that does not', async () => {
  const analysis = await read(LOG.split('\n').slice(7).join('\n') + table([0, 1, 3]));
  expect(analysis.run.present.toString()).toBe('0-3');
  expect(analysis.run.online.toString()).toBe('0-1,3');
});
