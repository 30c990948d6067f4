/** What each kernel parameter does, one entry a parameter. */
import { lookup } from '../lib/lookup.ts';
import type { Draft, IsolationFlag, Switch } from './cmdline-fields.ts';
import { isCpuList, kstrtobool, leadingInt, wholeUint } from './kparam.ts';

/** Takes a parameter in; returns why the kernel ignores it, or NO_EFFECT if it means nothing here. */
export type Setter = (draft: Draft, value: string) => string | undefined;

/** Given for a parameter that irqsim knows no effect of. */
export const NO_EFFECT = '';
const NOT_A_NUMBER = 'not a number';
const NOT_A_LIST = 'not a CPU list';

/** A parameter that turns a field on (or off), whatever value it has itself. */
function turn(key: Switch, on = true): Setter {
  return (draft) => {
    draft[key] = on;
    return undefined;
  };
}

/** A parameter holding comma-separated words; `known` says what each does. */
function words(known: Readonly<Record<string, Setter>>): Setter {
  return (draft, value) => {
    const setters = value.split(',').flatMap((word) => lookup(known, word) ?? []);
    for (const set of setters) set(draft, value);
    return setters.length === 0 ? NO_EFFECT : undefined;
  };
}

/** A module parameter of type uint. */
function uintParameter(key: 'nvmeWriteQueues' | 'nvmePollQueues' | 'virtioBlkPollQueues'): Setter {
  return (draft, value) => {
    const number = wholeUint(value);
    if (number === undefined) return NOT_A_NUMBER;
    draft[key] = number;
    return undefined;
  };
}

/** A number of CPUs; the kernel has no use for 0 or less. */
function positive(key: 'nrCpus' | 'possibleCpus'): Setter {
  return (draft, value) => {
    const number = leadingInt(value);
    if (number === undefined) return NOT_A_NUMBER;
    if (number <= 0) return 'not above 0';
    draft[key] = number;
    return undefined;
  };
}

/** `nr_cpus=` only ever lowers the number of CPUs, so the smallest one counts. */
function nrCpus(draft: Draft, value: string): string | undefined {
  const before = draft.nrCpus ?? Number.POSITIVE_INFINITY;
  const ignored = positive('nrCpus')(draft, value);
  if (ignored === undefined) draft.nrCpus = Math.min(before, draft.nrCpus ?? before);
  return ignored;
}

/** A value that is no number is 0, for get_option() stores what it found before it looks whether that was one. */
function maxCpus(draft: Draft, value: string): string | undefined {
  if (value === '') return NOT_A_NUMBER;
  const number = leadingInt(value) ?? 0;
  if (number < 0) return 'below 0';
  draft.maxCpus = number;
  return undefined;
}

function disableCpuApicid(draft: Draft, value: string): string | undefined {
  const number = leadingInt(value);
  if (number === undefined || number < 0) return NOT_A_NUMBER;
  draft.disableCpuApicid = number;
  return undefined;
}

function irqaffinity(draft: Draft, value: string): string | undefined {
  if (!isCpuList(value)) return NOT_A_LIST;
  draft.irqaffinity = value;
  return undefined;
}

/** The flags of `isolcpus=`, which stand before its list; others are skipped (isolcpus_flags). */
const ISOLATION_FLAGS: readonly IsolationFlag[] = ['nohz', 'domain', 'managed_irq'];

const FLAG_WORD = /^[a-z_]+$/i;

/** Words before the list of an `isolcpus=`, given with its name, that are no flags: the kernel skips them. */
export function skippedFlags(text: string): string[] {
  if (!text.startsWith('isolcpus=')) return [];
  const parts = text.slice('isolcpus='.length).split(',');
  const first = parts.findIndex((part) => !FLAG_WORD.test(part));
  return parts
    .slice(0, first < 0 ? parts.length : first)
    .filter((word) => !ISOLATION_FLAGS.some((flag) => flag === word));
}

/**
 * `isolcpus=[flag,...]list`, by isolated_cpus() and housekeeping_isolcpus_setup(): words of letters and `_`
 * before the list are flags, none of them means `domain`. A flag with other characters drops the parameter.
 */
