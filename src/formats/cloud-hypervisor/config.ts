/**
 * A Cloud Hypervisor configuration (REST JSON form) → a description. Its guests have no HPET and no interrupt
 * remapping; beyond APIC ID 255 they live on the extended destination ID
 * (docs/model/importing.md#cloud-hypervisor).
 */
import { parseCpuList } from '../../lib/cpumask.ts';
import { LIMITS, MAX_NODE } from '../../machine/limits.ts';
import type { Location } from '../../machine/locate.ts';
import { apicIdOf, type CpuTopology, cpuCount } from '../../machine/topology.ts';
import { cpuEntries } from '../cpu-entries.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import type { ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import type { SourceValue } from '../text/source-value.ts';
import { describeDevices } from './devices.ts';
import { accountForKeys } from './keys.ts';

/** First version with the extended destination ID, and with more than 254 vCPUs. */
const WIDE_SINCE = 48_000;

/** The leaves of KVM give way to those of Hyper-V, under a vendor that Linux does not know (ms_hyperv_platform). */
const HIDDEN =
  'with kvm_hyperv=on the guest is told of the vendor "Linux KVM Hv", which Linux takes for no hypervisor (not measured)';

interface Cpus {
  readonly boot: number;
  readonly max: number;
  readonly topology: CpuTopology | undefined;
  readonly at: Location;
}

/**
 * `more` adds what a product above has to say. Throws InputError for values that are no numbers, or beyond irqsim's own
 * limits.
 */
export function describeConfig(
  config: SourceValue,
  stack: Stack,
  more: (sheet: DescriptionBuilder) => void = () => {},
): ReadResult {
  const { text, version } = versionOf(stack, 'cloud-hypervisor');
  const wide = version >= WIDE_SINCE;
  const sheet = describedBy(`Cloud Hypervisor ${text}`);
  const hyperv = config.get('cpus', 'kvm_hyperv');
  const seesKvm = !hyperv?.isOn();
  sheet.set(['platform'], seesKvm ? 'kvm' : 'other', seesKvm ? undefined : hyperv?.place);
  sheet.assume(seesKvm ? 'the guest runs on KVM' : HIDDEN, ['platform']);
  const cmdline = config.get('payload', 'cmdline') ?? config.get('cmdline', 'args');
  if (cmdline) sheet.set(['cmdline'], cmdline.text(), cmdline.place);
  const cpus = readCpus(config, wide, sheet);
  describeCpus(cpus, config, sheet);
  sheet.set(['extDestId'], wide && seesKvm);
  if (seesKvm) {
    const offers = wide
      ? 'the extended destination ID is always offered on KVM, since version 48'
      : 'the extended destination ID is not offered before version 48';
    sheet.assume(offers, ['extDestId']);
  }
  sheet.set(['hpet'], false);
  sheet.assume('there is no HPET', ['hpet']);
  sheet.set(['firmware'], { fadt: '6.3', onlineCapable: true });
  sheet.assume('its ACPI tables are 6.3, every CPU an online-capable x2APIC entry', ['firmware']);
  describeDevices(config, cpus.boot, sheet);
  accountForKeys(config, sheet);
  more(sheet);
  return sheet.result();
}

function readCpus(config: SourceValue, wide: boolean, sheet: DescriptionBuilder): Cpus {
  const bootAt = config.get('cpus', 'boot_vcpus');
  const maxAt = config.get('cpus', 'max_vcpus');
  const boot = bootAt?.whole(1, LIMITS.cpus) ?? 1;
  const max = maxAt?.whole(1, LIMITS.cpus) ?? boot;
  if (!bootAt) sheet.assume('cpus boot=1 is the default');
  if (max < boot) sheet.fail(`Max CPUs (${max}) lower than boot CPUs (${boot})`, maxAt?.place);
  const limit = wide ? 8192 : 254;
  if (max > limit) {
    sheet.fail(
      `Too many CPUs: specified ${max} but ${limit} is the limit`,
      (maxAt ?? bootAt)?.place,
      wide
        ? {}
        : {
            cause: ['Cloud Hypervisor before 48 takes no more than 254 vCPUs'],
            fix: ['Cloud Hypervisor 48 or newer'],
          },
    );
  }
  const at = (maxAt ?? bootAt ?? config).place;
  return { boot, max: Math.max(boot, max), topology: readTopology(config, Math.max(boot, max), sheet), at };
}

