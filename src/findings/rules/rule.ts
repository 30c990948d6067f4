/**
 * What a rule is. A rule looks at the simulation of one machine and returns findings; it holds no state.
 * Adding one: a file here, a line in index.ts, and two scenarios (one that raises it, one close
 * to it that does not).
 */
import type { CpuMask } from '../../lib/cpumask.ts';
import type { DeviceRun } from '../../linux/sim/run.ts';
import type { Simulation } from '../../linux/sim/simulation.ts';
import type { Location, Path } from '../../machine/machine.ts';

export const LEVELS = ['error', 'warning', 'note'] as const;
/** How bad a finding is. */
export type Level = (typeof LEVELS)[number];

/** What a rule reports; the level is the rule's own unless `level` overrides it. */
export interface RawFinding {
  readonly message: string;
  /** Why, from what was written to what follows; one sentence each. */
  readonly cause: readonly string[];
  /**
   * What to do that no remedy knows: what cannot be carried out on a description, or that nothing has to change.
   * The changes that the remedies propose and prove come behind it.
   */
  readonly fix?: readonly string[];
  /** The CPUs that it is about; of a finding never empty. Absent: none that has a number. */
  readonly cpus?: CpuMask;
  readonly devices?: readonly DeviceRun[];
  /** Value of the description that causes it; undefined: a default. */
  readonly path?: Path;
  /** The place itself, where no value of the description stands for it. */
  readonly location?: Location | undefined;
  readonly level?: Level;
}

/** What a rule found on a machine: why, what to change, and where the cause is written. */
export interface Finding extends Omit<RawFinding, 'fix' | 'path' | 'location' | 'level' | 'devices'> {
  readonly rule: string;
  /** What to change, as text to paste, cheapest first. */
  readonly fix: readonly string[];
  readonly level: Level;
  readonly devices: readonly string[];
  readonly location: Location | undefined;
  /** The level it would have, and where users gave it another. */
  readonly overridden?: { readonly level: Level; readonly location: Location };
}

/**
 * A finding whose changes are worked out when somebody reads them. A class: an accessor in a literal would give each
 * finding a shape of its own, and what it holds, the whole analysis, would outlive every quick collection of garbage.
 */
export class LazyFinding implements Finding {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly cause: readonly string[];
  readonly devices: readonly string[];
  readonly location: Location | undefined;
  declare readonly cpus?: CpuMask;
  declare readonly overridden?: NonNullable<Finding['overridden']>;
  readonly #workOut: () => readonly string[];
  readonly #path: Path | undefined;
  #fix: readonly string[] | undefined;

  /** `path`: of the value that is at its location, if one is. */
  constructor(facts: Omit<Finding, 'fix'>, workOut: () => readonly string[], path?: Path) {
    const { rule, level, message, cause, cpus, devices, location, overridden } = facts;
    this.rule = rule;
    this.level = level;
    this.message = message;
    this.cause = cause;
    this.devices = devices;
    this.location = location;
    if (cpus) this.cpus = cpus;
    if (overridden) this.overridden = overridden;
    this.#workOut = workOut;
    this.#path = path;
  }

  /** No part of what is reported: a location says more to people. */
  get path(): Path | undefined {
    return this.#path;
  }

  get fix(): readonly string[] {
    this.#fix ??= this.#workOut();
    return this.#fix;
  }

  /** As JSON it is read whole. */
  toJSON(): Finding {
    return { ...this, fix: this.fix };
  }
}

/** Where in the description the value is that is at the location of a finding; undefined: nobody knows. */
export const pathOf = (finding: Finding): Path | undefined =>
  finding instanceof LazyFinding ? finding.path : undefined;

/** One thing that can be wrong, and how it is found. */
export interface Rule {
  /** Readable slug, as it appears in reports and `expect.findings`. */
  readonly name: string;
  /** Other names that `explain` and expectations accept, among them the R number. */
  readonly aliases: readonly string[];
  readonly level: Level;
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** What it means, why it happens, how to check, what to change; paragraphs. */
  readonly explain: readonly string[];
  /** Kernel or hypervisor messages that accompany it, with `{}` for what varies. */
  readonly messages: readonly string[];
  /** True: without `--audit` it finds only what matters to the machine. */
  readonly moreInAudit?: boolean;
  readonly check: (facts: Simulation, audit?: boolean) => readonly RawFinding[];
}

/** "1 CPU", "3 CPUs". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
