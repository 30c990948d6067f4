/** quickemu: the .conf of a guest. What quickemu takes from the host is said, or named where the answer hangs on it. */

import { lookup } from '../../lib/lookup.ts';
import { LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { withUnused } from '../defines.ts';
import { definedHostCpus } from '../host-topology.ts';
import { type Notes, takeNotes } from '../notes.ts';
import { ANYTHING, defineRemedy, furtherOptions } from '../qemu/account.ts';
import { collectMachine } from '../qemu/collect.ts';
import type { Fact } from '../qemu/facts.ts';
import { describeQemu } from '../qemu/machine.ts';
import { given, buildOption as option, type Place, type QemuOption } from '../qemu/option.ts';
import { mentionsQemu } from '../qemu/program.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import type { Reader, ReadRequest, ReadResult } from '../reader.ts';
import { headText } from '../text/head.ts';
import { type Word, wordsIn } from '../text/shell.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { SYSTEMS, USED, USUAL_DEVICES, WITHOUT_BEARING } from './keys.ts';
import { readSettings, type Settings } from './settings.ts';

interface Guest {
  readonly settings: Settings;
  readonly place: Place;
  readonly notes: Notes;
  readonly os: string;
}

const factOf = (word: Word | undefined, place: Place): Fact<string> | undefined =>
  word && { value: word.text, at: place(word.at(0)) };

/** CPUs from which on a second socket of the host would take APIC IDs beyond 254. */
const SAFE_CPUS = 127;

/**
 * `cpu_cores` counts the threads of one socket: half of them are cores where the host has SMT. The guest gets as many
 * sockets as the host has.
 */
function cpuOptions(
  { settings, place, notes }: Guest,
  defines: Readonly<Record<string, string>>,
): QemuOption[] {
  const written = settings.first('cpu_cores');
  const at = written && place(written.at(0));
  if (!written || written.unknowns) {
    const count = defaultCores(defines);
    const part = 'the number of CPUs: without cpu_cores quickemu takes it from the host';
    if (written?.unknowns) unknownValue('cpu_cores', written, place, notes);
    else if (count === undefined) {
      notes.notUnderstood(
        part,
        undefined,
        ['CPUs'],
        'write cpu_cores="N", or supply the CPUs of the host with --define nproc=N',
      );
    }
    return smp(count ?? 1, undefined, notes);
  }
  const count = wholeNumber({ value: written.text, at }, 'cpu_cores');
  if (count < 1 || count > LIMITS.cpus) throw errorAt(at, `cpu_cores: ${count} CPUs are not possible`);
  const part = `cpu_cores="${count}" (quickemu makes threads and sockets like the host's, and ${count} CPUs of one socket are taken)`;
  if (count > SAFE_CPUS || (count > 1 && count % 2 === 1)) {
    notes.notUnderstood(part, at, ['CPUs'], 'give the QEMU command line that quickemu leaves in NAME.sh');
  }
  return smp(count, at, notes);
}

function smp(count: number, at: Fact<string>['at'], notes: Notes): QemuOption[] {
  const threads = count > 1 && count % 2 === 0 ? 2 : 1;
  notes.assume('the host has one socket, and SMT');
  return [
    option('smp', at, [
      ['cores', { value: String(count / threads), at }],
      ['threads', given(String(threads))],
      ['sockets', given('1')],
    ]),
  ];
}

/** CPUs that quickemu takes of a host of so many: half of a power of two, 16 at most. */
function defaultCores(defines: Readonly<Record<string, string>>): number | undefined {
  const host = definedHostCpus(defines);
  if (host === undefined) return undefined;
  return [16, 8, 4, 2].find((count) => host >= 2 * count) ?? 1;
}

function unknownValue(name: string, word: Word, place: Place, notes: Notes): void {
  const [unknown] = word.unknowns ?? [];
  if (unknown)
    notes.notUnderstood(`${name}=${excerpt(word.text)}`, place(word.at(0)), ANYTHING, defineRemedy(unknown));
}

function machineOptions({ settings, place, notes, os }: Guest): QemuOption[] {
  const type = factOf(settings.first('machine_type'), place);
  if (!type) notes.assume('the machine type is q35');
  const isWindows = lookup(SYSTEMS, os) === 'Windows';
  const cpu = option('cpu', undefined, isWindows ? [['hv_passthrough', given('on')]] : []);
  return [
    option('machine', type?.at, [
      ['type', type ?? given('q35')],
      ['accel', given('kvm')],
      ['hpet', isWindows ? given('off') : undefined],
    ]),
    { ...cpu, value: given('host') },
  ];
}

/** Devices by a setting and its value; a value that is not listed makes none that interrupts by message. */
const BY_SETTING = {
  mouse: { '': 'usb-tablet', virtio: 'virtio-mouse-pci' },
  keyboard: { '': 'usb-kbd', virtio: 'virtio-keyboard-pci' },
  sound_card: { '': 'intel-hda', 'intel-hda': 'intel-hda' },
  usb_controller: { '': 'qemu-xhci', xhci: 'qemu-xhci' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Values of these settings that make no device with message interrupts. */
const PLAIN_VALUES = /^(?:usb|ps2|tablet|none|ac97|es1370|sb16|usb-audio|ehci)$/;

function deviceOptions({ settings, place, notes, os }: Guest): QemuOption[] {
  const device = (driver: string, id: string, word?: Word): QemuOption =>
    option('device', word && place(word.at(0)), [
      ['driver', given(driver)],
      ['id', given(id)],
    ]);
  const options = [device('virtio-rng-pci', 'rng0'), device('virtio-balloon-pci', 'balloon0')];
  const network = settings.first('network');
  if (network?.text !== 'none') options.push(device('virtio-net-pci', 'nic', network));
  const disk = settings.first('disk_img');
  if (disk) options.push(device('virtio-blk-pci', 'SystemDisk', disk));
  options.push(device('virtio-vga', 'display'), device('virtio-serial-pci', 'serial0'));
  notes.assume('the display is virtio-vga, and an agent in the guest is reached by virtio-serial');
  if (settings.first('public_dir')?.text !== 'none') {
    options.push(device('virtio-9p-pci', 'public'));
    notes.assume('a directory of the host is shared by 9p (public_dir="none" shares none)');
  }
  for (const [name, drivers] of Object.entries(BY_SETTING)) {
    const word = settings.first(name);
    const driver = lookup<Readonly<Record<string, string>>>(drivers, word?.text ?? '');
    if (driver) options.push(device(driver, name, word));
    else if (word && !word.unknowns && !PLAIN_VALUES.test(word.text))
      notes.notUnderstood(`${name}=${excerpt(word.text)}`, place(word.at(0)), ['devices']);
  }
  if (!USUAL_DEVICES.has(os)) {
    const at = factOf(settings.first('guest_os'), place)?.at;
    notes.notUnderstood(`guest_os=${excerpt(os)} (which devices it gets in place of Linux's)`, at, [
      'devices',
    ]);
  }
  return options;
}

/** `extra_args` is split at blanks, and stands behind quickemu's own options. */
function extraOptions({ settings, place, notes }: Guest): QemuOption[] {
  const written = settings.all.find(({ name }) => name === 'extra_args')?.words ?? [];
  for (const value of written) unknownValue('extra_args', value, place, notes);
  return furtherOptions(
    written.flatMap(({ text, at }) => wordsIn(text, at)),
    place,
    notes,
  );
}

function nameUnread({ settings, place, notes }: Guest): void {
  for (const { name, words, at } of settings.all) {
    if (WITHOUT_BEARING.has(name)) continue;
    if (!USED.has(name)) notes.notUnderstood(`${name}=`, at, OWN_VARIABLE.test(name) ? [] : ANYTHING);
    else if (name !== 'extra_args' && name !== 'cpu_cores' && name !== 'disk_img') {
      for (const word of words) unknownValue(name, word, place, notes);
    }
  }
  for (const word of settings.others) notes.notUnderstood(excerpt(word.text), place(word.at(0)), ANYTHING);
  const arch = factOf(settings.first('arch'), place);
  if (arch && arch.value !== 'x86_64') {
    throw errorAt(arch.at, `arch=${excerpt(arch.value)}: only x86 machines are simulated`);
  }
}

/** Variables of the user's own are in capitals; what they hold counts where they are used. */
const OWN_VARIABLE = /^[A-Z_][A-Z0-9_]*$/;

function describe(settings: Settings, place: Place, { stack, defines = {} }: ReadRequest): ReadResult {
  const notes = takeNotes('quickemu');
  const written = settings.first('guest_os');
  if (!written) notes.assume('without guest_os the guest is Linux');
  const os = written?.text ?? 'linux';
  const guest: Guest = { settings, place, notes, os };
  nameUnread(guest);
  const options = [
    ...machineOptions(guest),
    ...cpuOptions(guest, defines),
    ...deviceOptions(guest),
    ...extraOptions(guest),
  ];
  const machine = collectMachine(options, false);
  const system = lookup(SYSTEMS, os);
  const guestOs =
    system === undefined ? machine.guestOs : { value: system, at: written && place(written.at(0)) };
  return describeQemu({ ...machine, guestOs, unread: [...notes.unread, ...machine.unread] }, stack, notes);
}

const SETS_GUEST = /^(?:guest_os|disk_img)=["'\w./$(]/m;
const SETS_MACHINE = /^(?:disk_img|iso|fixed_iso|cpu_cores|ram|disk_size|macos_release)=["'\w./$(]/m;

export const quickemu: Reader = {
  name: 'quickemu',
  comments: shellComments,
  usesDefines: true,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    if (/^#!.*\bquickemu\b/.test(head)) return true;
    return SETS_GUEST.test(head) && SETS_MACHINE.test(head) && !mentionsQemu(head);
  },
  async read(request) {
    const text = cleanText(new TextDecoder().decode(request.bytes), request.file);
    const place = textPositions(text, request.file);
    const { defines = {} } = request;
    return parsed(text, request.file, () => {
      const settings = readSettings(text, place, defines);
      const written = settings.first('cpu_cores');
      const asked = new Set([...settings.asked, ...(written && !written.unknowns ? [] : ['nproc'])]);
      return [withUnused(describe(settings, place, request), defines, asked)];
    });
  },
};
