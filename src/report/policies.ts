/** `irqsim policies`, and the policies of one machine side by side. */
import type { Analysis } from '../findings/analyze.ts';
import { hangingCpus, slotsWithoutQueue, wastedVectors } from '../findings/rules/facts/hanging-io.ts';
import { visible } from '../lib/visible.ts';
import type { Policy } from '../linux/policy/policy.ts';
import { jsonReport } from './json.ts';
import { paper, type TextOptions, wrap } from './text/paper.ts';
import { plainTable, tableLines } from './text/table.ts';

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
  readonly verdict: string;
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
    vectorsWasted: wastedVectors(analysis),
    hotplugQueuesLost: slotsWithoutQueue(analysis).weight(),
    verdict: summary.verdict,
    safety: policy.verdict,
  };
}

/** How many findings do not count under each policy, if any: the verdict hangs on it. */
function suppressedLines(analyses: readonly Analysis[], width: number): string[] {
  const numbers = analyses
    .filter(({ summary }) => summary.suppressed > 0)
    .map(({ policy, summary }) => `${policy.aliases[0]} ${summary.suppressed}`);
  return numbers.length === 0 ? [] : wrap(`Findings suppressed: ${numbers.join(', ')}.`, width);
}

/** One row a policy, for one machine. */
export function policyComparison(analyses: readonly Analysis[], options: TextOptions): string {
  const sheet = paper(options);
  const head = ['policy', '', 'CPUs lost', 'queues', 'dead', 'I/O hangs', 'wasted', 'no queue', 'verdict'];
  const table = plainTable(
    head.map((text) => sheet.ink.bold(text)),
    2,
  );
  const costs = analyses.map(policyCosts);
  const bad = (n: number) => (n === 0 ? sheet.ink.dim('-') : sheet.ink.red(String(n)));
  for (const cost of costs) {
    table.push([
      cost.policy,
      cost.alias,
      bad(cost.cpusLost),
      String(cost.queues),
      bad(cost.queuesDead),
      bad(cost.cpusWithHangingIo),
      bad(cost.vectorsWasted),
      bad(cost.hotplugQueuesLost),
      sheet.ink[cost.verdict === 'pass' ? 'green' : cost.verdict === 'warn' ? 'yellow' : 'red'](cost.verdict),
    ]);
  }
  const legend =
    'CPUs lost: plugged, not brought up. I/O hangs: online CPUs whose queue never starts. wasted: vectors reserved on unreachable CPUs. no queue: usable hot-plug slots in no mask.';
  return `${[
    sheet.ink.bold(visible(analyses[0].machine.source)),
    ...tableLines(table),
    ...wrap(legend, sheet.width).map((line) => sheet.ink.dim(line)),
    ...suppressedLines(analyses, sheet.width),
    '',
    ...costs.flatMap((cost) => wrap(`${cost.alias.padEnd(4)} ${cost.safety}`, sheet.width)),
  ].join('\n')}\n`;
}

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

/** The list of policies, a paragraph each. */
export function policyList(policies: readonly Policy[], width: number): string {
  return policies
    .map(({ name, aliases, source, summary, verdict }) =>
      [
        `${name} (${aliases.join(', ')})`,
        ...[source, summary, `Verdict: ${verdict}.`].flatMap((text) =>
          wrap(text, Math.min(width, 100) - 2).map((line) => `  ${line}`),
        ),
        '',
      ].join('\n'),
    )
    .join('\n');
}
