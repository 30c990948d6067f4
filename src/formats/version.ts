/** Product versions such as "10.0.2" as numbers, for tables of what came when. */
import { excerpt, inputError } from '../machine/locate.ts';

/** major * 1000 + minor; the third part decides nothing here. */
export type Version = number;

/** "10.0" or "10.0.2" → 10000; undefined if it is no version. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(\d{1,4})(?:\.(\d{1,3}))?(?:[.\-+~].*)?$/.exec(text.trim());
  return match ? Number(match[1]) * 1000 + Number(match[2] ?? 0) : undefined;
}

/** 10000 → "10.0". */
export function versionText(version: Version): string {
  return `${Math.floor(version / 1000)}.${version % 1000}`;
}

/** A version of the stack with its text for messages ("10.0"). Throws InputError for a text that is none. */
export function stackVersion(text: string | undefined, standard: string): { text: string; version: Version } {
  const version = parseVersion(text ?? standard);
  if (version !== undefined) return { text: text ?? standard, version };
  throw inputError('--stack', `${excerpt(text ?? standard)} is no version such as ${standard}`);
}
