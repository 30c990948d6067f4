/** Xen: xl.cfg of an HVM or PVH guest. APIC IDs are twice the vCPU number, so they end at 254. */
import { parseCpuList } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import { cpuEntries } from '../cpu-entries.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { readAssignments } from './assignments.ts';

const MAX_HVM_VCPUS = 128;

/** "hvm", "pvh" or "pv", which is the default. */
function guestType(config: SourceValue): string {
  const type = config.get('type') ?? config.get('builder');
  const name = type?.text().toLowerCase() ?? 'pv';
  if (name === 'hvm' || name === 'pvh') return name;
  throw (type ?? config).fail(
    `a ${name} guest has no APIC: its interrupts are event channels, which irqsim does not model`,
  );
}

function describe(config: SourceValue, stack: Stack): ReadResult {
  const sheet = describedBy(`Xen ${versionOf(stack, 'xen').text}`);
  const type = guestType(config);
  const name = config.get('name');
  if (name) sheet.set(['name'], name.text(), name.place);
  sheet.set(['platform'], `xen-${type}`, (config.get('type') ?? config.get('builder'))?.place);
  describeCpus(config, sheet);
  const cmdline = config.get('cmdline') ?? config.get('extra');
  if (cmdline) sheet.set(['cmdline'], cmdline.text(), cmdline.place);
  sheet.set(['extDestId'], false);
  sheet.assume('no Xen sets the CPUID bit of the extended destination ID', ['extDestId']);
  const hpet = config.get('hpet');
  sheet.set(['hpet'], type === 'hvm' && (hpet?.isOn() ?? true), hpet?.place);
  if (type === 'pvh') {
    sheet.set(['legacyIrqs'], false);
    sheet.assume('a PVH guest has no HPET, no PIC and no IO-APIC', ['legacyIrqs']);
  } else if (!hpet) sheet.assume('hpet=1 is the default', ['hpet']);
  if (config.get('disk') ?? config.get('vif')) {
    sheet.assume('disks and network devices are left out: Linux drives them over event channels');
  }
  for (const device of listOf(config.get('pci'))) {
    sheet.assume(`pci ${device.text()} is left out: the host device decides how many queues it has`);
  }
  return sheet.result();
}

function describeCpus(config: SourceValue, sheet: DescriptionBuilder): void {
  const vcpus = config.get('vcpus');
  const maxvcpus = config.get('maxvcpus');
  const present = vcpus?.whole(1, LIMITS.cpus) ?? 1;
  const max = Math.max(present, maxvcpus?.whole(1, LIMITS.cpus) ?? present);
  if (!vcpus) sheet.assume('vcpus=1 is the default', ['cpus']);
  if (max > MAX_HVM_VCPUS) {
    sheet.fail(
      `${max} vCPUs; the limit of HVM and PVH guests is ${MAX_HVM_VCPUS}`,
      (maxvcpus ?? vcpus)?.place,
    );
  }
  const nodes = nodesOf(config.get('vnuma'), max);
  const cpus = nodes.map((node, index) => ({ apicId: 2 * index, node, present: index < present }));
  const place = (maxvcpus ?? vcpus ?? config).place;
  for (const [index, entry] of cpuEntries(cpus).entries()) sheet.set(['cpus', index], entry, place);
  sheet.assume('the APIC ID is twice the vCPU number', ['cpus']);
}

/** vnuma = [ [ "pnode=0", "size=2048", "vcpus=0-1" ], … ] → the node of each vCPU. */
function nodesOf(vnuma: SourceValue | undefined, max: number): number[] {
  const nodes = new Array<number>(max).fill(0);
  for (const [node, settings] of listOf(vnuma).entries()) {
    for (const setting of settings.list()) {
      const [, list] = /^\s*vcpus\s*=\s*(.*)$/.exec(setting.text()) ?? [];
      if (list !== undefined) fillNode(nodes, node, list, setting);
    }
  }
  return nodes;
}

function fillNode(nodes: number[], node: number, list: string, setting: SourceValue): void {
  try {
    for (const [first, last] of parseCpuList(list.trim())) nodes.fill(node, first, last + 1);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw setting.fail(`vnuma vcpus: ${error.message}`);
  }
}

const listOf = (value: SourceValue | undefined): readonly SourceValue[] => value?.list() ?? [];

export const xen: Reader = {
  name: 'xen',
  recognises(bytes) {
    const head = new TextDecoder().decode(bytes.subarray(0, 64 * 1024));
    return (
      /^\s*(vcpus|maxvcpus|memory|maxmem)\s*=\s*\d/m.test(head) &&
      /^\s*(type|builder|vif|disk|kernel|bootloader)\s*=\s*["'[]/m.test(head) &&
      !/^\s*\[[\w."' -]+\]\s*$/m.test(head)
    );
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const raw = await parsed(text, file, () => readAssignments(text, textPositions(text, file)));
    return [describe(sourceValue(raw, file), stack)];
  },
};
