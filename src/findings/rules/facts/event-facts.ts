/** Why the kernel refuses events: by kind of event and errno. */
import { ENODEV, errnoName } from '../../../lib/errno.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import type { MachineEvent } from '../../../machine/machine.ts';

interface Refusal {
  /** Null: it is not the same for all, see the reason of the event. */
  readonly cause: string | null;
  readonly fix: readonly string[];
}

const TOO_FEW_VECTORS: Refusal = {
  cause:
    'the ordinary vectors of the CPU do not fit on the CPUs that stay (lapic_can_unplug_cpu counts them all, whatever their affinity)',
  fix: ['fewer vectors on network devices: ethtool -L DEV combined N', 'take fewer CPUs offline'],
};
const NOT_PLUGGED: Refusal = {
  cause: 'the CPU is not plugged, so it has no directory in /sys/devices/system/cpu',
  fix: ['plug the CPU first'],
};
const NO_NUMBER: Refusal = {
  cause: null,
  fix: ['name CPUs that have a number; the report lists the firmware CPUs that got none'],
};
const IGNORED_SLOT: Refusal = {
  cause:
    'firmware lists the APIC ID, and the kernel ignored the entry when it booted: such a CPU cannot be added',
  fix: ['see why the kernel ignores the entry: the report lists the firmware CPUs that got no number'],
};
const MANAGED: Refusal = {
  cause: 'the interrupt is managed: the kernel alone decides its affinity',
  fix: ['leave managed interrupts alone (no file of theirs can be written)'],
};

/** By the kind of an event and the name of the errno. */
const REFUSALS: Readonly<Partial<Record<`${MachineEvent['kind']} ${string}`, Refusal>>> = {
  'offline ENOSPC': TOO_FEW_VECTORS,
  'unplug ENOSPC': TOO_FEW_VECTORS,
  'suspend ENOSPC': TOO_FEW_VECTORS,
  'smt ENOSPC': TOO_FEW_VECTORS,
  'offline EPERM': {
    cause: 'x86 kernels do not let the boot CPU go',
    fix: ['leave CPU 0 out of the list'],
  },
  'unplug EPERM': { cause: 'x86 kernels do not let the boot CPU go', fix: ['leave CPU 0 out of the list'] },
  'online ENODEV': NOT_PLUGGED,
  'offline ENODEV': NOT_PLUGGED,
  'unplug ENODEV': NOT_PLUGGED,
  'online EINVAL': {
    cause: 'the APIC ID of the CPU is above the limit that the kernel chose at boot',
    fix: ['see the finding that names the APIC ID limit'],
  },
  'plug ENODEV': {
    cause: 'the APIC ID was not in the firmware tables at boot: since 6.9 such a CPU cannot be added',
    fix: ['list the CPU as a hot-plug slot (state: absent); QEMU: raise maxcpus= of -smp'],
  },
  'plug EEXIST': { cause: 'a CPU with this APIC ID is plugged already', fix: ['plug another APIC ID'] },
  'plug ENOSPC': { cause: 'no CPU number is left for it', fix: ['raise nr_cpus= or possible_cpus='] },
  'plug EINVAL': { cause: 'no CPU number is left for it', fix: ['raise nr_cpus= or possible_cpus='] },
  'setAffinity EPERM': MANAGED,
  'setAffinity EIO': MANAGED,
  'setAffinity EINVAL': {
    cause: null,
    fix: ['name CPUs that are online and that the interrupt can be sent to'],
  },
};

/** Why the kernel refuses an event with this errno; undefined if nothing more can be said. */
export function refusalOf(
  { machine, enumeration }: Pick<Simulation, 'machine' | 'enumeration'>,
  event: MachineEvent,
  errno: number,
): Refusal | undefined {
  const known = REFUSALS[`${event.kind} ${errnoName(errno)}`];
  if (known === NOT_PLUGGED && 'cpus' in event && event.cpus.some((cpu) => cpu >= enumeration.nrCpuIds))
    return NO_NUMBER;
  const isListed =
    event.kind === 'plug' && errno === ENODEV && machine.cpus.some(({ apicId }) => apicId === event.apicId);
  return isListed ? IGNORED_SLOT : known;
}