function isolcpus(draft: Draft, value: string): string | undefined {
  const parts = value.split(',');
  const first = parts.findIndex((part) => !FLAG_WORD.test(part));
  const words = first < 0 ? parts : parts.slice(0, first);
  if (first >= 0 && /^[a-z_]/i.test(parts[first])) return 'not a flag';
  const list = first < 0 ? '' : parts.slice(first).join(',');
  const flags = ISOLATION_FLAGS.filter((flag) => words.includes(flag));
  return isolate(draft, `isolcpus=${value}`, flags.length > 0 ? flags : ['domain'], list);
}

function isolate(
  draft: Draft,
  text: string,
  flags: readonly IsolationFlag[],
  list: string,
): string | undefined {
  if (!isCpuList(list)) return NOT_A_LIST;
  draft.isolation = [...draft.isolation, { text, flags, list }];
  return undefined;
}

/** `nosmt` alone can be undone at run time, `nosmt=force` cannot; it says nothing with another value. */
function nosmt(draft: Draft, value: string): string | undefined {
  if (value !== '' && value !== 'force') return NO_EFFECT;
  if (draft.smt !== 'force-off') draft.smt = value === 'force' ? 'force-off' : 'off';
  return undefined;
}

/**
 * mitigations_parse_cmdline() compares the whole value: `nosmt` counts behind `auto` alone. Since 6.17 kinds of attacks
 * may follow. Whether the CPU needs it is not known: it is taken to.
 */
function mitigations(draft: Draft, value: string): string | undefined {
  return /^auto,nosmt(?:[;,]|$)/.test(value) ? nosmt(draft, '') : NO_EFFECT;
}

/** A size, a list of sizes by memory, or "auto"; `crashkernel=0` keeps nothing. */
function crashkernel(draft: Draft, value: string): string | undefined {
  if (!/^(\d|auto)/.test(value)) return 'not a size';
  draft.crashkernel = !/^0+[KMG]?($|[@,])/i.test(value);
  return undefined;
}

/** A parameter that is on or off; off sets the field. */
function unless(key: Switch): Setter {
  return (draft, value) => {
    const on = kstrtobool(value);
    if (on === undefined) return 'not on or off';
    draft[key] = !on;
    return undefined;
  };
}

/** What each known parameter does, by its name with `_` for `-`. */
export const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['nr_cpus', nrCpus],
  ['possible_cpus', positive('possibleCpus')],
  ['maxcpus', maxCpus],
  ['nosmp', (draft) => maxCpus(draft, '0')],
  ['nolapic', turn('nolapic')],
  ['disableapic', turn('disableapic')],
  ['noapic', turn('noapic')],
  ['nox2apic', turn('nox2apic')],
  ['x2apic_phys', turn('x2apicPhys')],
  ['nopv', turn('nopv')],
  ['xen_nopv', turn('xenNopv')],
  ['nointremap', turn('intremapOff')],
  [
    'intremap',
    words({
      on: turn('intremapOff', false),
      off: turn('intremapOff'),
      no_x2apic_optout: turn('noX2apicOptout'),
    }),
  ],
  ['amd_iommu', words({ off: turn('amdIommuOff') })],
  ['intel_iommu', words({ on: turn('intelIommuOff', false), off: turn('intelIommuOff') })],
  ['hpet', words({ disable: turn('hpetDisable') })],
  ['nohpet', turn('hpetDisable')],
  ['pci', words({ nomsi: turn('noMsi') })],
  ['acpi', words({ off: turn('acpiOff') })],
  ['irqaffinity', irqaffinity],
  ['isolcpus', isolcpus],
  ['nohz_full', (draft, value) => isolate(draft, `nohz_full=${value}`, ['nohz'], value)],
  ['nosmt', nosmt],
  ['mitigations', mitigations],
  ['cpu0_hotplug', turn('cpu0Hotplug')],
  ['ia32_emulation', unless('ia32Off')],
  ['cpuhp.parallel', unless('serialBringUp')],
  ['disable_cpu_apicid', disableCpuApicid],
  ['crashkernel', crashkernel],
  ['nolapic_timer', turn('noLapicTimer')],
  ['noapictimer', turn('noLapicTimer')],
  ['nvme.write_queues', uintParameter('nvmeWriteQueues')],
  ['nvme.poll_queues', uintParameter('nvmePollQueues')],
  ['virtio_blk.poll_queues', uintParameter('virtioBlkPollQueues')],
]);
