/**
 * What `batch` writes, schemaVersion 1: a line a machine, then one trailer. Fields are only ever added, and hold no
 * clock, host or random number, so that the same input gives the same bytes.
 *
 * A record has `id` (path, "file:line", or the id that the input gives; "#2" is the second machine of an input),
 * `index` (number of the input among all, from 0), `part` (only if an input holds several machines), `inputSha256`,
 * `schemaVersion`, `tool`, `options` (digest of all options that decide what is in a record), and then either what
 * was found or `error`: kind "input" (the input is wrong; `problems` says where) or "internal" (irqsim failed).
 * Findings that do not count are numbered in `suppressed`, and left out. `findings[].location` is null where a default is the cause. `report` is there with `--reports` only.
 */
import type { Analysis, Verdict } from '../findings/analyze.ts';
import type { Finding } from '../findings/rules/rule.ts';
import type { CpuMask } from '../lib/cpumask.ts';
import { InputError, type InputProblem, type Location } from '../machine/locate.ts';
import { documentHead, jsonReport } from './json.ts';

/** Which input a record is about. */
export interface RecordPlace {
  readonly id: string;
  readonly index: number;
  /** Which of the machines of its input; absent: the only one. */
  readonly part?: { readonly number: number; readonly of: number } | undefined;
  /** Absent: the input could not be read. */
  readonly inputSha256?: string | undefined;
}

/** The same for all records of a run. */
export interface RecordMaker {
  readonly version: string;
  /** Digest of the options that decide what is in a record. */
  readonly options: string;
}

export interface RecordError {
  readonly kind: 'input' | 'internal';
  readonly message: string;
  /** What is wrong with the input, at most 20; `more` counts the others. */
  readonly problems: readonly InputProblem[];
  readonly more?: number;
}

interface FindingJson extends Pick<Finding, 'rule' | 'level' | 'message' | 'devices'> {
  readonly cpus: string;
  readonly location: Location | null;
}

/** What others read in a record. */
export interface BatchRecord extends RecordPlace {
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  readonly options: string;
  readonly verdict?: Verdict;
  readonly errors?: number;
  readonly warnings?: number;
  readonly notes?: number;
  readonly error?: RecordError;
  readonly report?: object | undefined;
}

/** A record of a machine that was analysed. */
export interface MachineRecord extends BatchRecord {
  readonly name: string;
  readonly findings: readonly FindingJson[];
}

function cpuSet(mask: CpuMask): object {
  return { count: mask.weight(), list: mask.toString() };
}

function findingJson({ rule, level, message, cpus, devices, location }: Finding): FindingJson {
  return { rule, level, message, cpus: cpus?.toString() ?? '', devices, location: location ?? null };
}

/** The record of one machine; `reports` adds the whole JSON report, without the vectors of each CPU. */
export function machineRecord(
  analysis: Analysis,
  place: RecordPlace,
  maker: RecordMaker,
  { reports = false }: { readonly reports?: boolean } = {},
): MachineRecord {
  const { machine, enumeration, domains, run, findings, summary } = analysis;
  const { verdict, errors, warnings, notes, suppressed, queues } = summary;
  const [{ reachable, unreachable, unknown }] = domains;
  const { schemaVersion, tool } = documentHead(maker.version);
  // Written out for speed; JSON leaves out what is undefined.
  const record = {
    id: place.id,
    index: place.index,
    part: place.part,
    inputSha256: place.inputSha256,
    schemaVersion,
    tool,
    options: maker.options,
    name: machine.name,
    kernelProfile: machine.kernel.text,
    platform: machine.platform,
    policy: analysis.policy.name,
    verdict,
    errors,
    warnings,
    notes,
    suppressed,
    cpus: {
      possible: cpuSet(enumeration.possible),
      present: cpuSet(run.present),
      online: cpuSet(run.online),
      reachable: cpuSet(reachable),
      unreachable: cpuSet(unreachable),
      unknown: cpuSet(unknown),
    },
    queues,
    findings: findings.map(findingJson),
    report: reports ? jsonReport(analysis, maker.version, { vectors: false }) : undefined,
  };
  return record;
}

function errorJson(error: unknown): RecordError {
  if (error instanceof InputError) {
    const { problems, more } = error;
    const others = problems.length - 1 + more;
    const message = `${problems[0].message}${others > 0 ? ` (and ${others} more)` : ''}`;
    return { kind: 'input', message, problems, ...(more > 0 ? { more } : {}) };
  }
  return { kind: 'internal', message: error instanceof Error ? error.message : String(error), problems: [] };
}

/** The record of an input that gave no machine. Anything but an InputError is a failure of irqsim. */
export function errorRecord(
  error: unknown,
  place: RecordPlace,
  { version, options }: RecordMaker,
): BatchRecord {
  const { schemaVersion, tool } = documentHead(version);
  const { id, index, part, inputSha256 } = place;
  return { id, index, part, inputSha256, schemaVersion, tool, options, error: errorJson(error) };
}
