/** Kernel parameters that stand in the way are removed, from the kernel's command line or the crash kernel's. */

import { isCrashKernel } from '../rules/facts/crash-kernel.ts';
import { COSTS, type Cost } from './parts/costs.ts';
import { NEEDS_REMAPPING, OUT_OF_REACH } from './parts/out-of-reach.ts';
import { editParameters, parameterWords, splitParameter } from './parts/parameters.ts';
import type { Draft, Remedy } from './remedy.ts';

interface Obstacle {
  /** Name of the parameter, with `_` for `-`. */
  readonly name: string;
  /** Word of its comma-separated value that stands in the way; absent: the parameter itself does. */
  readonly word?: string;
  readonly cost?: Cost;
  readonly givesUp?: string;
  readonly cures: readonly string[];
}

/** Parameters that crash kernels are given on purpose: few CPUs take little memory. */
const FEW_CPUS: readonly string[] = ['nosmp', 'maxcpus', 'nr_cpus', 'possible_cpus'];

const COUNT_LIMIT = ['cpus-over-count-limit', 'slots-over-count-limit', 'event-refused'];
const MODE = [...NEEDS_REMAPPING, 'firmware-in-xapic-mode'];
const ONE_CPU = [...OUT_OF_REACH, 'firmware-cpus-ignored', 'queues-share-interrupt', 'timer-source-missing'];
const ISOLATION = { cost: COSTS.isolation, givesUp: 'CPUs kept free of managed interrupts' };

/** A parameter that matters in a new way is one row here. */
const OBSTACLES: readonly Obstacle[] = [
  { name: 'intremap', word: 'off', cures: [...MODE, 'remapping-off-on-cmdline'] },
  { name: 'nointremap', cures: [...MODE, 'remapping-off-on-cmdline'] },
  { name: 'amd_iommu', word: 'off', cures: [...MODE, 'amd-iommu-off'] },
  { name: 'nox2apic', cures: [...MODE, 'nox2apic-with-high-ids'] },
  { name: 'nopv', cures: [...MODE, 'slots-need-hypervisor'] },
  { name: 'xen_nopv', cures: [...MODE, 'slots-need-hypervisor'] },
  { name: 'noapic', cures: MODE },
  { name: 'nosmp', cures: [...ONE_CPU, ...COUNT_LIMIT] },
  { name: 'maxcpus', word: '0', cures: [...ONE_CPU, ...COUNT_LIMIT] },
  { name: 'nolapic', cures: ONE_CPU },
  { name: 'disableapic', cures: ONE_CPU },
  { name: 'disable_cpu_apicid', cures: ['firmware-cpus-ignored'] },
  { name: 'nr_cpus', cures: [...OUT_OF_REACH, ...COUNT_LIMIT] },
  { name: 'possible_cpus', cures: [...OUT_OF_REACH, ...COUNT_LIMIT, 'possible-cpus-ignored'] },
  { name: 'pci', word: 'nomsi', cures: ['queues-share-interrupt', 'device-without-queue'] },
  { name: 'hpet', word: 'disable', cures: ['timer-source-missing'] },
  { name: 'nohpet', cures: ['timer-source-missing'] },
  { name: 'nolapic_timer', cures: ['timer-source-missing'] },
  { name: 'noapictimer', cures: ['timer-source-missing'] },
  { name: 'intel_iommu', word: 'off', cures: ['intel-iommu-off'] },
  { name: 'irqaffinity', ...ISOLATION, cures: ['affinity-broken', 'vector-reservation-failed'] },
  {
    name: 'isolcpus',
    cost: COSTS.isolation,
    givesUp: 'CPUs kept free of other tasks',
    cures: ['event-crashes-kernel'],
  },
  { name: 'isolcpus', word: 'managed_irq', ...ISOLATION, cures: ['queue-stays-on-isolated-cpu'] },
];

/** What is written in place of this word once the obstacle is gone; null: nothing; undefined: no obstacle. */
function without(word: string, obstacle: Obstacle): string | null | undefined {
  const { name, value } = splitParameter(word);
  if (name !== obstacle.name) return undefined;
  if (obstacle.word === undefined) return null;
  const parts = value.split(',');
  if (!parts.includes(obstacle.word)) return undefined;
  const rest = parts.filter((part) => part !== obstacle.word);
  return rest.length === 0 ? null : `${word.slice(0, word.indexOf('='))}=${rest.join(',')}`;
}

