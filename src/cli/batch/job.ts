/** What a run does with every input, made from options once; and the digest that names it. */
import { createHash } from 'node:crypto';
import type { JudgeSettings } from '../../findings/triage/judge.ts';
import { readerNamed } from '../../formats/index.ts';
import { POLICY_NAMES } from '../../linux/policy/index.ts';
import { kernelProfile } from '../../machine/kernel.ts';
import { EVENT_PREFIX } from '../../machine/locate.ts';
import { applySets } from '../../machine/set.ts';
import { TREE_FORMAT } from '../input/input.ts';
import { type Io, UsageError } from '../io.ts';
import { changesOf, type MachineOptions } from '../options/machine-options.ts';
import { type SettingsOptions, settingsOf } from '../project/settings.ts';
import type { ReadOptions } from './line-record.ts';

/** The options that decide what is in a record. */
export type JobOptions = Omit<MachineOptions, 'width'> & SettingsOptions & { readonly reports?: boolean };

/** Plain data, so that workers can have it. */
export interface Job extends ReadOptions {
  readonly changes: readonly string[];
  readonly settings: JudgeSettings;
  readonly reports: boolean;
  /** Digest of all of that. */
  readonly digest: string;
}

/** Digits of the digest that are kept: it tells runs apart, and has no enemies. */
const DIGEST_DIGITS = 16;

function refuse(option: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}

/** What can be found wrong without an input is, at once: not a million times. Throws UsageError or InputError. */
function checkOptions({ from, kernel, policy, event, set }: JobOptions): void {
  if (from !== undefined && from !== TREE_FORMAT) refuse(`--from ${from}`, () => readerNamed(from));
  if (kernel !== undefined) {
    if (kernel.includes(',')) throw new UsageError(`--kernel ${kernel}: a batch is run under one kernel`);
    refuse(`--kernel ${kernel}`, () => kernelProfile(kernel));
  }
  if (policy !== undefined && !POLICY_NAMES.includes(policy))
    throw new UsageError(`--policy ${policy}: expected one of ${POLICY_NAMES.join(', ')}`);
  const empty = { value: {}, locate: () => undefined };
  applySets(empty, [
    ...set.filter((text) => !text.includes('=')),
    ...event.map((text) => `${EVENT_PREFIX}${text}`),
  ]);
}

/** Where something is written, and where the run takes place, decide nothing about records. */
const PLACES: readonly string[] = ['cwd', 'folder', 'location', 'file', 'line'];

/**
 * The day does not count unless somebody named it: a run that goes on after midnight, or whose shards start before
 * and after, is one run.
 */
function digestOf(job: Omit<Job, 'digest'>, { today }: JobOptions): string {
  const { from = null, stack = {}, defines = {}, changes, settings, reports } = job;
  const decided = [
    changes,
    from,
    Object.entries(stack).sort(),
    // A run without --define keeps the digest that it had before there was one.
    ...(Object.keys(defines).length > 0 ? [Object.entries(defines).sort()] : []),
    { ...settings, today: today ?? null },
    reports,
  ];
  const text = JSON.stringify(decided, (key, value: unknown) => {
    if (PLACES.includes(key)) return undefined;
    return value instanceof Map ? [...value] : value;
  });
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_DIGITS);
}

/** Throws UsageError or InputError for options that no input can be read with. */
export function jobOf(options: JobOptions, io: Pick<Io, 'env' | 'note'>): Job {
  checkOptions(options);
  const { from, stack, define: defines, reports = false } = options;
  const job = {
    changes: changesOf(options),
    from,
    stack,
    defines,
    settings: settingsOf(options, io),
    reports,
  };
  return { ...job, digest: digestOf(job, options) };
}

/** Reports and what is judged by name or over a whole run are never made of others. */
export function mayRepeat({ reports, settings }: Job): boolean {
  return !reports && settings.project === undefined && settings.baseline === undefined;
}
