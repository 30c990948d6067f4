/** How tar archives are named. */

/** How an archive is packed, by its name. */
const PACKINGS: readonly (readonly [pattern: RegExp, packing: 'none' | 'gzip' | 'xz' | string])[] = [
  [/\.tar$/i, 'none'],
  [/\.(?:tar\.gz|tgz)$/i, 'gzip'],
  [/\.(?:tar\.xz|txz)$/i, 'xz'],
  [/\.(?:tar\.bz2|tbz2?)$/i, 'bunzip2'],
  [/\.(?:tar\.zst|tzst)$/i, 'unzstd'],
];

/** What the endings have in common: most files are ruled out by one pattern. */
const ARCHIVE = /[.]t(?:ar|gz|xz|bz|zst)/i;

/** How an archive is packed, or the program that unpacks it where irqsim cannot; undefined if it is named like no tar archive. */
export function packingOf(file: string): string | undefined {
  if (!ARCHIVE.test(file)) return undefined;
  return PACKINGS.find(([pattern]) => pattern.test(file))?.[1];
}

/** True if the name is that of a tar archive, packed or not. */
export const isArchiveName = (file: string): boolean => packingOf(file) !== undefined;
