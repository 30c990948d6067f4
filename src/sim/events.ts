/** CPU hotplug after boot: each event through the kernel's order, with its refusals and what it changes. */
import { cpuDown, cpuUp } from '../engine/cpuhotplug.ts';
import { EPERM } from '../engine/errno.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { drainLog, isOnline } from '../engine/irq-life.ts';
import { NR_VECTORS } from '../engine/vector-layout.ts';
import { unreachable } from '../lib/assert.ts';
import type { MachineEvent } from '../machine/machine.ts';
import { refuseBringUp } from '../model/apic.ts';
import { hotAdd, hotRemove } from '../model/hotplug.ts';
import { applyHints } from './probe.ts';
import type { EventRun } from './run.ts';
import { type System, setSiblingsUp } from './system.ts';

const ENODEV = 19;
const EINVAL = 22;

interface Outcome {
  /** Positive errno, 0 when accepted. */
  readonly errno: number;
  readonly messages: readonly string[];
  readonly changes: readonly string[];
}

const accepted: Outcome = { errno: 0, messages: [], changes: [] };
const refused = (errno: number, messages: readonly string[] = []): Outcome => ({
  errno,
  messages,
  changes: [],
});

/** What an interrupt was like before an event. */
interface Before {
  readonly d: IrqDesc;
  readonly started: boolean;
  readonly cpu: number;
}

const remember = (d: IrqDesc): Before => ({ d, started: hasFlags(d, IrqFlag.started), cpu: d.effectiveCpu });

/** "nvme0 queue 3" or "nvme0 vector 0", by interrupt number. */
function namesOfInterrupts(system: System): Map<number, string> {
  const names = new Map<number, string>();
  for (const { spec, granted, firstIrq, queueVectors } of system.devices) {
    for (let vector = 0; vector < granted; vector++)
      names.set(firstIrq + vector, `${spec.name} vector ${vector}`);
    queueVectors.forEach((vector, queue) => {
      if (vector !== null) names.set(firstIrq + vector, `${spec.name} queue ${queue}`);
    });
  }
  return names;
}

function describe({ d, started, cpu }: Before, name: string): string | null {
  const runs = hasFlags(d, IrqFlag.started);
  if (started && !runs) return `${name} shut down: no CPU of ${d.affinity} is online`;
  if (!started && runs) return `${name} started on CPU ${d.effectiveCpu}`;
  if (runs && d.effectiveCpu !== cpu) return `${name} moved from CPU ${cpu} to CPU ${d.effectiveCpu}`;
  return null;
}

/** Interrupts that taking this CPU down can change: those with a vector there, and unsettled ones. */
function interruptsOn({ life }: System, cpu: number): IrqDesc[] {
  const found = new Set(life.unsettled);
  for (let vector = 0; vector < NR_VECTORS; vector++) {
    const d = life.irqs.get(life.vectorTable[cpu * NR_VECTORS + vector] - 1);
    if (d) found.add(d);
  }
  return [...found];
}

function online(system: System, cpu: number): Outcome {
  const { life, enumeration, machine, apic } = system;
  const slot = enumeration.cpus[cpu];
  if (!slot?.present) return refused(ENODEV);
  if (isOnline(life, cpu)) return accepted;
  const refusal = refuseBringUp(machine.kernel, slot, apic, false);
  if (refusal) return refused(EINVAL, refusal);
  const before = [...life.shutDown].filter((d) => d.affinity.test(cpu)).map(remember);
  cpuUp(life, cpu);
  setSiblingsUp(system, cpu, true);
  return changed(system, before);
}

function offline(system: System, cpu: number): Outcome {
  const { life, enumeration } = system;
  if (!enumeration.cpus[cpu]?.present) return refused(ENODEV);
  // The boot CPU has no online file: x86 kernels do not let it go (CPU 0 hotplug is off or gone).
  if (cpu === 0) return refused(EPERM);
  if (!isOnline(life, cpu)) return accepted;
  const before = interruptsOn(system, cpu).map(remember);
  const result = cpuDown(life, cpu);
  if (result < 0) return refused(-result, drainLog(life));
  setSiblingsUp(system, cpu, false);
  return changed(system, before);
}

/** The driver's hints follow the CPUs; then says what became of the interrupts. */
function changed(system: System, before: readonly Before[]): Outcome {
  for (const device of system.devices) if (!device.shared) applyHints(system, device);
  const names = namesOfInterrupts(system);
  const changes = [...before]
    .sort((a, b) => a.d.irq - b.d.irq)
    .map((one) => describe(one, names.get(one.d.irq) ?? `irq ${one.d.irq}`))
    .filter((text) => text !== null);
  return { errno: 0, messages: drainLog(system.life), changes };
}

function unplug(system: System, cpu: number): Outcome {
  if (!system.enumeration.cpus[cpu]?.present) return refused(ENODEV);
  const down = offline(system, cpu);
  if (down.errno !== 0) return down;
  hotRemove(system.enumeration, cpu);
  return { ...down, changes: [...down.changes, `CPU ${cpu} is no longer present`] };
}

function plug(system: System, apicId: number, node: number | undefined): Outcome {
  const { cpu, errno, messages } = hotAdd(system.enumeration, system.machine, apicId, node);
  if (cpu === null) return refused(-errno, messages);
  const slot = system.enumeration.cpus[cpu];
  if (slot.node >= 0 && slot.node < system.life.nodeOnline.length) system.nodeOf[cpu] = slot.node;
  return { errno: 0, messages, changes: [`APIC ID ${apicId} is CPU ${cpu}, present`] };
}

/** CPUs of one event in order, until one is refused. */
function forEachCpu(cpus: readonly number[], act: (cpu: number) => Outcome): Outcome {
  const messages: string[] = [];
  const changes: string[] = [];
  for (const cpu of cpus) {
    const outcome = act(cpu);
    messages.push(...outcome.messages);
    changes.push(...outcome.changes);
    if (outcome.errno !== 0) return { errno: outcome.errno, messages, changes };
  }
  return { errno: 0, messages, changes };
}

function outcomeOf(system: System, event: MachineEvent): Outcome {
  switch (event.kind) {
    case 'online':
      return forEachCpu(event.cpus, (cpu) => online(system, cpu));
    case 'offline':
      return forEachCpu(event.cpus, (cpu) => offline(system, cpu));
    case 'unplug':
      return forEachCpu(event.cpus, (cpu) => unplug(system, cpu));
    case 'plug':
      return plug(system, event.apicId, event.node);
    default:
      return unreachable(event);
  }
}

/** Lets one event happen to the running system. */
export function applyEvent(system: System, event: MachineEvent): EventRun {
  const { errno, messages, changes } = outcomeOf(system, event);
  return { event, result: errno === 0 ? 'ok' : 'refused', errno, messages, changes };
}
