import { expect, test } from 'vitest';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import { hotAdd } from '../../../src/linux/model/hotplug.ts';
import { spreadNodes } from '../../../src/linux/model/numa.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

function nodesOf(wanted: Wanted) {
  const machine = buildMachine({ platform: 'kvm', ...wanted });
  const { enumeration } = earlyBoot(machine);
  const strings = () => spreadNodes(machine, enumeration).nodes.map(String);
  return { machine, enumeration, strings };
}

test('absent CPUs are dealt round-robin until they are plugged (engine 1.1)', () => {
  for (const kernel of ['6.1.176', '6.12.117']) {
    const vm = nodesOf({ kernel, cpus: [...cpus('0-7'), ...cpus('8-15', 'absent', 1)] });
    expect(vm.strings()).toEqual(['0-8,10,12,14', '9,11,13,15']);
    expect([...spreadNodes(vm.machine, vm.enumeration).cpuToNode.slice(8)]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    hotAdd(vm.enumeration, vm.machine, 8, undefined);
    expect(vm.strings()).toEqual(['0-7,10,12,14', '8-9,11,13,15']);
  }
});

test('nodes without a CPU number and gaps between node numbers', () => {
  const list = [...cpus('0-1', 'online', 2), ...cpus('2', 'online', 5), ...cpus('3-6', 'absent', 2)];
  expect(nodesOf({ cpus: list }).strings()).toEqual(['', '', '0-1,4,6', '', '', '2-3,5']);
});

test('a CPU without a number still makes its node online', () => {
  const list = [...cpus('0-3'), ...cpus('4-7', 'online', 1)];
  expect(nodesOf({ cpus: list, cmdline: 'nr_cpus=4' }).strings()).toEqual(['0-3', '']);
  const padded = nodesOf({ cpus: cpus('0-3'), cmdline: 'possible_cpus=6', kernel: '6.1.176' });
  expect(padded.strings()).toEqual(['0-5']);
});

test('a CPU can be plugged into a node that firmware did not name', () => {
  const vm = nodesOf({ kernel: '6.1.176', cpus: [...cpus('0-3'), ...cpus('4-5', 'absent')] });
  hotAdd(vm.enumeration, vm.machine, 77, 3);
  expect(vm.strings()).toEqual(['0-3,5', '', '', '4']);
});

test('nodes with memory only take part: absent CPUs are dealt to them, and they count as empty nodes', () => {
  const list = [...cpus('0-3'), ...cpus('4-7', 'absent')];
  expect(nodesOf({ cpus: list, memoryNodes: [1] }).strings()).toEqual(['0-4,6', '5,7']);
  expect(nodesOf({ cpus: cpus('0-3'), memoryNodes: [1, 3] }).strings()).toEqual(['0-3', '', '', '']);
  expect(nodesOf({ cpus: cpus('0-3'), memoryNodes: [1, 2, 5] }).strings()).toHaveLength(6);
});

test('a node that an event names first is empty and not online until its CPU comes', () => {
  const list = [...cpus('0-3'), ...cpus('4-7', 'absent')];
  const plug = { kind: 'plug', apicId: 4, node: 2, path: [] } as const;
  const vm = nodesOf({ cpus: list, events: [plug] });
  expect(vm.strings()).toEqual(['0-7', '', '']);
  hotAdd(vm.enumeration, vm.machine, 4, 2);
  expect(vm.strings()).toEqual(['0-3,5-7', '', '4']);
});

test('nodes are dealt by number, in whatever order firmware names them', () => {
  const list = [...cpus('0-1', 'online', 1), ...cpus('2-3', 'online', 0), ...cpus('4-5', 'absent', 1)];
  expect(nodesOf({ cpus: list }).strings()).toEqual(['2-4', '0-1,5']);
});
