/**
 * virt-install: the command line that makes a libvirt domain (docs/model/importing.md#small-products). What only the
 * host or libosinfo know is said, or named where the answer hangs on it.
 */

import { isKeyOf } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import { shellComments } from '../comments/shell-comments.ts';
import { sayUnused } from '../defines.ts';
import { describeLibvirtGuest } from '../libvirt/guest.ts';
import { takeNotes } from '../notes.ts';
import { ANYTHING, defineRemedy, furtherOptions } from '../qemu/account.ts';
import type { Fact, Props } from '../qemu/facts.ts';
import { type Entry, given, buildOption as option, type Place, type QemuOption } from '../qemu/option.ts';
import { errorAt } from '../qemu/props.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { runsOf, runsProgram, type Word, wordsIn } from '../text/shell.ts';
import { runScript } from '../text/shell-run.ts';
import { withoutPrompts } from '../text/terminal.ts';
import { cleanText, parsed, TextError, textPositions } from '../text/text.ts';
import { DEVICES, type Guest } from './devices.ts';
import { type Given, NO_BEARING, optionsOf, PARTS, propsOf } from './options.ts';

const isProgram = (name: string): boolean => name === 'virt-install';

/** Options that say what the machine is: read by {@link finish}. */
const MACHINE = new Set([
  'vcpus',
  'cpu',
  'machine',
  'virt-type',
  'features',
  'arch',
  'os-variant',
  'boot',
  'clock',
  'launchSecurity',
]);

/** Switches that are read. */
const MACHINE_SWITCHES = new Set(['noacpi', 'noapic', 'paravirt', 'nonetworks']);

interface Command extends Guest {
  readonly place: Place;
  /** Options of the machine, by name; repeated ones merge. */
  readonly said: Map<string, Props>;
  readonly switches: Set<string>;
}

function describe(
  words: readonly Word[],
  place: Place,
  stack: Stack,
  unused: (one: Guest) => void,
): ReadResult {
  const notes = takeNotes('virt-install');
  const command: Command = {
    options: [],
    notes,
    count: 0,
    balloon: true,
    place,
    said: new Map(),
    switches: new Set(),
  };
  const { options, loose } = optionsOf(words);
  for (const one of options) readOption(one, command);
  for (const word of loose) nameUnknown(word, word, ANYTHING, command);
  if (!options.some(({ name }) => name === 'network') && !command.switches.has('nonetworks')) {
    notes.assume('without --network it adds an adapter');
    DEVICES.network(command, new Map(), undefined);
  }
  notes.assume(
    'what it adds by itself (display, agent channel, random numbers, USB) is not shown: none has queues',
  );
  unused(command);
  return finish(command, stack);
}

/** Names a word; with what supplies a value where only the shell knows it. */
function nameUnknown(word: Word, value: Word, mayHold: readonly MayHold[], { notes, place }: Command): void {
  const [unknown] = value.unknowns ?? [];
  const text = word === value ? word.text : `${word.text} ${value.text}`;
  notes.notUnderstood(excerpt(text), place(word.at(0)), mayHold, unknown && defineRemedy(unknown));
}

function readOption(one: Given, command: Command): void {
  const { name, value, word } = one;
  const { notes, place } = command;
  const at = place(word.at(0));
  if (NO_BEARING.has(name)) return;
  if (value?.unknowns) {
    nameUnknown(word, value, ANYTHING, command);
    return;
  }
  if (name === 'qemu-commandline' && value) {
    const own = value.text.replace(/^(?:args|env)=/, '');
    if (!value.text.startsWith('env=')) {
      const skip = value.text.length - own.length;
      command.options.push(
        ...furtherOptions(
          wordsIn(own, (index) => value.at(index + skip)),
          place,
          notes,
        ),
      );
    }
    return;
  }
  if (MACHINE_SWITCHES.has(name)) {
    command.switches.add(name);
    return;
  }
  const props = propsOf(one, place);
  if (!isKeyOf(PARTS, name)) {
    notes.notUnderstood(`--${name}${value ? ` ${value.text}` : ''}`, at, ['CPUs', 'devices']);
    return;
  }
  for (const [part, fact] of props) {
    if (!PARTS[name].parts.test(part))
      notes.notUnderstood(`${excerpt(`${part}=${fact.value}`)} of --${name}`, fact.at, PARTS[name].mayHold);
  }
  if (MACHINE.has(name)) command.said.set(name, new Map([...(command.said.get(name) ?? []), ...props]));
  else if (isKeyOf(DEVICES, name)) DEVICES[name](command, props, at);
}

