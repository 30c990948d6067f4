/** Where the kernel log of a machine is, and what of it matters here. */
import { type KernelLog, logOf } from '../kernel-log/log.ts';
import { machineAt, rootsOfOne } from './roots.ts';
import { type Tree, textOf } from './tree.ts';

export type { KernelLog } from '../kernel-log/log.ts';

/** Where a kernel log may be: captures of irqsim, sosreports (dmesg, else the journal), an installed system. */
export const LOG_FILES: readonly string[] = [
  'dmesg.txt',
  'sos_commands/kernel/dmesg',
  'sos_commands/kernel/dmesg_-T',
  'var/log/dmesg',
  'sos_commands/logs/journalctl_--no-pager_--catalog_--boot',
  'sos_commands/logs/journalctl_--no-pager_--boot',
];

/**
 * All that irqsim reads of a kernel log, here and in `verify`, as extended regular expressions that awk and
 * JavaScript take alike. `irqsim capture` keeps what they match, the time of its line, and nothing else: a new
 * message that a reader looks for must be here too.
 */
export const LOG_PATTERNS: readonly string[] = [
  'Linux version [0-9][^ ]*',
  'Hypervisor detected: (KVM|Microsoft Hyper-V|Xen HVM|Xen PVH|VMware|ACRN|Jailhouse|Bhyve)',
  'Booting paravirtualized kernel on KVM',
  'QEMU TCG',
  'locked in x2apic mode',
  'Cannot disable locked x2apic',
  'x2apic: enabled by BIOS',
  'x2apic already enabled[.]',
  '(Switched|Setting) APIC routing to:? [a-z0-9 ]+',
  'CPU [0-9]+ has invalid APIC ID [0-9a-f]+[.] Aborting',
  'IOAPIC.[0-9]+.: [^,]*, version [0-9]+, address 0x[0-9a-f]+, GSI [0-9]+-[0-9]+',
  'Skipping IOAPIC probe',
  'native_cpu_up: bad cpu [0-9]+',
  'failed[(]-?[0-9]+[)] to wakeup CPU#[0-9]+',
  'Booting Node +[0-9]+,? Processor +[0-9]+ APIC',
  'CPU [0-9]+ is now offline',
  'CPU topo: Max[.] logical packages: +[0-9]+',
  'CPU topo: Max[.] threads per core: +[0-9]+',
  'DMAR: dmar[0-9]+: [a-z0-9_: ]* ecap [0-9a-f]+',
  'DMAR-IR: Enabled IRQ remapping in (x2apic|xapic) mode',
  'AMD-Vi: Interrupt remapping enabled',
  'AMD-Vi: X2APIC enabled',
  'hpet0: [0-9]+ comparators',
];

/** A log as text, and its path. */
export interface LogText {
  readonly text: string;
  readonly path: string;
}

/** The first log of a machine; of a section its lines are those of the file. */
function logText(machine: Tree): LogText | undefined {
  for (const file of LOG_FILES) {
    const text = textOf(machine, file);
    const origin = machine.sections?.origin(file);
    if (text && origin) return { text: '\n'.repeat(origin.line - 1) + text, path: origin.path };
    if (text) return { text, path: file };
  }
  return undefined;
}

/** The text of the log of a machine, and where it is; undefined if there is none. Throws InputError for several machines. */
export function kernelLogIn(tree: Tree, source: string): LogText | undefined {
  for (const dir of rootsOfOne(tree, source)) {
    const found = logText(machineAt(tree, dir));
    if (found) return { ...found, path: dir === '' ? found.path : `${dir}/${found.path}` };
  }
  return undefined;
}

/** Logs that were read already: a journal is long, and several ask. */
const logs = new WeakMap<Tree, KernelLog>();

/** The log of a machine; an unknown one says nothing. The first file that reaches back to the boot counts. */
export function kernelLog(tree: Tree): KernelLog {
  const known = logs.get(tree);
  if (known) return known;
  const found = LOG_FILES.flatMap((file) => {
    const text = textOf(tree, file);
    return text ? [{ file, text }] : [];
  });
  let log: KernelLog | undefined;
  for (const { file, text } of found) {
    if (log?.known) break;
    const read = logOf(text, file);
    if (!log || read.known) log = read;
  }
  log ??= logOf('', '');
  logs.set(tree, log);
  return log;
}
