/** Why a finding does not count, in words. */
import type { SuppressedFinding } from '../../findings/analyze.ts';

/** "vendor fixes it (until 2027-03-31)", "known by baseline.json", "level off". */
export function suppressionReason({ by, reason, until, location }: SuppressedFinding): string {
  if (by === 'baseline') return `known by ${location.file}`;
  return until === undefined ? reason : `${reason} (until ${until})`;
}
