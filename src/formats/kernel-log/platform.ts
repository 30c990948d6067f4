/** What the kernel of a log ran on. */
import type { Platform } from '../../machine/machine.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { LogEvidence } from './evidence.ts';
import { loggedPlatform } from './says.ts';

/** Sets platform, and returns it. Where no hypervisor is named there is none that Linux knows. */
export function describeLoggedPlatform(sheet: DescriptionBuilder, { log, at }: LogEvidence): Platform {
  const path = ['platform'];
  const named = loggedPlatform(log);
  if (named) {
    sheet.set(path, named.value, at(named.line));
    return named.value;
  }
  const emulated = log.lineOf('QEMU TCG');
  if (emulated !== undefined) {
    sheet.set(path, 'tcg', at(emulated));
    sheet.assume('platform tcg: the kernel log names a CPU that QEMU emulates', path);
    return 'tcg';
  }
  sheet.set(path, 'bare-metal');
  if (log.known) sheet.assume('platform bare-metal: the kernel log names no hypervisor', path);
  else
    sheet.notUnderstood(
      'what the kernel runs on, which the log does not hold (bare metal is taken)',
      undefined,
      ['the irqchip'],
      '--set platform=kvm, or the log from the boot on: journalctl -k -b, /var/log/dmesg',
      'platform',
    );
  return 'bare-metal';
}
