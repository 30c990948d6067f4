/** Devices behind VMD (docs/model/domains-and-destinations.md#vmd): what is known of their interrupts, and what is not. */
import { describe, expect, test } from 'vitest';
import { readMachineTree } from '../../../src/formats/linux-capture/machine.ts';
import { healthBehind } from '../../../src/linux/sim/behind-vmd.ts';
import type { DeviceRun } from '../../../src/linux/sim/run.ts';
import { memoryTree } from '../../formats/memory-tree.ts';
import { analyzeText } from '../../helpers.ts';
import { errors } from '../../machine/helpers.ts';

const machine = (vmd: string, drive = '') => `kernel: "6.12"
hpet: off
remapping: on
topology: { cores: 16 }
devices:
  - { name: nvme, driver: nvme, queues: 16, behind: vmd${drive} }
  - { name: vmd, driver: generic, managed: off${vmd} }
`;
const found = async (text: string, ...options: string[]) => {
  const { run, findings, summary } = await analyzeText(text, options);
  const [nvme, vmd] = run.devices;
  return {
    run,
    nvme,
    vmd,
    verdict: summary.verdict,
    messages: findings.map(({ message }) => message).join('\n'),
  };
};

test('a device behind VMD takes no vector, lists no queue, and is at risk; that is no pass', async () => {
  const { run, nvme, verdict, messages } = await found(machine(', vectors: 3'));
  expect(nvme).toMatchObject({ behind: 'vmd', vectorsGranted: 0, queues: [], health: 'at-risk', errno: 0 });
  expect(run.vectors.perCpu.every(({ managed }) => managed === 0)).toBe(true);
  expect(verdict).toBe('warn');
  expect(messages).toContain(
    'nvme behind vmd cannot be steered: its interrupts follow 3 vectors of vmd, on CPUs ',
  );
  expect(messages).toContain('which vector serves which interrupt is not known');
});

test('it reaches what its controller reaches', async () => {
  const { nvme, messages } = await found(machine(', vectors: 20, remapped: off'));
  expect(nvme.domain).toBe('pci-msi-unremapped');
  expect(messages).toContain('are outside the IOMMU');
});

test('dead if no vector of the controller arrives', async () => {
  const text = machine(', vectors: 1').replace(
    'hpet: off',
    'hpet: off\ndomains: { vector: { reach: { unreachable: "0-15" } } }',
  );
  const { nvme, verdict, messages } = await found(text);
  expect(nvme.health).toBe('dead');
  expect(verdict).toBe('fail');
  expect(messages).toContain('1 vector of vmd, none of which arrives anywhere');
});

test('its interrupts may not be moved, those of the controller may; CPUs that go do not matter to it', async () => {
  const { run, nvme } = await found(
    machine(', vectors: 3'),
    '--event set-affinity=nvme:3=1',
    '--event set-affinity=vmd:0=2',
    '--event fire=nvme:v0',
    '--event offline=4-15',
    '--event reprobe=nvme',
  );
  expect(run.events.map(({ result, errno }) => [result, errno])).toEqual([
    ['refused', 22],
    ['ok', 0],
    ['refused', 2],
    ['ok', 0],
    ['ok', 0],
  ]);
  expect(run.events[0].reason).toBe('nvme has no vector of its own: it is behind vmd');
  expect(nvme.health).toBe('at-risk');
});

test.each(['P1', 'P2', 'P3', 'P4', 'P5'])('under %s it is no pass either', async (policy) => {
  expect((await found(machine(', vectors: 3'), `policy=${policy}`)).verdict).not.toBe('pass');
});

test('what cannot be is refused', async () => {
  const say = async (text: string) => (await errors(text)).join('\n');
  expect(await say(machine('', ', remapped: off'))).toContain(
    'remapped is for devices that are behind no controller',
  );
  expect(await say(machine(', interrupts: line'))).toContain('"vmd" sends no messages');
  expect(await say(machine(', behind: nvme'))).toContain('is behind a controller itself');
  expect(await say(machine('').replace('name: vmd', 'name: vmb'))).toContain(
    'there is no device "vmd", did you mean "vmb"?',
  );
});

test('a captured machine: by the place in sysfs, or the only controller', () => {
  const DEVICES = 'sys/bus/pci/devices';
  const device = (bdf: string, irq: number) => ({
    [`${DEVICES}/${bdf}/vendor`]: '0x8086\n',
    [`${DEVICES}/${bdf}/class`]: '0x010400\n',
    [`${DEVICES}/${bdf}/msi_irqs/${irq}`]: 'msix\n',
  });
  const files = {
    'proc/version': 'Linux version 6.12.41 (x) #1',
    'proc/cmdline': '',
    'proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu apic x2apic\napicid\t\t: 0\n',
    ...device('0000:5d:05.5', 30),
    ...device('10000:01:00.0', 40),
  };
  const links: Record<string, string> = { [`${DEVICES}/0000:5d:05.5/driver`]: '../../bus/pci/drivers/vmd' };
  const devicesOf = (more: typeof files, moreLinks: Record<string, string> = {}) => {
    const tree = memoryTree(more);
    const { raw } = readMachineTree({ ...tree, link: (path) => ({ ...links, ...moreLinks })[path] }, 'm');
    return raw.value as { devices: { name: string; behind?: string }[]; notUnderstood?: unknown };
  };
  const [vmd, drive] = devicesOf(files).devices;
  expect(drive.behind).toBe(vmd.name);
  // Two controllers, and nothing tells which.
  const two = { ...files, ...device('0000:d7:05.5', 31) };
  const other = { [`${DEVICES}/0000:d7:05.5/driver`]: '../../bus/pci/drivers/vmd' };
  expect(devicesOf(two, other).notUnderstood).toBeDefined();
  const place = {
    [`${DEVICES}/10000:01:00.0`]:
      '../../../devices/pci0000:d7/0000:d7:05.5/pci10000:00/10000:00:02.0/10000:01:00.0',
  };
  const [, second, last] = devicesOf(two, { ...other, ...place }).devices;
  expect(last.behind).toBe(second.name);
});

describe('the health of what is behind a controller', () => {
  const queue = (state: string, lost?: string) => ({ irq: 24, state, ...(lost ? { lost } : {}) });
  const other = (lost?: string) => (lost ? { lost } : {});
  const controller = (queues: object[], interrupts: object[]) =>
    ({ queues, interrupts }) as unknown as DeviceRun;

  test.each<[string, DeviceRun | undefined, DeviceRun['health']]>([
    ['no controller', undefined, 'dead'],
    ['a queue that arrives', controller([queue('shutdown'), queue('started')], []), 'at-risk'],
    ['queues that do not', controller([queue('shutdown'), queue('started', 'cpu-offline')], []), 'dead'],
    ['queues without an interrupt', controller([{ irq: null, state: 'started' }], []), 'dead'],
    ['another interrupt that arrives', controller([queue('shutdown')], [other()]), 'at-risk'],
    ['another interrupt that does not', controller([], [other('cpu-unreachable')]), 'dead'],
  ])('%s: %s', (_, of, health) => {
    expect(healthBehind(of)).toBe(health);
  });
});
