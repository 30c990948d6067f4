/** What messages of devices may name beyond 8 bits: `remapping:` and `extDestId:`, completed. */
import type { Machine, Remapping } from './machine.ts';
import type { MachineInput } from './schema.ts';
import { isOn } from './switch.ts';

/** `remapping:`; a unit remaps with EIM and takes the IO-APICs unless something else is said. */
export function normaliseRemapping(input: NonNullable<MachineInput['remapping']>): Remapping {
  const written = typeof input === 'object' ? input : { enabled: input };
  const enabled = isOn(written.enabled, true);
  return {
    enabled,
    eim: enabled && isOn(written.eim, true),
    optOut: enabled && isOn(written.optOut, false),
    vendor: written.vendor ?? 'intel',
    ioapics: isOn(written.ioapics, true),
    mixedXt: enabled && written.vendor === 'amd' && isOn(written.mixedXt, false),
  };
}

/** `extDestId:`; what is offered is honoured unless something else is said. */
export function normaliseExtDestId(
  input: NonNullable<MachineInput['extDestId']>,
): Pick<Machine, 'extDestId' | 'extDestHonoured'> {
  const written = typeof input === 'object' ? input : { offered: input };
  const extDestId = isOn(written.offered, true);
  return { extDestId, extDestHonoured: isOn(written.honoured, true) };
}
