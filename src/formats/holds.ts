/** Whether an intent holds in a description, compared with the one before the change. */
import { FIRST_X2APIC_ID } from '../machine/apic-ids.ts';
import { collectProblems, InputError } from '../machine/locate.ts';
import { normaliseCpus } from '../machine/normalise-cpus.ts';
import type { MachineInput, ToggleInput } from '../machine/schema.ts';
import { isOn } from '../machine/switch.ts';
import { apicIdOf, fieldWidth } from '../machine/topology.ts';
import { validate } from '../machine/validate.ts';
import type { Intent, TopologyIntent } from './intent.ts';
import { NO_ACPI } from './notes.ts';
import type { ReadResult } from './reader.ts';
import { isMapping, sameValue, valueAt } from './text/values.ts';
import { changeWords, parametersOf } from './text/words.ts';

/** True if a description says what an intent wants. */
export function holds(intent: Intent, before: ReadResult, after: ReadResult): boolean {
  const { value } = after.raw;
  switch (intent.kind) {
    case 'ext-dest-id':
      return offers(valueAt(value, ['extDestId']));
    case 'remapping':
      return remaps(valueAt(value, ['remapping']), intent.vendor);
    case 'kernel':
      return valueAt(value, ['kernel']) === intent.release;
    case 'parameters': {
      const wanted = changeWords(cmdlineOf(before), intent);
      return wanted !== null && sameValue(parametersOf(wanted), parametersOf(cmdlineOf(after)));
    }
    case 'kernel-config':
      return sameSetting(valueAt(value, ['kernelConfig', intent.key]), intent.value);
    case 'topology':
      return hasTopology(after, intent.topology);
    case 'x2apic':
      return startsAs(after, intent.setting);
    case 'queues':
    case 'vectors':
      return (
        isNamed(valueAt(value, [...intent.device, 'name']), intent.name) &&
        valueAt(value, [...intent.device, intent.kind]) ===
          (intent.kind === 'queues' ? intent.queues : intent.vectors)
      );
    case 'hpet':
      return hasHpet(valueAt(value, ['hpet'])) === intent.present;
    case 'acpi':
      return after.refusals.every(({ message }) => message !== NO_ACPI);
    case 'kvm-signature':
      return valueAt(value, ['platform']) === 'kvm';
    case 'value':
      return sameValue(valueAt(value, intent.path), intent.value);
    case 'stack':
      return false;
  }
}

function cmdlineOf({ raw }: ReadResult): string {
  const written = valueAt(raw.value, ['cmdline']);
  return typeof written === 'string' ? written : '';
}

const toggle = (value: unknown, fallback: boolean): boolean =>
  isOn(value as ToggleInput | undefined, fallback);

/** Remapping with 32-bit destinations, and x2APIC not opted out of. */
function remaps(written: unknown, vendor: 'intel' | 'amd'): boolean {
  if (!isMapping(written)) return toggle(written, false) && vendor === 'intel';
  return (
    toggle(written.enabled, true) &&
    toggle(written.eim, true) &&
    !toggle(written.optOut, false) &&
    (written.vendor ?? 'intel') === vendor
  );
}

/** A mapping that does not say offers it. */
function offers(written: unknown): boolean {
  return isMapping(written) ? toggle(written.offered, true) : toggle(written, false);
}

/** A mapping that does not say has one. */
function hasHpet(written: unknown): boolean {
  return isMapping(written) ? toggle(written.present, true) : toggle(written, true);
}

/** A switch may be written in several ways. */
function sameSetting(written: unknown, wanted: boolean | number): boolean {
  if (typeof wanted === 'number') return written === wanted;
  return written !== undefined && toggle(written, !wanted) === wanted;
}

/** With `count` in the description the name has a number behind it. */
function isNamed(written: unknown, name: string): boolean {
  return typeof written === 'string' && (written === name || name.replace(/\d+$/, '') === written);
}

interface Cpus {
  readonly cpus: readonly { readonly apicId: number | null; readonly state: string }[];
  readonly smtShift: number;
}

/** The CPUs of a description; undefined if it is wrong. */
function cpusOf({ raw }: ReadResult): Cpus | undefined {
  try {
    const input: MachineInput = validate(raw, '-');
    const problems = collectProblems('-', raw.locate);
    const cpus = normaliseCpus(input, raw.locate, problems);
    problems.throwIfAny();
    return cpus;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The APIC IDs that the topology has, of which the first `present` are plugged. */
function hasTopology(result: ReadResult, topology: TopologyIntent): boolean {
  const found = cpusOf(result);
  return (
    found !== undefined &&
    found.cpus.length === topology.max &&
    found.smtShift === fieldWidth(topology.threads) &&
    found.cpus.every(
      ({ apicId, state }, index) =>
        apicId === apicIdOf(index, topology) && (state === 'online') === index < topology.present,
    )
  );
}

/** How firmware hands over; "auto" follows the APIC IDs. */
function startsAs(result: ReadResult, wanted: 'auto' | 'supported' | 'enabled'): boolean {
  const written = valueAt(result.raw.value, ['x2apic']) ?? 'auto';
  if (written === wanted) return true;
  if (written !== 'auto' || wanted === 'auto') return false;
  const needed = cpusOf(result)?.cpus.some(({ apicId }) => apicId !== null && apicId >= FIRST_X2APIC_ID);
  return needed === (wanted === 'enabled');
}
