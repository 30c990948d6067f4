/** The QEMU options that virtme-run writes for a guest on x86 (virtme-ng 1.x). */
import { isKeyOf } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Location } from '../../machine/machine.ts';
import { type Notes, takeNotes } from '../notes.ts';
import { ANYTHING, defineRemedy, furtherOptions } from '../qemu/account.ts';
import {
  type Entry,
  given,
  buildOption as option,
  type Place,
  parseOption,
  type QemuOption,
} from '../qemu/option.ts';
import type { Defines } from '../reader.ts';
import { type Word, wordsIn } from '../text/shell.ts';
import type { Given, GivenWords } from './options.ts';

/** Where the command line of QEMU can be had. */
const SHOWN = 'give the QEMU command line that virtme-run --show-command prints';

/** A guest while its options are read. */
interface Guest {
  readonly program: string;
  readonly place: Place;
  readonly notes: Notes;
  readonly has: (name: string) => boolean;
  readonly options: QemuOption[];
  /** On microvm devices sit on virtio-mmio. */
  readonly bus: 'pci' | 'device';
}

export interface VirtmeCommand {
  readonly program: Word;
  readonly name: string;
  readonly words: GivenWords;
}

/** What virtme-ng makes of a command, with what of it is not understood. Throws TextError, InputError. */
export function virtmeOptions(
  { program, name, words }: VirtmeCommand,
  place: Place,
  defines: Defines,
): { readonly options: readonly QemuOption[]; readonly notes: Notes } {
  const notes = takeNotes('virtme-ng');
  const has = (wanted: string) => words.options.some((one) => one.name === wanted);
  const at = place(program.at(0));
  const qemu = words.options.flatMap((one) =>
    one.name === 'qemu-opts' ? extraOptions(one, place, notes) : [],
  );
  const plain = ['disable-microvm', 'disable-kvm', 'numa', 'nvgpu', 'arch'].find(has);
  const isDebugged = name !== 'virtme-run' && has('debug');
  const microvm = plain === undefined && !isDebugged;
  const guest: Guest = { program: name, place, notes, has, options: [], bus: microvm ? 'device' : 'pci' };
  guest.options.push(...machineOptions(guest, microvm, at, qemu));
  if (!has('cpus')) hostCpus(guest, at, defines);
  guest.options.push(device(`${has('force-9p') ? 'virtio-9p' : 'vhost-user-fs'}-${guest.bus}`, 'root', at));
  if (!has('force-9p'))
    notes.assume('directories of the host are on virtiofs, as where the host has virtiofsd');
  for (const one of words.options) readOption(one, guest);
  for (const word of words.loose) nameLoose(word, place, notes);
  const cmdline = words.options.filter((one) => one.name === 'append' || one.name === 'kopt');
  return { options: [...guest.options, ...cmdlineOption(cmdline, place), ...qemu], notes };
}

function machineOptions(
  { has, notes }: Guest,
  microvm: boolean,
  at: Location | undefined,
  qemu: readonly QemuOption[],
): QemuOption[] {
  const accel = given(has('disable-kvm') ? 'tcg' : 'kvm');
  if (microvm) {
    notes.assume('the machine type is microvm, as on x86 with KVM without --disable-microvm');
    return [
      option('machine', undefined, [
        ['type', given('microvm')],
        ['accel', accel],
        ['pcie', given('on')],
      ]),
      cpuOption('host'),
    ];
  }
  if (!qemu.some(({ name, props }) => name === 'machine' && props.has('type'))) {
    notes.assume('the machine type is taken to be q35 without microvm');
    notes.notUnderstood(
      'the machine type that virtme-ng chooses without microvm',
      at,
      ['the machine type'],
      SHOWN,
    );
  }
  const entries: Entry[] = [
    ['type', given('q35')],
    ['accel', accel],
  ];
  return [option('machine', undefined, entries), cpuOption(has('disable-kvm') ? 'max' : 'host')];
}

function cpuOption(model: string): QemuOption {
  return { ...option('cpu', undefined, []), value: given(model) };
}

/** vng takes as many CPUs as the host has; virtme-run leaves it to QEMU, which takes one. */
function hostCpus({ program, notes, options }: Guest, at: Location | undefined, defines: Defines): void {
  if (program === 'virtme-run') {
    notes.assume('without --cpus virtme-run leaves the number of CPUs to QEMU');
    return;
  }
  const count = Object.hasOwn(defines, 'nproc') ? defines.nproc : undefined;
  if (count !== undefined) {
    options.push(option('smp', at, [['cpus', { value: count, at }]]));
    return;
  }
  const part = 'the number of CPUs: without --cpus vng takes as many as the host has';
  notes.notUnderstood(part, at, ['CPUs'], 'write --cpus N, or supply it with --define nproc=N');
}

function device(
  driver: string,
  id: string,
  at: Location | undefined,
  entries: readonly Entry[] = [],
): QemuOption {
  return option('device', at, [['driver', given(driver)], ['id', given(id)], ...entries]);
}

