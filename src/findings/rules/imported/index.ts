/** Rules on what the input says and leaves open; most can only be raised by configurations of other products. */
import type { Rule } from '../rule.ts';
import { guestIsNotLinux } from './guest-is-not-linux.ts';
import { hotplugCpusShareQueues } from './hotplug-cpus-share-queues.ts';
import { hypervisorRefuses } from './hypervisor-refuses.ts';
import { inputNotUnderstood } from './input-not-understood.ts';
import { irqchipHidesExtDest } from './irqchip-hides-ext-dest.ts';
import { kernelApproximated } from './kernel-approximated.ts';
import { kubevirtTimesFour } from './kubevirt-times-four.ts';
import { pluggedCpusShareQueues } from './plugged-cpus-share-queues.ts';
import { tcgIsNoHypervisor } from './tcg-is-no-hypervisor.ts';

export const IMPORTED_RULES: readonly Rule[] = [
  hypervisorRefuses,
  inputNotUnderstood,
  kernelApproximated,
  irqchipHidesExtDest,
  kubevirtTimesFour,
  hotplugCpusShareQueues,
  pluggedCpusShareQueues,
  tcgIsNoHypervisor,
  guestIsNotLinux,
];
