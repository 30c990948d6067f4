/** Whether CPUs that come are reached, and whether a machine comes back from sleep: the answers in full. */
import { describe, expect, test } from 'vitest';
import { plugsOf } from '../../../src/linux/proof/plugs.ts';
import { readText } from '../../helpers.ts';
import { askWhy } from './asked.ts';
import { FOUR, stateOf, subject } from './stand-ins.ts';

const SLOTS = (ids: string) =>
  `platform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "${ids}", state: absent }]\n`;
const LINE = 'devices: [{ name: uart, driver: generic, interrupts: line }]\n';
const within =
  'the APIC ID of every CPU that can be plugged is within the limit of the kernel and of every domain';
const alone = 'an APIC ID decides by itself whether its CPU comes online and is reached';
const machine = (text: string, kernel = '6.12') => readText(`kernel: "${kernel}"\nhpet: off\n${text}`);

describe('CPUs that come', () => {
  test.each<[string, string, ...string[]]>([
    ['none', FOUR, 'holds by closed-form, 0', 'no CPU can be plugged'],
    ['within reach', SLOTS('2-3'), 'holds by closed-form, 2', within],
    [
      'beyond it',
      `policy: P2\n${SLOTS('2,300')}`,
      'fails by closed-form, 2',
      'plug 300, online 3: pci-msi cannot address APIC ID 300 of CPU 3',
      alone,
    ],
    ['a device on a line', `${SLOTS('2')}${LINE}`, 'holds by closed-form, 1', within],
    [
      'a domain that is stated, and nobody uses',
      `${SLOTS('2')}domains: { ioapic: { maxApicId: 1 } }\n`,
      'holds by closed-form, 1',
      within,
    ],
    [
      'a domain that is stated, and a device uses',
      `${SLOTS('2')}domains: { ioapic: { maxApicId: 1 } }\n${LINE}`,
      'fails by closed-form, 1',
      'plug 2, online 2: ioapic cannot address APIC ID 2 of CPU 2',
      alone,
    ],
    [
      'messages, whatever devices use',
      `${SLOTS('2')}domains: { pci-msi: { maxApicId: 1 } }\n${LINE}`,
      'fails by closed-form, 1',
      'plug 2, online 2: pci-msi cannot address APIC ID 2 of CPU 2',
      alone,
    ],
    [
      'one that is there already',
      `${SLOTS('2')}events: [{ plug: { apicId: 2 } }]\n`,
      'holds by closed-form, 0',
      'no CPU can be plugged',
    ],
    [
      'a machine that sleeps',
      `${SLOTS('2')}events: [{ offline: 1 }, { suspend: on }]\n`,
      'fails by closed-form, 1',
      'plug 2, online 2: a CPU with APIC ID 2 does not come online: the machine sleeps: only resume can happen',
      alone,
    ],
  ])('%s', async (_, text, ...expected) => {
    expect(askWhy(await machine(text), 'reachable-after-plug')).toEqual(expected);
  });
});

test('one that may be in a package too many', async () => {
  const text = 'cpus: [{ apicId: "0-3" }, { apicId: "4-7", state: absent }]\n';
  expect(askWhy(await machine(text, '6.12.43'), 'reachable-after-plug')).toEqual([
    'unknown by null, 0',
    'the description does not tell whether the kernel rejects CPU 4',
  ]);
});

test('what they are to interrupts', async () => {
  const plugs = async (text: string, kernel = '6.12') =>
    plugsOf(stateOf(await subject(text, kernel)).stage).map(
      ({ cpu, comesOnline, reachable }) =>
        `${cpu}${comesOnline ? ' comes' : ''}${reachable ? ' within reach' : ''}`,
    );
  const stated = (what: string) => `${SLOTS('2-3')}domains: { pci-msi: ${what} }\n`;
  expect(await plugs(stated('{ reach: { unreachable: 2 } }'))).toEqual(['2 comes', '3 comes within reach']);
  expect(await plugs(stated('{ maxApicId: 2 }'), '6.1')).toEqual(['2 comes within reach', '3 comes']);
  // No ID is theirs from 6.9 on.
  expect(await plugs('cpus: [{ apicId: "0-1" }]\ncmdline: possible_cpus=4\n')).toEqual([]);
  const threads = 'smt: 2\ncpus: [{ apicId: 0 }, { apicId: "1-2", state: absent }]\nevents: [{ smt: off }]\n';
  expect(await plugs(threads)).toEqual(['1 within reach', '2 comes within reach']);
});

describe('sleep', () => {
  const simulated = 'suspend and resume were simulated';
  test.each<[string, string, ...string[]]>([
    [
      'a machine that comes back',
      `${FOUR}devices: [{ name: disk, driver: nvme, queues: 4 }]\n`,
      'holds by exhaustive, 1',
      simulated,
    ],
    [
      'one that sleeps already',
      `${FOUR}events: [{ suspend: on }]\n`,
      'fails by exhaustive, 1',
      'suspend: the machine sleeps already',
      simulated,
    ],
  ])('%s', async (_, text, ...expected) => {
    expect(askWhy(await machine(text), 'suspend-works')).toEqual(expected);
  });
});
