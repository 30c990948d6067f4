/** The driver profiles, by name: the compiler demands one for each of machine/driver-names.ts. */
import type { DriverName } from '../../machine/driver-names.ts';
import type { DriverProfile } from './driver.ts';
import { generic } from './generic.ts';
import { hostAdapters } from './hba.ts';
import { nvme } from './nvme.ts';
import { virtioBlk } from './virtio-blk.ts';
import { virtioFs } from './virtio-fs.ts';
import { virtioNet } from './virtio-net.ts';
import { virtioScsi } from './virtio-scsi.ts';

export const DRIVERS: Readonly<Record<DriverName, DriverProfile>> = {
  nvme,
  'virtio-blk': virtioBlk,
  'virtio-scsi': virtioScsi,
  'virtio-net': virtioNet,
  'virtio-fs': virtioFs,
  ...hostAdapters,
  generic,
};

/** The profile of a driver that a checked description names. */
export const profileOf = (driver: DriverName): DriverProfile => DRIVERS[driver];
