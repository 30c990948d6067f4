/** What a kernel log says, as values: nothing of it comes from the model. */
import type { CpuFacts } from '../../formats/kernel-log/cpu-facts.ts';
import { cpuFacts } from '../../formats/kernel-log/cpu-facts.ts';
import { loggedDevices } from '../../formats/kernel-log/devices.ts';
import { type LogEvidence, saidBy } from '../../formats/kernel-log/evidence.ts';
import { releaseOf } from '../../formats/kernel-log/kernel.ts';
import { loggedPlatform } from '../../formats/kernel-log/says.ts';
import { formatList } from '../../lib/cpumask.ts';
import type { Platform } from '../../machine/machine.ts';

/** null: no line tells. */
export interface LogFacts {
  readonly kernel: string | null;
  readonly platform: Platform | null;
  readonly cmdline: string | null;
  /** CPUs: numbers of them. */
  readonly possible: number | null;
  readonly present: number | null;
  readonly broughtUp: number | null;
  /** CONFIG_NR_CPUS. */
  readonly nrCpus: number | null;
  /** CPU numbers that the kernel refused to start, as a list. */
  readonly refused: string;
  /** How the kernel addresses APICs at the end: "physical x2apic". */
  readonly routing: string | null;
  readonly remapping: 'x2apic' | 'xapic' | null;
  readonly devices: readonly {
    readonly name: string;
    readonly driver: string;
    readonly queues: number | null;
    readonly pollQueues: number | null;
    readonly vectors: number | null;
  }[];
  /** Boots that the log holds from their beginning; the last one is read. */
  readonly boots: number;
}

function possibleOf({ nrCpuIds, present, slots }: CpuFacts): number | null {
  return nrCpuIds?.value ?? (present ? present.value + slots : null);
}

function remappingOf(evidence: LogEvidence): LogFacts['remapping'] {
  const [intel] = saidBy(evidence, /Enabled IRQ remapping in (x2apic|xapic) mode/);
  if (intel) return intel.groups[0] === 'x2apic' ? 'x2apic' : 'xapic';
  if (!evidence.log.says('AMD-Vi: Interrupt remapping enabled')) return null;
  return evidence.log.says('AMD-Vi: X2APIC enabled') ? 'x2apic' : 'xapic';
}

export function logFacts(evidence: LogEvidence): LogFacts {
  const { log, cmdline } = evidence;
  const cpus = cpuFacts(evidence);
  const routing = saidBy(evidence, /(?:Switched|Setting) APIC routing to:? ([a-z0-9 ]+)/).at(-1);
  const [built] = saidBy(evidence, /\bNR_CPUS[:=](\d+)/);
  return {
    kernel: releaseOf(evidence)?.groups[0] ?? null,
    platform: loggedPlatform(log)?.value ?? null,
    cmdline: log.find(/^(?:Kernel c|C)ommand line: /m) ? cmdline : null,
    possible: possibleOf(cpus),
    present: cpus.present?.value ?? null,
    broughtUp: cpus.broughtUp?.value ?? null,
    nrCpus: built ? Number(built.groups[0]) : null,
    refused: formatList([...cpus.refused.keys()].sort((a, b) => a - b)),
    routing: routing?.groups[0].trim() ?? null,
    remapping: remappingOf(evidence),
    devices: loggedDevices(evidence).map(({ name, driver, told }) => ({
      name,
      driver,
      queues: told.queues ?? null,
      pollQueues: told.poll ?? null,
      vectors: told.vectors ?? null,
    })),
    boots: log.boots,
  };
}
