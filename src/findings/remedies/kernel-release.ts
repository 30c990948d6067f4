/** A newer kernel: the releases with which something changed that findings depend on, the nearest first. */
import { BEHAVIOURS } from '../../machine/behaviours.ts';
import {
  type BehaviourName,
  type Kernel,
  type KernelRelease,
  kernelProfile,
  parseRelease,
} from '../../machine/kernel.ts';
import type { Machine, Platform } from '../../machine/machine.ts';
import { varied } from '../../machine/vary.ts';
import { gainedBy } from '../rules/facts/what-if.ts';
import { count } from '../rules/rule.ts';
import { bothCosts, COSTS, upgradeCost } from './parts/costs.ts';
import { OUT_OF_REACH } from './parts/out-of-reach.ts';
import type { Draft, Remedy } from './remedy.ts';

interface Turn {
  readonly behaviour: BehaviourName;
  /** Rules whose findings its coming or going may take away. */
  readonly cures: readonly string[];
  /** Absent: on any platform. */
  readonly platforms?: readonly Platform[];
}

/** Behaviours that findings depend on. */
const TURNS: readonly Turn[] = [
  { behaviour: 'guest-apic-limit', cures: OUT_OF_REACH, platforms: ['kvm', 'hyperv', 'vmware', 'acrn'] },
  { behaviour: 'ext-dest-id', cures: OUT_OF_REACH, platforms: ['kvm', 'hyperv'] },
  { behaviour: 'ext-dest-id-xen', cures: OUT_OF_REACH, platforms: ['xen-hvm', 'xen-pvh'] },
  { behaviour: 'bhyve-guest', cures: OUT_OF_REACH, platforms: ['bhyve'] },
  { behaviour: 'hyperv-x2apic-available', cures: OUT_OF_REACH, platforms: ['hyperv'] },
  { behaviour: 'hyperv-iommu', cures: OUT_OF_REACH, platforms: ['hyperv'] },
  { behaviour: 'msi-high-address', cures: ['msi-writes-memory'] },
  { behaviour: 'topology-fixed-at-boot', cures: ['unknown-cpus-in-masks'] },
  { behaviour: 'madt-xapic-entries-first', cures: ['madt-order-changes-numbers'] },
  { behaviour: 'online-capable-by-madt', cures: ['slots-not-online-capable'] },
  { behaviour: 'x2apic-off-at-resume', cures: ['resume-turns-x2apic-on'] },
  { behaviour: 'unplug-check-skips-managed', cures: ['event-refused'] },
  { behaviour: 'migrate-retries-any-online', cures: ['interrupt-lost'] },
];

/** Minor releases of a major series before the next one began. */
const SERIES: Readonly<Record<number, number>> = { 4: 21, 5: 20, 6: 20 };

/** A series as one number, so that distances can be told. */
function ordinal({ major, minor }: KernelRelease): number {
  let before = 0;
  for (const [older, minors] of Object.entries(SERIES)) if (Number(older) < major) before += minors;
  return before + minor;
}

/** Every release, in text, in which a behaviour begins or ends. */
function turningPoints(wanted: BehaviourName): readonly string[] {
  const found = BEHAVIOURS.find(({ name }) => name === wanted);
  if (!found) return [];
  const { since, until, backports = {}, endedIn = {} } = found;
  const stable = Object.entries({ ...backports, ...endedIn }).map(([series, patch]) => `${series}.${patch}`);
  return [...(since === undefined ? [] : [since]), ...(until === undefined ? [] : [until]), ...stable];
}

interface Step {
  readonly text: string;
  readonly releases: number;
  readonly patch: number;
}

/** Turning points after this kernel, the nearest first. A bare series is its newest stable release. */
function later(kernel: Kernel, turns: readonly Turn[]): readonly Step[] {
  const points = new Set(turns.flatMap(({ behaviour }) => turningPoints(behaviour)));
  const here = ordinal(kernel);
  const patch = kernel.patch ?? Number.POSITIVE_INFINITY;
  return [...points]
    .flatMap((text) => {
      const release = parseRelease(text);
      if (!release) return [];
      const step = { text, releases: ordinal(release) - here, patch: release.patch ?? 0 };
      return step.releases > 0 || (step.releases === 0 && step.patch > patch) ? [step] : [];
    })
    .sort((a, b) => a.releases - b.releases || a.patch - b.patch);
}

/** Hot-plug slots that the kernel of the machine takes and another ignores: those of an older FADT, say. */
function slotsLost(machine: Machine, text: string): number {
  const newer = varied(machine, { kernel: kernelProfile(text) });
  return gainedBy(newer, { kernel: machine.kernel }).slots.length;
}

function upgrade({ text, releases }: Step, machine: Machine): Draft {
  const { kernel, platform } = machine;
  const cost = releases === 0 ? COSTS.stableUpdate : upgradeCost(releases);
  const lost = slotsLost(machine, text);
  return {
    about: 'kernel',
    degree: true,
    title: `run Linux ${text} or newer`,
    intents: [{ kind: 'kernel', release: text }],
    cost: lost === 0 ? cost : bothCosts(cost, COSTS.slots),
    wording: {
      kernel: [
        `${platform === 'bare-metal' ? '' : 'in the guest: '}Linux ${text} or newer in place of ${kernel.text}`,
      ],
    },
    givesUp: lost === 0 ? null : count(lost, 'hot-plug slot'),
  };
}

export const kernelRelease: Remedy = {
  name: 'kernel-release',
  title: 'a newer kernel',
  cures: [...new Set(TURNS.flatMap(({ cures }) => cures))],
  changes({ analysis: { machine }, inTheWay }) {
    const { kernel, platform } = machine;
    const turns = TURNS.filter(
      ({ cures, platforms }) =>
        (platforms?.includes(platform) ?? true) && cures.some((rule) => inTheWay.has(rule)),
    );
    return later(kernel, turns).map((step) => upgrade(step, machine));
  },
};
