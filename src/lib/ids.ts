/** Short text for numbers that come in runs but may be many. */
import { formatList } from './cpumask.ts';

const RANGES_SHOWN = 4;

/** "256-316" or "1-3,8,12"; past a few ranges "256-380 with holes". The numbers are sorted. */
export function formatIds(sorted: readonly number[]): string {
  const list = formatList(sorted);
  return list.split(',').length <= RANGES_SHOWN
    ? list
    : `${sorted[0]}-${sorted[sorted.length - 1]} with holes`;
}

/** "APIC ID 300" or "APIC IDs 256-316"; the numbers are sorted. */
export function apicIdNames(sorted: readonly number[]): string {
  return `APIC ID${sorted.length === 1 ? '' : 's'} ${formatIds(sorted)}`;
}

/** Keeps the first few ranges of a list in list form and says how many follow. */
export function shortenList(list: string, shown = RANGES_SHOWN): string {
  const ranges = list.split(',');
  if (ranges.length <= shown + 1) return list;
  return `${ranges.slice(0, shown).join(',')} and ${ranges.length - shown} more ranges`;
}
