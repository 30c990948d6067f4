/** A run of queues that changed in the same way, in one line. */
import { CpuMask, formatList } from '../../lib/cpumask.ts';
import { type QueueChange, servedBy } from '../../questions/whatif/queues.ts';

/** How a list of CPUs is written: shortened, or in full; null: not at all. */
export type ListStyle = (list: string) => string;
export type PlaceStyle = ListStyle | null;

const arrow = (before: string, after: string): string => `${before} → ${after}`;

/** "queue 3", "queues 40-63". */
function subject(run: readonly QueueChange[]): string {
  const [first] = run;
  const last = run[run.length - 1];
  return first === last ? `queue ${first.index}` : `queues ${first.index}-${last.index}`;
}

function masks(run: readonly QueueChange[], side: 'before' | 'after', style: ListStyle): string {
  let union: CpuMask | undefined;
  for (const { [side]: queue } of run) {
    if (queue) union = (union ?? new CpuMask(queue.affinity.nbits)).orWith(queue.affinity);
  }
  return style(union?.toString() ?? '') || 'none';
}

function served(run: readonly QueueChange[], side: 'before' | 'after', style: ListStyle): string {
  const cpus = new Set(run.map((change) => servedBy(change[side])).filter((cpu) => cpu !== null));
  const list = style(formatList([...cpus].sort((a, b) => a - b)));
  return cpus.size === 1 ? `CPU ${list}` : `CPUs ${list}`;
}

function maskText(run: readonly QueueChange[], style: PlaceStyle): string {
  if (style === null) return run.length === 1 ? 'other mask' : 'other masks';
  const [before, after] = [masks(run, 'before', style), masks(run, 'after', style)];
  if (before !== after) return `mask ${arrow(before, after)}`;
  return run.length === 1 ? `mask ${before}, numbered anew` : `masks dealt anew over ${before}`;
}

/** "started on CPU 3", "stopped on CPUs 4-7", "CPU 1 → 3". */
function servedText(run: readonly QueueChange[], style: PlaceStyle): string {
  const [{ before, after }] = run;
  const on = (side: 'before' | 'after') => (style === null ? '' : ` on ${served(run, side, style)}`);
  if (servedBy(before) === null) return `started${on('after')}`;
  if (servedBy(after) === null) return `stopped${on('before')}`;
  if (style === null) return run.length === 1 ? 'other CPU' : 'other CPUs';
  const [was, is] = [served(run, 'before', style), served(run, 'after', style)];
  return was === is ? `dealt anew over ${is}` : arrow(was, is.replace(/^CPUs? /, ''));
}

/** "queues 40-63: dead → healthy, started on CPUs 160-183". */
export function runText(run: readonly QueueChange[], style: PlaceStyle): string {
  const [{ before, after, health, state, mask, effective }] = run;
  const where = `${subject(run)}: `;
  if (before === null || after === null) {
    const queue = before ?? after;
    return `${where}${before ? 'removed' : 'added'}, ${before ? 'was ' : ''}${queue?.health}`;
  }
  const parts = [
    ...(health ? [arrow(before.health, after.health)] : []),
    ...(state && !effective ? [arrow(before.state, after.state)] : []),
    ...(mask ? [maskText(run, style)] : []),
    ...(effective ? [servedText(run, style)] : []),
  ];
  return where + parts.join(', ');
}
