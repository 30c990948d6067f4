/** The operating system that a command line is written for, as far as that follows. */
import type { Fact, QemuMachine } from './facts.ts';

/** A clock in local time together with Hyper-V's enlightenments is how people write Windows guests. */
export function windowsBy(
  localTime: Fact<string> | undefined,
  flags: QemuMachine['cpuFlags'],
): Fact<string> | undefined {
  const enlightened = [...flags].some(([flag, { value }]) => value && flag.startsWith('hv-'));
  return localTime && enlightened ? { value: 'Windows', at: localTime.at } : undefined;
}
