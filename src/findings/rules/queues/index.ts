/** What becomes of queues and vectors. */
import type { Rule } from '../rule.ts';
import { affinityBroken } from './affinity-broken.ts';
import { cpusShareQueues } from './cpus-share-queues.ts';
import { deviceNodeWithoutCpus } from './device-node-without-cpus.ts';
import { deviceWithoutQueue } from './device-without-queue.ts';
import { eventCrashesKernel } from './event-crashes-kernel.ts';
import { eventRefused } from './event-refused.ts';
import { interruptLost } from './interrupt-lost.ts';
import { interruptsOnIsolatedCpus } from './interrupts-on-isolated-cpus.ts';
import { irqaffinityMeetsIsolation } from './irqaffinity-meets-isolation.ts';
import { isolationIgnored } from './isolation-ignored.ts';
import { managedVectorsWasted } from './managed-vectors-wasted.ts';
import { multiMsiNeedsRemapping } from './multi-msi-needs-remapping.ts';
import { queueNeverStarts } from './queue-never-starts.ts';
import { queueStaysOnIsolatedCpu } from './queue-stays-on-isolated-cpu.ts';
import { queueWaitsForCpus } from './queue-waits-for-cpus.ts';
import { queuesOfIsolatedCpus } from './queues-of-isolated-cpus.ts';
import { queuesShareInterrupt } from './queues-share-interrupt.ts';
import { unknownCpusInMasks } from './unknown-cpus-in-masks.ts';
import { vectorReservationFailed } from './vector-reservation-failed.ts';

export const QUEUES_RULES: readonly Rule[] = [
  eventCrashesKernel,
  deviceWithoutQueue,
  interruptLost,
  vectorReservationFailed,
  queueNeverStarts,
  cpusShareQueues,
  unknownCpusInMasks,
  affinityBroken,
  queueStaysOnIsolatedCpu,
  deviceNodeWithoutCpus,
  queuesShareInterrupt,
  multiMsiNeedsRemapping,
  eventRefused,
  isolationIgnored,
  irqaffinityMeetsIsolation,
  interruptsOnIsolatedCpus,
  queuesOfIsolatedCpus,
  managedVectorsWasted,
  queueWaitsForCpus,
];
