/** Where formats that need a file and a line put a finding, also one that comes from a default or an option. */
import type { InputError, Location } from '../../machine/locate.ts';

/** The source that is standard input: there is no file to point at. */
export const STDIN = '-';

/** The rule that an input which cannot be read breaks. */
export const UNREADABLE = 'unreadable';

/** Whether the "file" of a location is an option as typed: "--set hpet=off", "--level sparse-apic-ids=off". */
export function isOption(file: string): boolean {
  return /^--[a-z-]+ /.test(file);
}

/** The path as CI systems list files: no `./` before it. */
function plainPath(file: string): string {
  return file.replace(/^(?:\.\/+)+(?=.)/, '');
}

/** The place in a file; what no file says (a default, an option) counts as the first line of the input. */
export function placeOf(location: Location | undefined, source: string): Location {
  if (location === undefined || isOption(location.file)) {
    return { file: plainPath(source), line: 1, column: 1 };
  }
  return { ...location, file: plainPath(location.file) };
}

/** One thing that is wrong with an input. */
export interface PlacedProblem {
  readonly place: Location;
  readonly message: string;
}

/** Everything that is wrong with an input that could not be read. */
export function placedProblems(input: string, { problems, more }: InputError): readonly PlacedProblem[] {
  const listed = problems.map(({ message, ...location }) => ({
    place: placeOf(location, input),
    message: isOption(location.file) ? `${location.file}: ${message}` : message,
  }));
  if (more === 0) return listed;
  const rest = `and ${more} more ${more === 1 ? 'problem' : 'problems'}`;
  return [...listed, { place: placeOf(undefined, input), message: rest }];
}
