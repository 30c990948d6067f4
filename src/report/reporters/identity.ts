/** What makes a finding the same one in another run, for systems that follow findings over time. */
import type { Analysis } from '../../findings/analyze.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import { fingerprint } from '../../findings/triage/fingerprint.ts';
import { fnv1a } from '../../lib/fnv.ts';
import { placeOf } from '../wording/place.ts';

/** The fingerprint of a baseline, hashed: no line number, so that it survives moved lines. */
export function identity({ machine }: Analysis, finding: Finding): string {
  const { file } = placeOf(finding.location, machine.source);
  return fnv1a(fingerprint({ ...finding, file, machine: machine.name }));
}

/** Makes the hashes of one document unique: one that comes again gets the next number behind it. */
export function numberedHashes(): (hash: string) => string {
  const seen = new Map<string, number>();
  return (hash) => {
    const nth = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, nth);
    return `${hash}:${nth}`;
  };
}
