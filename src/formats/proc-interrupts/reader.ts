/** /proc/interrupts by itself: CPUs that are online, interrupts and their devices; nothing of firmware and kernel. */
import { inputError, type Location } from '../../machine/locate.ts';
import { type DescriptionBuilder, describedBy } from '../description-builder.ts';
import type { Reader, ReadResult } from '../reader.ts';
import { headText } from '../text/head.ts';
import { describedDevices } from './devices.ts';
import type { InterruptLine } from './lines.ts';
import { describeRows, REMEDY, rowsOf } from './rows.ts';
import { interruptTable } from './table.ts';

const HEAD = 64 * 1024;

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
  const table = interruptTable(new TextDecoder().decode(bytes));
  if (!table)
    throw inputError(file, 'this is no /proc/interrupts: it has no head that names CPUs, with rows below');
  const rows = rowsOf(table, file);
  const at = (line: number): Location => ({ file, line, column: 1 });
  const sheet = describedBy('/proc/interrupts');
  describeCpus(sheet, rows.cpus, at(rows.line));
  describePlatform(sheet, rows.lines, at);
  describeRows(sheet, rows, at);
  describeKernel(sheet);
  const devices = describedDevices(rows.lines);
  for (const { device, line: first } of devices) {
    const place = at(first);
    sheet.device(device, place, { queues: place, vectors: place, remapped: place });
  }
  if (devices.some(({ open }) => open))
    sheet.assume('devices are taken to offer the queues and vectors that they use', ['devices']);
  return sheet.result();
}

/** What makes a text another product's, although the table is in it. */
const OTHERS =
  /\b(?:qemu-system-\w+|qemu-kvm|virt-install|cloud-hypervisor)\b|<domain\b|^(?:apiVersion|kernel|platform|cpus|topology):/m;

/** True if the text holds a table of interrupts, and nothing that another format is made of. */
function isInterrupts(text: string): boolean {
  return interruptTable(text) !== undefined && !OTHERS.test(text);
}

export const procInterrupts: Reader = {
  name: 'proc-interrupts',
  recognises: (bytes) => isInterrupts(headText(bytes, HEAD)),
  read: async ({ bytes, file }) => [describeInterrupts(bytes, file)],
};
