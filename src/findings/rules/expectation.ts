/** The description's own assertions (`expect:`): each false one is a finding. Runs after all other rules. */

import type { Health } from '../../linux/sim/run.ts';
import type { Simulation } from '../../linux/sim/simulation.ts';
import type { Path } from '../../machine/machine.ts';
import { domainOf } from './facts/queue-facts.ts';
import type { Finding, Level, RawFinding, Rule } from './rule.ts';
import { unsurvived } from './survival.ts';

/** Text of the rule; its check needs the other findings, so {@link checkExpectations} does the work. */
export const expectation: Rule = {
  name: 'expectation',
  aliases: [],
  level: 'error',
  summary: "An assertion in the description's `expect` section does not hold.",
  explain: [
    'A description may say what it expects: the CPU sets, the number of queues in each state of health, the findings. Each assertion that the analysis does not confirm is an error, so that a folder of descriptions is a test suite.',
    '`expect.findings` lists rules: each must be found at least once, and no error or warning of another rule may be found. Notes may be listed but need not be.',
    '`expect.survives` names properties that hold whichever CPUs go offline, in any order: `{ offline: 2, properties: [no-queue-stops] }`. Each is proved, as `irqsim prove` does it; what is not proved is an error, too.',
    'Change: the machine, or the expectation.',
  ],
  messages: [],
  check: () => [],
};

const REACH_SETS = ['reachable', 'unreachable', 'unknown'] as const;
const SETS = ['possible', 'present', 'online', 'reachable', 'unreachable', 'unknown'] as const;

interface Missed {
  /** Within `expect`. */
  readonly path: readonly string[];
  readonly message: string;
}

/** `expect.devices`, each device by the domain that it hangs on. */
function missedByDevices(facts: Simulation): Missed[] {
  const { machine, run } = facts;
  return (machine.expect?.devices ?? []).flatMap(({ name, devices, ...wanted }) =>
    run.devices
      .filter((device) => devices.includes(device.name))
      .flatMap((device) => {
        const domain = domainOf(facts, device);
        return REACH_SETS.flatMap((set): Missed[] => {
          const found = domain[set].toString();
          if (wanted[set] === undefined || found === wanted[set]) return [];
          const message = `expected ${set} CPUs "${wanted[set]}" of ${device.name} (${domain.name}), found "${found}"`;
          return [{ path: ['devices', name, set], message }];
        });
      }),
  );
}

/** Evaluates `expect:` against the facts and the findings of the other rules. */
export function checkExpectations(
  facts: Simulation,
  findings: readonly Finding[],
  queues: Readonly<Record<Health, number>>,
  verdict: string,
  canonical: (rule: string) => string,
): readonly RawFinding[] {
  const { expect } = facts.machine;
  if (!expect) return [];
  const failed: RawFinding[] = [];
  const fail = (key: string | Path, message: string, cause: readonly string[] = []) =>
    failed.push({
      message,
      cause,
      fix: ['change the machine or the expectation'],
      path: ['expect', ...(typeof key === 'string' ? key.split('.') : key)],
    });

  const pciMsi = facts.domains[0];
  const actual = {
    possible: facts.enumeration.possible,
    present: facts.run.present,
    online: facts.run.online,
    reachable: pciMsi.reachable,
    unreachable: pciMsi.unreachable,
    unknown: pciMsi.unknown,
  };
  for (const name of SETS) {
    const wanted = expect[name];
    if (wanted === undefined) continue;
    const found = actual[name].toString();
    if (found !== wanted) fail(name, `expected ${name} CPUs "${wanted}", found "${found}"`);
  }
  for (const { path, message } of missedByDevices(facts)) fail(path, message);
  for (const [health, wanted] of Object.entries(expect.queues ?? {}) as [Health, number][]) {
    if (queues[health] !== wanted) {
      fail(`queues.${health}`, `expected ${wanted} ${health} queues, found ${queues[health]}`);
    }
  }
  if (expect.findings) {
    const wanted = new Set(expect.findings.map(canonical));
    const found = new Set(findings.map((finding) => finding.rule));
    const missing = [...wanted].filter((rule) => !found.has(rule));
    const isNote = (rule: string) =>
      findings.every((f) => f.rule !== rule || f.level === ('note' satisfies Level));
    const surplus = [...found].filter((rule) => !wanted.has(rule) && !isNote(rule));
    if (missing.length > 0)
      fail(
        'findings',
        `expected finding${missing.length === 1 ? '' : 's'} not raised: ${missing.join(', ')}`,
      );
    if (surplus.length > 0)
      fail('findings', `finding${surplus.length === 1 ? '' : 's'} not expected: ${surplus.join(', ')}`);
  }
  if (expect.survives) {
    for (const { path, message, cause } of unsurvived(facts.machine, expect.survives))
      fail(path, message, cause);
  }
  if (expect.verdict !== undefined && expect.verdict !== verdict) {
    fail('verdict', `expected verdict ${expect.verdict}, found ${verdict}`);
  }
  return failed;
}
