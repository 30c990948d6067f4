/** When it is known that no interrupt is left behind (docs/model/proofs.md#queues-that-stop). */
import { describe, expect, test } from 'vitest';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { isRoomy, leavesNoneBehind } from '../../../src/linux/proof/lossless.ts';
import { plugsOf } from '../../../src/linux/proof/plugs.ts';
import type { Stage } from '../../../src/linux/sim/events/stage.ts';
import { readText } from '../../helpers.ts';

async function stageOf(text: string, kernel = '6.12'): Promise<Stage> {
  const { stage } = bringToLife(await readText(`kernel: "${kernel}"\nhpet: off\n${text}`));
  if (!stage) throw new Error('the kernel panics');
  return stage;
}

const NIC = (vectors: number, more = '') =>
  `devices: [{ name: nic, driver: generic, managed: false, vectors: ${vectors}${more} }]\n`;
/** Without the timer of the machine, whose mask is the boot CPU. */
const FOUR = 'legacyIrqs: off\ntopology: { cores: 4 }\n';
const NODES = 'cpus: [{ apicId: "0-1", node: 0 }, { apicId: "2-3", node: 1 }]\n';
const APART = 'cpus: [{ apicId: "0-1" }, { apicId: "0x100-0x101" }]\n';
const STUB = 'platform: hyperv\nx2apic: enabled\ncpus: [{ apicId: "0-1,256-257" }]\n';
const NET =
  'devices: [{ name: net, driver: virtio-net, queues: 2 }, { name: nic, driver: generic, managed: false, vectors: 260 }]\n';

describe('without CPUs that come', () => {
  test.each<[string, boolean, string, string]>([
    ['room on every CPU', true, '6.1.90', `${FOUR}${NIC(4)}`],
    ['too little, and every mask holds every CPU', true, '6.1.90', `${FOUR}${NIC(260)}`],
    [
      'the same with the timer on the boot CPU, which stays',
      true,
      '6.1.90',
      `topology: { cores: 4 }\n${NIC(260)}`,
    ],
    [
      'and with a boot CPU that may go',
      false,
      '6.1.90',
      `topology: { cores: 4 }\ncmdline: cpu0_hotplug irqaffinity=0-2\n${NIC(260)}`,
    ],
    ['too little, and masks of a node', false, '6.1.90', `${NODES}${NIC(260, ', node: 1')}`],
    ['the same on a kernel that tries any CPU', true, '6.12', `${NODES}${NIC(260, ', node: 1')}`],
    [
      'too little, and a mask that the user wrote',
      false,
      '6.1.90',
      `${FOUR}${NIC(260)}events: [{ setAffinity: { device: nic, queue: 0, cpus: "0-1" } }]\n`,
    ],
    ['too little, and a driver that sets hints', false, '6.1.90', `${FOUR}${NET}`],
    [
      'an online CPU out of reach',
      false,
      '6.12',
      `${FOUR}domains: { pci-msi: { reach: { unreachable: "3" } } }\n${NIC(4)}`,
    ],
    ['P2, with room', true, '6.12', `policy: P2\n${APART}${NIC(4)}`],
    ['P1 counts vectors of CPUs that are no use', false, '6.12', `policy: P1\n${APART}${NIC(4)}`],
    ['P1, all of use', true, '6.12', `policy: P1\n${FOUR}${NIC(4)}`],
    ['P2, all of use, with too little', true, '6.12', `policy: P2\n${FOUR}${NIC(260)}`],
    ['a domain is stated', true, '6.12', `${FOUR}domains: { pci-msi: { maxApicId: 200 } }\n${NIC(4)}`],
    ["messages of a guest with Hyper-V's stub", true, '6.12', `${STUB}${NIC(4)}`],
    [
      'a line of one whose CPUs it can address',
      false,
      '6.12',
      'platform: hyperv\nx2apic: enabled\ncpus: [{ apicId: "0-3" }]\ndevices: [{ name: uart, driver: generic, interrupts: line }]\n',
    ],
    [
      'a line of such a guest',
      false,
      '6.12',
      `${STUB}devices: [{ name: uart, driver: generic, interrupts: line }]\n`,
    ],
  ])('%s: %s', async (_, expected, kernel, text) => {
    expect(leavesNoneBehind(await stageOf(text, kernel), [])).toBe(expected);
  });
});

describe('with CPUs that come', () => {
  const slots = (ids: string) =>
    `platform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "${ids}", state: absent }]\n`;

  test.each<[string, boolean, string, string?]>([
    ['within reach', true, `${slots('2')}${NIC(4)}`],
    ['above the limit: it stays offline', true, `${slots('300')}${NIC(4)}`],
    ['with too little on a kernel that tries any CPU', true, `${slots('2')}${NIC(260)}`],
    ['with too little, in no mask', false, `${slots('2')}cmdline: irqaffinity=0-1\n${NIC(260)}`, '6.1.90'],
    ['with room, in no mask', true, `${slots('2')}cmdline: irqaffinity=0-1\n${NIC(4)}`, '6.1.90'],
    ['P1: its vectors count', false, `policy: P1\n${slots('2')}${NIC(4)}`],
    ['P2, with room', true, `policy: P2\n${slots('2,300')}${NIC(4)}`],
    ['P2, with too little', false, `policy: P2\n${slots('2,300')}${NIC(260)}`],
    [
      'that the kernel takes for reachable and that is not',
      false,
      `platform: kvm\nextDestId: { offered: true, honoured: false }\ncpus: [{ apicId: "0-1" }, { apicId: 300, state: absent }]\n${NIC(4)}`,
    ],
    [
      'where the description states what is reached',
      false,
      `${slots('2')}domains: { pci-msi: { maxApicId: 254 } }\n${NIC(4)}`,
    ],
    [
      'a device on another domain',
      false,
      `${slots('2')}devices: [{ name: uart, driver: generic, interrupts: line }]\n`,
    ],
  ])('%s: %s', async (_, expected, text, kernel) => {
    const stage = await stageOf(text, kernel);
    expect(leavesNoneBehind(stage, plugsOf(stage))).toBe(expected);
  });
});

test('room for all interrupts that are not managed, on any CPU', async () => {
  // 201 less the timer's.
  const { system: fits } = await stageOf(`topology: { cores: 2 }\n${NIC(200)}`);
  const { system: short } = await stageOf(`topology: { cores: 2 }\n${NIC(201)}`);
  expect([isRoomy(fits), isRoomy(short)]).toEqual([true, false]);
  // Managed ones have theirs reserved.
  const { system: managed } = await stageOf(
    'topology: { cores: 2 }\ndevices: [{ name: bulk, driver: generic, managed: true, vectors: 1, count: 150 }]\n',
  );
  expect(isRoomy(managed)).toBe(true);
});
