/** Writes intents into the YAML of KubeVirt guests. What libvirt decides for them has no place there. */

import { isKeyOf } from '../../lib/lookup.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import type { Path } from '../../machine/locate.ts';
import { cpuCount } from '../../machine/topology.ts';
import type { EditTarget, Proposals } from '../editor.ts';
import type { TopologyIntent } from '../intent.ts';
import { isMapping, valueAt } from '../text/values.ts';
import { changeWords } from '../text/words.ts';
import { changeWordsInYaml, setInYaml, yamlValues } from '../text/yaml-text.ts';
import { SPECS } from './guest.ts';

/** Where the domain of a guest is. */
interface Place {
  readonly document: number;
  readonly path: Path;
  readonly domain: unknown;
}

/** Texts with an intent written in. */
export async function writeKubevirt(target: EditTarget): Promise<Proposals> {
  const { text, intent } = target;
  const place = guestPlaces((await yamlValues(text)) ?? []).at(target.index);
  if (!place) return [];
  switch (intent.kind) {
    case 'topology':
      return Promise.all(
        topologies(place, intent.topology).map((counts) => set(text, place, ['cpu'], counts)),
      );
    case 'hpet':
      return [await set(text, place, ['clock', 'timer', 'hpet'], { present: intent.present })];
    case 'acpi':
      return [await set(text, place, ['features', 'acpi'], { enabled: true })];
    case 'kvm-signature':
      return [await set(text, place, ['features', 'kvm'], { hidden: false })];
    case 'queues':
      return multiQueue(target, place, [...intent.device, 'driver']);
    case 'parameters': {
      const path = ['firmware', 'kernelBoot', 'kernelArgs'];
      const written = valueAt(place.domain, path);
      const changed = typeof written === 'string' ? changeWords(written, intent) : null;
      if (changed === null) return [];
      return [
        await changeWordsInYaml(text, [...place.path, ...path], intent, place.document),
        await setInYaml(text, [...place.path, ...path], changed, place.document),
      ];
    }
    default:
      return [];
  }
}

/** The guests of all documents, as the reader counts them. */
function guestPlaces(documents: readonly unknown[]): readonly Place[] {
  return documents.flatMap((value, document) => {
    const items = valueAt(value, ['items']);
    const isList = valueAt(value, ['kind']) === 'List' && Array.isArray(items);
    const objects: readonly Path[] = isList ? items.map((_, index) => ['items', index]) : [[]];
    return objects.flatMap((object) => {
      const kind = String(valueAt(value, [...object, 'kind']));
      if (!isKeyOf(SPECS, kind)) return [];
      const path = [...object, ...SPECS[kind], 'domain'];
      return [{ document, path, domain: valueAt(value, path) }];
    });
  });
}

type Counts = Readonly<Record<string, number>>;

async function set(
  text: string,
  { document, path }: Place,
  below: Path,
  values: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  let now: string | null = text;
  for (const [key, value] of Object.entries(values)) {
    if (now !== null) now = await setInYaml(now, [...path, ...below, key], value, document);
  }
  return now;
}

/** Counts to write: what differs, then with the limit of sockets, then all of them. */
function topologies({ domain }: Place, wanted: TopologyIntent): readonly Counts[] {
  const { sockets, cores, threads, max, present } = wanted;
  const plugged = present / (cores * threads);
  if (cpuCount(wanted) !== max || sockets * cores * threads !== max || !Number.isInteger(plugged)) return [];
  const all: Counts = { sockets: plugged, cores, threads };
  const old = valueAt(domain, ['cpu']);
  const written = (key: string) => (isMapping(old) ? old[key] : undefined) ?? 1;
  const changed = Object.fromEntries(Object.entries(all).filter(([key, count]) => written(key) !== count));
  return [changed, { ...changed, maxSockets: sockets }, { ...all, maxSockets: sockets }];
}

/** Switches that give every device of a kind a queue a vCPU. */
const SWITCHES = {
  'virtio-blk': 'blockMultiQueue',
  'virtio-net': 'networkInterfaceMultiqueue',
} as const satisfies Readonly<Partial<Record<DriverName, string>>>;

function multiQueue(target: EditTarget, place: Place, driverPath: Path): Promise<Proposals> | Proposals {
  const driver = String(valueAt(target.before.raw.value, driverPath));
  if (!isKeyOf(SWITCHES, driver)) return [];
  const on = valueAt(place.domain, ['devices', SWITCHES[driver]]) === true;
  return Promise.all([set(target.text, place, ['devices'], { [SWITCHES[driver]]: !on })]);
}
