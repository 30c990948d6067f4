/** Writes intents into QEMU command lines as scripts hold them. Logs and -readconfig files are only read. */

import { lookup } from '../../lib/lookup.ts';
import type { EditTarget, Proposals } from '../editor.ts';
import type { Intent, TopologyIntent } from '../intent.ts';
import type { Word } from '../text/shell.ts';
import { editsInWord, extentOf, quotedWord, wordsAfter, wordsBefore } from '../text/shell-edit.ts';
import { applyEdits, offsetOf, type TextEdit } from '../text/text-edits.ts';
import { valueAt } from '../text/values.ts';
import { changeWords, type WordChange, wordEdits } from '../text/words.ts';
import { qemuCommands } from './commands.ts';
import { DEVICE_MODELS, type DeviceModel, plainDriver } from './device-models.ts';
import { propsOf, setProperties } from './edit-option.ts';
import { lastStarts } from './log.ts';
import { looksLikeReadconfig } from './readconfig.ts';
import { commandWords, type WrittenOption } from './words.ts';

type Edits = readonly TextEdit[] | null;

interface Command {
  readonly text: string;
  readonly program: Word;
  readonly words: readonly Word[];
  readonly options: readonly WrittenOption[];
}

/** Texts with an intent written in. */
export async function writeQemu(target: EditTarget): Promise<Proposals> {
  const { text } = target;
  if (text.includes('\0') || looksLikeReadconfig(text) || lastStarts(text).length > 0) return [];
  const found = qemuCommands(text, target.defines).commands.at(target.index);
  if (!found) return [];
  const command = { text, ...found, options: commandWords(found.words).options };
  const ways = await waysFor(command, target, target.intent);
  return ways.map((edits) => edits && applyEdits(text, edits));
}

async function waysFor(command: Command, target: EditTarget, intent: Intent): Promise<readonly Edits[]> {
  switch (intent.kind) {
    case 'ext-dest-id': {
      const split = await splitIrqchip(command);
      // Old machine types offer it only when asked.
      return [split, joined(split, await cpuFlag(command, 'kvm-msi-ext-dest-id'))];
    }
    case 'remapping':
      return [await remapping(command, target, intent.vendor)];
    case 'x2apic':
      return [await cpuFlag(command, 'x2apic')];
    case 'kvm-signature':
      return [await cpuFlag(command, 'kvm')];
    case 'hpet':
      return [await machineProperty(command, 'hpet', intent.present ? 'on' : 'off')];
    case 'acpi':
      return [await machineProperty(command, 'acpi', 'on')];
    case 'topology':
      return [await topology(command, intent.topology)];
    case 'queues':
      return [await queues(command, target, intent)];
    case 'vectors':
      return [await vectors(command, target, intent)];
    case 'parameters':
      return parameters(command, intent);
    default:
      return [];
  }
}

const joined = (one: Edits, other: Edits): Edits => one && other && [...one, ...other];

function lastOf({ options }: Command, name: string): WrittenOption | undefined {
  return options.findLast((option) => option.name === name);
}

const splitIrqchip = (command: Command): Promise<Edits> =>
  machineProperty(command, 'kernel-irqchip', 'split');

/** The option that decides on the property, or the last -machine; without one it is added. */
async function machineProperty(command: Command, property: string, value: string): Promise<Edits> {
  const { text, program, options } = command;
  const deciding = options.findLast(
    (option) =>
      /^(?:machine|accel)$/.test(option.name) &&
      [...propsOf(option).keys()].some((key) => key.replaceAll('_', '-') === property),
  );
  const argument = (deciding ?? lastOf(command, 'machine'))?.argument;
  if (argument) return setProperties(argument, { [property]: value });
  return [wordsAfter(text, program, `-machine ${property}=${value}`)];
}

async function cpuFlag(command: Command, flag: string): Promise<Edits> {
  const argument = lastOf(command, 'cpu')?.argument;
  return argument ? setProperties(argument, { [flag]: 'on' }) : null;
}

/** Device and the property for destinations of 32 bits, by vendor. */
const IOMMUS = {
  intel: { driver: 'intel-iommu', wide: 'eim' },
  amd: { driver: 'amd-iommu', wide: 'xtsup' },
} as const;

