/**
 * The drivers with a profile, and by what a Linux machine shows them: a driver that is added here is recognised in
 * captures, and the compiler demands its profile (linux/drivers).
 */

import { isKeyOf } from '../lib/lookup.ts';

export interface DriverFacts {
  /** Name of the Linux driver in sysfs and in `lspci -k`; null: any other. */
  readonly linux: string | null;
  /** Device IDs of the vendor 1af4, in hexadecimal: the transitional one from 1000, the modern one from 1041 on. */
  readonly virtio: readonly string[];
}

/** By the name that descriptions use, in the order of help and documents. */
export const DRIVER_FACTS = {
  nvme: { linux: 'nvme', virtio: [] },
  'virtio-blk': { linux: 'virtio_blk', virtio: ['1001', '1042'] },
  'virtio-scsi': { linux: 'virtio_scsi', virtio: ['1004', '1048'] },
  'virtio-net': { linux: 'virtio_net', virtio: ['1000', '1041'] },
  'virtio-fs': { linux: 'virtiofs', virtio: ['105a'] },
  megaraid_sas: { linux: 'megaraid_sas', virtio: [] },
  mpt3sas: { linux: 'mpt3sas', virtio: [] },
  mpi3mr: { linux: 'mpi3mr', virtio: [] },
  smartpqi: { linux: 'smartpqi', virtio: [] },
  generic: { linux: null, virtio: [] },
} as const satisfies Readonly<Record<string, DriverFacts>>;

export type DriverName = keyof typeof DRIVER_FACTS;

export const DRIVER_NAMES = Object.keys(DRIVER_FACTS) as readonly DriverName[];

export const isDriverName = (name: string): name is DriverName => isKeyOf(DRIVER_FACTS, name);

const factsOf = (name: DriverName): DriverFacts => DRIVER_FACTS[name];

/** The profile of a Linux driver; "generic" for those without one of their own. */
export function driverOfLinux(linux: string): DriverName {
  return DRIVER_NAMES.find((name) => factsOf(name).linux === linux) ?? 'generic';
}

/** The profile of a virtio device by its ID, as in "1041"; undefined where none is of its own. */
export function driverOfVirtio(id: string): DriverName | undefined {
  return DRIVER_NAMES.find((name) => factsOf(name).virtio.includes(id));
}
