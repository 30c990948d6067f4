/**
 * The HPET's channels: which of them become timers of single CPUs. Mirrors hpet_select_clockevents() and
 * hpet_select_device_channel() of arch/x86/kernel/hpet.c (docs/model/hotplug.md#timers-and-hpet).
 */
import type { Machine } from '../../machine/machine.ts';

/** Channels 0 and 1 stand in for the PIT and the RTC, whether they can send messages or not. */
const LEGACY_CHANNELS = 2;
/** The next one is kept for /dev/hpet. */
const DEVICE_CHANNELS = 1;

/** The kernel uses the HPET that is there: an ACPI table names it, and nothing switches it off. */
export function hpetEnabled({ hpet, cmdline }: Machine): boolean {
  return hpet.present && !cmdline.hpetDisable && !cmdline.acpiOff;
}

/**
 * Channels that are given an interrupt of their own, ascending: at most one for each of `possible` CPUs. They
 * outrank a local APIC timer without ARAT only, and are not set up for others. `hasDomain`: their messages have
 * an interrupt domain. Undefined: the kernel does not look for any.
 */
export function clockeventChannels(
  machine: Machine,
  possible: number,
  hasDomain: () => boolean,
): readonly number[] | undefined {
  const { hpet, timers } = machine;
  // What settles it on most machines is asked first: those that differ in the rest only run alike.
  if (!hpet.msi || timers.arat || !hpetEnabled(machine) || !hasDomain()) return undefined;
  const first = LEGACY_CHANNELS + DEVICE_CHANNELS;
  const count = Math.min(Math.max(0, hpet.channels - first), possible);
  return Array.from({ length: count }, (_, index) => first + index);
}
