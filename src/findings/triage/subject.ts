/** What a finding or a suppression is about, in words. */
import type { Suppression } from '../../machine/machine.ts';

/** Devices named; the rest are counted. */
const NAMED = 3;

/** "queue-never-starts on disk0, disk1", "... on d0, d1, d2 and 5 more". */
export function subjectText({ rule, devices = [] }: Pick<Suppression, 'rule' | 'devices'>): string {
  if (devices.length === 0) return rule;
  const rest = devices.length - NAMED;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `${rule} on ${devices.slice(0, NAMED).join(', ')}${more}`;
}
