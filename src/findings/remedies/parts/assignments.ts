/** From intents to `--set` assignments, which change any description, wherever it was read from. */

import type { Intent, TopologyIntent } from '../../../formats/intent.ts';
import { isMapping } from '../../../formats/text/values.ts';
import type { Path } from '../../../machine/machine.ts';
import { cpuCount } from '../../../machine/topology.ts';
import { editParameters } from './parameters.ts';

/** A description before it is checked. */
export type Description = Readonly<Record<string, unknown>>;

type Kind = Intent['kind'];
type Assign<K extends Kind> = (
  intent: Extract<Intent, { kind: K }>,
  description: Description,
) => readonly string[];

const json = (value: unknown): string => JSON.stringify(value);

function remapping(vendor: string, { remapping: written }: Description): readonly string[] {
  if (!isMapping(written)) {
    return [vendor === 'intel' ? 'remapping=on' : `remapping=${json({ enabled: true, eim: true, vendor })}`];
  }
  const optOut = written.optOut === undefined ? [] : ['remapping.optOut=false'];
  return ['remapping.enabled=true', 'remapping.eim=true', `remapping.vendor=${vendor}`, ...optOut];
}

const LEVELS = ['sockets', 'dies', 'modules', 'cores', 'threads'] as const;

function topology(wanted: TopologyIntent, { topology: written }: Description): readonly string[] {
  const before = isMapping(written) ? written : {};
  const levels = LEVELS.filter((level) => wanted[level] !== (before[level] ?? 1)).map(
    (level) => `topology.${level}=${wanted[level]}`,
  );
  const max = before.max !== undefined || wanted.max !== cpuCount(wanted);
  const present = before.present !== undefined || wanted.present !== wanted.max;
  return [
    ...levels,
    ...(max && before.max !== wanted.max ? [`topology.max=${wanted.max}`] : []),
    ...(present && before.present !== wanted.present ? [`topology.present=${wanted.present}`] : []),
  ];
}

/** "devices.nvme" where the name can be a step of a key, else "devices.0". */
function deviceKey(path: Path, name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `${path[0]}.${name}` : path.join('.');
}

/** Numbers and plain words as they are; a text that reads as something else is quoted. */
function valueText(value: unknown): string {
  return typeof value === 'string' && /^[a-z][a-z-]*$/i.test(value) ? value : json(value);
}

const ASSIGN: { readonly [K in Kind]: Assign<K> } = {
  'ext-dest-id': (_, { extDestId }) => [`extDestId${isMapping(extDestId) ? '.offered' : ''}=true`],
  remapping: ({ vendor }, description) => remapping(vendor, description),
  kernel: ({ release }) => [`kernel=${json(release)}`],
  parameters: ({ add, remove }, { cmdline }) => [
    `cmdline=${json(editParameters(typeof cmdline === 'string' ? cmdline : '', add, remove))}`,
  ],
  'kernel-config': ({ key, value }) => [`kernelConfig.${key}=${value}`],
  topology: (intent, description) => topology(intent.topology, description),
  x2apic: ({ setting }) => [`x2apic=${setting}`],
  queues: ({ device, name, queues }) => [`${deviceKey(device, name)}.queues=${queues}`],
  vectors: ({ device, name, vectors }) => [`${deviceKey(device, name)}.vectors=${vectors}`],
  hpet: ({ present }, { hpet }) => [`hpet${isMapping(hpet) ? '.present' : ''}=${present}`],
  'kvm-signature': () => ['platform=kvm'],
  // Neither ACPI nor the version of a product is in the description: the source is read again.
  acpi: () => [],
  stack: () => [],
  value: ({ path, value }) => [`${path.join('.')}=${valueText(value)}`],
};

/** Assignments that do to `description` what the intents say, in order. */
export function assignments(intents: readonly Intent[], description: Description): readonly string[] {
  return intents.flatMap((intent) => (ASSIGN[intent.kind] as Assign<Kind>)(intent as never, description));
}
