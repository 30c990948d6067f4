/** What the CPUs that run prove of how the machine runs. */
import { MSI_MAX_ID, XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import type { Platform } from '../../machine/machine.ts';
import type { RemappingProof } from '../acpi/firmware.ts';
import { CPUINFO, type CpuInfo } from './cpuinfo.ts';
import type { Place } from './place.ts';

/**
 * The highest APIC ID that runs without interrupt remapping, where the kernel knows no extended destination ID of
 * the platform: without remapping try_to_enable_x2apic() stays in xAPIC mode on bare metal and where it knows no
 * hypervisor; elsewhere it sets 255 as the limit.
 */
const WITHOUT_REMAPPING: Readonly<Partial<Record<Platform, number>>> = {
  'bare-metal': XAPIC_MAX_ID,
  tcg: XAPIC_MAX_ID,
  other: XAPIC_MAX_ID,
  vmware: MSI_MAX_ID,
  acrn: MSI_MAX_ID,
  jailhouse: MSI_MAX_ID,
};

const AMD_VENDORS: ReadonlySet<string> = new Set(['AuthenticAMD', 'HygonGenuine']);

/** A CPU that cannot run without remapping in x2APIC mode; undefined if there is none. */
export function remappingProof(info: CpuInfo, platform: Platform, place: Place): RemappingProof | undefined {
  const limit = WITHOUT_REMAPPING[platform];
  const proof = [...info.apicIds].find(([, apicId]) => limit !== undefined && apicId > limit);
  if (!proof) return undefined;
  const [cpu, apicId] = proof;
  return {
    vendor: AMD_VENDORS.has(info.vendor) ? 'amd' : 'intel',
    because: `APIC ID ${apicId} runs on ${platform}, where the kernel brings it online in no other way`,
    at: place(CPUINFO, info.lineOf(cpu)),
  };
}
