/** virt-install: the command line that makes a libvirt domain. What only the host or libosinfo know is said. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { type Notes, takeNotes } from '../notes.ts';
import type { Fact, Props } from '../qemu/facts.ts';
import {
  type Entry,
  given,
  buildOption as option,
  type Place,
  parseOption,
  type QemuOption,
} from '../qemu/option.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { argumentsOf, runsProgram, splitCommands, type Word } from '../text/shell.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { describeLibvirtGuest, virtioNetOptions } from './guest.ts';

const isProgram = (name: string): boolean => name === 'virt-install';

/** Options without bearing on CPUs, interrupts and devices that interrupt by message. */
const NO_BEARING = new Set(
  `name memory ram import cdrom location pxe install unattended cloud-init graphics video sound console serial
  parallel channel input redirdev smartcard tpm rng panic watchdog vsock audio memballoon autoconsole noautoconsole
  wait noreboot print-xml dry-run check connect description metadata events resource sysinfo keywrap security seclabel
  blkiotune memorybacking memtune numatune cputune clock pm autostart transient destroy-on-exit debug quiet
  os-variant osinfo os-type boot initrd-inject extra-args launchSecurity idmap shmem container accelerate hvm paravirt
  nographics vnc sdl noacpi noapic prompt force nonetworks nodisks numcpus`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Switches that take no value. */
const SWITCHES = new Set(
  `import pxe autoconsole noautoconsole noreboot dry-run autostart transient destroy-on-exit debug quiet accelerate hvm
  paravirt nographics vnc sdl noacpi noapic prompt force nonetworks nodisks`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Short options, and old names, by the long one. */
const ALIASES = {
  n: 'name',
  r: 'memory',
  c: 'cdrom',
  l: 'location',
  f: 'disk',
  w: 'network',
  d: 'debug',
  q: 'quiet',
  controllers: 'controller',
  net: 'network',
  'host-device': 'hostdev',
} as const;

interface Given {
  readonly name: string;
  readonly value: Word | undefined;
  readonly word: Word;
}

/** `--name value`, `--name=value` and `-n value`. */
function* optionsOf(words: readonly Word[]): Generator<Given> {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const [, written, inline] = /^--?([\w-]+)(?:=([\s\S]*))?$/.exec(word.text) ?? [];
    if (written === undefined) continue;
    const name = lookup(ALIASES, written) ?? written;
    if (inline !== undefined) {
      const skip = word.text.length - inline.length;
      yield { name, word, value: { ...word, text: inline, at: (offset) => word.at(offset + skip) } };
    } else if (SWITCHES.has(name) || words[index + 1]?.text.startsWith('--')) {
      yield { name, word, value: undefined };
    } else yield { name, word, value: words[++index] };
  }
}

/** The part before the first comma, as libvirt's tools take it. */
const FIRST = {
  vcpus: 'vcpus',
  disk: 'path',
  network: 'type',
  controller: 'type',
  cpu: 'model',
  hostdev: 'name',
  iommu: 'model',
  filesystem: 'source',
} as const;

function propsOf({ name, value }: Given, place: Place): Props {
  if (!value) return new Map();
  const props = new Map(parseOption('virt-install', value, place).props);
  const [first] = props.entries();
  const implied = lookup(FIRST, name);
  if (first && implied && !value.text.split(',')[0].includes('=')) {
    props.delete(first[0]);
    return new Map([[implied, { value: first[0], at: first[1].at }], ...props]);
  }
  return props;
}

/** Disks and adapters of these buses are no PCI devices of their own that interrupt by message. */
const LINE_BUSES = /^(?:sata|ide|usb|fdc|scsi)$/;

interface Guest {
  readonly options: QemuOption[];
  readonly notes: Notes;
  count: number;
}

function deviceOption(
  guest: Guest,
  driver: string,
  at: Fact<string>['at'],
  entries: readonly Entry[] = [],
): void {
  const id = given(`${driver}${guest.count++}`);
  guest.options.push(option('device', at, [['driver', given(driver)], ['id', id], ...entries]));
}

/** How each option that makes devices is read. */
/** QEMU's IOMMUs by libvirt's model. */
const IOMMUS = {
  intel: 'intel-iommu',
  amd: 'amd-iommu',
  virtio: 'virtio-iommu-pci',
} as const;

const DEVICES = {
  disk(guest, props, at) {
    if (props.get('path')?.value === 'none' || props.get('device')?.value === 'cdrom') return;
    const bus = props.get('target.bus') ?? props.get('bus');
    if (!bus) guest.notes.assume('a disk without bus= is virtio, where the guest is known to drive it');
    if (bus && bus.value !== 'virtio') {
      if (!LINE_BUSES.test(bus.value)) guest.notes.notUnderstood(`--disk bus=${bus.value}`, at, ['devices']);
      return;
    }
    deviceOption(guest, 'virtio-blk-pci', at, [['num-queues', props.get('driver.queues')]]);
  },
  network(guest, props, at) {
    if (props.get('type')?.value === 'none') return;
    const model = props.get('model.type') ?? props.get('model');
    if (!model)
      guest.notes.assume('a network without model= is virtio, where the guest is known to drive it');
    if (model && !/^virtio/.test(model.value)) return deviceOption(guest, model.value, at);
    const pairs = props.get('driver.queues') ?? props.get('driver_queues');
    guest.options.push(...virtioNetOptions(`net${guest.count++}`, pairs, at));
  },
  controller(guest, props, at) {
    const type = props.get('type')?.value;
    if (type === 'scsi' && /^virtio/.test(props.get('model')?.value ?? '')) {
      deviceOption(guest, 'virtio-scsi-pci', at, [['num_queues', props.get('driver.queues')]]);
    } else if (type === 'virtio-serial') deviceOption(guest, 'virtio-serial-pci', at);
  },
  hostdev(guest, _, at) {
    deviceOption(guest, 'vfio-pci', at);
  },
  filesystem(guest, props, at) {
    if (props.get('driver.type')?.value === 'virtiofs') deviceOption(guest, 'vhost-user-fs-pci', at);
  },
  iommu(guest, props, at) {
    const model = props.get('model')?.value ?? '';
    if (!isKeyOf(IOMMUS, model)) {
      guest.notes.notUnderstood(`--iommu model=${model}`, at, ['devices', 'the irqchip']);
      return;
    }
    guest.options.push(
      option('device', at, [
        ['driver', given(IOMMUS[model])],
        ['intremap', props.get('driver.intremap')],
        ['eim', props.get('driver.eim')],
        ['caching-mode', props.get('driver.caching_mode')],
        ['xtsup', props.get('driver.xtsup')],
      ]),
    );
  },
} satisfies Readonly<Record<string, (guest: Guest, props: Props, at: Fact<string>['at']) => void>>;

/** Options that say what the machine is: read by {@link describe} itself. */
const MACHINE = new Set(['vcpus', 'cpu', 'machine', 'virt-type', 'features', 'arch', 'name']);

function describe(words: readonly Word[], place: Place, stack: Stack): ReadResult {
  const notes = takeNotes('virt-install');
  const guest: Guest = { options: [], notes, count: 0 };
  const said = new Map<string, Props>();
  for (const one of optionsOf(words)) {
    const at = place(one.word.at(0));
    const props = propsOf(one, place);
    if (MACHINE.has(one.name)) said.set(one.name, props);
    else if (isKeyOf(DEVICES, one.name)) DEVICES[one.name](guest, props, at);
    else if (!NO_BEARING.has(one.name)) {
      notes.notUnderstood(`--${one.name}${one.value ? ` ${one.value.text}` : ''}`, at, ['CPUs', 'devices']);
    }
  }
  return finish(guest, said, stack);
}

const firstKey = (props: Props | undefined): Fact<string> | undefined => {
  const [first] = props?.entries() ?? [];
  return first && { value: first[0], at: first[1].at };
};

function finish({ options, notes }: Guest, said: ReadonlyMap<string, Props>, stack: Stack): ReadResult {
  const cpus = said.get('vcpus');
  const maxvcpus = cpus?.get('maxvcpus');
  const product = (['sockets', 'dies', 'cores', 'threads'] as const).reduce(
    (all, level) => all * Number(cpus?.get(level)?.value ?? 1),
    1,
  );
  const vcpus = cpus?.get('vcpus') ?? maxvcpus ?? (product > 1 ? given(String(product)) : given('2'));
  if (!cpus) notes.assume('without --vcpus libosinfo decides, often 2 vCPUs');
  const possible = maxvcpus ?? vcpus;
  const machine = firstKey(said.get('machine'));
  if (!machine) notes.assume('the machine type is q35 where --machine does not say otherwise');
  const irqchip = said.get('features')?.get('ioapic.driver');
  const kind = firstKey(said.get('virt-type'))?.value ?? 'kvm';
  const cpu = said.get('cpu')?.get('model');
  const all: QemuOption[] = [
    option('machine', machine?.at, [
      ['type', machine ?? given('q35')],
      ['accel', given(kind === 'qemu' ? 'tcg' : 'kvm')],
      ['acpi', given('on')],
      ['kernel-irqchip', irqchip && { value: irqchip.value === 'qemu' ? 'split' : 'on', at: irqchip.at }],
    ]),
    ...(cpu ? [{ ...option('cpu', cpu.at, []), value: cpuModel(cpu) }] : []),
    ...options,
  ];
  const facts = {
    name: 'vcpus',
    vcpus: cpus?.get('current') ?? cpus?.get('vcpu.current') ?? vcpus,
    maxvcpus: possible,
    sockets: cpus?.get('sockets'),
    dies: cpus?.get('dies'),
    cores: cpus?.get('cores'),
    threads: cpus?.get('threads'),
  };
  return describeLibvirtGuest({ options: all, vcpus: facts, notes }, stack);
}

/** `host-passthrough` and `host-model` are the host's; any other is QEMU's name. */
const cpuModel = (cpu: Fact<string>): Fact<string> =>
  /^host/.test(cpu.value) ? { value: 'host', at: cpu.at } : cpu;

export const virtInstall: Reader = {
  name: 'virt-install',
  recognises: (bytes) => runsProgram(bytes, isProgram),
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const place = textPositions(text, file);
    return parsed(text, file, () =>
      splitCommands(text)
        .map((command) => argumentsOf([command], isProgram))
        .filter((words) => words !== undefined)
        .map((words) => describe(words, place, stack)),
    );
  },
};
