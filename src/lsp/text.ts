/** An open text that was read: its machines, analysed, or what is wrong with it. */
import type { Analysis } from '../findings/analyze.ts';
import { judge } from '../findings/triage/judge.ts';
import type { InputFormat } from '../formats/formats.ts';
import { native } from '../formats/native/reader.ts';
import type { Field } from '../machine/fields.ts';
import { InputError, type Location } from '../machine/locate.ts';
import { inputSchema } from '../machine/schema.ts';
import { type MachineSource, machineOf, readSources } from '../questions/source.ts';
import { placedProblems } from '../report/wording/place.ts';
import { type Places, placesOf } from './places.ts';
import type { ProjectFiles } from './project.ts';
import type { OpenText, Reading } from './protocol.ts';
import { formatOf } from './recognise.ts';

/** A machine of a text that is right. */
export interface Read {
  readonly source: MachineSource;
  /** Which machine of the text it is. */
  readonly index: number;
  readonly analysis: Analysis;
  /** Where it begins: at the top where it is the only one. */
  readonly begins: Location;
}

/** Something wrong with a text; `isBug`: with irqsim. */
export interface Problem {
  readonly place: Location;
  readonly message: string;
  readonly isBug?: true;
}

export interface Known {
  readonly open: OpenText;
  readonly reading: Reading;
  readonly places: Places;
  /** Undefined: it is no machine, and nothing is said of it. */
  readonly format: InputFormat | undefined;
  /** What its keys are, where they are irqsim's own. */
  readonly schema: Field | undefined;
  /** Machines in it, those that are wrong too. */
  readonly machines: number;
  readonly read: readonly Read[];
  readonly problems: readonly Problem[];
}

function problemsOf(error: unknown, file: string): Problem[] {
  if (error instanceof InputError) return [...placedProblems(file, error)];
  const said = error instanceof Error ? error.message : String(error);
  const message = `internal error: ${said}. This is a bug in irqsim; please report it with the text`;
  return [{ place: { file, line: 1, column: 1 }, message, isBug: true }];
}

/** The first place that a value of the machine is written at; the top of the text for the only machine. */
function beginOf({ result: { raw }, file }: MachineSource, isOnly: boolean): Location {
  const top = { file, line: 1, column: 1 };
  if (isOnly || typeof raw.value !== 'object' || raw.value === null) return top;
  const places = Object.keys(raw.value).flatMap((key) => raw.locate([key]) ?? []);
  const here = places.filter((place) => place.file === file);
  return (
    here.reduce<Location | undefined>(
      (first, place) =>
        first && (first.line < place.line || (first.line === place.line && first.column <= place.column))
          ? first
          : place,
      undefined,
    ) ?? top
  );
}

type Found = Pick<Known, 'format' | 'schema' | 'machines' | 'read' | 'problems'>;

const NOTHING: Found = { format: undefined, schema: undefined, machines: 0, read: [], problems: [] };

async function readProject({ text, file }: OpenText, { check, schema }: ProjectFiles): Promise<Found> {
  try {
    await check(text, file);
    return { ...NOTHING, schema };
  } catch (error) {
    return { ...NOTHING, schema, problems: problemsOf(error, file) };
  }
}

async function readMachines({ text, file }: OpenText, reading: Reading): Promise<Found> {
  const { stack, defines, settings } = reading;
  const format = await formatOf(text, file);
  if (format === undefined) return NOTHING;
  const read: Read[] = [];
  const problems: Problem[] = [];
  let machines = 0;
  try {
    const bytes = new TextEncoder().encode(text);
    const sources = await readSources({ bytes, file, from: format, stack, defines });
    machines = sources.length;
    for (const [index, source] of sources.entries()) {
      try {
        const analysis = judge(machineOf(source), settings);
        read.push({ source, index, analysis, begins: beginOf(source, machines === 1) });
      } catch (error) {
        problems.push(...problemsOf(error, file));
      }
    }
  } catch (error) {
    problems.push(...problemsOf(error, file));
  }
  const schema = format === native.name ? inputSchema : undefined;
  return { format, schema, machines, read, problems };
}

/** Reads and analyses a text. Never throws. */
export async function readText(open: OpenText, reading: Reading, projects: ProjectFiles): Promise<Known> {
  const { text, file, uri, version } = open;
  const found = await (file === projects.name ? readProject(open, projects) : readMachines(open, reading));
  return { ...found, open, reading, places: placesOf(uri, version, text) };
}
