/** Suppressions that stand in comments of an input, each for the machines that its place is about. */
import { collectProblems, type Locate, type Location, type RawInput } from '../../machine/locate.ts';
import type { Suppression } from '../../machine/machine.ts';
import { normaliseSuppression, type RuleNames } from '../../machine/normalise-triage.ts';
import { TextError, textPositions } from '../text/text.ts';
import { type Comment, type FindComments, MAX_COMMENTS, type Span } from './comment.ts';
import { directiveOf } from './directive.ts';

type Lines = readonly [first: number, last: number];
type Place = (offset: number) => Location;

/** A suppression, and the lines of what its comment is about. */
interface Written {
  readonly suppression: Suppression;
  /** Its own line where nothing follows it. */
  readonly about: Lines;
  /** Of the document that it is at the head of. */
  readonly head: Lines | null;
  readonly isCommand: boolean;
}

/** Of places that are written as offsets: the comment, then the name of a rule and a day in it. */
const locateBy =
  (place: Place): Locate =>
  (path) => {
    const [comment, rule, until] = path.map(Number);
    const last = path.at(-1);
    return place(last === 'rule' ? rule : last === 'until' ? until : comment);
  };

/** The suppressions of comments. Throws InputError with everything that is wrong in them. */
function writtenIn(comments: readonly Comment[], file: string, place: Place, known: RuleNames): Written[] {
  const locate = locateBy(place);
  const problems = collectProblems(file, locate);
  const linesOf = ({ start, end }: Span): Lines => [place(start).line, place(end).line];
  const found = comments.flatMap((comment): Written[] => {
    const { offset, about, head, isCommand = false } = comment;
    try {
      const directive = directiveOf(comment);
      if (!directive) return [];
      const { rules, reason, until } = directive;
      return rules.map((rule) => ({
        suppression: normaliseSuppression(
          { rule: rule.value, reason, until: until?.value },
          [offset, rule.offset, until?.offset ?? offset],
          known,
          { source: file, locate },
          problems,
        ),
        about: linesOf(about ?? { start: offset, end: offset }),
        head: head && linesOf(head),
        isCommand,
      }));
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      problems.add([error.offset], error.message);
      return [];
    }
  });
  const surplus = comments[MAX_COMMENTS];
  if (surplus) problems.add([surplus.offset], `more than ${MAX_COMMENTS} comments for irqsim`);
  else if (found.length > MAX_COMMENTS)
    problems.add([0], `more than ${MAX_COMMENTS} suppressions in comments`);
  problems.throwIfAny();
  return found;
}

/** Lines that the parts of a machine are written on. */
function linesOf({ value, locate }: RawInput, file: string): number[] {
  if (typeof value !== 'object' || value === null) return [];
  const paths = Object.entries(value).flatMap(([key, part]) => [
    [key],
    ...(Array.isArray(part) ? part.map((_, index) => [key, index]) : []),
  ]);
  return paths.flatMap((path) => {
    const place = locate(path);
    return place?.file === file ? [place.line] : [];
  });
}

/** Of lists that may be too long for the arguments of a call. */
const firstOf = (lines: readonly number[]): number => lines.reduce((a, b) => Math.min(a, b), Infinity);

const countIn = (lines: readonly number[], [first, last]: Lines): number =>
  lines.filter((line) => first <= line && line <= last).length;

/** Numbers for which a test holds. */
const numbers = (size: number, holds: (number: number) => boolean): number[] =>
  Array.from({ length: size }, (_, number) => number).filter(holds);

/** The machine of a place that holds no machine whole: the one with most in it, else the last that begins before it. */
function ownerOf(about: Lines, machines: readonly (readonly number[])[]): number {
  const inside = machines.map((lines) => countIn(lines, about));
  const most = inside.reduce((a, b) => Math.max(a, b), 0);
  if (most > 0) return inside.indexOf(most);
  return Math.max(
    0,
    machines.findLastIndex((lines) => lines.length > 0 && firstOf(lines) <= about[0]),
  );
}

const isMost = (lines: readonly number[], span: Lines): boolean => countIn(lines, span) * 2 > lines.length;

/** The machines that a comment is about as a whole: those that stand there with all their parts, commands with most. */
function wholeMachines(
  { about, head, isCommand }: Written,
  machines: readonly (readonly number[])[],
): number[] {
  const all = numbers(machines.length, (n) => {
    const lines = machines[n];
    return isCommand ? isMost(lines, about) : lines.length > 0 && countIn(lines, about) === lines.length;
  });
  if (head === null || all.length > 0) return all;
  return numbers(machines.length, (n) => isMost(machines[n], head));
}

/** Whether a machine begins on the lines: the only one at the top too, where reports show what has no place. */
function beginsOn([first, last]: Lines, lines: readonly number[], isOnly: boolean): boolean {
  const begin = firstOf(lines);
  return (first <= begin && begin <= last) || (isOnly && first === 1);
}

/** The suppressions of each machine: a place that holds all of a machine is about all its findings. */
function assigned(written: readonly Written[], machines: readonly (readonly number[])[]): Suppression[][] {
  const found: Suppression[][] = machines.map(() => []);
  for (const one of written) {
    const { suppression, about } = one;
    const whole = wholeMachines(one, machines);
    const owners = whole.length > 0 ? whole : [ownerOf(about, machines)];
    const lines = whole.length > 0 ? null : about;
    for (const owner of owners) {
      const atBeginning = beginsOn(about, machines[owner], machines.length === 1);
      found[owner].push({ ...suppression, comment: { lines, atBeginning, isShared: owners.length > 1 } });
    }
  }
  return found;
}

/** The suppressions in comments of a text, by machine. Throws InputError with everything that is wrong in them. */
export async function ignoredIn(
  text: string,
  { file, find, known }: { readonly file: string; readonly find: FindComments; readonly known: RuleNames },
  machines: readonly RawInput[],
): Promise<readonly (readonly Suppression[])[]> {
  const written = writtenIn(await find(text), file, textPositions(text, file), known);
  return written.length === 0
    ? []
    : assigned(
        written,
        machines.map((machine) => linesOf(machine, file)),
      );
}
