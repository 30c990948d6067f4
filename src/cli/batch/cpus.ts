/** How many CPUs this process may use: those of the system, or fewer where a cgroup sets a quota. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const text = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

/** "150000 100000" → 1.5; infinite for "max 100000", "-1 100000" and what is no quota. */
export function quotaOf(quota: string): number {
  const [, limit, period] = /^(\d+)\s+(\d+)$/.exec(quota) ?? [];
  return Number(period) > 0 && Number(limit) > 0 ? Number(limit) / Number(period) : Number.POSITIVE_INFINITY;
}

/** "0::/a/b" → the group itself and all above it, which limit it too. */
export function groupsOf(cgroup: string, controller: string): readonly string[] {
  const line = cgroup.split('\n').find((one) => one.split(':')[1]?.split(',').includes(controller));
  const steps = (line?.split(':').slice(2).join(':') ?? '').split('/').filter((step) => step !== '');
  return Array.from({ length: steps.length + 1 }, (_, n) => steps.slice(0, n).join('/'));
}

/** The smallest quota of version 2 and version 1 groups, in CPUs. */
function cgroupQuota(): number {
  const cgroup = text('/proc/self/cgroup');
  const v2 = groupsOf(cgroup, '').map((group) => text(`/sys/fs/cgroup/${group}/cpu.max`));
  const v1 = groupsOf(cgroup, 'cpu').map((group) => {
    const directory = `/sys/fs/cgroup/cpu/${group}`;
    return `${text(`${directory}/cpu.cfs_quota_us`)} ${text(`${directory}/cpu.cfs_period_us`)}`;
  });
  return Math.min(...[...v2, ...v1].map(quotaOf));
}

/** CPUs to use, at least 1. */
export function usableCpus(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(cgroupQuota())));
}
