/** Rules on what was written about findings: no change to a machine is an answer to them. */
import { expectation } from './expectation.ts';
import { suppressionExpired, suppressionUnused } from './suppression.ts';

const ABOUT_WRITING: readonly string[] = [expectation.name, suppressionExpired.name, suppressionUnused.name];

/** True for the name of a rule that looks at expectations or suppressions, not at the machine. */
export function isAboutWriting(rule: string): boolean {
  return ABOUT_WRITING.includes(rule);
}