function readTopology(config: SourceValue, max: number, sheet: DescriptionBuilder): CpuTopology | undefined {
  const written = config.get('cpus', 'topology');
  if (!written) return undefined;
  const part = (name: string) => {
    const value = written.get(name);
    if (!value) throw written.fail(`cpus.topology: ${name} is missing`);
    return value.whole(0, LIMITS.cpus);
  };
  const topology = {
    threads: part('threads_per_core'),
    cores: part('cores_per_die'),
    dies: part('dies_per_package'),
    modules: 1,
    sockets: part('packages'),
  };
  if (cpuCount(topology) === 0) {
    sheet.fail('No part of the CPU topology can be zero', written.place);
    return undefined;
  }
  if (topology.threads > 2) {
    sheet.fail('CPU topology supports at most 2 threads per core', written.get('threads_per_core')?.place);
  }
  if (cpuCount(topology) !== max) {
    sheet.fail('Product of CPU topology parts does not match maximum vCPU', written.place);
    return undefined;
  }
  return topology;
}

function describeCpus(
  { boot, max, topology, at }: Cpus,
  config: SourceValue,
  sheet: DescriptionBuilder,
): void {
  const shape = topology ?? { sockets: 1, dies: 1, modules: 1, cores: max, threads: 1 };
  if (!topology) sheet.assume('without a topology the APIC ID is the CPU index', ['topology']);
  const bootAt = config.get('cpus', 'boot_vcpus')?.place;
  const nodes = readNodes(config, max);
  if (nodes === undefined) {
    const place = config.get('cpus', 'topology')?.place ?? at;
    for (const [key, value] of Object.entries(shape)) {
      if (value > 1 || key === 'cores') sheet.set(['topology', key], value, place);
    }
    sheet.set(['topology', 'present'], boot, bootAt);
    return;
  }
  const cpus = nodes.map((node, index) => ({ apicId: apicIdOf(index, shape), node, present: index < boot }));
  for (const [index, entry] of cpuEntries(cpus).entries()) sheet.set(['cpus', index], entry, at);
  if (shape.threads > 1) sheet.set(['smt'], shape.threads, config.get('cpus', 'topology')?.place);
}

/** The node of each CPU, or undefined if there are no nodes. */
function readNodes(config: SourceValue, max: number): number[] | undefined {
  const written = config.get('numa')?.list() ?? [];
  if (written.length === 0) return undefined;
  const nodes = new Array<number>(max).fill(0);
  for (const [index, one] of written.entries()) {
    const node = one.get('guest_numa_id')?.whole(0, MAX_NODE) ?? index;
    const cpus = one.get('cpus');
    for (const [first, last] of cpus ? cpuRanges(cpus, max) : []) nodes.fill(node, first, last + 1);
  }
  return nodes;
}

/** A list of numbers (JSON), or text such as "0-3,8" (command line). */
function cpuRanges(cpus: SourceValue, max: number): [first: number, last: number][] {
  if (Array.isArray(cpus.value)) {
    return cpus.list().map((one) => {
      const cpu = one.whole(0, max - 1);
      return [cpu, cpu];
    });
  }
  try {
    const ranges = parseCpuList(cpus.text());
    if (ranges.every(([, last]) => last < max)) return ranges;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw cpus.fail(`numa cpus: a list of CPUs from 0 to ${max - 1} is expected`);
}
