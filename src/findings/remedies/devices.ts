/** Fewer queues or interrupts of devices where vectors run out, and a larger table where a table is too small. */

import type { Intent } from '../../formats/intent.ts';
import { EINVAL, ENOSPC } from '../../lib/errno.ts';
import type { DriverName } from '../../machine/driver-names.ts';
import type { Analysis } from '../analysis.ts';
import { count } from '../rules/rule.ts';
import { COSTS, queueCost } from './parts/costs.ts';
import {
  type Group,
  groupsOf,
  intentOf,
  libvirtWords,
  modelOf,
  namesOf,
  qemuWords,
} from './parts/device-groups.ts';
import type { Draft, Remedy, Wording } from './remedy.ts';

/** Rules whose findings fewer interrupts may take away although nothing was refused. */
const WANT_FEWER: readonly string[] = ['affinity-broken', 'queue-stays-on-isolated-cpu', 'interrupt-lost'];

/** True if a device, an event or an affinity mask met CPUs without a vector to spare, or a queue has too wide a mask. */
function vectorRefused({ run, findings }: Analysis): boolean {
  return (
    run.devices.some(({ errno }) => errno === ENOSPC || errno === EINVAL) ||
    run.events.some(({ result, errno }) => result === 'refused' && errno === ENOSPC) ||
    findings.some(({ rule }) => WANT_FEWER.includes(rule))
  );
}

/** Groups that are tried one by one: those with the most interrupts. */
const SINGLE_GROUPS = 4;

/** One queue and one interrupt. */
function oneOfEach(driver: DriverName): readonly string[] {
  const [device, model] = modelOf(driver) ?? [];
  if (!device || !model) return [];
  return [`-device ${device}${model.queueKey ? `,${model.queueKey}=1` : ''},${model.vectorKey}=1`];
}

/** How devices are held to `n` queues or interrupts: in general, and where hypervisors have options for it. */
function wordingOf(groups: readonly Group[], lever: Group['lever'], n: number): Wording {
  const drivers = [...new Set(groups.map(({ spec }) => spec.driver))];
  const qemu = drivers.flatMap((driver) => qemuWords(driver, lever, n));
  const libvirt = drivers.flatMap((driver) => libvirtWords(driver, lever, n));
  const what = lever === 'queues' ? 'queue' : 'interrupt vector';
  return {
    device: [
      `${namesOf(groups)}: at most ${count(n, what)} (parameter of the driver, or a setting of the device)`,
    ],
    ...(qemu.length > 0 ? { QEMU: qemu } : {}),
    ...(libvirt.length > 0 ? { libvirt } : {}),
  };
}

/** Halves of the largest count, down to 1. */
function halves(now: number): number[] {
  const found: number[] = [];
  for (let n = Math.floor(now / 2); n >= 1; n = Math.floor(n / 2)) found.push(n);
  return found;
}

function cap(groups: readonly Group[], n: number, about: string): Draft {
  const capped = groups.filter(({ now }) => now > n);
  const lever = capped.every((group) => group.lever === 'vectors') ? 'vectors' : 'queues';
  const most = Math.max(...capped.map(({ now }) => now));
  return {
    about,
    degree: true,
    title: `limit ${namesOf(capped)} to ${count(n, lever === 'queues' ? 'queue' : 'interrupt')} a device`,
    intents: capped.map((group) => intentOf(group, n)),
    cost: queueCost(most, n),
    wording: wordingOf(capped, lever, n),
    givesUp: lever,
  };
}

function capAll(groups: readonly Group[]): Draft[] {
  const most = Math.max(0, ...groups.map(({ now }) => now));
  const several = (n: number) => groups.filter(({ now }) => now > n).length > 1;
  return halves(most)
    .filter(several)
    .map((n) => cap(groups, n, 'devices'));
}

function capOne(group: Group): Draft[] {
  return halves(group.now).map((n) => cap([group], n, `device ${group.name}`));
}

/** One interrupt for all that a device does: it is no longer managed, so it takes one vector in all. */
function oneInterrupt(group: Group): Draft[] {
  const { path, name, spec, runs } = group;
  if (group.lever === 'vectors' || spec.vectors === 1 || runs.every(({ vectorsAsked }) => vectorsAsked <= 1))
    return [];
  const most = Math.max(...runs.map(({ vectorsAsked }) => vectorsAsked));
  const queues: Intent = { kind: 'queues', device: path, name, queues: 1 };
  return [
    {
      about: `device ${name}`,
      degree: true,
      title: `give each device of ${name} one queue and one interrupt`,
      intents: [...(group.now > 1 ? [queues] : []), { kind: 'vectors', device: path, name, vectors: 1 }],
      cost: queueCost(2 * most, 1),
      wording: {
        device: [`${name}: one interrupt a device (one vector in its MSI-X table)`],
        QEMU: oneOfEach(spec.driver),
      },
      givesUp: 'queues',
    },
  ];
}

/** The MSI-X table is smaller than what the driver asks for, though vectors are there. */
function largerTable({ path, name, spec, runs }: Group): Draft[] {
  const short = runs.find(
    (run) => run.errno === 0 && run.fallback !== null && run.vectorsGranted < run.vectorsAsked,
  );
  if (!short) return [];
  const vectors = short.vectorsAsked;
  return [
    {
      about: `table of ${name}`,
      title: `give ${name} an MSI-X table of ${vectors} vectors`,
      intents: [{ kind: 'vectors', device: path, name, vectors }],
      cost: COSTS.hypervisor,
      wording: {
        QEMU: qemuWords(spec.driver, 'vectors', vectors),
        hypervisor: [`${name}: ${vectors} MSI-X vectors`],
      },
    },
  ];
}

export const devices: Remedy = {
  name: 'devices',
  title: 'queues and interrupts of devices',
  cures: [
    'device-without-queue',
    'vector-reservation-failed',
    'affinity-broken',
    'event-refused',
    'interrupt-lost',
    'queues-share-interrupt',
    'queue-stays-on-isolated-cpu',
  ],
  changes(context) {
    const groups = groupsOf(context);
    const tables = groups.flatMap(largerTable);
    if (!vectorRefused(context.analysis)) return tables;
    const largest = [...groups]
      .sort((a, b) => b.now * b.runs.length - a.now * a.runs.length)
      .slice(0, SINGLE_GROUPS);
    return [...tables, ...capAll(groups), ...largest.flatMap(capOne), ...largest.flatMap(oneInterrupt)];
  },
};
