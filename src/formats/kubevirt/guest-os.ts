/** The operating system that a KubeVirt guest names: in annotations, its preference, or enlightenments of Windows. */
import { lookup } from '../../lib/lookup.ts';
import type { Fact } from '../qemu/facts.ts';
import type { SourceValue } from '../text/source-value.ts';
import { type Guest, SPECS } from './guest.ts';

const WINDOWS = /^win(?:dows)?(?:[\d.-]|$|2k|xp)/i;

/** Undefined: nothing is said, or it is Linux. */
export function guestOs({ object, domain, preference }: Guest): Fact<string> | undefined {
  const kind = object.get('kind')?.text() ?? '';
  const template = lookup(SPECS, kind)?.slice(0, -1) ?? [];
  const named = [
    object.get('metadata', 'annotations', 'vm.kubevirt.io/os'),
    object.get(...template, 'metadata', 'annotations', 'vm.kubevirt.io/os'),
    object.get('spec', 'preference', 'name'),
    preference?.get('metadata', 'name'),
  ].find((one) => typeof one?.value === 'string' && WINDOWS.test(one.value));
  const found: SourceValue | undefined = named ?? byEnlightenments(domain);
  return found && { value: 'Windows', at: found.place };
}

/** Windows alone is given Hyper-V's clock together with its other enlightenments. */
function byEnlightenments(domain: SourceValue): SourceValue | undefined {
  return domain.get('features', 'hyperv') && domain.get('clock', 'timer', 'hyperv');
}
