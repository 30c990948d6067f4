/** What of a machine can be set from a page, and what it is set to. */
import { isMapping, type Mapping } from '../formats/text/values.ts';
import { POLICIES } from '../linux/policy/index.ts';
import { LIMITS } from '../machine/limits.ts';
import type { Machine } from '../machine/machine.ts';
import { kernelSeries } from '../report/kernels.ts';
import type { Control } from './protocol.ts';

/** Devices whose queues can be set. */
const DEVICES_MAX = 12;
/** Queues a device may offer, by the schema. */
const QUEUES_MAX = 65_535;

const mappingOf = (value: unknown): Mapping | undefined => (isMapping(value) ? value : undefined);

/** A value that is not among the choices is the first of them: it is what the machine has. */
function choice(
  path: string,
  label: string,
  choices: readonly (readonly [string, string])[],
  value: string,
): Control {
  const known = choices.some(([one]) => one === value);
  return { path, label, value, choices: known ? choices : [[value, `${value} (as given)`], ...choices] };
}

const SWITCH = [
  ['off', 'off'],
  ['on', 'on'],
] as const;

const EIGHT_BITS = '{"enabled":true,"eim":false}';

function remapping({ remapping: { enabled, eim } }: Machine): string {
  return enabled ? (eim ? 'on' : EIGHT_BITS) : 'off';
}

/** Counts of a topology, where the description has one. */
function topologyControls(description: Mapping): Control[] {
  const topology = mappingOf(description.topology);
  if (!topology) return [];
  const levels = ['sockets', 'dies', 'cores', 'threads'].filter(
    (level) => level !== 'dies' || topology[level] !== undefined,
  );
  return levels.map((level) => ({
    path: `topology.${level}`,
    label: level,
    least: 1,
    most: LIMITS.cpus,
    value: String(topology[level] ?? 1),
  }));
}

/** How many CPUs are plugged, where the description lets that be a number. */
function pluggedControl(description: Mapping, { cpus }: Machine): Control[] {
  const topology = mappingOf(description.topology);
  if (!topology || (topology.present !== undefined && typeof topology.present !== 'number')) return [];
  const value = String(topology.present ?? cpus.length);
  return [{ path: 'topology.present', label: 'plugged CPUs', least: 1, most: LIMITS.cpus, value }];
}

/** Queues of entries of the list of devices; a group is set as one. */
function queueControls(description: Mapping, machine: Machine): Control[] {
  const devices = Array.isArray(description.devices) ? description.devices.map(mappingOf) : [];
  return devices.slice(0, DEVICES_MAX).flatMap((device, n): Control[] => {
    const name = typeof device?.name === 'string' ? device.name : undefined;
    if (device === undefined || name === undefined) return [];
    const spec = machine.devices.find(({ path }) => path[0] === 'devices' && path[1] === n);
    const queues = typeof device.queues === 'number' ? device.queues : spec?.queues;
    if (typeof queues !== 'number') return [];
    return [
      {
        path: `devices.${n}.queues`,
        label: `queues of ${name}`,
        least: 1,
        most: QUEUES_MAX,
        value: String(queues),
      },
    ];
  });
}

/** The controls of a machine; the description is the one that it was made of, written out. */
export function controlsOf(machine: Machine, description: unknown): readonly Control[] {
  const written = mappingOf(description) ?? {};
  const kernels = kernelSeries().map((name) => [name, `Linux ${name}`] as const);
  const policies = POLICIES.map(({ name }) => [name, name] as const);
  return [
    choice('kernel', 'kernel', kernels, machine.kernel.text),
    choice('policy', 'policy', policies, String(written.policy ?? 'mainline')),
    choice(
      'remapping',
      'interrupt remapping',
      [SWITCH[0], ['on', 'on, 32 bits'], [EIGHT_BITS, 'on, 8 bits (no EIM)']],
      remapping(machine),
    ),
    choice('extDestId', 'extended destination ID', SWITCH, machine.extDestId ? 'on' : 'off'),
    choice('hpet', 'HPET', SWITCH, machine.hpet.present ? 'on' : 'off'),
    ...topologyControls(written),
    ...pluggedControl(written, machine),
    ...queueControls(written, machine),
  ];
}
