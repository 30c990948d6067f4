/** Kernel logs: dmesg, the journal, a serial console, a log in a mail or in Markdown. */
import type { Location } from '../../machine/locate.ts';
import { describedBy } from '../description-builder.ts';
import type { Reader, ReadResult } from '../reader.ts';
import { headText } from '../text/head.ts';
import { describeLoggedRemapping, describeLoggedX2apic } from './apic.ts';
import { cpuFacts } from './cpu-facts.ts';
import { describeLoggedCpus } from './cpus.ts';
import { describeLoggedDevices, impliedParameters, loggedDevices } from './devices.ts';
import { describeLoggedEvents } from './events.ts';
import type { LogEvidence } from './evidence.ts';
import { describeExtDestId } from './ext-dest-id.ts';
import { describeTabledDevices, loggedInterrupts, withColumns, withoutColumn } from './interrupts.ts';
import { cmdlineOf, describeLoggedKernel } from './kernel.ts';
import { logLines } from './lines.ts';
import { type KernelLog, logOf } from './log.ts';
import { describeLoggedPlatform } from './platform.ts';
import { VALUE_OF_KEY } from './prefix.ts';
import { describeLoggedTimers } from './timers.ts';

/** The log with what is asked of it everywhere. `file` names it in locations. */
export function evidenceOf(log: KernelLog): LogEvidence {
  const said = cmdlineOf(log)?.groups[0] ?? '';
  const cmdline = [
    said,
    ...impliedParameters(loggedDevices({ log, cmdline: said, at: () => NOWHERE }), said),
  ];
  const at = (line: number): Location => ({ file: log.path, line, column: 1 });
  return { log, cmdline: cmdline.join(' ').trim(), at };
}

const NOWHERE: Location = { file: '', line: 1, column: 1 };

/** The machine that a log tells of. Throws InputError where it does not tell how many CPUs there are. */
export function describeLog(log: KernelLog): ReadResult {
  const sheet = describedBy('kernel log');
  const evidence = evidenceOf(log);
  const rows = loggedInterrupts(evidence);
  const facts = withColumns(cpuFacts(evidence), rows);
  if (log.boots > 1) sheet.assume(`the log holds ${log.boots} boots; the last one is read`);
  describeLoggedKernel(sheet, evidence);
  const platform = describeLoggedPlatform(sheet, evidence);
  describeLoggedCpus(sheet, evidence, facts);
  describeLoggedX2apic(sheet, evidence);
  describeLoggedRemapping(sheet, evidence, platform);
  describeExtDestId(sheet, evidence, facts, platform);
  describeLoggedTimers(sheet, evidence, platform);
  describeLoggedEvents(sheet, evidence, rows && withoutColumn(sheet, evidence, facts, rows));
  const devices = loggedDevices(evidence);
  if (rows) describeTabledDevices(sheet, evidence, devices, rows);
  else describeLoggedDevices(sheet, evidence, devices);
  return sheet.result();
}

const HEAD = 256 * 1024;
/** In front of a log in the same text: the command line that started the guest makes it that product's input. */
const COMMAND =
  /^[^\n]*\b(?:qemu-system-\w+|qemu-kvm|virt-install|cloud-hypervisor|firecracker|crosvm|bhyve|vng|virtme-run)\b/m;

/** In all logs. */
const LOGGED = new RegExp(
  String.raw`Linux version \d|\[ *\d+\.\d+\]|.kernel:|^kernel:(?! (?:${VALUE_OF_KEY}))|"_TRANSPORT"|^\[[A-Z][a-z]{2} `,
  'm',
);

/** True if the text holds a kernel log, and nothing that another format is made of. */
export function isKernelLog(text: string): boolean {
  const head = text.slice(0, HEAD);
  if (!LOGGED.test(head)) return false;
  const { lines, marked } = logLines(head);
  if (lines.length === 0) return false;
  const [first] = lines;
  const banner = lines.find((line) => /^Linux version \d/.test(line.text));
  const before = head.split('\n', (banner ?? first).line - 1).join('\n');
  if (COMMAND.test(before)) return false;
  return banner !== undefined || marked >= Math.max(1, lines.length / 2);
}

export const kernelLog: Reader = {
  name: 'kernel-log',
  recognises: (bytes) => isKernelLog(headText(bytes, HEAD)),
  read: async ({ bytes, file }) => [describeLog(logOf(new TextDecoder().decode(bytes), file))],
};
