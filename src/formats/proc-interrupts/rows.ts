/** What every table of interrupts tells, alone or behind a log: its CPUs, its rows, and what of them is not understood. */
import { LIMITS } from '../../machine/limits.ts';
import { inputError, type Location } from '../../machine/locate.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { addressOf } from './devices.ts';
import { HPET_CHIP, type InterruptLine, interruptRows } from './lines.ts';
import type { InterruptTable } from './table.ts';

export const REMEDY =
  'give the whole machine: irqsim analyze / on it, or the archive that irqsim capture makes';

export interface InterruptRows {
  readonly table: InterruptTable;
  /** Online CPUs, in ascending order: those of the head. */
  readonly cpus: readonly number[];
  /** Line of the head. */
  readonly line: number;
  readonly lines: readonly InterruptLine[];
}

/** The rows of a table. Throws InputError where its head makes no sense. */
export function rowsOf(table: InterruptTable, file: string): InterruptRows {
  const head = table.text.trimStart().split('\n', 1)[0];
  const line = table.text.slice(0, table.text.indexOf(head)).split('\n').length;
  const cpus = (head.match(/\d+/g) ?? []).map(Number);
  const wrong = cpus.find((cpu, n) => cpu >= LIMITS.cpus || (n > 0 && cpu <= cpus[n - 1]));
  if (cpus.length === 0 || wrong !== undefined)
    throw inputError(file, 'the head of /proc/interrupts does not name CPUs in ascending order', line);
  return { table, cpus, line, lines: [...interruptRows(table.text).values()] };
}

/** Chips whose lines are understood, or have no bearing on devices: the IOMMUs' own, and those of the machine. */
const KNOWN_CHIP = /^(?:IR-)?(?:IO-APIC|PCI-MSI)|^DMAR-MSI|^AMD-Vi|^XT-PIC|^local-APIC|^HYPERV|HPET.MSI/;

/** Lines of other chips are named; those of the IO-APIC are counted. */
function describeOthers(
  sheet: DescriptionBuilder,
  lines: readonly InterruptLine[],
  at: (line: number) => Location,
): void {
  const unknown = lines.filter(({ chip }) => !KNOWN_CHIP.test(chip));
  for (const chip of new Set(unknown.map((one) => one.chip))) {
    const own = unknown.filter((one) => one.chip === chip);
    const some = own.length === 1 ? 'an interrupt' : `${own.length} interrupts`;
    sheet.notUnderstood(`${some} of the chip ${chip}`, at(own[0].line), ['devices'], REMEDY);
  }
  const pins = lines.filter(({ chip, irq }) => /IO-APIC/.test(chip) && irq > 0).length;
  if (pins > 0)
    sheet.assume(
      `${pins === 1 ? 'a line interrupt' : `${pins} line interrupts`} of the IO-APIC may have a vector each, which irqsim does not count`,
      ['devices'],
    );
}

/** Any line that begins like one of an interrupt. */
const NUMBERED = /^\s*\d+:(?:\s|$)/;

/** Lines that were cut off, and messages of devices whose address does not show: their devices are not in the report. */
function describeBroken(
  sheet: DescriptionBuilder,
  { table: { text, gaps }, lines, cpus }: InterruptRows,
  at: (line: number) => Location,
): void {
  const read = new Map(lines.map((one) => [one.line, one]));
  const tell = (broken: readonly number[], what: string) => {
    const [first] = broken;
    if (first === undefined) return;
    const some = broken.length === 1 ? 'an interrupt' : `${broken.length} interrupts`;
    sheet.notUnderstood(`${some} ${what}`, at(first), ['devices'], REMEDY);
  };
  const numbered = text.split('\n').flatMap((row, index) => (NUMBERED.test(row) ? [index + 1] : []));
  if (gaps.length > 0) sheet.notUnderstood('rows that were left out', at(gaps[0]), ['devices'], REMEDY);
  tell(
    numbered.filter((line) => read.get(line)?.columns !== cpus.length),
    `whose line has not a count of each of the ${cpus.length} CPUs and a chip, as if it were cut off`,
  );
  tell(
    lines.filter((one) => /PCI-MSI/.test(one.chip) && addressOf(one) === null).map(({ line }) => line),
    'of a device whose PCI address is not in the line',
  );
}

function describeHpet(
  sheet: DescriptionBuilder,
  lines: readonly InterruptLine[],
  at: (line: number) => Location,
) {
  const timers = lines.filter(({ chip }) => HPET_CHIP.test(chip));
  if (timers.length > 0) sheet.set(['hpet', 'msi'], true, at(timers[0].line));
}

/** Sets hpet.msi, and names rows that tell of devices and cannot be read. */
export function describeRows(
  sheet: DescriptionBuilder,
  rows: InterruptRows,
  at: (line: number) => Location,
): void {
  const { table, lines } = rows;
  if (table.count > 1)
    sheet.assume(`the text holds ${table.count} tables of interrupts; the last one is read`);
  describeHpet(sheet, lines, at);
  describeOthers(sheet, lines, at);
  describeBroken(sheet, rows, at);
}
