/** What decides the APIC mode. */
import type { Rule } from '../rule.ts';
import { amdIommuOff } from './amd-iommu-off.ts';
import { bhyveNotDetected } from './bhyve-not-detected.ts';
import { extDestUnused } from './ext-dest-unused.ts';
import { hypervInterfacesUnused } from './hyperv-interfaces-unused.ts';
import { hypervisorHidden } from './hypervisor-hidden.ts';
import { intelIommuOff } from './intel-iommu-off.ts';
import { ioapicWithoutIommu } from './ioapic-without-iommu.ts';
import { kernelWithoutIrqRemap } from './kernel-without-irq-remap.ts';
import { kernelWithoutX2apic } from './kernel-without-x2apic.ts';
import { mixedXt } from './mixed-xt.ts';
import { nox2apicWithHighIds } from './nox2apic-with-high-ids.ts';
import { physicalFlatUsed } from './physical-flat-used.ts';
import { platformWithoutExtDest } from './platform-without-ext-dest.ts';
import { remappingOffOnCmdline } from './remapping-off-on-cmdline.ts';
import { remappingWithoutEim } from './remapping-without-eim.ts';
import { x2apicOptOut } from './x2apic-opt-out.ts';
import { xenOffersNoExtDest } from './xen-offers-no-ext-dest.ts';

export const MODE_RULES: readonly Rule[] = [
  kernelWithoutX2apic,
  kernelWithoutIrqRemap,
  x2apicOptOut,
  remappingWithoutEim,
  ioapicWithoutIommu,
  mixedXt,
  remappingOffOnCmdline,
  amdIommuOff,
  hypervisorHidden,
  nox2apicWithHighIds,
  bhyveNotDetected,
  platformWithoutExtDest,
  xenOffersNoExtDest,
  extDestUnused,
  intelIommuOff,
  hypervInterfacesUnused,
  physicalFlatUsed,
];
