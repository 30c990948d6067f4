/** A guest that another product hands to libvirt: its QEMU options, completed and checked as libvirt does. */

import type { Notes } from '../notes.ts';
import { collectMachine } from '../qemu/collect.ts';
import type { Fact, QemuMachine } from '../qemu/facts.ts';
import { describeQemu } from '../qemu/machine.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import type { ReadResult, Stack } from '../reader.ts';
import { completeByLibvirt } from './rules.ts';

export interface VcpuFacts {
  /** At start. */
  readonly vcpus: Fact<string> | undefined;
  /** Possible; absent: those at start. */
  readonly maxvcpus: Fact<string> | undefined;
  readonly sockets?: Fact<string> | undefined;
  readonly dies?: Fact<string> | undefined;
  readonly cores?: Fact<string> | undefined;
  readonly threads?: Fact<string> | undefined;
}

const LEVELS = ['sockets', 'dies', 'cores', 'threads'] as const;

/** `-smp` as libvirt writes it: without a topology every vCPU is a socket of its own. */
export function smpOption(facts: VcpuFacts): QemuOption {
  const { vcpus = given('1'), maxvcpus = vcpus } = facts;
  const written = LEVELS.some((level) => facts[level]);
  const entries: Entry[] = written
    ? LEVELS.map((level) => [level, facts[level] ?? given('1')])
    : [
        ['sockets', given(maxvcpus.value)],
        ['cores', given('1')],
        ['threads', given('1')],
      ];
  return option('smp', maxvcpus.at ?? vcpus.at, [['cpus', vcpus], ['maxcpus', maxvcpus], ...entries]);
}

/** A virtio network adapter of `pairs` queue pairs, with the vectors that libvirt gives it. */
export function virtioNetOptions(
  name: string,
  pairs: Fact<string> | undefined,
  at: Fact<string>['at'],
): QemuOption[] {
  const many = pairs !== undefined && Number(pairs.value) > 1;
  const backend = given(`host${name}`);
  return [
    option('netdev', at, [
      ['type', given('tap')],
      ['id', backend],
      ['queues', pairs],
    ]),
    option('device', at, [
      ['driver', given('virtio-net-pci')],
      ['netdev', backend],
      ['id', given(name)],
      ['mq', many ? given('on') : undefined],
      ['vectors', many ? { value: String(2 * Number(pairs.value) + 2), at: pairs.at } : undefined],
    ]),
  ];
}

/**
 * The description of a guest of these options. `notes` are those of the product above, `facts` what no option says
 * (parts that were not understood, the guest's operating system). Throws InputError for values that are none.
 */
export function describeLibvirtGuest(
  options: readonly QemuOption[],
  max: number,
  stack: Stack,
  notes: Notes,
  facts: Partial<Pick<QemuMachine, 'unread' | 'guestOs'>> = {},
): ReadResult {
  const collected = collectMachine(options, false);
  const machine = { ...collected, ...facts, unread: [...collected.unread, ...(facts.unread ?? [])] };
  const completed = completeByLibvirt(machine, max, stack);
  return describeQemu(completed.machine, stack, {
    assumptions: [...notes.assumptions, ...completed.assumptions],
    refusals: [...notes.refusals, ...completed.refusals],
  });
}
