/** What becomes of queues and vectors (R050 to R062). */
import type { Rule } from '../rule.ts';
import { cpusShareQueues } from './cpus-share-queues.ts';
import { deviceWithoutQueue } from './device-without-queue.ts';
import { managedVectorsWasted } from './managed-vectors-wasted.ts';
import { queueNeverStarts } from './queue-never-starts.ts';
import { unknownCpusInMasks } from './unknown-cpus-in-masks.ts';
import { vectorReservationFailed } from './vector-reservation-failed.ts';

export const QUEUES_RULES: readonly Rule[] = [
  deviceWithoutQueue,
  vectorReservationFailed,
  queueNeverStarts,
  cpusShareQueues,
  unknownCpusInMasks,
  managedVectorsWasted,
];
