/** CPU model and flags of a domain → `-cpu`: `<cpu>`, `<features>` that become flags, and timers. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import { isCpuModel } from '../qemu/cpu-models.ts';
import { type Entry, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

/** Models by `<cpu mode>`. */
const MODES = {
  'host-passthrough': 'host',
  'host-model': 'host',
  maximum: 'max',
} as const;

const POLICIES = {
  force: '+',
  require: '+',
  optional: '+',
  disable: '-',
  forbid: '-',
} as const satisfies Readonly<Record<string, '+' | '-'>>;

/** QEMU's names of `<hyperv>` features, where they differ in more than "hv-" in front. */
const HYPERV = { vendor_id: 'hv-vendor-id', spinlocks: 'hv-spinlocks' } as const;

/** Flags by `<timer name>`. */
const TIMER_FLAGS = { kvmclock: 'kvmclock' } as const;

/** The `-cpu` of a domain; none if it says nothing of the CPU. */
export function cpuOptions(domain: XmlElement, look: Look, notes: Notes): QemuOption[] {
  const cpu = child(domain, 'cpu');
  const flags = [
    ...features(cpu, look),
    ...hidden(domain, look),
    ...timers(domain, look),
    ...hyperv(domain, look),
  ];
  if (!cpu && flags.length === 0) return [];
  const written = look.attribute(cpu, 'mode');
  const mode = written?.value ?? '';
  refuseEmulated(domain, mode, written?.at, look, notes);
  const model = lookup(MODES, mode) ?? look.text(child(cpu, 'model'))?.value ?? 'qemu64';
  const made = option('cpu', cpu && look.at(cpu), flags);
  const named = child(cpu, 'model') ?? (isKeyOf(MODES, mode) ? cpu : undefined);
  if (!isCpuModel(model) && named)
    notes.notUnderstood(`the CPU model ${excerpt(model)}`, look.at(named), ['CPUs']);
  return [{ ...made, value: { value: model, at: named && look.at(named) } }];
}

/** An emulated CPU is not that of the host. */
function refuseEmulated(
  domain: XmlElement,
  mode: string,
  at: ReturnType<Look['at']> | undefined,
  look: Look,
  notes: Notes,
): void {
  if (mode !== 'host-passthrough' || look.attribute(domain, 'type')?.value !== 'qemu') return;
  const arch = look.attribute(child(domain, 'os', 'type'), 'arch')?.value ?? 'x86_64';
  notes.fail(
    `unsupported configuration: CPU mode '${mode}' for ${arch} qemu domain on x86_64 host is not supported by hypervisor`,
    at,
    { fix: ["<domain type='kvm'>", "<cpu mode='maximum'/>"] },
  );
}

function features(cpu: XmlElement | undefined, look: Look): Entry[] {
  return childrenOf(cpu, 'feature').flatMap((feature): Entry[] => {
    const sign = lookup(POLICIES, look.attribute(feature, 'policy')?.value ?? 'require');
    const name = look.attribute(feature, 'name')?.value;
    return sign && name ? [[sign + name, { value: 'on', at: look.at(feature) }]] : [];
  });
}

/** `<kvm><hidden state='on'/></kvm>` */
function hidden(domain: XmlElement, look: Look): Entry[] {
  const state = look.attribute(child(domain, 'features', 'kvm', 'hidden'), 'state');
  return state?.value === 'on' ? [['kvm', { value: 'off', at: state.at }]] : [];
}

function timers(domain: XmlElement, look: Look): Entry[] {
  return childrenOf(child(domain, 'clock'), 'timer').flatMap((timer): Entry[] => {
    const flag = lookup(TIMER_FLAGS, look.attribute(timer, 'name')?.value);
    const present = look.attribute(timer, 'present');
    if (!flag || !present) return [];
    return [[(present.value === 'no' ? '-' : '+') + flag, { value: 'on', at: present.at }]];
  });
}

/** `<hyperv>`: each feature that is on, or all that the host has. */
function hyperv(domain: XmlElement, look: Look): Entry[] {
  const element = child(domain, 'features', 'hyperv');
  const mode = look.attribute(element, 'mode');
  const all: Entry[] =
    mode?.value === 'passthrough' ? [['hv-passthrough', { value: 'on', at: mode.at }]] : [];
  const each = (element?.children ?? []).flatMap((one): Entry[] => {
    if (look.attribute(one, 'state')?.value !== 'on') return [];
    const name = lookup(HYPERV, one.name) ?? `hv-${one.name}`;
    const value = look.attribute(one, 'value') ?? look.attribute(one, 'retries');
    return [[name, { value: value?.value ?? 'on', at: look.at(one) }]];
  });
  return [...all, ...each];
}
