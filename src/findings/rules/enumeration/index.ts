/** CPUs that are enumerated, refused or lost (docs/model/enumeration.md). */
import type { Rule } from '../rule.ts';
import { apicIdAboveLimit } from './apic-id-above-limit.ts';
import { apicIdTooBig } from './apic-id-too-big.ts';
import { bareMetalApicLimit } from './bare-metal-apic-limit.ts';
import { bootCpuAboveLimit } from './boot-cpu-above-limit.ts';
import { cpusOverCountLimit } from './cpus-over-count-limit.ts';
import { duplicateApicIds } from './duplicate-apic-ids.ts';
import { firmwareCpusIgnored } from './firmware-cpus-ignored.ts';
import { firmwareInXapicMode } from './firmware-in-xapic-mode.ts';
import { hotAddedCpuNotTargetable } from './hot-added-cpu-not-targetable.ts';
import { kernelTooOldForExtDest } from './kernel-too-old-for-ext-dest.ts';
import { madtOrderChangesNumbers } from './madt-order-changes-numbers.ts';
import { oldKernelDisablesX2apic } from './old-kernel-disables-x2apic.ts';
import { packageNotTold } from './package-not-told.ts';
import { possibleCpusIgnored } from './possible-cpus-ignored.ts';
import { slotsAboveApicLimit } from './slots-above-apic-limit.ts';
import { slotsNeedHypervisor } from './slots-need-hypervisor.ts';
import { slotsNotOnlineCapable } from './slots-not-online-capable.ts';
import { slotsOverCountLimit } from './slots-over-count-limit.ts';
import { sparseApicIds } from './sparse-apic-ids.ts';
import { x2apicEntriesIgnored } from './x2apic-entries-ignored.ts';
import { x2apicLocked } from './x2apic-locked.ts';

export const ENUMERATION_RULES: readonly Rule[] = [
  bootCpuAboveLimit,
  x2apicLocked,
  apicIdAboveLimit,
  bareMetalApicLimit,
  kernelTooOldForExtDest,
  oldKernelDisablesX2apic,
  hotAddedCpuNotTargetable,
  firmwareInXapicMode,
  apicIdTooBig,
  cpusOverCountLimit,
  firmwareCpusIgnored,
  sparseApicIds,
  slotsAboveApicLimit,
  slotsOverCountLimit,
  slotsNotOnlineCapable,
  slotsNeedHypervisor,
  packageNotTold,
  possibleCpusIgnored,
  madtOrderChangesNumbers,
  duplicateApicIds,
  x2apicEntriesIgnored,
];
