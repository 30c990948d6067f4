/**
 * What a change costs a person: small numbers that add up, with the reason in words. Below 10 a change takes
 * time and nerves; 12 leaves CPUs alone that do not work; from 20 on it takes CPUs that do.
 */

export interface Cost {
  readonly cost: number;
  readonly costs: string;
}

const row = (cost: number, costs: string): Cost => ({ cost, costs });

export const COSTS = {
  parameter: row(1, 'a reboot with other kernel parameters'),
  crashKernel: row(1, 'the crash kernel is loaded anew'),
  policy: row(1, 'a kernel without the patch that the policy stands for'),
  hypervisor: row(2, 'a setting of the hypervisor: the guest is shut down and started anew'),
  defaultSlots: row(
    2,
    'fewer CPUs can be plugged later; the slots that go are a default that nobody asked for',
  ),
  iommu: row(
    3,
    'a virtual IOMMU: the guest is shut down and started anew, and devices assigned to it pin its memory',
  ),
  topology: row(
    3,
    'the guest sees other sockets and cores: licences, NUMA placement and pinning that go by them change',
  ),
  stableUpdate: row(3, 'a stable update of the same kernel series, and a reboot'),
  firmware: row(4, 'firmware setup at the machine, and a reboot'),
  accelerator: row(5, 'the host needs KVM; the guest is shut down and started anew'),
  firmwareUpdate: row(5, 'another version of the firmware, and a reboot'),
  product: row(5, 'another version of the product on the host'),
  kernel: row(6, 'a newer kernel series in place of the one that runs'),
  slots: row(8, 'fewer CPUs can be plugged later'),
  queues: row(8, 'fewer queues: CPUs share them, and less I/O runs in parallel'),
  isolation: row(8, 'CPUs that were kept free of interrupts no longer are'),
  build: row(9, 'a kernel of your own, now and at every update'),
  hardware: row(10, 'a card is moved to another slot'),
  deadCpus: row(12, 'plugged CPUs that do not work now stay unused'),
  cpus: row(20, 'plugged CPUs are removed'),
} as const satisfies Record<string, Cost>;

/** Minor releases that make a kernel upgrade one harder: more has changed that has to be tested. */
const RELEASES_A_STEP = 5;
/** On top of the cost of giving CPUs up: the share that goes, in tenths. */
const TENTHS = 10;

/** The cost of a newer series so many minor releases ahead. */
export function upgradeCost(releases: number): Cost {
  const { cost, costs } = COSTS.kernel;
  return { cost: cost + Math.floor(releases / RELEASES_A_STEP), costs };
}

/** The cost of fewer queues: 1 more for each halving. */
export function queueCost(before: number, after: number): Cost {
  const { cost, costs } = COSTS.queues;
  return { cost: cost + Math.max(0, Math.ceil(Math.log2(before / Math.max(1, after)))), costs };
}

/** The cost of giving up `lost` of `plugged` CPUs. */
export function lossCost(lost: number, plugged: number, what: string): Cost {
  return { cost: COSTS.cpus.cost + Math.ceil((TENTHS * lost) / Math.max(1, plugged)), costs: what };
}

/** The cost of a change that costs two things. */
export function bothCosts(one: Cost, other: Cost): Cost {
  return { cost: one.cost + other.cost, costs: `${one.costs}; ${other.costs}` };
}
