/** What the kernel log of a machine says about the decisions that matter here. */
import { type Tree, textOf } from './tree.ts';

/** Where a kernel log may be: captures of irqsim, sosreports, an installed system. */
export const LOG_FILES: readonly string[] = ['dmesg.txt', 'sos_commands/kernel/dmesg', 'var/log/dmesg'];

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

export interface KernelLog {
  /** False: no log was found, or it does not reach back to the boot. */
  readonly known: boolean;
  /** Path of the log in the tree; "" if there is none. */
  readonly path: string;
  /** True if a line holds the text. */
  says(text: string): boolean;
  /** Line, from 1, that first holds the text; undefined if none does. */
  lineOf(text: string): number | undefined;
  /** First match of a pattern without anchors. */
  find(pattern: RegExp): RegExpExecArray | null;
  /** All matches of a global pattern. */
  all(pattern: RegExp): RegExpExecArray[];
}

/** The log; an unknown one says nothing. */
export function kernelLog(tree: Tree): KernelLog {
  const path = LOG_FILES.find((file) => textOf(tree, file)) ?? '';
  const text = path === '' ? '' : (textOf(tree, path) ?? '');
  return {
    known: text.includes('Linux version '),
    path,
    says: (part) => text.includes(part),
    lineOf(part) {
      const at = text.indexOf(part);
      return at < 0 ? undefined : text.slice(0, at).split('\n').length;
    },
    find: (pattern) => pattern.exec(text),
    all: (pattern) => [...text.matchAll(pattern)] as RegExpExecArray[],
  };
}
