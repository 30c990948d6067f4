/** CPUs that are present and do not run. Those that the kernel did not keep back itself were taken offline. */
import { formatList } from '../../lib/cpumask.ts';
import { parseCmdline } from '../../machine/cmdline.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { lastWords } from '../kernel-log/says.ts';
import { cpuSet } from './cpu-set.ts';
import type { KernelLog } from './kernel-log.ts';
import type { Evidence } from './platform.ts';
import { type Tree, textOf } from './tree.ts';

const ONLINE = 'sys/devices/system/cpu/online';
const SMT_CONTROL = 'sys/devices/system/cpu/smt/control';

export interface OfflineCpu {
  readonly cpu: number;
  /** What tells that it was taken offline; null if nothing does. */
  readonly proof: 'the kernel log' | 'SMT control' | null;
}

/** Parameters that keep CPUs back at boot: which, the model works out. */
function keepsBack(cmdline: string): boolean {
  const { maxCpus, smt, nolapic, disableapic } = parseCmdline(cmdline);
  return maxCpus !== undefined || smt !== 'on' || nolapic || disableapic;
}

/**
 * CPUs that are present and not online, without those that the kernel refused to start. Where parameters keep CPUs
 * back, only those that the log names.
 */
export function offlineCpus(tree: Tree, log: KernelLog): OfflineCpu[] {
  const present = cpuSet(tree, 'present');
  const online = cpuSet(tree, 'online');
  if (!present || !online) return [];
  const words = lastWords(log);
  const keeps = keepsBack(textOf(tree, 'proc/cmdline') ?? '');
  const smtOff = /^(off|forceoff)$/.test(textOf(tree, SMT_CONTROL) ?? '');
  return present.toArray().flatMap((cpu): OfflineCpu[] => {
    const word = words.get(cpu);
    if (online.test(cpu) || word === 'refused') return [];
    if (word === 'taken offline') return [{ cpu, proof: 'the kernel log' }];
    if (keeps) return [];
    return [{ cpu, proof: smtOff ? 'SMT control' : null }];
  });
}

/** Sets events: what was done to the machine since it booted, as far as it shows in the CPUs that run. */
export function describeOffline(sheet: DescriptionBuilder, { tree, log, place }: Evidence): void {
  const offline = offlineCpus(tree, log);
  if (offline.length === 0) return;
  sheet.set(['events'], [], place(ONLINE));
  sheet.set(['events', 0], {}, place(ONLINE));
  sheet.set(['events', 0, 'offline'], listOf(offline), place(ONLINE));
  for (const proof of ['the kernel log', 'SMT control', null] as const) {
    const cpus = offline.filter((known) => known.proof === proof);
    if (cpus.length === 0) continue;
    const one = cpus.length === 1;
    sheet.assume(
      proof === null
        ? `${nameOf(cpus)} ${one ? 'does' : 'do'} not run, and nothing tells why: taken to have been taken offline after the boot`
        : `${nameOf(cpus)} ${one ? 'was' : 'were'} taken offline after the boot, as ${proof} shows`,
      ['events'],
    );
  }
}

/** "CPU 4", "CPUs 4,6-7". */
export function nameOf(offline: readonly OfflineCpu[]): string {
  return `${offline.length === 1 ? 'CPU' : 'CPUs'} ${listOf(offline)}`;
}

function listOf(offline: readonly OfflineCpu[]): string {
  return formatList(offline.map(({ cpu }) => cpu));
}
