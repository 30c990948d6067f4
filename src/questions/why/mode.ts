/** The part of a chain about the APIC mode: one decision for the whole machine, at boot. */

import type { Analysis } from '../../findings/analyze.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import { type Because, originOf, type Step } from './chain.ts';

/** The reasons of the mode and its limit, with where they are written. */
export function modeReasons({ machine, apic }: Analysis): Because[] {
  return apic.because.map(({ text, path }) => ({ text, origin: originOf(machine, path) }));
}

/** "the limit 255", or that there is none. */
export function limitText({ apic }: Analysis): string {
  return apic.limit === NO_LIMIT ? 'no APIC ID limit' : `APIC IDs up to ${apic.limit}`;
}

/** The decision, then each reason. */
export function modeSteps(analysis: Analysis): Step[] {
  const { apic } = analysis;
  const decision = apic.fatal
    ? `the kernel panics: ${apic.fatal.message} (${apic.fatal.why})`
    : `${apic.mode}, remapping ${apic.remapping}, ${limitText(analysis)}`;
  return [
    { topic: 'APIC mode', text: decision, by: 'enable_IR_x2apic, try_to_enable_x2apic' },
    ...modeReasons(analysis).map(({ text, origin }) => ({ topic: '', text: `because ${text}`, origin })),
  ];
}

/** The answer to any question about a machine that never boots. */
export function panicReasons(analysis: Analysis): Because[] {
  return [{ text: analysis.apic.fatal?.why ?? '' }, ...modeReasons(analysis)];
}
