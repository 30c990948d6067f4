/** The remedies, in the order they are asked. A new one is one file and one line here. */

import { acpi } from './acpi.ts';
import { coveredDevices } from './covered-devices.ts';
import { devices } from './devices.ts';
import { extendedId } from './extended-id.ts';
import { fewerCpus } from './fewer-cpus.ts';
import { firmware } from './firmware.ts';
import { isolation } from './isolation.ts';
import { kernelConfig } from './kernel-config.ts';
import { kernelRelease } from './kernel-release.ts';
import { moreQueues } from './more-queues.ts';
import { node } from './node.ts';
import { parametersAdded } from './parameters-added.ts';
import { parametersRemoved } from './parameters-removed.ts';
import { policy } from './policy.ts';
import { productVersion } from './product-version.ts';
import { remapping } from './remapping.ts';
import type { Remedy } from './remedy.ts';
import { signature } from './signature.ts';
import { slots } from './slots.ts';
import { timers } from './timers.ts';
import { topology } from './topology.ts';
import { vpci } from './vpci.ts';

export const REMEDIES: readonly Remedy[] = [
  parametersRemoved,
  parametersAdded,
  isolation,
  policy,
  acpi,
  extendedId,
  remapping,
  coveredDevices,
  vpci,
  signature,
  timers,
  topology,
  moreQueues,
  slots,
  devices,
  firmware,
  node,
  productVersion,
  kernelRelease,
  kernelConfig,
  fewerCpus,
];
