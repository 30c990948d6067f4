/** Which vCPUs of a domain are there: `<vcpu>` and `<vcpus>`, with libvirt's refusals about them. */

import { grouped, LIMITS } from '../../machine/limits.ts';
import type { Location } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

export interface Vcpus {
  /** Possible vCPUs. */
  readonly max: number;
  /** `-smp cpus`. */
  readonly atStart: Fact<string>;
  /** CPU indexes plugged over QMP before the guest runs. */
  readonly hotPlugged: Fact<readonly number[]> | undefined;
}

/** Messages of libvirt 12.8. */
const FEWER_THAN_CURRENT = 'maximum vCPU count must not be less than current vCPU count';
const FIRST_OFFLINE = "vcpu 0 can't be offline";
const FIRST_PLUGGABLE = "vcpu0 can't be hotpluggable";

/** Throws InputError for counts that are none, or beyond irqsim's own limit. */
export function readVcpus(domain: XmlElement, look: Look, notes: Notes): Vcpus {
  const vcpu = child(domain, 'vcpu');
  const written = look.text(vcpu);
  const max = written?.value ? wholeNumber(written, 'vcpu') : 1;
  if (max < 1 || max > LIMITS.cpus) {
    throw errorAt(written?.at, `${grouped(max)} vCPUs; from 1 to ${grouped(LIMITS.cpus)} are possible`);
  }
  if (!vcpu) notes.assume('without <vcpu> a domain has one vCPU', ['topology', 'max']);
  return { max, ...presentVcpus(domain, vcpu, max, look, notes) };
}

/** Hot-pluggable vCPUs that are enabled are not on the command line: libvirt plugs them before the guest runs. */
function presentVcpus(
  domain: XmlElement,
  vcpu: XmlElement | undefined,
  max: number,
  look: Look,
  notes: Notes,
): Omit<Vcpus, 'max'> {
  const current = look.attribute(vcpu, 'current') ?? look.text(vcpu);
  const asked = current?.value ? wholeNumber(current, 'current') : max;
  if (asked > max) {
    notes.fail(FEWER_THAN_CURRENT, current?.at, { cause: [`<vcpu current='${asked}'>${max}</vcpu>`] });
  }
  const first = Math.min(asked, max);
  const listed = child(domain, 'vcpus');
  if (!listed) return { atStart: { value: String(first), at: current?.at }, hotPlugged: undefined };
  const states = childrenOf(listed, 'vcpu').map((one) => stateOf(one, max, look, notes));
  const enabled = states.filter(({ isEnabled }) => isEnabled);
  const plugged = enabled.filter(({ isPluggable }) => isPluggable).map(({ id }) => id);
  const fixed = new Set(enabled.filter(({ isPluggable }) => !isPluggable).map(({ id }) => id));
  const at = look.at(listed);
  const count = states.length > 0 ? fixed.size : first;
  return {
    atStart: { value: String(Math.max(1, count)), at },
    hotPlugged: plugged.length > 0 ? { value: plugged, at } : undefined,
  };
}

interface VcpuState {
  readonly id: number;
  readonly isEnabled: boolean;
  readonly isPluggable: boolean;
}

/** One `<vcpu id= enabled= hotpluggable=>`; without hotpluggable= a vCPU that is enabled cannot be unplugged. */
function stateOf(element: XmlElement, max: number, look: Look, notes: Notes): VcpuState {
  const written = look.attribute(element, 'id');
  if (!written) throw errorAt(look.at(element), 'missing vcpu id or value is invalid');
  const id = wholeNumber(written, 'id');
  if (id >= max) throw errorAt(written.at, `vcpu id=${id}: <vcpu> says that there are only ${max}`);
  const isEnabled = look.attribute(element, 'enabled')?.value === 'yes';
  const pluggable = look.attribute(element, 'hotpluggable');
  const isPluggable = pluggable ? pluggable.value === 'yes' : !isEnabled;
  refuseState({ id, isEnabled, isPluggable }, written.at, notes);
  return { id, isEnabled, isPluggable };
}

function refuseState(
  { id, isEnabled, isPluggable }: VcpuState,
  at: Location | undefined,
  notes: Notes,
): void {
  if (id === 0 && !isEnabled) notes.fail(FIRST_OFFLINE, at);
  else if (id === 0 && isPluggable) notes.fail(FIRST_PLUGGABLE, at);
  else if (!isEnabled && !isPluggable) {
    notes.fail(`vcpu '${id}' is both offline and not hotpluggable`, at);
  }
}
