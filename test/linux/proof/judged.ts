/** Properties judged by what reports show of a machine, without the proofs' own eyes. */
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { housekeepingSetup } from '../../../src/linux/model/housekeeping.ts';
import type { DeviceRun, QueueRow } from '../../../src/linux/sim/run.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import type { Simulation } from '../../../src/linux/sim/simulation.ts';
import type { AskedProperty, PropertyName } from '../../../src/machine/property-names.ts';
import { varied } from '../../../src/machine/vary.ts';

/** A machine after events, of which those from `from` on are the ones in question. */
export interface Seen {
  readonly facts: Simulation;
  readonly nodeOf: Int32Array;
  readonly from: number;
}

const works = (
  { state, lost, irq, health, effective }: QueueRow,
  { domains }: Simulation,
  domain: string,
): boolean =>
  state === 'started' &&
  irq !== null &&
  lost === undefined &&
  !(
    health === 'dead' &&
    effective !== null &&
    !domains.find(({ name }) => name === domain)?.reachable.test(effective)
  );

const working = (device: DeviceRun, facts: Simulation) =>
  device.queues.filter((queue) => works(queue, facts, device.domain));

type Judge = (before: Seen, seen: Seen, amount: number) => boolean;

const JUDGES: Readonly<Partial<Record<PropertyName, Judge>>> = {
  'offline-accepted': (_, { facts, from }) =>
    facts.run.events.slice(from).some(({ event, result }) => event.kind === 'offline' && result !== 'ok'),
  'no-queue-stops': (before, { facts }) =>
    before.facts.run.devices.some((device, n) =>
      working(device, before.facts).some(
        ({ index }) => !working(facts.run.devices[n], facts).some((queue) => queue.index === index),
      ),
    ),
  'every-device-works': (_, { facts }, amount) =>
    facts.run.devices.some((device) =>
      device.queues.length === 0 ? device.vectorsGranted === 0 : working(device, facts).length < amount,
    ),
  'every-node-has-a-queue': (_, { facts, nodeOf }) => {
    const nodes = new Set(facts.run.online.toArray().map((cpu) => nodeOf[cpu]));
    return facts.run.devices.some((device) => {
      const served = new Set(working(device, facts).map(({ effective }) => nodeOf[effective ?? 0]));
      return device.queues.length > 0 && [...nodes].some((node) => !served.has(node));
    });
  },
  'no-io-hangs': (_, { facts }) => facts.run.hangs.some(({ until }) => until === null),
  'no-interrupt-on-isolated': (_, { facts }) => {
    if (!/isolcpus|nohz_full/.test(facts.machine.cmdline.text)) return false;
    // The parameters count at boot, whatever was plugged since.
    const boot = simulate(varied(facts.machine, { events: [] })).enumeration;
    const { masks } = housekeepingSetup(facts.machine, boot);
    const isolated = new CpuMask(facts.enumeration.nrCpuIds);
    for (const kept of Object.values(masks)) isolated.orWith(CpuMask.andNot(boot.possible, kept));
    return facts.run.devices.some(
      (device) =>
        working(device, facts).some(({ effective }) => isolated.test(effective ?? 0)) ||
        device.interrupts.some(
          (row) => row.vector !== null && row.lost === undefined && isolated.test(row.effective),
        ),
    );
  },
  'vectors-left': (_, { facts }, amount) => facts.run.vectors.globalAvailable < amount,
};

/** The properties of states, each of which is judged here. */
export const JUDGED = Object.keys(JUDGES) as readonly PropertyName[];

/** The property does not hold. A kernel that crashed has none. */
export function breaks({ name, amount }: AskedProperty, before: Seen, seen: Seen): boolean {
  const crashed = seen.facts.run.events.some(({ result }) => result === 'crashed');
  const booted = !seen.facts.run.online.isEmpty();
  return crashed || !booted || (JUDGES[name]?.(before, seen, amount) ?? false);
}
