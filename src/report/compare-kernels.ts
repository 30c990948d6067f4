/**
 * One machine under several kernels: a column a kernel, and only the rows that differ.
 *
 * As JSON one object: `kernels` in the order asked; `differs`, row name → one text a kernel, as the text
 * form has it (empty if nothing differs); `reports`, the report of each kernel in the same order;
 * `oldestPointReleases`, the oldest point release that each kernel stands for, null where none differ.
 */
import type { Analysis } from '../findings/analyze.ts';
import type { DeviceRun } from '../linux/sim/run.ts';
import { oldestPointRelease } from '../machine/kernel.ts';
import {
  APIC_FACETS,
  cpuList,
  type Facet,
  healthText,
  VECTOR_FACETS,
  VERDICT_FACETS,
  vectorsText,
} from '../questions/whatif/facets.ts';
import type { Block, Document, Section } from './document/block.ts';
import { jsonReport } from './json.ts';
import { machineTitle } from './wording/verdict-sentence.ts';

/** A row: what it is, and its text for each kernel. */
export interface Row {
  readonly name: string;
  readonly values: readonly string[];
}

const FACETS: readonly Facet[] = [
  ...VERDICT_FACETS,
  ...APIC_FACETS,
  ['possible', ({ enumeration }) => cpuList(enumeration.possible)],
  ['present', ({ run }) => cpuList(run.present)],
  ['online', ({ run }) => cpuList(run.online)],
  ['ignored', ({ enumeration }) => String(enumeration.ignored.length)],
  ['reachable', ({ domains }) => cpuList(domains[0].reachable)],
  ['unreachable', ({ domains }) => cpuList(domains[0].unreachable)],
  ['unknown', ({ domains }) => cpuList(domains[0].unknown)],
];

/** The first queue whose mask is not the same everywhere. */
function maskRow(name: string, devices: readonly DeviceRun[]): Row | null {
  const [first, ...others] = devices;
  const index = first.queues.findIndex(({ affinity }, queue) =>
    others.some((device) => {
      const other = device.queues[queue]?.affinity;
      return other !== undefined && other !== affinity && other.toString() !== affinity.toString();
    }),
  );
  if (index < 0) return null;
  const values = devices.map(({ queues }) => (queues[index] ? cpuList(queues[index].affinity) : '-'));
  return { name: `${name} mask of queue ${index}`, values };
}

function deviceRows(analyses: readonly Analysis[]): Row[] {
  const rows: Row[] = [];
  for (const [index, { name }] of analyses[0].run.devices.entries()) {
    const devices = analyses.map(({ run }) => run.devices[index]);
    rows.push(
      { name: `${name} queues`, values: devices.map(healthText) },
      { name: `${name} vectors`, values: devices.map(vectorsText) },
    );
    const masks = maskRow(name, devices);
    if (masks) rows.push(masks);
  }
  return rows;
}

/** A row for each rule that some kernels raise and others do not, or at another level. */
function findingRows(analyses: readonly Analysis[]): Row[] {
  const rules = new Set(analyses.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  return [...rules].map((rule) => ({
    name: rule,
    values: analyses.map(({ findings }) => findings.find((finding) => finding.rule === rule)?.level ?? '-'),
  }));
}

/** How many findings do not count, also where that is the same everywhere: the verdict hangs on it. */
function suppressedRows(analyses: readonly Analysis[]): Row[] {
  if (analyses.every(({ summary }) => summary.suppressed === 0)) return [];
  return [{ name: 'suppressed', values: analyses.map(({ summary }) => String(summary.suppressed)) }];
}

const differs = ({ values }: Row): boolean => values.some((value) => value !== values[0]);

/** The rows in which the analyses of one machine differ, in the order of the report. */
export function differingRows(analyses: readonly Analysis[]): Row[] {
  const facetRows = (facets: readonly Facet[]) =>
    facets.map(([name, of]): Row => ({ name, values: analyses.map(of) }));
  return [
    ...facetRows(FACETS),
    ...deviceRows(analyses),
    ...facetRows(VECTOR_FACETS),
    ...findingRows(analyses),
  ].filter(differs);
}

/** Rows of like devices that follow each other are one row: "nvme0 queues" and 3 more. */
function mergeAlike(rows: readonly Row[]): Row[] {
  const merged: { name: string; values: readonly string[]; more: number }[] = [];
  const seen = new Map<string, (typeof merged)[number]>();
  for (const { name, values } of rows) {
    const [device, ...what] = name.split(' ');
    const key = /\d$/.test(device) ? [device.replace(/\d+$/, ''), ...what, ...values].join('|') : name;
    const known = seen.get(key);
    if (known) known.more++;
    else {
      const row = { name, values, more: 0 };
      seen.set(key, row);
      merged.push(row);
    }
  }
  return merged.map(({ name, values, more }) => ({ name: more > 0 ? `${name} (+${more})` : name, values }));
}

/** Which point releases the bare series among the kernels stand for; empty where none differ. */
function pointReleases(analyses: readonly Analysis[]): string[] {
  return analyses.flatMap(({ machine: { kernel } }) => {
    const oldest = oldestPointRelease(kernel);
    return oldest === null ? [] : [`${kernel.text} is ${oldest} or newer`];
  });
}

/** The same as a sentence, and what of the older ones. */
function pointReleaseNote(analyses: readonly Analysis[]): Section {
  const taken = pointReleases(analyses);
  if (taken.length === 0) return [];
  const text = `${taken.join(', ')}; older point releases differ (irqsim kernels): name one as --kernel 5.4.85`;
  return [{ kind: 'paragraph', text }];
}

/** What differs: a column a kernel. */
export function compareDocument(kernels: readonly string[], analyses: readonly Analysis[]): Document {
  return [[difference(kernels, analyses), ...pointReleaseNote(analyses)]];
}

function difference(kernels: readonly string[], analyses: readonly Analysis[]): Block {
  const rows = [...mergeAlike(differingRows(analyses)), ...suppressedRows(analyses)];
  const title = machineTitle(analyses[0]);
  if (rows.length === 0)
    return { kind: 'paragraph', text: `${title}: nothing differs between Linux ${kernels.join(', ')}` };
  const columns = [
    { title },
    ...kernels.map((kernel) => ({ title: `Linux ${kernel}`, breaks: true as const })),
  ];
  const cells = rows.map(({ name, values }) => [{ text: name }, ...values.map((text) => ({ text }))]);
  return { kind: 'table', columns, rows: cells };
}

/** The comparison as a plain object, ready for JSON.stringify. */
export function compareObject(
  kernels: readonly string[],
  analyses: readonly Analysis[],
  version: string,
  options: { vectors: boolean },
): object {
  return {
    kernels,
    differs: Object.fromEntries(differingRows(analyses).map(({ name, values }) => [name, values])),
    oldestPointReleases: analyses.map(({ machine }) => oldestPointRelease(machine.kernel)),
    reports: analyses.map((analysis) => jsonReport(analysis, version, options)),
  };
}
