/** Configurations of every format: read, changed by `--set` and `--event`, analysed, judged, reported. */
import { FORMAT_NAMES, type InputFormat } from '../../src/formats/formats.ts';
import { READERS } from '../../src/formats/index.ts';
import { STACK_PRODUCTS } from '../../src/formats/stack.ts';
import { describe, readSources } from '../../src/questions/source.ts';
import {
  acpidump,
  dmar,
  fadt,
  hpet,
  ivrs,
  local,
  madt,
  srat,
  sratLocal,
  sratWide,
  wide,
} from '../formats/acpi-tables.ts';
import { textsOf } from './grammar.ts';
import { IGNORE } from './grammars/common.ts';
import { KERNEL_LOG } from './grammars/kernel-log.ts';
import { distinctKeys, NATIVE } from './grammars/native.ts';
import { PROC_INTERRUPTS } from './grammars/proc-interrupts.ts';
import { PROXMOX, QEMU, QUICKEMU, VIRTME } from './grammars/qemu.ts';
import {
  BHYVE,
  CLOUD_HYPERVISOR,
  CROSVM,
  FIRECRACKER,
  INCUS,
  KATA,
  KUBEVIRT,
  PROPOLIS,
  VM_BHYVE,
  VMWARE,
  XEN,
} from './grammars/small.ts';
import { LIBVIRT, NOVA, OPENNEBULA, VIRT_INSTALL } from './grammars/xml.ts';
import { mutated, mutatedBytes } from './mutate.ts';
import type { Random } from './random.ts';
import { accepts, reportOn } from './report.ts';
import type { Target } from './target.ts';

const native = textsOf(NATIVE);
export const description = (random: Random): string => distinctKeys(native(random));

/** Bytes as text, a character each. */
const bytesText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function acpi(random: Random): string {
  const ids = [0, 1, 2, 3, 5, 254, 255, 300].filter(() => random.oneIn(2));
  const entries = ids.map((id) =>
    id < 255 && random.oneIn(2) ? local(id, random.below(4)) : wide(id, random.below(4)),
  );
  const main = madt(local(9, 1), ...entries);
  const near = [
    srat(sratLocal(0, 1), sratWide(1, 300)),
    dmar(random.below(4), 1 + random.below(2)),
    ivrs(random.pick([0x10, 0x11]), random.oneIn(2)),
    fadt(6, random.below(6)),
    hpet(),
  ];
  const tables = [main, ...near.filter(() => random.oneIn(2))];
  const hurt = tables.map((one) => (random.oneIn(8) ? mutatedBytes(one, random) : one));
  return bytesText(random.oneIn(3) ? hurt[0] : acpidump(hurt));
}

/** Makes a text of a format, as its grammar has it. */
export const TEXTS: Readonly<Record<InputFormat, (random: Random) => string>> = {
  acpi,
  'kernel-log': textsOf(KERNEL_LOG),
  'proc-interrupts': textsOf(PROC_INTERRUPTS),
  vmware: textsOf(VMWARE),
  opennebula: textsOf(OPENNEBULA),
  'virt-install': textsOf(VIRT_INSTALL),
  kubevirt: textsOf(KUBEVIRT),
  'cloud-hypervisor': textsOf(CLOUD_HYPERVISOR),
  incus: textsOf(INCUS),
  firecracker: textsOf(FIRECRACKER),
  kata: textsOf(KATA),
  xen: textsOf(XEN),
  bhyve: textsOf(BHYVE),
  'vm-bhyve': textsOf(VM_BHYVE),
  crosvm: textsOf(CROSVM),
  propolis: textsOf(PROPOLIS),
  'virtme-ng': textsOf(VIRTME),
  quickemu: textsOf(QUICKEMU),
  qemu: textsOf(QEMU),
  libvirt: textsOf(LIBVIRT),
  nova: textsOf(NOVA),
  proxmox: textsOf(PROXMOX),
  native: description,
};

