/** Flags of `-cpu`: "x2apic=off", "+x2apic", "-x2apic". */
import type { Fact, Props } from './facts.ts';
import { isSwitch, switchValue } from './props.ts';

interface CpuFlags {
  /** With "-" in their names. */
  readonly flags: Map<string, Fact<boolean>>;
  /** The vendor of `hv-vendor-id`. */
  readonly hvVendor: Fact<string> | undefined;
}

/** Those further on count more, in whatever order they are written (general knowledge of QEMU 2.x to 11). */
const SIGNS = ['', '+', '-'] as const;

/** The flags of one `-cpu`: "+flag" counts more than "flag=off", and "-flag" more than both. */
export function readCpuFlags(props: Props): CpuFlags {
  const flags = new Map<string, Fact<boolean>>();
  let hvVendor: Fact<string> | undefined;
  for (const sign of SIGNS) {
    for (const [key, fact] of props) {
      if ((/^[+-]/.exec(key)?.[0] ?? '') !== sign) continue;
      const name = key.slice(sign.length).replaceAll('_', '-');
      if (name === 'hv-vendor-id') hvVendor = fact;
      else if (sign !== '') flags.set(name, { value: sign === '+', at: fact.at });
      else if (isSwitch(fact)) flags.set(name, { value: switchValue(fact, name), at: fact.at });
    }
  }
  return { flags, hvVendor };
}
