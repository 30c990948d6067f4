/** Whether the hypervisor offers the extended destination ID: no line says it, but CPUs that run may prove it. */
import { MSI_MAX_ID } from '../../machine/apic-ids.ts';
import type { Platform } from '../../machine/machine.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { CpuFacts } from './cpu-facts.ts';
import type { LogEvidence } from './evidence.ts';

const OFFERING: ReadonlySet<Platform> = new Set<Platform>(['kvm', 'hyperv', 'xen-hvm', 'xen-pvh', 'bhyve']);

/** Sets extDestId. */
export function describeExtDestId(
  sheet: DescriptionBuilder,
  { log, at }: LogEvidence,
  { broughtUp, refused, ids }: CpuFacts,
  platform: Platform,
): void {
  const path = ['extDestId'];
  if (log.says('DMAR-IR: Enabled IRQ remapping in x2apic mode') || log.says('AMD-Vi: X2APIC enabled')) return;
  // Without remapping in x2APIC mode, and without the extended ID, at most the IDs 0 to 255 run.
  const above = [...ids].find(([cpu, { value }]) => value > MSI_MAX_ID && !refused.has(cpu));
  const proof = above?.[1].line ?? ((broughtUp?.value ?? 0) > MSI_MAX_ID + 1 ? broughtUp?.line : undefined);
  if (proof !== undefined) {
    sheet.set(path, true, at(proof));
    sheet.assume('the extended destination ID is offered: CPUs run that nothing else lets run', path);
  } else if (OFFERING.has(platform))
    sheet.notUnderstood(
      'whether the hypervisor offers the extended destination ID, which no kernel logs (it is taken not to)',
      undefined,
      ['the irqchip'],
      '--set extDestId=true or false; bit 15 of CPUID leaf 0x40000001 tells (cpuid -1 -l 0x40000001)',
      'extDestId',
    );
}
