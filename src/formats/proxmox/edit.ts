/** Writes intents into Proxmox VE configurations: the lines before the first section. */

import type { EditTarget, Proposals } from '../editor.ts';
import type { TopologyIntent } from '../intent.ts';
import { textPositions } from '../text/text.ts';
import { applyEdits, insertion, lineBreak, lineEnd, type TextEdit } from '../text/text-edits.ts';
import { type Config, parseConfig, type Setting } from './config.ts';

/** Texts with an intent written in. */
export function writeProxmox(target: EditTarget): Proposals {
  const { text, intent } = target;
  const config = parseConfig(text, textPositions(text, '-'));
  switch (intent.kind) {
    case 'remapping':
      return intent.vendor === 'intel' ? [viommu(text, config)] : [];
    case 'ext-dest-id':
      return [machineArgument(text, config, 'kernel-irqchip=split')];
    case 'hpet':
      return [machineArgument(text, config, `hpet=${intent.present ? 'on' : 'off'}`)];
    case 'acpi': {
      const acpi = config.get('acpi');
      return acpi ? [put(text, acpi, '1')] : [];
    }
    case 'topology':
      return [topology(text, config, intent.topology)];
    case 'queues': {
      const place = target.before.raw.locate(intent.device);
      const setting = [...config.values()].find(({ at }) => at?.line === place?.line);
      return setting
        ? [put(text, setting, withProperty(setting.value, 'queues', String(intent.queues)))]
        : [];
    }
    default:
      return [];
  }
}

/** "virtio=AA:BB,queues=2" with another value of a property. */
function withProperty(value: string, key: string, wanted: string): string {
  const parts = value.split(',');
  const index = parts.findIndex((part) => part.startsWith(`${key}=`));
  const part = `${key}=${wanted}`;
  return (index < 0 ? [...parts, part] : parts.with(index, part)).join(',');
}

function edit({ offset, value }: Setting, text: string): TextEdit {
  return { start: offset, end: offset + value.length, text };
}

function put(text: string, setting: Setting, value: string): string | null {
  return applyEdits(text, [edit(setting, value)]);
}

/** Another model of IOMMU stays: it was chosen. */
function viommu(text: string, config: Config): string | null {
  const machine = config.get('machine');
  if (!machine || /(?:^|,)viommu=/.test(machine.value)) return null;
  return put(text, machine, withProperty(machine.value, 'viommu', 'intel'));
}

/** Properties that Proxmox VE has no setting for: in `args`, behind what is there; QEMU merges -machine options. */
function machineArgument(text: string, config: Config, property: string): string | null {
  const words = `-machine ${property}`;
  const args = config.get('args');
  if (args) return put(text, args, `${args.value} ${words}`);
  return applyEdits(text, [newLine(text, config, `args: ${words}`)]);
}

function topology(text: string, config: Config, wanted: TopologyIntent): string | null {
  const { sockets, dies, modules, cores, threads, max, present } = wanted;
  if (dies * modules * threads !== 1 || sockets * cores !== max) return null;
  const socketsKey = !config.has('sockets') && config.has('smp') ? 'smp' : 'sockets';
  const lines: readonly (readonly [key: string, value: number, standard: number])[] = [
    [socketsKey, sockets, 1],
    ['cores', cores, 1],
    ['vcpus', present, max],
  ];
  const edits = lines.flatMap(([key, value, standard]) => {
    const setting = config.get(key);
    if (setting) return setting.value === String(value) ? [] : [edit(setting, String(value))];
    return value === standard ? [] : [newLine(text, config, `${key}: ${value}`)];
  });
  return applyEdits(text, edits);
}

/** Behind the last setting of the machine as it is. */
function newLine(text: string, config: Config, line: string): TextEdit {
  const last = Math.max(...[...config.values()].map(({ offset }) => offset));
  return insertion(lineEnd(text, last), `${lineBreak(text)}${line}`);
}
