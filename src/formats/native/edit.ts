/** Writes intents into irqsim's own descriptions, YAML or JSON. */
import type { Path } from '../../machine/locate.ts';
import { cpuCount } from '../../machine/topology.ts';
import type { EditTarget, Proposals } from '../editor.ts';
import type { TopologyIntent } from '../intent.ts';
import { isMapping, valueAt } from '../text/values.ts';
import { changeWords } from '../text/words.ts';
import { changeWordsInYaml, setInYaml } from '../text/yaml-text.ts';

/** Values to be set, in order. */
type Settings = readonly (readonly [path: Path, value: unknown])[];

/** Texts with an intent written in. */
export async function writeNative(target: EditTarget): Promise<Proposals> {
  const { text, intent, before } = target;
  const { value } = before.raw;
  switch (intent.kind) {
    case 'ext-dest-id': {
      const path = isMapping(valueAt(value, ['extDestId'])) ? ['extDestId', 'offered'] : ['extDestId'];
      return [await set(text, [[path, likeOld(value, path, true)]])];
    }
    case 'remapping':
      return [await set(text, remapping(value, intent.vendor))];
    case 'kernel':
      return [await set(text, [[['kernel'], intent.release]])];
    case 'parameters': {
      const cmdline = valueAt(value, ['cmdline']) ?? '';
      const changed = typeof cmdline === 'string' ? changeWords(cmdline, intent) : null;
      if (changed === null) return [];
      return [await changeWordsInYaml(text, ['cmdline'], intent), await set(text, [[['cmdline'], changed]])];
    }
    case 'kernel-config': {
      const path = ['kernelConfig', intent.key];
      return [await set(text, [[path, likeOld(value, path, intent.value)]])];
    }
    case 'topology':
      return isMapping(valueAt(value, ['topology']))
        ? [await set(text, topology(value, intent.topology))]
        : [];
    case 'x2apic':
      return [await set(text, [[['x2apic'], intent.setting]])];
    case 'queues':
      return [await set(text, [[[...intent.device, 'queues'], intent.queues]])];
    case 'vectors':
      return [await set(text, [[[...intent.device, 'vectors'], intent.vectors]])];
    case 'hpet':
      return [await set(text, [hpet(value, intent.present)])];
    case 'kvm-signature':
      return [await set(text, [[['platform'], 'kvm']])];
    case 'value':
      return [await set(text, [[intent.path, intent.value]])];
    case 'acpi':
    case 'stack':
      return [];
  }
}

async function set(text: string, settings: Settings): Promise<string | null> {
  let now: string | null = text;
  for (const [path, value] of settings) {
    if (now !== null) now = await setInYaml(now, path, value);
  }
  return now;
}

/** A switch in the words of the one that it replaces. */
function likeOld(description: unknown, path: Path, value: boolean | number): boolean | number | string {
  const old = valueAt(description, path);
  return typeof value === 'boolean' && (old === 'on' || old === 'off') ? (value ? 'on' : 'off') : value;
}

function hpet(description: unknown, present: boolean): Settings[number] {
  const path = isMapping(valueAt(description, ['hpet'])) ? ['hpet', 'present'] : ['hpet'];
  return [path, likeOld(description, path, present)];
}

function remapping(description: unknown, vendor: 'intel' | 'amd'): Settings {
  const old = valueAt(description, ['remapping']);
  if (!isMapping(old)) {
    const full = { enabled: true, eim: true, vendor };
    return [[['remapping'], vendor === 'amd' ? full : typeof old === 'boolean' ? true : 'on']];
  }
  const keys: readonly (readonly [string, boolean])[] = [
    ['enabled', true],
    ['eim', true],
    ['optOut', false],
  ];
  // What is not written is on already, and not opted out.
  const switches: Settings = keys
    .filter(([key]) => old[key] !== undefined)
    .map(([key, on]) => [['remapping', key], likeOld(description, ['remapping', key], on)] as const);
  return (old.vendor ?? 'intel') === vendor ? switches : [...switches, [['remapping', 'vendor'], vendor]];
}

const LEVELS = ['sockets', 'dies', 'modules', 'cores', 'threads'] as const;

/** The keys that say something new; defaults are not written. */
function topology(description: unknown, wanted: TopologyIntent): Settings {
  const old = valueAt(description, ['topology']);
  const written = (key: string) => valueAt(old, [key]);
  const levels: Settings = LEVELS.filter((key) => (written(key) ?? 1) !== wanted[key]).map(
    (key) => [['topology', key], wanted[key]] as const,
  );
  const max = written('max') ?? cpuCount(wanted);
  const present = written('present') ?? wanted.max;
  return [
    ...levels,
    ...(max === wanted.max ? [] : [[['topology', 'max'], wanted.max] as const]),
    ...(present === wanted.present ? [] : [[['topology', 'present'], wanted.present] as const]),
  ];
}
