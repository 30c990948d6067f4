/** CPUs that may be plugged into a machine: what each would be to interrupts once it is online. */
import { MAX_LOCAL_APIC } from '../../machine/apic-ids.ts';
import type { DeviceDomain } from '../../machine/interrupt-domains.ts';
import type { MachineEvent } from '../../machine/machine.ts';
import { refuseBringUp } from '../model/apic.ts';
import { isInDoubt, isPrimaryThread, type KernelCpu } from '../model/enumeration.ts';
import { reachOf } from '../sim/domain-use.ts';
import type { Stage } from '../sim/events/stage.ts';
import type { System } from '../sim/system.ts';

/** A CPU that is not plugged. */
export interface Plug {
  readonly cpu: number;
  readonly apicId: number;
  /** Its number is the next one when it is plugged, `cpu` if those below came before (before 6.9). */
  readonly inTurn: boolean;
  /** The kernel brings it up once it is plugged. */
  readonly comesOnline: boolean;
  /** Messages of the domain pci-msi can address it. */
  readonly reachable: boolean;
  /** The description does not tell whether the kernel rejects it. */
  readonly inDoubt: boolean;
}

/** The lowest APIC ID above one that no CPU has; null: there is none. */
function freeIdAbove(id: number, taken: ReadonlySet<number>): number | null {
  let free = id + 1;
  while (taken.has(free)) free++;
  return free < MAX_LOCAL_APIC ? free : null;
}

/**
 * Every CPU that may be plugged. From 6.9 on the kernel knows them from boot. Older ones give the next number to
 * whatever comes: what firmware lists, and where it lists no ID, one that messages can carry and one that they cannot,
 * if there is one.
 */
export function plugsOf(stage: Stage): Plug[] {
  const { enumeration, machine, delivery } = stage.system;
  const absent = enumeration.cpus.filter(({ present }) => !present);
  if (machine.kernel.has('topology-fixed-at-boot'))
    return absent.flatMap((slot) => (slot.apicId === null ? [] : [plugOf(stage, slot, slot.apicId)]));
  const taken = new Set(enumeration.cpus.flatMap((cpu) => cpu.apicId ?? cpu.predictedApicId ?? []));
  const { maxApicId } = delivery.domains['pci-msi'];
  const anyIds = [freeIdAbove(-1, taken), freeIdAbove(maxApicId, taken)];
  return absent.flatMap((slot) => {
    const listed = slot.apicId ?? slot.predictedApicId;
    return (listed === null ? anyIds : [listed]).flatMap((id) =>
      id === null ? [] : [plugOf(stage, slot, id)],
    );
  });
}

/** Messages of a domain can address the CPU, under this APIC ID where the kernel does not know one yet. */
export function reaches(system: System, domain: DeviceDomain, cpu: number, apicId: number): boolean {
  const { enumeration, delivery } = system;
  const isKnown = enumeration.cpus[cpu].apicId !== null;
  if (isKnown) return !reachOf(system, domain).unreachable.test(cpu);
  return apicId <= delivery.domains[domain].maxApicId;
}

function plugOf({ system, smtOff }: Stage, cpu: KernelCpu, apicId: number): Plug {
  const { enumeration, machine, delivery } = system;
  const plugged = { ...cpu, apicId, present: true };
  const known = cpu.apicId !== null;
  return {
    cpu: cpu.cpu,
    apicId,
    inTurn: !known,
    comesOnline:
      refuseBringUp(machine.kernel, plugged, delivery) === null &&
      !(smtOff && !isPrimaryThread(machine, plugged)),
    reachable: reaches(system, 'pci-msi', cpu.cpu, apicId),
    inDoubt: isInDoubt(enumeration, cpu),
  };
}

/** Plugs the CPU and brings it online. `before`: how many plugged ones took a number in turn before it. */
export function plugEvents({ system }: Stage, { cpu, apicId, inTurn }: Plug, before = 0): MachineEvent[] {
  const number = inTurn ? system.enumeration.legacy.numbered + before : cpu;
  return [
    { kind: 'plug', apicId, node: undefined, path: [] },
    { kind: 'online', cpus: [number], path: [] },
  ];
}
