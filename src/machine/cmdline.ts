/** The kernel command line: the parameters that decide reachability, and the list of those not modelled. */
import { kernelCpuList, kstrtobool, leadingInt, wholeUint } from './kparam.ts';

/** Parameters that matter, each as the kernel reads it (reachability A.4, B.1, engine 3 and 4). */
export interface Cmdline {
  readonly text: string;
  /** `nr_cpus=`; undefined when absent. */
  readonly nrCpus: number | undefined;
  readonly possibleCpus: number | undefined;
  /** `maxcpus=`; 0 also for `nosmp`. */
  readonly maxCpus: number | undefined;
  readonly nolapic: boolean;
  readonly noapic: boolean;
  readonly nox2apic: boolean;
  readonly x2apicPhys: boolean;
  /** `intremap=off` or `nointremap`. */
  readonly intremapOff: boolean;
  /** `intremap=no_x2apic_optout` or `no_x2apic_optout`. */
  readonly noX2apicOptout: boolean;
  readonly amdIommuOff: boolean;
  readonly intelIommuOff: boolean;
  /** `nopv`, or `xen_nopv` (Xen only). */
  readonly nopv: boolean;
  readonly xenNopv: boolean;
  readonly hpetDisable: boolean;
  /** `irqaffinity=` as a plain list; CPU numbers may exceed those of the machine. */
  readonly irqaffinity: string | undefined;
  /** The CPUs isolated by `isolcpus=managed_irq,...`, as a plain list; all others are housekeeping. */
  readonly isolatedManagedIrq: string | undefined;
  /** `ia32_emulation=0`: vector 0x80 is free. */
  readonly ia32Off: boolean;
  /** `disable_cpu_apicid=` (kernels before 6.9). */
  readonly disableCpuApicid: number | undefined;
  /** `nvme.write_queues=`, `nvme.poll_queues=`. */
  readonly nvmeWriteQueues: number;
  readonly nvmePollQueues: number;
  /** `pci=nomsi`: devices get line interrupts only. */
  readonly noMsi: boolean;
  /** `crashkernel=`: memory is kept for a crash kernel. */
  readonly crashkernel: boolean;
  /** `nolapic_timer` or `noapictimer`: the local APIC timer stays off. */
  readonly noLapicTimer: boolean;
  /** `cpuhp.parallel=0`: CPUs are brought up one after the other. */
  readonly serialBringUp: boolean;
  /**
   * Parameters present that irqsim knows no effect of, in order and as written; one that the kernel
   * itself would ignore has the reason behind it: "nr_cpus=x (not a number)".
   */
  readonly notModelled: readonly string[];
}

/** The parameters while they are read, one after the other. */
type Draft = { -readonly [Key in keyof Cmdline]: Cmdline[Key] } & { notModelled: string[] };

/** Fields of type boolean. */
type Switch = { [Key in keyof Cmdline]: Cmdline[Key] extends boolean ? Key : never }[keyof Cmdline];

/** Takes a parameter in; returns why the kernel ignores it, or NO_EFFECT if it means nothing here. */
type Setter = (draft: Draft, value: string) => string | undefined;

const NO_EFFECT = '';
const NOT_A_NUMBER = 'not a number';

/**
 * Reads a kernel command line as the kernel does: blanks separate, double quotes keep together, `-` and
 * `_` are the same in names, `--` ends the kernel's part. Never fails: what cannot be read is ignored, as
 * by the kernel, and listed in `notModelled`. Mirrors next_arg() and parse_args() of kernel/params.c.
 */
export function parseCmdline(text: string): Cmdline {
  const draft = emptyCmdline(text);
  for (const { raw, name, value } of splitParameters(text)) {
    const set = SETTERS.get(name.replaceAll('-', '_'));
    const ignored = set ? set(draft, value) : NO_EFFECT;
    if (ignored !== undefined) draft.notModelled.push(ignored === NO_EFFECT ? raw : `${raw} (${ignored})`);
  }
  return draft;
}

