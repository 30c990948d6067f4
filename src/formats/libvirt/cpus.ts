/** vCPUs of a libvirt domain: `-smp`, `-numa`, `-cpu`, and what is plugged before the guest runs. */
import { formatList, parseCpuList } from '../../lib/cpumask.ts';
import { grouped, LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

export interface DomainCpus {
  readonly options: readonly QemuOption[];
  /** CPU indexes plugged over QMP. */
  readonly hotPlugged: Fact<readonly number[]> | undefined;
  /** Possible vCPUs. */
  readonly max: number;
}

const CELLS =
  "XML error: Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting " +
  'from 0 are not allowed';
const TOPOLOGY = "unsupported configuration: CPU topology doesn't match maximum vcpu count";

/** Options for the vCPUs of a domain; libvirt's defaults and errors are noted. */
export function domainCpus(domain: XmlElement, look: Look, notes: Notes): DomainCpus {
  const vcpu = child(domain, 'vcpu');
  const written = look.text(vcpu);
  const max = written?.value ? wholeNumber(written, 'vcpu') : 1;
  if (max < 1 || max > LIMITS.cpus) {
    throw errorAt(written?.at, `${grouped(max)} vCPUs; from 1 to ${grouped(LIMITS.cpus)} are possible`);
  }
  if (!vcpu) notes.assume('without <vcpu> a domain has one vCPU', ['topology', 'max']);
  const { atStart, hotPlugged } = presentCpus(domain, vcpu, max, look);
  const possible = written ?? given('1');
  const smp = option('smp', vcpu && look.at(vcpu), [
    ['cpus', atStart],
    ['maxcpus', possible],
    ...topologyEntries(domain, max, look, notes),
  ]);
  return {
    options: [smp, ...cpuOptions(domain, look), ...numaOptions(domain, look, notes)],
    hotPlugged,
    max,
  };
}

const LEVELS = ['sockets', 'dies', 'clusters', 'cores', 'threads'] as const;

function topologyEntries(domain: XmlElement, max: number, look: Look, notes: Notes): Entry[] {
  const topology = child(domain, 'cpu', 'topology');
  if (!topology) {
    if (max > 1)
      notes.assume('without <topology> every vCPU is a socket of its own', ['topology', 'sockets']);
    return [
      ['sockets', given(String(max))],
      ['cores', given('1')],
      ['threads', given('1')],
    ];
  }
  const entries = LEVELS.map((level) => [level, look.attribute(topology, level) ?? given('1')] as const);
  const product = entries.reduce((all, [level, fact]) => all * wholeNumber(fact, level), 1);
  if (product !== max) {
    notes.fail(TOPOLOGY, look.at(topology), {
      cause: [`the topology has ${product} CPUs, <vcpu> says ${max}`],
    });
  }
  return entries.filter(([level, fact]) => level !== 'clusters' || fact.value !== '1');
}

interface PresentCpus {
  readonly atStart: Fact<string>;
  readonly hotPlugged: Fact<readonly number[]> | undefined;
}

/** Hot-pluggable vCPUs that are enabled are not on the command line: libvirt plugs them before the guest runs. */
function presentCpus(domain: XmlElement, vcpu: XmlElement | undefined, max: number, look: Look): PresentCpus {
  const current = look.attribute(vcpu, 'current') ?? look.text(vcpu);
  const first = current?.value ? Math.min(wholeNumber(current, 'current'), max) : max;
  const listed = child(domain, 'vcpus');
  if (!listed) return { atStart: { value: String(first), at: current?.at }, hotPlugged: undefined };
  const plugged: number[] = [];
  const fixed = new Set(Array.from({ length: first }, (_, index) => index));
  const list = childrenOf(listed, 'vcpu');
  if (list.length > 0) fixed.clear();
  for (const one of list) {
    const id = look.attribute(one, 'id');
    if (!id || look.attribute(one, 'enabled')?.value !== 'yes') continue;
    const index = wholeNumber(id, 'id');
    if (index >= max) throw errorAt(id.at, `vcpu id=${index}: <vcpu> says that there are only ${max}`);
    if (look.attribute(one, 'hotpluggable')?.value === 'yes') plugged.push(index);
    else fixed.add(index);
  }
  const at = look.at(listed);
  return {
    atStart: { value: String(Math.max(1, fixed.size)), at },
    hotPlugged: plugged.length > 0 ? { value: plugged, at } : undefined,
  };
}

/** Models by `<cpu mode>`. */
const MODES: Readonly<Record<string, string>> = {
  'host-passthrough': 'host',
  'host-model': 'host',
  maximum: 'max',
};

const POLICIES: Readonly<Record<string, '+' | '-'>> = {
  force: '+',
  require: '+',
  optional: '+',
  disable: '-',
  forbid: '-',
};

function cpuOptions(domain: XmlElement, look: Look): QemuOption[] {
  const cpu = child(domain, 'cpu');
  const flags: Entry[] = [];
  for (const feature of childrenOf(cpu, 'feature')) {
    const sign = POLICIES[look.attribute(feature, 'policy')?.value ?? 'require'];
    const name = look.attribute(feature, 'name')?.value;
    if (sign && name) flags.push([sign + name, { value: 'on', at: look.at(feature) }]);
  }
  const hidden = child(domain, 'features', 'kvm', 'hidden');
  const state = look.attribute(hidden, 'state');
  if (state?.value === 'on') flags.push(['kvm', { value: 'off', at: state.at }]);
  for (const timer of childrenOf(child(domain, 'clock'), 'timer')) {
    if (look.attribute(timer, 'name')?.value !== 'kvmclock') continue;
    const present = look.attribute(timer, 'present');
    if (present)
      flags.push([present.value === 'no' ? '-kvmclock' : '+kvmclock', { value: 'on', at: present.at }]);
  }
  if (!cpu && flags.length === 0) return [];
  const mode = look.attribute(cpu, 'mode')?.value ?? '';
  const model = Object.hasOwn(MODES, mode)
    ? MODES[mode]
    : (look.text(child(cpu, 'model'))?.value ?? 'qemu64');
  const made = option('cpu', cpu && look.at(cpu), flags);
  const named = child(cpu, 'model') ?? (Object.hasOwn(MODES, mode) ? cpu : undefined);
  return [{ ...made, value: { value: model, at: named && look.at(named) } }];
}

function numaOptions(domain: XmlElement, look: Look, notes: Notes): QemuOption[] {
  const cells = childrenOf(child(domain, 'cpu', 'numa'), 'cell');
  const numbered = cells.map((cell, index) => {
    const id = look.attribute(cell, 'id') ?? given(String(index));
    return { cell, id, number: wholeNumber(id, 'id') };
  });
  numbered.sort((a, b) => a.number - b.number);
  const wrong = numbered.find(({ number }, index) => number !== index);
  if (wrong) {
    notes.fail(CELLS, look.at(wrong.cell));
    return [];
  }
  return numbered.map(({ cell, id }) => {
    const cpus = look.attribute(cell, 'cpus');
    const list = cpus && { value: withoutExcluded(cpus), at: cpus.at };
    return option('numa', look.at(cell), [
      ['type', given('node')],
      ['nodeid', id],
      ['cpus', list],
    ]);
  });
}

/** "0-7,^3" → "0-2,4-7". */
function withoutExcluded(fact: Fact<string>): string {
  const parts = fact.value.split(',').map((part) => part.trim());
  const excluded = parts.filter((part) => part.startsWith('^')).map((part) => part.slice(1));
  if (excluded.length === 0) return fact.value;
  try {
    if (parts.length > LIMITS.cpus) throw new RangeError('the list is far too long');
    const cpus = new Uint8Array(LIMITS.cpus);
    for (const [first, last] of parseCpuList(parts.filter((part) => !part.startsWith('^')).join(','))) {
      cpus.fill(1, first, last + 1);
    }
    for (const [first, last] of parseCpuList(excluded.join(','))) cpus.fill(0, first, last + 1);
    return formatList([...cpus.keys()].filter((cpu) => cpus[cpu] === 1));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw errorAt(fact.at, `cpus=${excerpt(fact.value)}: ${error.message}`);
  }
}
