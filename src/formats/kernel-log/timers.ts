/** HPET and timers, as far as a kernel log tells of them. */
import { HPET_CHANNELS } from '../../machine/limits.ts';
import type { Platform } from '../../machine/machine.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { decisionLogged } from './apic.ts';
import { type LogEvidence, saidBy, smallNumber } from './evidence.ts';

/** Sets hpet and timers. */
export function describeLoggedTimers(
  sheet: DescriptionBuilder,
  evidence: LogEvidence,
  platform: Platform,
): void {
  const { log, at } = evidence;
  const [channels] = saidBy(evidence, /hpet0: (\d+) comparators/);
  const [reserved] = saidBy(evidence, /hpet: (\d+) channels of \d+ reserved for per-cpu timers/);
  const count = smallNumber(channels?.groups[0]);
  if (reserved) {
    sheet.set(['hpet', 'msi'], true, at(reserved.line));
    // hpet_msi_capability_lookup() reserves none where the local APIC timer does not stop.
    sheet.set(['timers', 'arat'], false, at(reserved.line));
  }
  if (channels && count !== undefined) {
    const { least, most } = HPET_CHANNELS;
    sheet.set(['hpet', 'channels'], Math.min(Math.max(count, least), most), at(channels.line));
  } else if (log.says('ACPI: RSDP ') && !log.find(/hpet/i)) sheet.set(['hpet', 'present'], false);
  if (!decisionLogged(evidence)) return;
  const deadline = log.lineOf('TSC deadline timer');
  sheet.set(
    ['timers', 'tscDeadline'],
    deadline !== undefined,
    deadline === undefined ? undefined : at(deadline),
  );
  if (platform !== 'kvm') return;
  const clock = log.lineOf('kvm-clock: ');
  sheet.set(['timers', 'kvmclock'], clock !== undefined, clock === undefined ? undefined : at(clock));
}
