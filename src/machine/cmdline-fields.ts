/** What irqsim reads from a kernel command line: the parameters that decide reachability. */

/** What an `isolcpus=` isolates CPUs from; `nohz_full=` is `nohz`. */
export type IsolationFlag = 'nohz' | 'domain' | 'managed_irq';

/** One parameter that sets CPUs apart. */
export interface Isolation {
  /** As written, with its name. */
  readonly text: string;
  readonly flags: readonly IsolationFlag[];
  /** The CPU list as written; what it means depends on the machine: see cpulistParse(). */
  readonly list: string;
}

/**
 * Parameters that matter, each as the kernel reads it (docs/model/enumeration.md#limits-and-parameters,
 * docs/model/apic-mode.md#inputs).
 */
export interface Cmdline {
  readonly text: string;
  /** `nr_cpus=`; undefined when absent. */
  readonly nrCpus: number | undefined;
  readonly possibleCpus: number | undefined;
  /** `maxcpus=`; 0 also for `nosmp`. */
  readonly maxCpus: number | undefined;
  readonly nolapic: boolean;
  /** `disableapic`, which kernels take no longer: see apicDisabled(). */
  readonly disableapic: boolean;
  readonly noapic: boolean;
  readonly nox2apic: boolean;
  readonly x2apicPhys: boolean;
  /** `intremap=off` or `nointremap`. */
  readonly intremapOff: boolean;
  /** `intremap=no_x2apic_optout`. */
  readonly noX2apicOptout: boolean;
  readonly amdIommuOff: boolean;
  readonly intelIommuOff: boolean;
  /** `nopv`, or `xen_nopv` (Xen only). */
  readonly nopv: boolean;
  readonly xenNopv: boolean;
  readonly hpetDisable: boolean;
  /** `irqaffinity=` as written; what it means depends on the machine: see cpulistParse(). */
  readonly irqaffinity: string | undefined;
  /** `isolcpus=` and `nohz_full=`, in the order written. */
  readonly isolation: readonly Isolation[];
  /** `nosmt`, `nosmt=force` or `mitigations=auto,nosmt`: the second threads of cores go offline at boot. */
  readonly smt: 'on' | 'off' | 'force-off';
  /** `ia32_emulation=0`: vector 0x80 is free. */
  readonly ia32Off: boolean;
  /** `disable_cpu_apicid=` (kernels before 6.9). */
  readonly disableCpuApicid: number | undefined;
  /** `nvme.write_queues=`, `nvme.poll_queues=`. */
  readonly nvmeWriteQueues: number;
  readonly nvmePollQueues: number;
  /** `virtio_blk.poll_queues=`. */
  readonly virtioBlkPollQueues: number;
  /** `pci=nomsi`: devices get line interrupts only. */
  readonly noMsi: boolean;
  /** `acpi=off`: CPUs and interrupts are read from the MP table. */
  readonly acpiOff: boolean;
  /** `crashkernel=`: memory is kept for a crash kernel. */
  readonly crashkernel: boolean;
  /** `nolapic_timer` or `noapictimer`: the local APIC timer stays off. */
  readonly noLapicTimer: boolean;
  /** `cpu0_hotplug`: CPU 0 may be taken offline (kernels before 6.5). */
  readonly cpu0Hotplug: boolean;
  /** `cpuhp.parallel=0`: CPUs are brought up one after the other. */
  readonly serialBringUp: boolean;
  /**
   * Parameters present that irqsim knows no effect of, in order and as written; one that the kernel
   * itself would ignore has the reason behind it: "nr_cpus=x (not a number)".
   */
  readonly notModelled: readonly string[];
}

/** The parameters while they are read, one after the other. */
export type Draft = { -readonly [Key in keyof Cmdline]: Cmdline[Key] } & {
  notModelled: string[];
};

/** Fields of type boolean. */
export type Switch = { [Key in keyof Cmdline]: Cmdline[Key] extends boolean ? Key : never }[keyof Cmdline];

/** One list for all, so that machines without isolation are alike to who remembers by identity. */
const NO_ISOLATION: readonly Isolation[] = [];

/** No parameter at all. */
export function emptyCmdline(text: string): Draft {
  return {
    text,
    nrCpus: undefined,
    possibleCpus: undefined,
    maxCpus: undefined,
    nolapic: false,
    disableapic: false,
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
    isolation: NO_ISOLATION,
    smt: 'on',
    ia32Off: false,
    disableCpuApicid: undefined,
    nvmeWriteQueues: 0,
    nvmePollQueues: 0,
    virtioBlkPollQueues: 0,
    noMsi: false,
    acpiOff: false,
    crashkernel: false,
    noLapicTimer: false,
    cpu0Hotplug: false,
    serialBringUp: false,
    notModelled: [],
  };
}
