/** A guest that another product hands to libvirt: its QEMU options, completed and checked as libvirt does. */

import { LIMITS } from '../../machine/limits.ts';
import type { Notes } from '../notes.ts';
import { collectMachine } from '../qemu/collect.ts';
import type { Fact } from '../qemu/facts.ts';
import { describeQemu } from '../qemu/machine.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import type { ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { completeByLibvirt } from './rules.ts';

export interface VcpuFacts {
  /** What the product calls the possible vCPUs, for messages. */
  readonly name: string;
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
function smpOption(facts: VcpuFacts): QemuOption {
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

/** What another product makes of a guest. */
export interface LibvirtGuest {
  /** All but the vCPUs and the balloon. */
  readonly options: readonly QemuOption[];
  readonly vcpus: VcpuFacts;
  /** Of the product above. */
  readonly notes: Notes;
  /** False: the guest has none of the balloon that libvirt gives each. */
  readonly balloon?: boolean;
  /** A system other than Linux that the product names. */
  readonly guestOs?: Fact<string> | undefined;
}

/** The possible vCPUs. Throws InputError, with the product's name for them, for a number that cannot be. */
function possibleVcpus({ vcpus = given('1'), maxvcpus = vcpus, name }: VcpuFacts): number {
  const max = wholeNumber(maxvcpus, name);
  if (max < 1 || max > LIMITS.cpus) throw errorAt(maxvcpus.at, `${max} vCPUs are not possible`);
  return max;
}

/** The description of a guest; libvirt gives each a balloon. Throws InputError for values that are none. */
export function describeLibvirtGuest(
  { options, vcpus, notes, balloon: hasBalloon = true, guestOs }: LibvirtGuest,
  stack: Stack,
): ReadResult {
  const max = possibleVcpus(vcpus);
  const balloon = option('device', undefined, [
    ['driver', given('virtio-balloon-pci')],
    ['id', given('balloon0')],
  ]);
  const collected = collectMachine([smpOption(vcpus), ...options, ...(hasBalloon ? [balloon] : [])], false);
  const machine = {
    ...collected,
    unread: [...collected.unread, ...notes.unread],
    guestOs: guestOs ?? collected.guestOs,
  };
  const completed = completeByLibvirt(machine, max, stack);
  return describeQemu(completed.machine, stack, {
    assumptions: [...notes.assumptions, ...completed.assumptions],
    refusals: [...notes.refusals, ...completed.refusals],
  });
}