const first = (props: Props | undefined): Fact<string> | undefined => [...(props?.values() ?? [])][0];

function finish(command: Command, stack: Stack): ReadResult {
  const { options, notes, said, switches } = command;
  const arch = first(said.get('arch'));
  if (arch && !/^(?:x86_64|i686)$/.test(arch.value))
    throw errorAt(arch.at, `--arch ${excerpt(arch.value)}: only x86 machines are simulated`);
  if (switches.has('paravirt')) notes.notUnderstood('--paravirt', undefined, ['the machine type']);
  const boot = said.get('boot');
  const cmdline = boot?.get('kernel_args') ?? boot?.get('cmdline');
  const all: QemuOption[] = [
    ...machineOptions(command),
    ...cpuOption(said),
    ...(cmdline ? [{ ...option('append', cmdline.at, []), value: cmdline }] : []),
    ...options,
  ];
  const vcpus = vcpuFacts(command);
  const { balloon } = command;
  return describeLibvirtGuest({ options: all, vcpus, notes, balloon, guestOs: guestOs(said) }, stack);
}

function vcpuFacts({ said, notes }: Command) {
  const cpus = said.get('vcpus');
  const topology = said.get('cpu');
  const level = (name: string) => cpus?.get(name) ?? topology?.get(`topology.${name}`);
  const levels = {
    sockets: level('sockets'),
    dies: level('dies'),
    cores: level('cores'),
    threads: level('threads'),
  };
  const maxvcpus = cpus?.get('maxvcpus');
  const product = Object.values(levels).reduce((all, fact) => all * Number(fact?.value ?? 1), 1);
  const vcpus = cpus?.get('vcpus') ?? maxvcpus ?? given(String(product > 1 ? product : 2));
  if (!cpus && product === 1) {
    const part = 'the number of vCPUs: without --vcpus libosinfo decides, often 2';
    notes.notUnderstood(part, undefined, ['CPUs'], 'write --vcpus N');
  }
  return {
    name: 'vcpus',
    vcpus: cpus?.get('current') ?? cpus?.get('vcpu.current') ?? vcpus,
    maxvcpus: maxvcpus ?? vcpus,
    ...levels,
  };
}

/** QEMU's accelerators by --virt-type. */
const ACCELS = { kvm: 'kvm', qemu: 'tcg' } as const;

/** QEMU's objects of confidential guests. */
const CONFIDENTIAL = { tdx: 'tdx-guest', sev: 'sev-guest', 'sev-snp': 'sev-snp-guest' } as const;

const isOff = (fact: Fact<string> | undefined): boolean => /^(?:off|no|false)$/.test(fact?.value ?? '');