interface Edit {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The words that go, and those that take their place; null if the obstacle is not there. */
function editOf(cmdline: string, obstacle: Obstacle): Edit | null {
  const found = parameterWords(cmdline).flatMap((word) => {
    const left = without(word, obstacle);
    return left === undefined ? [] : [{ word, left }];
  });
  if (found.length === 0) return null;
  return { remove: found.map(({ word }) => word), add: found.flatMap(({ left }) => left ?? []) };
}

function instruction({ add, remove }: Edit): string {
  return `remove ${remove.join(' and ')}${add.length > 0 ? `, keep ${add.join(' ')}` : ''}`;
}

/** What stays of a parameter stands in its place. */
function titleOf({ add, remove }: Edit): string {
  if (add.length > 0) return `change ${remove.join(' ')} to ${add.join(' ')} in the kernel parameters`;
  return `remove ${remove.join(' and ')} from the kernel parameters`;
}

function removal(about: string, edit: Edit, cost: Cost, givesUp: string | null): Draft {
  return {
    about,
    title: titleOf(edit),
    intents: [{ kind: 'parameters', ...edit }],
    cost,
    wording: { 'kernel parameters': [instruction(edit)] },
    givesUp,
  };
}

/** What tells that the kernel at hand is a crash kernel; kdump starts it with one CPU to save memory. */
const CRASH_KERNEL = /(?:^|\s)(?:reset_devices|elfcorehdr=\S+)(?=\s|$)/;
const CPUS_OF_CRASH_KERNEL = ['nr_cpus', 'maxcpus', 'nosmp'];

function fromKernel(cmdline: string, obstacle: Obstacle): Draft[] {
  const edit = editOf(cmdline, obstacle);
  if (!edit || (CRASH_KERNEL.test(cmdline) && CPUS_OF_CRASH_KERNEL.includes(obstacle.name))) return [];
  return [
    removal(`parameter ${obstacle.name}`, edit, obstacle.cost ?? COSTS.parameter, obstacle.givesUp ?? null),
  ];
}

/** What all obstacles together cost: it is one edit and one reboot, but more goes than may have to. */
const ALL_COST = 3;

/** Some machines need all of them gone, which would be more changes than a set may have. */
function allFromKernel(cmdline: string, obstacles: readonly Obstacle[]): Draft[] {
  const free = obstacles.filter(({ cost }) => cost === undefined);
  const edits = free.flatMap((obstacle) => editOf(cmdline, obstacle) ?? []);
  if (edits.length < ALL_COST) return [];
  return [removal('parameters', merged(edits), { ...COSTS.parameter, cost: ALL_COST }, null)];
}

const merged = (edits: readonly Edit[]): Edit => ({
  add: edits.flatMap(({ add }) => add),
  remove: edits.flatMap(({ remove }) => remove),
});

/** The parameters of the crash kernel are one value of a description. */
function crashKernel(kdump: string, edit: Edit, title: string, words: string): Draft {
  return {
    about: 'crash kernel parameters',
    title,
    intents: [{ kind: 'value', path: ['kdump'], value: editParameters(kdump, edit.add, edit.remove) }],
    cost: COSTS.crashKernel,
    wording: { 'crash kernel': [`KDUMP_COMMANDLINE_APPEND: ${words}`] },
  };
}

/** All that stands in the way of the crash kernel at once. */
function fromCrashKernel(kdump: string): Draft[] {
  const edits = OBSTACLES.filter(({ cures }) => cures.includes('crash-kernel-panics')).flatMap(
    (obstacle) => editOf(kdump, obstacle) ?? [],
  );
  if (edits.length === 0) return [];
  const edit = merged(edits);
  const title = `remove ${edit.remove.join(' and ')} from the parameters of the crash kernel`;
  return [crashKernel(kdump, edit, title, instruction(edit))];
}

/** A crash kernel of one CPU does not miss the one that the machine started on. */
function oneCrashCpu(kdump: string): Draft[] {
  const remove = parameterWords(kdump).filter((word) => splitParameter(word).name === 'nr_cpus');
  const title = 'boot the crash kernel with one CPU';
  return [crashKernel(kdump, { add: ['nr_cpus=1'], remove }, title, 'nr_cpus=1')];
}

/** CPUs that a crash kernel may be given for the sake of their vectors. */
const CRASH_CPUS: readonly number[] = [2, 4, 8];

/** Each CPU more has vectors of its own, and takes memory that crashkernel= has to keep. */
function moreCrashCpus(kdump: string): Draft[] {
  const words = parameterWords(kdump).filter((word) => splitParameter(word).name === 'nr_cpus');
  const now = Number(splitParameter(words[words.length - 1] ?? 'nr_cpus=1').value);
  return CRASH_CPUS.filter((cpus) => cpus > now).map((cpus) => ({
    ...crashKernel(
      kdump,
      { add: [`nr_cpus=${cpus}`], remove: words },
      `boot the crash kernel with ${cpus} CPUs, as far as crashkernel= has memory for them`,
      `nr_cpus=${cpus}`,
    ),
    degree: true,
  }));
}

const CRASH: readonly string[] = ['crash-kernel-panics', 'crash-kernel-without-ioapic'];
const FEWER_CPUS = 'crash-kernel-loses-boot-cpu';
const MORE_CPUS = 'crash-kernel-without-vectors';

export const parametersRemoved: Remedy = {
  name: 'parameters-removed',
  title: 'kernel parameters that stand in the way',
  cures: [...new Set([...CRASH, FEWER_CPUS, MORE_CPUS, ...OBSTACLES.flatMap(({ cures }) => cures)])],
  changes({ inTheWay, description: { cmdline, kdump } }) {
    const main = typeof cmdline === 'string' ? cmdline : '';
    const crash = typeof kdump === 'string' ? kdump : '';
    const onPurpose = isCrashKernel(main) ? FEW_CPUS : [];
    const obstacles = OBSTACLES.filter(
      ({ name, cures }) => cures.some((rule) => inTheWay.has(rule)) && !onPurpose.includes(name),
    );
    return [
      ...obstacles.flatMap((obstacle) => fromKernel(main, obstacle)),
      ...allFromKernel(main, obstacles),
      ...(CRASH.some((rule) => inTheWay.has(rule)) ? fromCrashKernel(crash) : []),
      ...(inTheWay.has(FEWER_CPUS) ? oneCrashCpu(crash) : []),
      ...(inTheWay.has(MORE_CPUS) ? moreCrashCpus(crash) : []),
    ];
  },
};