const CHANGES = textsOf({
  start: [
    '<key>=<value>',
    '<key>=<value>',
    'cmdline+= <value>',
    '--event <event>',
    '--event <event>',
    '--kernel <kernel>',
    '--policy P<n>',
  ],
  key: [
    'topology.cores',
    'topology.sockets',
    'topology.present',
    'devices.0.queues',
    'devices.nvme0.queues',
    'devices.1.driver',
    'cpus.0.apicId',
    'remapping',
    'remapping.eim',
    'extDestId',
    'hpet',
    'hpet.channels',
    'platform',
    'x2apic',
    'events.0.offline',
    'expect.verdict',
    'kernelConfig.nrCpus',
    'a.b',
  ],
  value: [
    '1',
    '2',
    '4',
    '8',
    'on',
    'off',
    '"x"',
    '[1, 2]',
    '{ "a": 1 }',
    'kvm',
    'nvme',
    '0-3',
    'pass',
    'auto',
  ],
  event: [
    'offline=<list>',
    'online=<list>',
    'unplug=<n>',
    'plug=<n>',
    'plug=300@0',
    'suspend',
    'resume',
    'smt=on',
    'smt=off',
    'set-affinity=2<n>=<list>',
    'fire=2<n>',
    'reprobe=nvme0',
    'set-affinity=nvme0:<n>=<list>',
  ],
  kernel: ['5.4', '5.10', '6.1', '6.12.3', '7.2', '6'],
  list: ['0', '1', '1-3', '0-99', '2'],
  n: ['0', '1', '2', '3', '5', '8', '300'],
});

const VERSIONS: readonly string[] = ['7.2', '10.0', '99.1', '6', '8.10.2'];

/** Some `--set` and `--event`; most inputs have none, so that more are accepted. */
export function changesOf(random: Random): string[] {
  const many = random.oneIn(6) ? 1 + random.below(2) : 0;
  return Array.from({ length: many }, () => {
    const change = CHANGES(random);
    return random.oneIn(6) ? mutated(change, random) : change;
  });
}

/** The text with a comment for irqsim before one of its lines, in the signs of XML where it looks like that. */
function commented(text: string, random: Random): string {
  const lines = text.split('\n');
  const said = random.pick(IGNORE);
  const comment = /^\s*</.test(text) ? `<!-- ${said.replace('--', ':')} -->` : `# ${said}`;
  return lines.toSpliced(random.below(lines.length), 0, comment).join('\n');
}

/** Everything that is done with a text. */
async function playText(name: InputFormat, bytes: Uint8Array, random: Random): Promise<void> {
  if (random.oneIn(4)) for (const reader of READERS) reader.recognises(bytes, 'f');
  const stack = random.oneIn(6) ? { [random.pick(STACK_PRODUCTS)]: random.pick(VERSIONS) } : {};
  const defines = random.oneIn(4) ? { N: '4', nproc: '8', 1: 'a' } : undefined;
  const from = random.oneIn(3) ? undefined : name;
  const sources = await readSources({ bytes, file: 'f', from, stack, defines });
  for (const source of sources.slice(0, 3)) {
    const { machine } = describe(source, changesOf(random));
    await reportOn(machine, random);
  }
}

function target(name: InputFormat, weight: number): Target {
  return {
    name,
    weight,
    make(random) {
      const bare = TEXTS[name](random);
      const text = name !== 'acpi' && random.oneIn(16) ? commented(bare, random) : bare;
      return random.oneIn(4) ? mutated(text, random) : text;
    },
    run(input, random) {
      const bytes =
        name === 'acpi' ? new Uint8Array(Buffer.from(input, 'latin1')) : new TextEncoder().encode(input);
      return accepts(() => playText(name, bytes, random), random);
    },
  };
}

const WEIGHTS: Partial<Readonly<Record<InputFormat, number>>> = {
  native: 60,
  qemu: 40,
  libvirt: 30,
  kubevirt: 12,
  proxmox: 12,
};

export const TEXT_TARGETS: readonly Target[] = FORMAT_NAMES.map((name) => target(name, WEIGHTS[name] ?? 8));
