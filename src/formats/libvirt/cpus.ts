/** vCPUs of a libvirt domain: `-smp`, `-numa`, `-cpu`, and what is plugged before the guest runs. */
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { wholeNumber } from '../qemu/props.ts';
import { child, type XmlElement } from '../text/xml.ts';
import { cpuOptions } from './cpu-model.ts';
import type { Look } from './look.ts';
import { numaOptions } from './numa.ts';
import { readVcpus } from './vcpus.ts';

export interface DomainCpus {
  readonly options: readonly QemuOption[];
  /** CPU indexes plugged over QMP. */
  readonly hotPlugged: Fact<readonly number[]> | undefined;
  /** Possible vCPUs. */
  readonly max: number;
}

const TOPOLOGY = "unsupported configuration: CPU topology doesn't match maximum vcpu count";

/** Options for the vCPUs of a domain; libvirt's defaults and errors are noted. */
export function domainCpus(domain: XmlElement, look: Look, notes: Notes): DomainCpus {
  const { max, atStart, hotPlugged } = readVcpus(domain, look, notes);
  const vcpu = child(domain, 'vcpu');
  const smp = option('smp', vcpu && look.at(vcpu), [
    ['cpus', atStart],
    ['maxcpus', look.text(vcpu)?.value ? look.text(vcpu) : given('1')],
    ...topologyEntries(domain, max, look, notes),
  ]);
  return {
    options: [smp, ...cpuOptions(domain, look, notes), ...numaOptions(domain, max, look, notes)],
    hotPlugged,
    max,
  };
}

const LEVELS = ['sockets', 'dies', 'clusters', 'cores', 'threads'] as const;

function topologyEntries(domain: XmlElement, max: number, look: Look, notes: Notes): Entry[] {
  const topology = child(domain, 'cpu', 'topology');
  const everySocket: Entry[] = [
    ['sockets', given(String(max))],
    ['cores', given('1')],
    ['threads', given('1')],
  ];
  if (!topology) {
    if (max > 1)
      notes.assume('without <topology> every vCPU is a socket of its own', ['topology', 'sockets']);
    return everySocket;
  }
  const entries = LEVELS.map((level) => [level, look.attribute(topology, level) ?? given('1')] as const);
  const zero = entries.find(([level, fact]) => wholeNumber(fact, level) === 0);
  if (zero) {
    const message = `XML error: Invalid value for attribute '${zero[0]}' in element 'topology': Zero is not permitted`;
    notes.fail(message, zero[1].at);
    return everySocket;
  }
  const product = entries.reduce((all, [level, fact]) => all * wholeNumber(fact, level), 1);
  if (product !== max) {
    notes.fail(TOPOLOGY, look.at(topology), {
      cause: [`the topology has ${product} CPUs, <vcpu> says ${max}`],
    });
  }
  return entries.filter(([level, fact]) => level !== 'clusters' || fact.value !== '1');
}
