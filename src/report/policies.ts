/** `irqsim policies`, and the policies of one machine side by side. */
import type { Analysis, Verdict } from '../findings/analyze.ts';
import { hangingCpus, sharedAtWorst, slotsWithoutQueue } from '../findings/rules/facts/hanging-io.ts';
import { wastedVectors } from '../findings/rules/facts/wasted-vectors.ts';
import { groupBy } from '../lib/group-by.ts';
import type { Policy } from '../linux/policy/policy.ts';
import type { Block, Cell, Column, Document } from './document/block.ts';
import { jsonReport } from './json.ts';
import { VERDICT_TONES } from './wording/verdict-tone.ts';

/** What one policy costs on one machine. */
export interface PolicyCosts {
  readonly policy: string;
  readonly alias: string;
  /** Plugged CPUs that the kernel refuses to bring up or to number. */
  readonly cpusLost: number;
  readonly queues: number;
  readonly queuesDead: number;
  /** Online CPUs whose I/O hangs on some device. */
  readonly cpusWithHangingIo: number;
  /** Managed vectors reserved on unreachable CPUs. */
  readonly vectorsWasted: number;
  /** Usable hot-plug slots that are in no mask of some device. */
  readonly hotplugQueuesLost: number;
  /** The most online CPUs that one queue serves. */
  readonly cpusPerQueueAtWorst: number;
  readonly verdict: Verdict;
  readonly safety: string;
}

export function policyCosts(analysis: Analysis): PolicyCosts {
  const { policy, run, enumeration, summary } = analysis;
  return {
    policy: policy.name,
    alias: policy.aliases[0],
    cpusLost: run.refused.length + enumeration.ignored.filter((cpu) => cpu.present).length,
    queues: run.devices.reduce((sum, device) => sum + device.queues.length, 0),
    queuesDead: summary.queues.dead,
    cpusWithHangingIo: hangingCpus(run).weight(),
    vectorsWasted: wastedVectors(analysis).vectors,
    hotplugQueuesLost: slotsWithoutQueue(analysis).weight(),
    cpusPerQueueAtWorst: sharedAtWorst(run),
    verdict: summary.verdict,
    safety: policy.verdict,
  };
}

/** How many findings do not count under each policy, if any: the verdict hangs on it. */
function suppressedBlocks(analyses: readonly Analysis[]): Block[] {
  const numbers = analyses
    .filter(({ summary }) => summary.suppressed > 0)
    .map(({ policy, summary }) => `${policy.aliases[0]} ${summary.suppressed}`);
  return numbers.length === 0
    ? []
    : [{ kind: 'paragraph', text: `Findings suppressed: ${numbers.join(', ')}.` }];
}

const NUMBER = { numbers: true } as const;

const COLUMNS: readonly Column[] = [
  { title: 'policy' },
  { title: '' },
  { title: 'CPUs lost', ...NUMBER },
  { title: 'queues', ...NUMBER },
  { title: 'dead', ...NUMBER },
  { title: 'I/O hangs', ...NUMBER },
  { title: 'wasted', ...NUMBER },
  { title: 'no queue', ...NUMBER },
  { title: 'verdict', ...NUMBER },
];
const LEGEND =
  'CPUs lost: plugged, not brought up. I/O hangs: online CPUs whose queue never starts. wasted: vectors reserved on unreachable CPUs. no queue: usable hot-plug slots in no mask.';

/** Which policies leave how many CPUs with one queue, the fewest first. */
function shareText(costs: readonly PolicyCosts[]): string {
  const byCount = groupBy(costs, ({ cpusPerQueueAtWorst }) => String(cpusPerQueueAtWorst));
  const counts = [...byCount].sort(([one], [other]) => Number(one) - Number(other));
  return `Online CPUs that share one queue, at worst: ${counts.map(([n, alike]) => `${n} under ${alike.map(({ alias }) => alias).join(', ')}`).join('; ')}.`;
}

const loss = (n: number): Cell => (n === 0 ? { text: '-', tone: 'aside' } : { text: String(n), tone: 'bad' });

const costRow = (cost: PolicyCosts): Cell[] => [
  { text: cost.policy },
  { text: cost.alias },
  loss(cost.cpusLost),
  { text: String(cost.queues) },
  loss(cost.queuesDead),
  loss(cost.cpusWithHangingIo),
  loss(cost.vectorsWasted),
  loss(cost.hotplugQueuesLost),
  { text: cost.verdict, tone: VERDICT_TONES[cost.verdict] },
];

/** One row a policy, for one machine. */
export function policyComparison(analyses: readonly Analysis[]): Document {
  const costs = analyses.map(policyCosts);
  return [
    [
      { kind: 'heading', level: 2, text: { code: analyses[0].machine.source } },
      { kind: 'table', columns: COLUMNS, rows: costs.map(costRow) },
      { kind: 'paragraph', text: LEGEND, tone: 'aside' },
      { kind: 'paragraph', text: shareText(costs), tone: 'aside' },
      ...suppressedBlocks(analyses),
    ],
    [{ kind: 'facts', facts: costs.map(({ alias, safety }) => ({ name: alias, texts: [safety] })) }],
  ];
}

/** The comparison on a terminal. */
export const COMPARISON_LAYOUT = { names: 5, nameFace: 'dim', hang: 0 } as const;

/** The same as one JSON object: what each policy costs, and the whole report under each. */
export function policyObject(
  analyses: readonly Analysis[],
  options: { version: string; vectors: boolean },
): object {
  return {
    policies: analyses.map(policyCosts),
    reports: analyses.map((analysis) => jsonReport(analysis, options.version, options)),
  };
}

/** Newer answers of the kernel that are left out: what they do is not known well enough to be exact. */
const NOT_MODELLED = [
  'isolcpus=io_queue: a series of 2026. Queues are spread over housekeeping CPUs, the other CPUs are mapped to them, and a housekeeping CPU that serves isolated CPUs which are online cannot go offline. Which isolated CPU is mapped to which queue is not known here: no answer would be exact.',
  'software redirection of interrupts: generic code since Linux 7.0 that hands an interrupt on to a CPU which its message cannot reach. Nothing on x86 PCI-MSI uses it, and what it costs there nobody has measured.',
];

/** The list of policies, an entry each, and what is left out. */
export function policiesDocument(policies: readonly Policy[]): Document {
  const entries = policies.map(({ name, aliases, source, summary, verdict }): Document[number] => [
    {
      kind: 'entries',
      entries: [
        { term: `${name} (${aliases.join(', ')})`, texts: [source, summary, `Verdict: ${verdict}.`] },
      ],
    },
  ]);
  return [...entries, [{ kind: 'entries', entries: [{ term: 'Not modelled', texts: NOT_MODELLED }] }]];
}

/** The list on a terminal. */
export const POLICIES_LAYOUT = { maxWidth: 100, indent: 2 } as const;