function emptyCmdline(text: string): Draft {
  return {
    text,
    nrCpus: undefined,
    possibleCpus: undefined,
    maxCpus: undefined,
    nolapic: false,
    noapic: false,
    nox2apic: false,
    x2apicPhys: false,
    intremapOff: false,
    noX2apicOptout: false,
    amdIommuOff: false,
    intelIommuOff: false,
    nopv: false,
    xenNopv: false,
    hpetDisable: false,
    irqaffinity: undefined,
    isolatedManagedIrq: undefined,
    ia32Off: false,
    disableCpuApicid: undefined,
    nvmeWriteQueues: 0,
    nvmePollQueues: 0,
    noMsi: false,
    crashkernel: false,
    noLapicTimer: false,
    serialBringUp: false,
    notModelled: [],
  };
}

interface Parameter {
  readonly raw: string;
  readonly name: string;
  readonly value: string;
}

/** Splits at blanks outside double quotes; quotes around a value or the whole parameter are dropped. */
function splitParameters(text: string): Parameter[] {
  const parameters: Parameter[] = [];
  for (const [raw] of text.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)) {
    if (raw === '--') break;
    const bare = raw.startsWith('"') ? raw.slice(1).replace(/"$/, '') : raw;
    const equals = bare.indexOf('=');
    const name = equals < 0 ? bare : bare.slice(0, equals);
    const value = equals < 0 ? '' : bare.slice(equals + 1);
    parameters.push({ raw, name, value: value.startsWith('"') ? value.slice(1).replace(/"$/, '') : value });
  }
  return parameters;
}

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
    const setters = value.split(',').flatMap((word) => (Object.hasOwn(known, word) ? [known[word]] : []));
    for (const set of setters) set(draft, value);
    return setters.length === 0 ? NO_EFFECT : undefined;
  };
}

/** A module parameter of type uint. */
function uintParameter(key: 'nvmeWriteQueues' | 'nvmePollQueues'): Setter {
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

function maxCpus(draft: Draft, value: string): string | undefined {
  const number = leadingInt(value);
  if (number === undefined) return NOT_A_NUMBER;
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
  // "all" is the default, so it undoes an earlier list.
  const list = value === 'all' ? undefined : kernelCpuList(value);
  if (list === undefined && value !== 'all') return 'not a CPU list';
  draft.irqaffinity = list;
  return undefined;
}

/**
 * `isolcpus=[flag,...]list`: only `managed_irq` touches interrupts. A second isolcpus= with another list
 * is ignored (housekeeping_setup), so the first counts.
 */
function isolcpus(draft: Draft, value: string): string | undefined {
  const parts = value.split(',');
  const firstCpu = parts.findIndex((part) => /^\d/.test(part));
  const flags = firstCpu < 0 ? parts : parts.slice(0, firstCpu);
  if (!flags.includes('managed_irq')) return NO_EFFECT;
  const list = firstCpu < 0 ? undefined : kernelCpuList(parts.slice(firstCpu).join(','));
  if (list === undefined) return 'not a CPU list';
  if (draft.isolatedManagedIrq !== undefined && draft.isolatedManagedIrq !== list) {
    return 'an earlier isolcpus= counts';
  }
  draft.isolatedManagedIrq = list;
  return undefined;
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
const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['nr_cpus', nrCpus],
  ['possible_cpus', positive('possibleCpus')],
  ['maxcpus', maxCpus],
  ['nosmp', (draft) => maxCpus(draft, '0')],
  ['nolapic', turn('nolapic')],
  ['disableapic', turn('nolapic')],
  ['noapic', turn('noapic')],
  ['nox2apic', turn('nox2apic')],
  ['x2apic_phys', turn('x2apicPhys')],
  ['no_x2apic_optout', turn('noX2apicOptout')],
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
  ['irqaffinity', irqaffinity],
  ['isolcpus', isolcpus],
  ['ia32_emulation', unless('ia32Off')],
  ['cpuhp.parallel', unless('serialBringUp')],
  ['disable_cpu_apicid', disableCpuApicid],
  ['crashkernel', crashkernel],
  ['nolapic_timer', turn('noLapicTimer')],
  ['noapictimer', turn('noLapicTimer')],
  ['nvme.write_queues', uintParameter('nvmeWriteQueues')],
  ['nvme.poll_queues', uintParameter('nvmePollQueues')],
]);

/** Names of the parameters that are read, with `_` for `-`: all that a command line need tell. */
export const MODELLED_PARAMETERS: readonly string[] = [...SETTERS.keys()];