async function remapping(command: Command, target: EditTarget, vendor: 'intel' | 'amd'): Promise<Edits> {
  const { driver, wide } = IOMMUS[vendor];
  const devices = command.options.filter(({ name }) => name === 'device');
  const iommu = devices.find((device) => /-iommu(?:-pci)?$/.test(propsOf(device).get('driver') ?? ''));
  if (iommu && propsOf(iommu).get('driver') !== driver) return null;
  const added = `-device ${driver},intremap=on,${wide}=on`;
  const last = command.words.at(-1) ?? command.program;
  const iommuEdits = iommu?.argument
    ? await setProperties(iommu.argument, { intremap: 'on', [wide]: 'on' })
    : [
        devices.length > 0
          ? wordsBefore(command.text, devices[0].word, added)
          : wordsAfter(command.text, last, added),
      ];
  const underKvm = valueAt(target.before.raw.value, ['platform']) !== 'tcg';
  return joined(underKvm ? await splitIrqchip(command) : [], iommuEdits);
}

async function topology(command: Command, wanted: TopologyIntent): Promise<Edits> {
  const { sockets, dies, modules, cores, threads, max, present } = wanted;
  const smp = lastOf(command, 'smp');
  const written = smp ? propsOf(smp) : new Map<string, string>();
  const properties = {
    cpus: present,
    ...(written.has('maxcpus') || max !== present ? { maxcpus: max } : {}),
    sockets,
    ...(written.has('dies') || dies > 1 ? { dies } : {}),
    ...(written.has('modules') || modules > 1 ? { modules } : {}),
    cores,
    threads,
  };
  if (smp?.argument) return setProperties(smp.argument, properties, 'cpus');
  const [, ...levels] = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
  return [wordsAfter(command.text, command.program, `-smp ${[present, ...levels].join(',')}`)];
}

/** The -device of a device of the description. */
function deviceAt({ options, text }: Command, { before }: EditTarget, path: readonly (string | number)[]) {
  const place = before.raw.locate(path);
  const offset = place && offsetOf(text, place);
  const option = options.find(({ name, argument }) => name === 'device' && argument?.at(0) === offset);
  if (!option?.argument) return undefined;
  const driver = plainDriver(propsOf(option).get('driver') ?? '');
  const model: DeviceModel | undefined = lookup(DEVICE_MODELS, driver);
  return model && { option, argument: option.argument, model };
}

async function queues(
  command: Command,
  target: EditTarget,
  intent: Extract<Intent, { kind: 'queues' }>,
): Promise<Edits> {
  const device = deviceAt(command, target, intent.device);
  if (!device) return null;
  const { option, argument, model } = device;
  if (model.queueKey) return setProperties(argument, { [model.queueKey]: intent.queues });
  if (model.driver !== 'virtio-net') return null;
  const host = propsOf(option).get('netdev');
  const netdev = command.options.find((one) => one.name === 'netdev' && propsOf(one).get('id') === host);
  // With open file descriptors each queue has its own; the user network has one queue.
  const props = netdev && propsOf(netdev);
  if (!netdev?.argument || props?.has('fds') || props?.has('vhostfds')) return null;
  if (!/^(?:tap|vhost-user|vhost-vdpa)$/.test(props?.get('type') ?? '')) return null;
  return joined(
    await setProperties(netdev.argument, { queues: intent.queues }),
    await setProperties(argument, { mq: 'on', vectors: 2 * intent.queues + 2 }),
  );
}

async function vectors(
  command: Command,
  target: EditTarget,
  intent: Extract<Intent, { kind: 'vectors' }>,
): Promise<Edits> {
  const device = deviceAt(command, target, intent.device);
  return device ? setProperties(device.argument, { [device.model.vectorKey]: intent.vectors }) : null;
}

/** Inside the quotes of -append, or the argument anew where it has none. */
function parameters(command: Command, change: WordChange): readonly Edits[] {
  const word = lastOf(command, 'append')?.argument;
  if (!word || !command.words.some(({ text }) => /^--?kernel$/.test(text))) return [];
  const edits = wordEdits(word.text, change);
  const changed = changeWords(word.text, change);
  const anew = changed === null ? null : quotedWord(changed);
  return [
    edits && editsInWord(word, edits),
    anew === null ? null : [{ ...extentOf(command.text, word), text: anew }],
  ];
}
