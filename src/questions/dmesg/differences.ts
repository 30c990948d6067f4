/** Where a log and the model's own prediction from the same log differ. */
import type { Analysis } from '../../findings/analyze.ts';
import { loggedDevices } from '../../formats/kernel-log/devices.ts';
import type { LogEvidence } from '../../formats/kernel-log/evidence.ts';
import { releaseOf } from '../../formats/kernel-log/kernel.ts';

export interface Difference {
  /** missing: the model prints it and the log does not; unexpected: the other way round. */
  readonly kind: 'missing' | 'unexpected';
  readonly text: string;
  /** Line of the input, from 1; null: it is not there. */
  readonly line: number | null;
  /** How often lines like it, with other numbers, differ alike. */
  readonly times: number;
  /** What the model has instead; null: nothing. */
  readonly model: string | null;
}

/** Lines that the model prints where they apply, so that one which it does not print says something. */
const FAMILIES: readonly RegExp[] = [
  /has invalid APIC ID|: bad cpu \d+|is not present\. Aborting bringup/,
  /APIC routing to/,
  /IRQ remapping doesn't support X2APIC mode|^x2apic (?:enabled|disabled)$/,
  /Enabled IRQ remapping in|does not support EIM|x2apic opt out bit/,
  /Cannot disable (?:locked )?x2apic/,
  /CPU topo: (?:Allowing|Rejected|Limiting|CPU limit)|possible CPUs exceed the limit/,
  /smpboot: Allowing|Processors exceeds|limit of \d+ reached/,
  /Affinity broken due to vector|no vector available|has \d+ vectors, \d+ available/,
  /Interrupt reservation exceeds|Reserved vectors \d+ > available/,
  /Managed startup/,
];

const REJECTED = /CPU topo: Rejected CPUs|Ignoring hot-pluggable APIC ID/;

/** Names before a message come and go with releases. */
const bodyOf = (text: string): string =>
  text
    .replace(/^(?:(?:smpboot|CPU topo|APIC|x2apic|ACPI|DMAR-IR|AMD-Vi): )+/, '')
    // The running number depends on the order of firmware's entries.
    .replace(/Processor \d+\//, 'Processor N/')
    .trim();

const kindOf = (text: string): string => text.replace(/0x[0-9a-f]+|\b[0-9a-f]*\d[0-9a-f]*\b/gi, 'N');

type One = Omit<Difference, 'times'>;

/** Another release was taken than the log's own: its words say nothing about this kernel's. */
const wordsUnknown = ({ machine }: Analysis): boolean =>
  machine.notUnderstood.some(({ suppliedBy }) => suppliedBy === 'kernel');

/** What could not be compared, as sentences; empty where all was. */
export function notCompared(evidence: LogEvidence, analysis: Analysis): string[] {
  return [
    ...(wordsUnknown(analysis)
      ? [
          releaseOf(evidence) === undefined
            ? 'The log does not tell the kernel release, so the words of the messages are not compared.'
            : 'The kernel release of the log is not modelled, so the words of the messages are not compared.',
        ]
      : []),
    ...(evidence.log.known
      ? []
      : ['The log does not reach back to the boot, so what is missing in it is not known.']),
  ];
}

/** Messages of the boot, both ways. */
function messageDifferences(evidence: LogEvidence, analysis: Analysis): One[] {
  if (wordsUnknown(analysis)) return [];
  const { log } = evidence;
  const { run } = analysis;
  const said = new Set(log.lines.map(({ text }) => bodyOf(text)));
  const predicted = new Set(run.messages.map(bodyOf));
  const missing = log.known
    ? run.messages
        .filter((text) => !said.has(bodyOf(text)))
        .map((text): One => ({ kind: 'missing', text, line: null, model: text }))
    : [];
  // Entries that the package rule rejects are left out of the description: the log names one of them only.
  const leftOut = log.says('Ignoring hot-pluggable APIC ID');
  const unexpected = log.lines
    .filter(({ text }) => !(leftOut && REJECTED.test(text)))
    .filter(({ text }) => !predicted.has(bodyOf(text)) && FAMILIES.some((family) => family.test(text)))
    .map(({ text, line }): One => ({ kind: 'unexpected', text, line, model: null }));
  return [...missing, ...unexpected];
}

/** CPUs at the end of the boot. */
function onlineDifference({ log }: LogEvidence, { run }: Analysis): One[] {
  const said = log.find(/.*Brought up \d+ nodes?, (\d+) CPUs?.*/);
  const online = run.online.weight();
  if (!said || run.events.length > 0 || Number(said[1]) === online) return [];
  const line = log.lineOf(said[0]) ?? null;
  return [{ kind: 'unexpected', text: said[0], line, model: `${online} CPUs online` }];
}

/** Queues that devices got. */
function queueDifferences(evidence: LogEvidence, { run }: Analysis): One[] {
  return loggedDevices(evidence).flatMap(({ name, told }): One[] => {
    const device = run.devices.find((one) => one.name === name);
    const own = told.queues ?? 0;
    if (!device || own === 0 || device.queues.length === own) return [];
    const line = evidence.log.lines.find(({ text }) => text.includes(` ${name}: `) && /\d\/\d/.test(text));
    const text = line?.text ?? `${name}: ${own} queues`;
    return [{ kind: 'unexpected', text, line: line?.line ?? null, model: `${device.queues.length} queues` }];
  });
}

/** Differences that are alike but for numbers are one. */
export function differencesOf(evidence: LogEvidence, analysis: Analysis): Difference[] {
  const all = [
    ...messageDifferences(evidence, analysis),
    ...onlineDifference(evidence, analysis),
    ...queueDifferences(evidence, analysis),
  ];
  const groups = new Map<string, Difference>();
  for (const one of all) {
    const key = `${one.kind} ${kindOf(one.text)}`;
    const group = groups.get(key);
    groups.set(key, { ...(group ?? one), times: (group?.times ?? 0) + 1 });
  }
  return [...groups.values()];
}
