/** `limits.cpu` of an Incus machine → what its QEMU gets of CPUs (docs/model/importing.md#incus). */
import { parseCpuList } from '../../lib/cpumask.ts';
import { FIRST_X2APIC_ID } from '../../machine/apic-ids.ts';
import { grouped, LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import { highestApicIdOfAny } from '../host-topology.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import type { SourceValue } from '../text/source-value.ts';

export interface IncusCpus {
  readonly smp: QemuOption;
  /** CPUs that run: what queues of network adapters are counted by. */
  readonly count: Fact<number>;
  /** CPU indexes plugged over QMP before the guest runs. */
  readonly hotPlugged: Fact<readonly number[]> | undefined;
}

/** Slots for CPUs: as many as the host has CPUs, and no more than this unless more are asked for. */
const SLOTS = 64;

const LEVELS = ['sockets', 'cores', 'threads'] as const;

/** The CPUs of an instance. Throws InputError for a `limits.cpu` that is none. */
export function readCpus(limit: SourceValue | undefined, notes: Notes): IncusCpus {
  if (!limit) {
    notes.assume('without limits.cpu a virtual machine has one CPU');
    return counted({ value: 1, at: undefined }, notes);
  }
  const fact = { value: limit.text().replaceAll(' ', ''), at: limit.place };
  if (/^\d+$/.test(fact.value)) return counted(checked(wholeNumber(fact, 'limits.cpu'), fact), notes);
  if (/^(?:(?:sockets|cores|threads)=\d+(?:,|$))+$/.test(fact.value)) return shaped(fact);
  return pinned(fact, notes);
}

function checked(count: number, { at }: Fact<string>): Fact<number> {
  if (count >= 1 && count <= LIMITS.cpus) return { value: count, at };
  throw errorAt(at, `limits.cpu: ${grouped(count)} CPUs; from 1 to ${grouped(LIMITS.cpus)} are possible`);
}

/** A number: QEMU starts with one CPU, and the others are plugged before the guest runs. */
function counted(count: Fact<number>, notes: Notes): IncusCpus {
  const max = Math.max(SLOTS, count.value);
  if (max > count.value) {
    notes.assume(
      `the host has ${SLOTS} CPUs or more, so that QEMU is given ${SLOTS} slots for CPUs (on a smaller host as many as it has)`,
      ['topology'],
    );
  }
  const rest = Array.from({ length: count.value - 1 }, (_, index) => index + 1);
  if (rest.length > 0) {
    notes.assume('QEMU starts with one CPU, and the others are plugged, in order, before the guest runs');
  }
  return {
    smp: option('smp', count.at, [
      ['cpus', given('1')],
      ['maxcpus', { value: String(max), at: count.at }],
    ]),
    count,
    hotPlugged: { value: rest, at: count.at },
  };
}

/** "sockets=2,cores=4,threads=2" */
function shaped(fact: Fact<string>): IncusCpus {
  const written = new Map(fact.value.split(',').map((part) => part.split('=') as [string, string]));
  const levels = LEVELS.map((level) => [level, { value: written.get(level) ?? '1', at: fact.at }] as const);
  const product = levels.reduce((all, [level, value]) => all * wholeNumber(value, level), 1);
  const count = checked(product, fact);
  const cpus = { value: String(product), at: fact.at };
  return { smp: option('smp', fact.at, [['cpus', cpus], ...levels]), count, hotPlugged: undefined };
}

/** "0-3,8": CPUs of the host, whose sockets, cores and threads the guest gets where they are regular. */
function pinned(fact: Fact<string>, notes: Notes): IncusCpus {
  const count = checked(cpusOf(fact), fact);
  const cpus = { value: String(count.value), at: fact.at };
  notes.assume(
    `the CPUs of the host in limits.cpu are taken for ${count.value} cores of one socket without SMT and NUMA; ` +
      'what they are on the host, the guest gets',
    ['topology'],
  );
  if (highestApicIdOfAny(count.value) >= FIRST_X2APIC_ID) {
    notes.notUnderstood(
      `limits.cpu: ${excerpt(fact.value)} (the guest gets the sockets, cores and threads of these CPUs of the host)`,
      fact.at,
      ['CPUs'],
      'give the qemu.conf that Incus wrote for the running machine',
    );
  }
  return {
    smp: option('smp', fact.at, [
      ['cpus', cpus],
      ['sockets', given('1')],
      ['cores', cpus],
      ['threads', given('1')],
    ]),
    count,
    hotPlugged: undefined,
  };
}

/** CPUs of a list; one that is named twice counts once. */
function cpusOf(fact: Fact<string>): number {
  const expected = 'a number, a list of CPUs such as 0-3,8 or sockets=2,cores=4,threads=1 is expected';
  let ranges: [number, number][];
  try {
    ranges = parseCpuList(fact.value).sort(([one], [other]) => one - other);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw errorAt(fact.at, `limits.cpu: ${excerpt(fact.value)}: ${expected}`);
  }
  let count = 0;
  let next = 0;
  for (const [first, last] of ranges) {
    count += Math.max(0, last + 1 - Math.max(first, next));
    next = Math.max(next, last + 1);
  }
  return count;
}
