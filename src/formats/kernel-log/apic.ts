/** How firmware handed the APIC over, and what became of interrupt remapping. */
import { parseCmdline } from '../../machine/cmdline.ts';
import type { Platform } from '../../machine/machine.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { type LogEvidence, saidBy } from './evidence.ts';
import { handedOver } from './says.ts';

/** enable_IR_x2apic() prints one of these where the CPU has x2APIC that firmware left off. */
const SUPPORTED: readonly string[] = [
  'x2apic enabled',
  "IRQ remapping doesn't support X2APIC mode",
  'remapping in x2apic mode',
  'x2apic opt out bit',
  'requested that x2apic be disabled',
];

/** Lines that come after the decision: where none is there, the log does not tell. */
const AFTER = /^(?:\.\.TIMER: vector=|smp: Brought up |smpboot: Total of |smpboot: CPU0: |Brought up \d)/;

/** True if the log reaches over the decision on the APIC mode. */
export function decisionLogged({ log }: Pick<LogEvidence, 'log'>): boolean {
  return log.known && log.lines.some(({ text }) => AFTER.test(text));
}

const NOT_HELD = 'the log from the boot on: journalctl -k -b, /var/log/dmesg';

/** Sets x2apic. */
export function describeLoggedX2apic(sheet: DescriptionBuilder, evidence: LogEvidence): void {
  const { log, cmdline, at } = evidence;
  const path = ['x2apic'];
  const said = handedOver(log);
  if (said) {
    sheet.set(path, said.value, at(said.line));
    return;
  }
  const shown = SUPPORTED.find((text) => log.says(text));
  const { nox2apic, noapic, maxCpus, nolapic, disableapic } = parseCmdline(cmdline);
  if (shown !== undefined) sheet.set(path, 'supported', at(log.lineOf(shown) ?? 1));
  else if (!decisionLogged(evidence))
    sheet.notUnderstood(
      'whether x2APIC is used, which the log does not hold',
      undefined,
      ['the irqchip'],
      NOT_HELD,
    );
  else if (nox2apic || noapic || nolapic || disableapic || maxCpus === 0) sheet.set(path, 'supported');
  else {
    sheet.set(path, 'unsupported');
    sheet.assume('the kernel says nothing of x2APIC: the CPU is taken to have none', path);
  }
}

/** Sets remapping. `platform`: Hyper-V's stub prints nothing. */
export function describeLoggedRemapping(
  sheet: DescriptionBuilder,
  evidence: LogEvidence,
  platform: Platform,
): void {
  const { log, at } = evidence;
  const set = (key: string, value: unknown, line: number) => sheet.set(['remapping', key], value, at(line));
  const [intel] = saidBy(evidence, /DMAR-IR: Enabled IRQ remapping in (x2apic|xapic) mode/);
  const [amd] = saidBy(evidence, /AMD-Vi: Interrupt remapping enabled/);
  if (intel) {
    set('enabled', true, intel.line);
    set('vendor', 'intel', intel.line);
    describeEim(sheet, evidence, intel.groups[0] === 'x2apic', intel.line);
  } else if (amd) {
    const xt = log.lineOf('AMD-Vi: X2APIC enabled');
    set('enabled', true, amd.line);
    set('vendor', 'amd', amd.line);
    set('eim', xt !== undefined, xt ?? amd.line);
  } else if (decisionLogged(evidence)) {
    const [refused] = saidBy(
      evidence,
      /DMAR-IR: Not enabling interrupt remapping|AMD-Vi: Disabling interrupt remapping/,
    );
    const said = refused?.line ?? log.lineOf("IRQ remapping doesn't support X2APIC mode");
    sheet.set(['remapping', 'enabled'], refused !== undefined, said === undefined ? undefined : at(said));
    if (refused) set('ioapics', false, refused.line);
    if (refused && log.says('AMD-Vi: Disabling')) set('vendor', 'amd', refused.line);
    if (platform === 'hyperv')
      sheet.assume("Hyper-V's stand-in for remapping prints nothing: the model decides by the kernel", [
        'remapping',
      ]);
  } else
    sheet.notUnderstood(
      'whether interrupts are remapped, which the log does not hold',
      undefined,
      ['the irqchip'],
      NOT_HELD,
    );
}

function describeEim(
  sheet: DescriptionBuilder,
  { log, at }: LogEvidence,
  x2apic: boolean,
  line: number,
): void {
  const optOut = log.lineOf('x2apic opt out bit') ?? log.lineOf('requested that x2apic be disabled');
  const withoutEim = saidBy({ log }, /dmar\d+ does not support EIM/)[0];
  if (optOut !== undefined) sheet.set(['remapping', 'optOut'], true, at(optOut));
  if (withoutEim) sheet.set(['remapping', 'eim'], false, at(withoutEim.line));
  else if (x2apic) sheet.set(['remapping', 'eim'], true, at(line));
  else if (optOut === undefined) {
    sheet.set(['remapping', 'eim'], false, at(line));
    sheet.assume('remapping in xAPIC mode, and no line tells why: the IOMMU is taken to have no EIM', [
      'remapping',
    ]);
  }
}
