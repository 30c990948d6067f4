/** /proc/interrupts by itself: CPUs that are online, interrupts and their devices; nothing of firmware and kernel. */
import { LIMITS } from '../../machine/limits.ts';
import { inputError, type Location } from '../../machine/locate.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import {
  HPET_CHIP,
  INTERRUPTS,
  type InterruptLine,
  interruptLines,
  unremappedLine,
} from '../linux-capture/interrupts.ts';
import type { Tree } from '../linux-capture/tree.ts';
import type { Reader, ReadResult } from '../reader.ts';
import { addressOf, linedDevices } from './devices.ts';

const HEAD = 64 * 1024;
const HEADER = /^[ \t]*CPU\d+(?:[ \t]+CPU\d+)*[ \t]*$/m;
const ROW = /^\s*\d+:(?:\s+\d+)+\s+\S/m;
const REMEDY = 'give the whole machine: irqsim analyze / on it, or the archive that irqsim capture makes';

/** The text as a machine of that file alone. */
function treeOf(bytes: Uint8Array): Tree {
  return { read: (path) => (path === INTERRUPTS ? bytes : undefined), list: () => [], link: () => undefined };
}

/** The online CPUs of the head, and its line. */
function onlineCpus(text: string, file: string): { readonly cpus: readonly number[]; readonly line: number } {
  const head = HEADER.exec(text);
  const cpus = (head?.[0].match(/\d+/g) ?? []).map(Number);
  const line = text.slice(0, head?.index ?? 0).split('\n').length;
  const wrong = cpus.find((cpu, n) => cpu >= LIMITS.cpus || (n > 0 && cpu <= cpus[n - 1]));
  if (cpus.length === 0 || wrong !== undefined)
    throw inputError(file, 'the head of /proc/interrupts does not name CPUs in ascending order', line);
  return { cpus, line };
}

/**
 * CPUs that are missing among those that run are taken to be offline; APIC IDs are not known of any. CPU 0 booted the
 * machine: where it is missing nobody knows whether it was taken offline, or columns were cut off.
 */
function describeCpus(sheet: DescriptionBuilder, shown: readonly number[], at: Location): void {
  const online = shown[0] === 0 ? shown : [0, ...shown];
  const running = new Set(online);
  const count = online[online.length - 1] + 1;
  const cpus = Array.from({ length: count }, (_, cpu) => ({
    apicId: cpu,
    guessed: true,
    ...(running.has(cpu) ? {} : { state: 'offline' }),
  }));
  sheet.set(['cpus'], cpus, at);
  sheet.set(['domains', 'vector', 'reach', 'reachable'], online.join(','), at);
  sheet.assume('CPUs that are online are reachable, whatever their APIC IDs', ['domains']);
  if (online !== shown)
    sheet.notUnderstood(
      `a head without CPU 0 (it is taken to run, and the others before CPU ${shown[0]} to be offline)`,
      at,
      ['CPUs'],
      REMEDY,
    );
  sheet.notUnderstood(
    `the APIC IDs of all ${count} CPUs, and how many more are possible, which the file does not hold (none more are taken)`,
    at,
    ['CPUs'],
    REMEDY,
  );
}

function describePlatform(
  sheet: DescriptionBuilder,
  lines: readonly InterruptLine[],
  at: (line: number) => Location,
): void {
  const hyperv = lines.find(({ chip }) => /hyper-?v/i.test(chip));
  const remapped = lines.find(({ chip }) => chip.startsWith('IR-'));
  if (hyperv) sheet.set(['platform'], 'hyperv', at(hyperv.line));
  else if (remapped) sheet.set(['remapping'], 'on', at(remapped.line));
  if (hyperv) return;
  sheet.notUnderstood(
    'what the kernel runs on, which the file does not hold (bare metal is taken)',
    undefined,
    ['the machine type'],
    '--set platform=kvm, or what it is',
    'platform',
  );
}

/** Chips whose lines are understood, or have no bearing on devices: the IOMMUs' own, and those of the machine. */
const KNOWN_CHIP = /^(?:IR-)?(?:IO-APIC|PCI-MSI)|^DMAR-MSI|^AMD-Vi|^XT-PIC|^HYPERV|HPET.MSI/;

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
  text: string,
  lines: readonly InterruptLine[],
  cpus: readonly number[],
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

function describeKernel(sheet: DescriptionBuilder): void {
  const tell = (part: string, remedy: string, key: string) =>
    sheet.notUnderstood(part, undefined, ['the kernel'], remedy, key);
  tell(
    'the kernel release, which the file does not hold (the newest is taken)',
    '--kernel RELEASE',
    'kernel',
  );
  tell(
    'the kernel command line, which the file does not hold (an empty one is taken)',
    "--set cmdline='...' as in /proc/cmdline",
    'cmdline',
  );
}

/** The machine as far as the file tells. Throws InputError for one that is none. */
export function describeInterrupts(bytes: Uint8Array, file: string): ReadResult {
  const text = new TextDecoder().decode(bytes);
  const at = (line: number): Location => ({ file, line, column: 1 });
  const { cpus, line } = onlineCpus(text, file);
  const lines = [...interruptLines(treeOf(bytes)).values()];
  const sheet = describedBy('/proc/interrupts');
  describeCpus(sheet, cpus, at(line));
  describePlatform(sheet, lines, at);
  describeHpet(sheet, lines, at);
  describeOthers(sheet, lines, at);
  describeBroken(sheet, text, lines, cpus, at);
  describeKernel(sheet);
  const devices = linedDevices(lines);
  const byNumber = new Map(lines.map((one) => [one.irq, one]));
  for (const { device, line: first, irqs } of devices) {
    const place = at(first);
    const outside = unremappedLine(byNumber, irqs) !== undefined && { remapped: false };
    sheet.device({ ...device, ...outside }, place, { queues: place, vectors: place, remapped: place });
  }
  if (devices.some(({ open }) => open))
    sheet.assume('devices are taken to offer the queues and vectors that they use', ['devices']);
  return sheet.result();
}

/** True if the text is a table of interrupts and nothing else of note. */
function isInterrupts(text: string): boolean {
  const head = HEADER.exec(text);
  return (
    head !== null && ROW.test(text.slice(head.index)) && text.slice(0, head.index).split('\n').length <= 8
  );
}

export const procInterrupts: Reader = {
  name: 'proc-interrupts',
  recognises: (bytes) => isInterrupts(new TextDecoder().decode(bytes.subarray(0, HEAD))),
  read: async ({ bytes, file }) => [describeInterrupts(bytes, file)],
};
