/** The driver profiles, by name. A new driver is one file and one line here. */
import { assert } from '../../lib/assert.ts';
import type { DriverProfile } from './driver.ts';
import { generic } from './generic.ts';
import { hostAdapters } from './hba.ts';
import { nvme } from './nvme.ts';
import { virtioBlk } from './virtio-blk.ts';
import { virtioFs } from './virtio-fs.ts';
import { virtioNet } from './virtio-net.ts';
import { virtioScsi } from './virtio-scsi.ts';

const profiles: readonly DriverProfile[] = [
  nvme,
  virtioBlk,
  virtioScsi,
  virtioNet,
  virtioFs,
  ...hostAdapters,
  generic,
];

export const DRIVERS: ReadonlyMap<string, DriverProfile> = new Map(profiles.map((p) => [p.name, p]));

/** The profile of a driver that a checked description names. */
export function profileOf(driver: string): DriverProfile {
  const profile = DRIVERS.get(driver);
  assert(profile, `driver ${driver} has no profile`);
  return profile;
}
