/** Devices behind VMD: their interrupts are those of the controller. */
import { CpuMask } from '../../../lib/cpumask.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { Simulation } from '../../../linux/sim/simulation.ts';
import { cpuNames, deviceNames } from '../facts/queue-facts.ts';
import { count, type RawFinding, type Rule } from '../rule.ts';

/** The CPUs that vectors of the controller arrive on. */
function arrivingOn({ enumeration }: Simulation, { queues, interrupts }: DeviceRun): CpuMask {
  const served = queues.filter(({ state }) => state === 'started');
  return CpuMask.of(
    enumeration.nrCpuIds,
    [...served, ...interrupts].flatMap(({ effective, lost }) =>
      effective === null || lost !== undefined ? [] : [effective],
    ),
  );
}

function finding(facts: Simulation, controller: DeviceRun, children: readonly DeviceRun[]): RawFinding {
  const cpus = arrivingOn(facts, controller);
  const { name, vectorsGranted } = controller;
  const one = children.length === 1;
  const where = cpus.isEmpty()
    ? 'none of which arrives anywhere'
    : `on ${cpuNames(cpus)} now; which vector serves which interrupt is not known`;
  return {
    level: cpus.isEmpty() ? 'error' : 'warning',
    message: `${deviceNames(children)} behind ${name} cannot be steered: ${one ? 'its' : 'their'} interrupts follow ${count(vectorsGranted, 'vector')} of ${name}, ${where}`,
    cause: [
      `messages of devices behind VMD hold the index of a vector of ${name}, not a CPU`,
      'an affinity written to such an interrupt is refused with EINVAL, and the masks of managed ones have no effect',
    ],
    cpus,
    devices: children,
    path: [...children[0].path, 'behind'],
  };
}

export const vmdChildrenFollow: Rule = {
  name: 'vmd-children-follow',
  aliases: ['R029'],
  level: 'warning',
  summary: "Interrupts of devices behind Intel VMD go where VMD's own vectors go, and nobody can steer them.",
  explain: [
    "Intel's Volume Management Device hides NVMe drives behind itself. The destination of their messages is an index into VMD's own MSI-X vectors; these follow the ordinary rules. What a drive's interrupt reaches is what the VMD vector reaches that it was given to.",
    'The spreading of a drive over CPUs has no effect: a queue is interrupted on the CPU of a VMD vector, which many queues share. Which vector an interrupt gets depends on what shares VMD already, and is not modelled: the queues of such a device are not listed, and no analysis with one passes.',
    'Check: /proc/interrupts has VMD in the name of the chip, and the address of the drive begins with 10000: or a higher segment.',
    "Change: switch VMD off in the firmware for these drives; or see to the affinity of VMD's own vectors.",
  ],
  messages: [],
  check(facts) {
    const { run, apic } = facts;
    if (apic.fatal) return [];
    return run.devices.flatMap((controller) => {
      const children = run.devices.filter(({ behind }) => behind === controller.name);
      return children.length === 0 ? [] : [finding(facts, controller, children)];
    });
  },
};
