/** Why a finding stays: rules that no change to a machine answers, each with its reason. */

import type { Analysis } from '../../findings/analyze.ts';
import type { Finding } from '../../findings/rules/rule.ts';
import { ENOSPC, errnoName } from '../../lib/errno.ts';
import { lookup } from '../../lib/lookup.ts';

export interface WhyNot {
  readonly finding: Finding;
  readonly reason: string;
}

type Reason = (analysis: Analysis, finding: Finding) => string | null;

/** The kernel refuses what the description itself asks for. */
const refusedEvent: Reason = ({ run }) => {
  const refused = run.events.filter(({ result }) => result === 'refused');
  const errnos = [...new Set(refused.map(({ errno }) => errnoName(errno)))].join(', ');
  return `the description asks for events that the kernel refuses on any such machine (${errnos}): change the events`;
};

const about =
  (reason: string): Reason =>
  () =>
    reason;

/** Each managed device has a vector on every CPU, however few its queues are. */
const tooManyDevices: Reason = ({ run }) => {
  const wanted = run.devices.filter(
    ({ errno, queues }) => errno === ENOSPC || queues.some((queue) => queue.managed),
  ).length;
  const full = run.devices.find(({ fullCpu }) => fullCpu !== null)?.fullCpu ?? null;
  if (full === null) return null;
  const { available, managed } = run.vectors.perCpu[full];
  return wanted > available + managed
    ? `${wanted} devices want a vector on every CPU each, however few their queues are, and CPU ${full} has ${available + managed} for them: take devices away`
    : null;
};

const CRASHES: Reason = ({ machine }) =>
  machine.x2apic.locked
    ? 'x2APIC is locked by firmware: only interrupt remapping in x2APIC mode keeps a kernel alive there'
    : null;

const REASONS = {
  expectation: about(
    'what the description expects is not so: correct `expect`, no change to the machine is looked for',
  ),
  'suppression-expired': about('a suppression of the description has ended: renew or remove it'),
  'suppression-unused': about('a suppression of the description matches nothing: remove it'),
  'event-refused': refusedEvent,
  'hypervisor-refuses': (_, { fix }) =>
    `irqsim can carry out no change that the product takes; the finding itself says: ${fix.join('; or ')}`,
  'vector-reservation-failed': tooManyDevices,
  'device-without-queue': tooManyDevices,
  'x2apic-locked': CRASHES,
  'isolation-ignored': about('only who wrote the CPU list knows which CPUs it was meant to name: correct it'),
  'kernel-approximated': about(
    'what a distribution backported is in no description: compare releases, or verify on the machine',
  ),
  'input-not-understood': about(
    'the reader did not understand a part of the input: write it in another way, no change to the machine is looked for',
  ),
  'package-not-told': about(
    'the description leaves out what decides it: add that, no change to the machine is looked for',
  ),
  'vmd-children-follow': about(
    'interrupts behind VMD follow those of the controller: only firmware can take a device out from behind it',
  ),
  'domain-misses-cpus': about(
    'the description states what the domain reaches: no change to the machine is known that widens it',
  ),
  'tcg-is-no-hypervisor': about('a note: the guest runs in software emulation'),
  'physical-flat-used': about(
    'a note on how this kernel names its CPUs: nothing is lost, and nothing has to change',
  ),
  'x2apic-entries-ignored': about(
    'a note where xAPIC entries list the same CPUs: the kernel counts them once, and nothing has to change',
  ),
  'hyperv-interfaces-unused': about(
    'a note on whose interface the kernel takes: nothing is lost, and nothing has to change',
  ),
  'broadcast-id': about(
    'only the program that runs the guest can turn the quirk of KVM off, or leave APIC ID 255 out',
  ),
  'ext-dest-unused': about('a note: remapping reaches every CPU already, and nothing has to change'),
  'xen-offers-no-ext-dest': about(
    'the description counts on what no Xen offers: correct `extDestId`, no change to the machine is looked for',
  ),
  'queue-waits-for-cpus': about(
    'a note: the queues start by themselves with the first of their CPUs that comes',
  ),
} satisfies Readonly<Record<string, Reason>>;

/** Rules that a reason is known for. */
export const EXPLAINED: readonly string[] = Object.keys(REASONS);

/** Why nothing took a finding away; `runs` machines were analysed. */
function reasonOf(finding: Finding, analysis: Analysis, runs: number): string {
  const reason: Reason | undefined = lookup(REASONS, finding.rule);
  const known = reason?.(analysis, finding);
  if (known) return known;
  const tried =
    runs > 1
      ? `none of the ${runs} sets of changes that were tried takes it away`
      : runs === 1
        ? 'the one change that was tried does not take it away'
        : 'no change is known that takes it away';
  if (finding.level === 'note') return `${tried}; it is a note, nothing has to change`;
  return finding.fix.length > 0 ? `${tried}; the rule itself says: ${finding.fix.join('; or ')}` : tried;
}

/** A reason for each finding. */
export function whyNot(findings: readonly Finding[], analysis: Analysis, runs: number): readonly WhyNot[] {
  return findings.map((finding) => ({ finding, reason: reasonOf(finding, analysis, runs) }));
}
