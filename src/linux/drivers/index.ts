/** The driver profiles, by name: the compiler demands one for each of machine/driver-names.ts. */
import { assert } from '../../lib/assert.ts';
import { DRIVER_NAMES, type DriverName } from '../../machine/driver-names.ts';
import type { DriverProfile } from './driver.ts';
import { generic } from './generic.ts';
import { hostAdapters } from './hba.ts';
import { nvme } from './nvme.ts';
import { virtioBlk } from './virtio-blk.ts';
import { virtioFs } from './virtio-fs.ts';
import { virtioNet } from './virtio-net.ts';
import { virtioScsi } from './virtio-scsi.ts';

const PROFILES: Readonly<Record<DriverName, DriverProfile>> = {
  nvme,
  'virtio-blk': virtioBlk,
  'virtio-scsi': virtioScsi,
  'virtio-net': virtioNet,
  'virtio-fs': virtioFs,
  ...hostAdapters,
  generic,
};

export const DRIVERS: ReadonlyMap<string, DriverProfile> = new Map(
  DRIVER_NAMES.map((name) => [name, PROFILES[name]]),
);

/** The profile of a driver that a checked description names. */
export function profileOf(driver: string): DriverProfile {
  const profile = DRIVERS.get(driver);
  assert(profile, `driver ${driver} has no profile`);
  return profile;
}
