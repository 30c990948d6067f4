/** The devices that one entry of a description stands for, and what their queues are called by each product. */

import type { Intent } from '../../../formats/intent.ts';
import { DEVICE_MODELS, type DeviceModel } from '../../../formats/qemu/device-models.ts';
import { lookup } from '../../../lib/lookup.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { DriverName } from '../../../machine/driver-names.ts';
import type { DeviceSpec, Path } from '../../../machine/machine.ts';
import type { Context } from '../remedy.ts';

/** Devices that one entry of a description stands for. */
export interface Group {
  readonly path: Path;
  /** As the description names the entry. */
  readonly name: string;
  readonly spec: DeviceSpec;
  readonly runs: readonly DeviceRun[];
  /** What decides how many interrupts a device wants: its queues, or the table of a generic one. */
  readonly lever: 'queues' | 'vectors';
  readonly now: number;
}

export function groupsOf({ analysis: { machine, run }, description }: Context): readonly Group[] {
  const entries = Array.isArray(description.devices) ? description.devices : [];
  const groups = new Map<string, { spec: DeviceSpec; runs: DeviceRun[] }>();
  for (const [index, spec] of machine.devices.entries()) {
    const key = spec.path.join('.');
    const group = groups.get(key) ?? { spec, runs: [] };
    group.runs.push(run.devices[index]);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ spec, runs }) => {
    const named = (entries[Number(spec.path[1])] as { name?: unknown } | undefined)?.name;
    const lever = spec.driver === 'generic' ? 'vectors' : 'queues';
    const wanted = Math.max(
      1,
      ...runs.map(({ vectorsAsked, queues }) => (lever === 'queues' ? queues.length : vectorsAsked)),
    );
    return {
      path: spec.path,
      name: typeof named === 'string' ? named : spec.name,
      spec,
      runs,
      lever,
      now: spec[lever] ?? wanted,
    };
  });
}

export function intentOf({ path, name, lever }: Group, n: number): Intent {
  return lever === 'queues'
    ? { kind: 'queues', device: path, name, queues: n }
    : { kind: 'vectors', device: path, name, vectors: n };
}

/** The device of QEMU that a driver of Linux drives. */
export const modelOf = (driver: DriverName) =>
  Object.entries<DeviceModel>(DEVICE_MODELS).find(
    ([, model]) => driver !== 'generic' && model.driver === driver,
  );

/** What QEMU calls it on the command line; network devices have their queues on the host's side. */
export function qemuWords(driver: DriverName, lever: Group['lever'], n: number): readonly string[] {
  const [device, model] = modelOf(driver) ?? [];
  if (!device || !model) return [];
  if (lever === 'vectors') return [`-device ${device},${model.vectorKey}=${n}`];
  if (model.queueKey) return [`-device ${device},${model.queueKey}=${n}`];
  return driver === 'virtio-net'
    ? [`-netdev tap,queues=${n} -device ${device},mq=${n > 1 ? 'on' : 'off'},vectors=${2 * n + 2}`]
    : [];
}

/** Elements of libvirt that take a queue count. */
const LIBVIRT = {
  'virtio-blk': 'disk',
  'virtio-scsi': 'controller',
  'virtio-net': 'interface',
} as const satisfies Readonly<Partial<Record<DriverName, string>>>;

export function libvirtWords(driver: DriverName, lever: Group['lever'], n: number): readonly string[] {
  const element = lookup(LIBVIRT, driver);
  if (lever === 'vectors' || !element) return [];
  return [`<${element}><driver queues='${n}'/></${element}>`];
}

export function namesOf(groups: readonly Group[]): string {
  const names = groups.map(({ name }) => name);
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