function machineOptions({ said, switches, notes }: Command): QemuOption[] {
  const machine = first(said.get('machine')) ?? said.get('boot')?.get('machine');
  if (!machine) notes.assume('the machine type is q35 where --machine does not say otherwise');
  const features = said.get('features');
  const irqchip = features?.get('ioapic.driver');
  const acpi = features?.get('acpi');
  const kind = first(said.get('virt-type'));
  if (kind && !isKeyOf(ACCELS, kind.value))
    notes.notUnderstood(`--virt-type ${excerpt(kind.value)}`, kind.at, ['the machine type', 'the irqchip']);
  const hpet = said.get('clock')?.get('hpet_present');
  if (!hpet) notes.assume('virt-install writes that there is no HPET', ['hpet']);
  const security = said.get('launchSecurity')?.get('type');
  const confidential =
    security && isKeyOf(CONFIDENTIAL, security.value) ? CONFIDENTIAL[security.value] : undefined;
  if (security && !confidential)
    notes.notUnderstood(`--launchSecurity ${excerpt(security.value)}`, security.at, ['the irqchip']);
  const irqchips: Entry =
    irqchip === undefined && confidential === 'tdx-guest'
      ? ['kernel-irqchip', { value: 'split', at: security?.at }]
      : ['kernel-irqchip', irqchip && { value: irqchip.value === 'qemu' ? 'split' : 'on', at: irqchip.at }];
  const entries: Entry[] = [
    ['type', machine ?? given('q35')],
    ['accel', given(kind?.value === 'qemu' ? 'tcg' : 'kvm')],
    ['acpi', given(switches.has('noacpi') || isOff(acpi) ? 'off' : 'on')],
    ['hpet', hpet ? { value: isOff(hpet) ? 'off' : 'on', at: hpet.at } : given('off')],
    irqchips,
    ['confidential-guest-support', confidential && given('lsec0')],
  ];
  const object = option('object', security?.at, [
    ['qom-type', confidential && given(confidential)],
    ['id', given('lsec0')],
  ]);
  return [option('machine', machine?.at, entries), ...(confidential ? [object] : [])];
}

const SIGNS = { force: '+', require: '+', optional: '+', disable: '-', forbid: '-' } as const;

/** `host-passthrough` and `host-model` are the host's; any other is QEMU's name. */
function cpuOption(said: ReadonlyMap<string, Props>): QemuOption[] {
  const props = said.get('cpu') ?? new Map<string, Fact<string>>();
  const cpu = props.get('model') ?? props.get('mode');
  const flags = [...props].flatMap(([key, fact]): Entry[] => {
    if (/^[+-]/.test(key)) return [[key, { value: 'on', at: fact.at }]];
    return isKeyOf(SIGNS, key) ? [[SIGNS[key] + fact.value, { value: 'on', at: fact.at }]] : [];
  });
  const features = said.get('features');
  const hidden =
    features?.get('kvm.hidden.state') ?? features?.get('kvm_hidden') ?? features?.get('kvm.hidden');
  if (hidden && !isOff(hidden)) flags.push(['kvm', { value: 'off', at: hidden.at }]);
  if (!cpu && flags.length === 0) return [];
  const model = cpu && !/^(?:host|maximum|custom)/.test(cpu.value) ? cpu.value : 'host';
  return [{ ...option('cpu', cpu?.at, flags), value: { value: model, at: cpu?.at } }];
}

/** Systems other than Linux, by how their short names of libosinfo begin. */
const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(?:win|msdos)|microsoft\.com/, 'Windows'],
  [/^mac|apple\.com/, 'macOS'],
  [/^(?:freebsd|ghostbsd|hellosystem)|freebsd\.org/, 'FreeBSD'],
  [/^openbsd|openbsd\.org/, 'OpenBSD'],
  [/^netbsd|netbsd\.org/, 'NetBSD'],
  [/^(?:solaris|opensolaris)/, 'Solaris'],
  [/^haiku/, 'Haiku'],
];

function guestOs(said: ReadonlyMap<string, Props>): Fact<string> | undefined {
  const props = said.get('os-variant');
  const os = props?.get('os-variant') ?? props?.get('name') ?? props?.get('short-id') ?? props?.get('id');
  const system = SYSTEMS.find(([pattern]) => pattern.test(os?.value ?? ''))?.[1];
  return system === undefined ? undefined : { value: system, at: os?.at };
}

export const virtInstall: Reader = {
  name: 'virt-install',
  comments: shellComments,
  usesDefines: true,
  recognises: (bytes) => runsProgram(bytes, isProgram),
  async read({ bytes, file, stack, defines = {} }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const place = textPositions(text, file);
    return parsed(text, file, () => {
      const { commands, asked } = runScript(withoutPrompts(text), defines);
      const runs = runsOf(
        commands.map(({ words }) => words),
        isProgram,
      );
      if (runs.length === 0) throw new TextError(0, 'no virt-install command is found');
      return runs.map((words) =>
        describe(words, place, stack, ({ notes }) => sayUnused(defines, asked, notes)),
      );
    });
  },
};