/** How each option that decides something is read; the machine type and the kernel's parameters are read above. */
const READERS = {
  cpus({ options, place }, { value }) {
    if (value) options.push(parseOption('smp', value, place));
  },
  pin({ has, notes }, { value }, at) {
    if (has('cpus')) return;
    notes.notUnderstood(`--pin ${value?.text ?? ''} without --cpus`, at, ['CPUs'], 'write --cpus N');
  },
  numa({ options, place }, { value }, at) {
    const props = value ? new Map(parseOption('virtme-ng', value, place).props) : new Map();
    const cpus = props.get('cpus');
    options.push(
      option('numa', at, [
        ['type', given('node')],
        ['cpus', cpus],
      ]),
    );
  },
  disk: scsiDisk,
  'blk-disk'({ options, bus }, _, at) {
    options.push(device(`virtio-blk-${bus}`, `disk${options.length}`, at));
  },
  network,
  net: network,
  rodir: directory,
  rwdir: directory,
  server({ options, bus, notes }, { value }, at) {
    if (value?.text === 'ssh') notes.assume('--server ssh reaches the guest by vsock');
    options.push(device(bus === 'pci' ? 'vhost-vsock-pci' : 'vhost-vsock-device', 'vsock', at));
  },
  balloon({ options, bus }, _, at) {
    options.push(device(`virtio-balloon-${bus}`, 'balloon0', at));
  },
  sound({ options }, _, at) {
    options.push(device('intel-hda', 'sound0', at));
  },
  nvgpu({ options, notes }, _, at) {
    options.push(device('vfio-pci', 'gpu0', at));
    notes.notUnderstood(
      '--nvgpu (a host device, which decides how many queues it has)',
      at,
      ['devices'],
      SHOWN,
    );
  },
  graphics({ notes, bus }, _, at) {
    if (bus === 'pci') notes.notUnderstood('--graphics (the devices of the display)', at, ['devices'], SHOWN);
  },
  arch({ notes }, { value }, at) {
    if (value?.text === 'x86_64' || value?.text === 'amd64') return;
    notes.notUnderstood(`--arch ${value?.text ?? ''}: only x86 machines are simulated`, at, ANYTHING);
  },
} satisfies Readonly<Record<string, (guest: Guest, one: Given, at: Location) => void>>;

/** Disks share one controller. */
function scsiDisk({ options, bus }: Guest, _: Given, at: Location): void {
  const driver = `virtio-scsi-${bus}`;
  if (!options.some(({ props }) => props.get('driver')?.value === driver))
    options.push(device(driver, 'scsi', at));
}

function directory({ options, bus, has }: Guest, _: Given, at: Location): void {
  const driver = has('force-9p') ? 'virtio-9p' : 'vhost-user-fs';
  options.push(device(`${driver}-${bus}`, `dir${options.length}`, at));
}

/** One queue pair each; "loop" is two adapters that are connected with each other. */
function network({ options, bus, notes }: Guest, { value }: Given, at: Location): void {
  const kind = value?.text ?? 'user';
  if (!/^(?:user|bridge(?:=.*)?|loop)$/.test(kind))
    notes.notUnderstood(`--network ${kind}`, at, ['devices'], SHOWN);
  const ends = kind === 'loop' ? 2 : 1;
  for (let end = 0; end < ends; end++) options.push(device(`virtio-net-${bus}`, `net${options.length}`, at));
}

function readOption(one: Given, guest: Guest): void {
  const { place, notes } = guest;
  const at = place(one.word.at(0));
  const written = excerpt(
    one.value && one.value !== one.word ? `--${one.name} ${one.value.text}` : one.word.text,
  );
  if (one.kind === 'unknown') notes.notUnderstood(excerpt(one.word.text), at, ANYTHING, SHOWN);
  if (one.kind !== 'read') return;
  const unknown = one.name === 'qemu-opts' ? undefined : one.value?.unknowns?.[0];
  if (unknown) {
    const about = one.name === 'append' || one.name === 'kopt' ? (['the kernel'] as const) : ANYTHING;
    notes.notUnderstood(written, at, about, defineRemedy(unknown));
  } else if (isKeyOf(READERS, one.name)) READERS[one.name](guest, one, at);
}

/** A kernel or a make variable; what only the shell knows may be any option. */
function nameLoose(word: Word, place: Place, notes: Notes): void {
  const at = place(word.at(0));
  const [unknown] = word.unknowns ?? [];
  if (unknown) notes.notUnderstood(excerpt(unknown.written), at, ANYTHING, defineRemedy(unknown));
  else notes.notUnderstood(excerpt(word.text), at, []);
}

function cmdlineOption(given: readonly Given[], place: Place): QemuOption[] {
  const values = given.flatMap(({ value }) => (value ? [value] : []));
  if (values.length === 0) return [];
  const at = place(values[0].at(0));
  return [{ ...option('append', at, []), value: { value: values.map(({ text }) => text).join(' '), at } }];
}

/** vng splits the one word that it gets; virtme-run takes all the words behind. */
function extraOptions({ value, rest }: Given, place: Place, notes: Notes): QemuOption[] {
  for (const unknown of value?.unknowns ?? []) {
    notes.notUnderstood(excerpt(unknown.written), place(value?.at(0) ?? 0), ANYTHING, defineRemedy(unknown));
  }
  return furtherOptions(value ? wordsIn(value.text, value.at) : rest, place, notes);
}
