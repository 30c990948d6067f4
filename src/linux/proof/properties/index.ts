/** The properties of all states that offlines lead to. A new one is one file and one line here. */
import type { PropertyName } from '../../../machine/property-names.ts';
import type { Property } from '../property.ts';
import { everyDeviceWorks } from './every-device-works.ts';
import { everyNodeHasAQueue } from './every-node-has-a-queue.ts';
import { noInterruptOnIsolated } from './no-interrupt-on-isolated.ts';
import { noIoHangs } from './no-io-hangs.ts';
import { noQueueStops } from './no-queue-stops.ts';
import { offlineAccepted } from './offline-accepted.ts';
import { vectorsLeft } from './vectors-left.ts';

const PROPERTIES: readonly Property[] = [
  offlineAccepted,
  noQueueStops,
  everyDeviceWorks,
  everyNodeHasAQueue,
  noIoHangs,
  noInterruptOnIsolated,
  vectorsLeft,
];

/** Undefined: the property is about no states that offlines lead to. */
export function propertyOf(name: PropertyName): Property | undefined {
  return PROPERTIES.find((property) => property.name === name);
}
