/** Properties that break where a test wants it, and the machines that they are asked of. */
import type { Property, State } from '../../../src/linux/proof/property.ts';
import { type Subject, subjectOf } from '../../../src/linux/proof/subject.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { readText } from '../../helpers.ts';

export const ASKED = parseProperty('no-io-hangs') as AskedProperty;
/** Without the timer of the machine, so that nothing is on any CPU. */
export const FOUR = 'legacyIrqs: off\ntopology: { cores: 4 }\n';
export const SLOTS = 'platform: kvm\ncpus: [{ apicId: "0-1" }, { apicId: "2,300", state: absent }]\n';

export const subject = async (text: string, kernel = '6.12', hpet = 'off'): Promise<Subject> =>
  subjectOf(await readText(`kernel: "${kernel}"\nhpet: ${hpet}\n${text}`));

/** Timers of CPUs, each with an interrupt that goes with its CPU. */
export const CHANNELS = '{ msi: on, channels: 8 }\nplatform: kvm\ntimers: { arat: off }';

export function stateOf({ state }: Subject): State {
  if (state === null) throw new Error('the kernel panics');
  return state;
}

/** A property that breaks as `fault` says of the CPUs that are online. */
export const property = (
  fault: (online: string, again: boolean) => string | null,
  more: Partial<Property> = {},
): Property => ({
  name: 'no-io-hangs',
  fault: ({ stage }, _, touched) => fault(`${stage.system.online}`, touched === undefined),
  ...more,
});
