/**
 * Reads Incus and LXD: what `config show`, `list --format json` and `query` print of virtual machines
 * (docs/model/importing.md#incus).
 */

import { type InputError, inputError } from '../../machine/locate.ts';
import { yamlComments } from '../comments/yaml-comments.ts';
import { takeNotes } from '../notes.ts';
import { unreadWords } from '../qemu/account.ts';
import { collectMachine } from '../qemu/collect.ts';
import type { Fact } from '../qemu/facts.ts';
import { describeQemu } from '../qemu/machine.ts';
import { type Entry, given, buildOption as option, parseOptions, type QemuOption } from '../qemu/option.ts';
import { commandWords } from '../qemu/words.ts';
import type { Reader, ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { headText } from '../text/head.ts';
import { readJson } from '../text/json.ts';
import { splitCommands } from '../text/shell.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, rawInput, TextError } from '../text/text.ts';
import { isMapping } from '../text/values.ts';
import { readYamlDocuments } from '../text/yaml.ts';
import { readCpus } from './cpus.ts';
import { deviceOptions, hasNetwork, hasRootDisk } from './devices.ts';
import { accountForKeys, CONTAINER_KEY } from './keys.ts';

/** The part of a text that is looked at to recognise it. */
const HEAD = 64 * 1024;

const key = (name: string) => new RegExp(`(?:^|[\\s{,])["']?${name}["']?\\s*:`, 'm');

const CONFIG = key('(?:expanded_)?config');
/** Together with `config` they are Incus's alone. */
const TELLING = key('(?:limits\\.cpu|limits\\.memory|volatile\\.[\\w.-]+|profiles|ephemeral|used_by)');
const SHAPE = key('(?:expanded_)?devices');

export const incus: Reader = {
  name: 'incus',
  comments: yamlComments,
  recognises(bytes) {
    const head = headText(bytes, HEAD);
    return CONFIG.test(head) && TELLING.test(head) && SHAPE.test(head);
  },
  async read({ bytes, file, stack }) {
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const reads = await parsed(text, file, async () =>
      /^\s*[[{]/.test(text) ? [readJson(text)] : await readYamlDocuments(text),
    );
    const instances = reads.flatMap((read) => instancesIn(sourceValue(rawInput(read, text, file), file)));
    if (instances.length === 0) throw inputError(file, 'no instance of Incus is found');
    const machines = instances.filter((one) => !isContainer(one));
    if (machines.length === 0) throw containerOnly(instances[0]);
    return machines.map((one) => describe(one, stack));
  },
};

/** One instance, a list of them, or what `query --raw` wraps around. */
function instancesIn(top: SourceValue): readonly SourceValue[] {
  if (Array.isArray(top.value)) return top.list().flatMap(instancesIn);
  const inside = top.get('metadata') ?? top.get('instance');
  if (inside && !configOf(top)) return instancesIn(inside);
  return isMapping(top.value) ? [top] : [];
}

const configOf = (instance: SourceValue) => instance.get('expanded_config') ?? instance.get('config');
const devicesOf = (instance: SourceValue) => instance.get('expanded_devices') ?? instance.get('devices');

function isContainer(instance: SourceValue): boolean {
  const type = instance.get('type')?.value;
  if (type !== undefined) return type === 'container';
  return (configOf(instance)?.keys() ?? []).some((name) => CONTAINER_KEY.test(name));
}

function containerOnly(instance: SourceValue): InputError {
  return instance.fail('this is a container, which shares the kernel of its host: analyse the host');
}

function describe(instance: SourceValue, stack: Stack): ReadResult {
  const notes = takeNotes('Incus');
  const config = configOf(instance);
  const setting = (name: string) => config?.get(name);
  refuseOtherArchitectures(instance);
  const devices = devicesOf(instance);
  const limit = setting('limits.cpu');
  const unread = unreadProfiles(instance, limit !== undefined);
  if (unread) notes.notUnderstood(unread.part, unread.at, ['CPUs', 'devices', 'the irqchip'], unread.remedy);
  if (instance.get('type') === undefined) notes.assume('it is a virtual machine: the text does not say');
  accountForKeys(instance, config, notes);
  const cpus = readCpus(limit, notes);
  const isWindows = /windows/i.test(textOf(setting('image.os')) ?? '');
  const extra = extraArguments(setting('raw.qemu'));
  const options = [
    ...machineOptions(setting('security.iommu'), isWindows),
    ...nameOption(instance.get('name')),
    cpus.smp,
    ...deviceOptions(devices, cpus.count, notes),
    ...extra.options,
  ];
  const machine = {
    ...collectMachine(options, false),
    hotPlugged: cpus.hotPlugged,
    guestOs: isWindows ? { value: 'Windows', at: setting('image.os')?.place } : undefined,
  };
  return describeQemu(
    { ...machine, unread: [...notes.unread, ...extra.unread, ...machine.unread] },
    stack,
    notes,
  );
}

const textOf = (value: SourceValue | undefined): string | undefined =>
  typeof value?.value === 'string' ? value.value : undefined;

function refuseOtherArchitectures(instance: SourceValue): void {
  const architecture = instance.get('architecture');
  const name = architecture?.text() ?? '';
  if (architecture && name !== '' && !/^(?:x86_64|i686)$/.test(name))
    throw architecture.fail(`architecture: ${name}: only x86 machines are simulated`);
}

/**
 * What profiles may hold that this text does not: `config show` without --expanded leaves it out. A machine that is
 * complete has a root disk, and nearly always a network adapter.
 */
function unreadProfiles(instance: SourceValue, hasLimit: boolean) {
  if (instance.get('expanded_config') && instance.get('expanded_devices')) return undefined;
  const usedBy = instance.get('used_by');
  if (usedBy) {
    const part = 'a profile: the instances that use it may say more';
    return { part, at: usedBy.place, remedy: 'give what incus config show --expanded NAME prints' };
  }
  const profiles = instance.get('profiles');
  const names = profiles?.list().map((one) => one.text()) ?? [];
  const devices = devicesOf(instance);
  const own = (devices?.keys() ?? []).flatMap((name) => devices?.get(name) ?? []);
  const others = names.some((name) => name !== 'default');
  const isExpanded = hasRootDisk(own) && hasNetwork(own) && (hasLimit || !others);
  if (names.length === 0 || isExpanded) return undefined;
  const part = `profiles: ${names.join(', ')} (what they set does not seem to be in this text)`;
  return { part, at: profiles?.place, remedy: 'give what incus config show --expanded NAME prints' };
}

/** `security.iommu`: a virtio IOMMU, which does not remap interrupts, or Intel's for Windows, which has no other. */
function machineOptions(iommu: SourceValue | undefined, isWindows: boolean): QemuOption[] {
  const on = iommu?.isOn() ? iommu.place : undefined;
  const machine = option('machine', on, [
    ['type', given('q35')],
    ['accel', given('kvm')],
    ['kernel-irqchip', on && { value: 'split', at: on }],
  ]);
  const cpu: QemuOption = { ...option('cpu', undefined, []), value: given('host') };
  if (!on) return [machine, cpu];
  const model: readonly Entry[] = isWindows
    ? [
        ['driver', given('intel-iommu')],
        ['intremap', { value: 'on', at: on }],
      ]
    : [['driver', given('virtio-iommu-pci')]];
  return [machine, cpu, option('device', on, model)];
}

function nameOption(name: SourceValue | undefined): QemuOption[] {
  const fact: Fact<string> | undefined = name && { value: name.text(), at: name.place };
  return fact ? [option('name', fact.at, [['guest', fact]])] : [];
}

/** `raw.qemu` holds further words of the command line; all of them stand where the key does. */
function extraArguments(raw: SourceValue | undefined) {
  if (!raw) return { options: [], unread: [] };
  const place = () => raw.place;
  try {
    const parts = commandWords(splitCommands(raw.text()).flat());
    return { options: parseOptions(parts.options, place), unread: unreadWords(parts, place) };
  } catch (error) {
    throw error instanceof TextError ? raw.fail(`raw.qemu: ${error.message}`) : error;
  }
}
