/** The run of a kernel that panicked before it had an interrupt: nothing is online, no device was probed. */
import { CpuMask } from '../../lib/cpumask.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Enumeration } from '../model/enumerate.ts';
import { perCpuCapacity } from './capacity.ts';
import { neverHappened } from './events/stage.ts';
import type { Ran } from './steps.ts';
import { tallyOf } from './tally.ts';

export function neverBooted(machine: Machine, enumeration: Enumeration): Ran {
  const { nrCpuIds, present } = enumeration;
  const unused = { available: 0, allocated: 0, managed: 0, managedAllocated: 0 };
  return {
    enumeration,
    run: {
      online: new CpuMask(nrCpuIds),
      usable: new CpuMask(nrCpuIds),
      present: present.clone(),
      refused: [],
      hpet: [],
      devices: machine.devices.map(({ name, driver, path }) => ({
        name,
        driver,
        path,
        domain: 'pci-msi',
        vectorsAsked: 0,
        vectorsGranted: 0,
        health: 'dead',
        fallback: 'never probed: the kernel panics at boot',
        errno: 0,
        fullCpu: null,
        queues: [],
        maps: [],
        interrupts: [],
        tally: tallyOf([], []),
      })),
      events: machine.events.map(neverHappened),
      timeline: null,
      hangs: [],
      vectors: {
        globalAvailable: 0,
        globalReserved: 0,
        totalAllocated: 0,
        perCpuCapacity: perCpuCapacity(machine),
        perCpu: Array.from({ length: nrCpuIds }, (_, cpu) => ({ cpu, ...unused })),
      },
      messages: [],
    },
  };
}
