/** The part of a chain about the interrupt domain of a device: what its messages can name, and why. */
import type { Analysis } from '../../findings/analyze.ts';
import { cpuNames } from '../../findings/rules/facts/queue-facts.ts';
import { assert } from '../../lib/assert.ts';
import type { CpuMask } from '../../lib/cpumask.ts';
import type { DomainReach } from '../../linux/model/reach.ts';
import type { DeviceRun } from '../../linux/sim/run.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import { type Because, originOf, type Step } from './chain.ts';
import { modeReasons } from './mode.ts';

/** The domain that a device hangs on, with its sets. */
export function domainOf({ domains }: Analysis, device: DeviceRun): DomainReach {
  const domain = domains.find(({ name }) => name === device.domain);
  assert(domain, `${device.name} hangs on ${device.domain}, which the machine does not have`);
  return domain;
}

/** "pci-msi under intel-ir under vector". */
function wayUp({ innerDomains }: Analysis, { name, parent }: DomainReach): string {
  const above = innerDomains.find((inner) => inner.name === parent);
  return [name, ...(above ? [above.name] : []), ...(above?.parent ? [above.parent] : [])].join(' under ');
}

/** The step from the device to what its interrupts can reach. */
export function domainSteps(analysis: Analysis, device: DeviceRun): Step[] {
  if (analysis.apic.fatal) return [];
  const domain = domainOf(analysis, device);
  const limit = domain.maxApicId >= NO_LIMIT - 1 ? 'any APIC ID' : `APIC IDs up to ${domain.maxApicId}`;
  const lost = domain.unreachable.isEmpty()
    ? ''
    : `; ${cpuNames(domain.unreachable)} ${domain.unreachable.weight() === 1 ? 'is' : 'are'} out of reach`;
  const path = domain.name === 'pci-msi-unremapped' ? [...device.path, 'remapped'] : undefined;
  return [
    {
      topic: 'domain',
      text: `${wayUp(analysis, domain)}: its interrupts can name ${limit}${lost}`,
      by: 'irq_find_matching_fwspec, x86_vector_select',
      origin: originOf(analysis.machine, path),
    },
  ];
}

/** What keeps CPUs out of a domain's reach: their APIC IDs, or more than those. */
export function outOfReachText(
  { enumeration }: Analysis,
  { name, maxApicId }: DomainReach,
  cpus: CpuMask,
): string {
  const several = cpus.weight() > 1;
  let above = true;
  cpus.forEach((cpu) => {
    above &&= (enumeration.cpus[cpu].apicId ?? 0) > maxApicId;
  });
  return above
    ? `${several ? 'have APIC IDs' : 'has an APIC ID'} above ${maxApicId}`
    : `${several ? 'are' : 'is'} not reached by the domain ${name}, whatever ${several ? 'their APIC IDs' : 'its APIC ID'}`;
}

/** Why the domain reaches no more than it does. */
export function domainReasons(analysis: Analysis, device: DeviceRun): Because[] {
  if (device.domain !== 'pci-msi-unremapped') return modeReasons(analysis);
  const origin = originOf(analysis.machine, [...device.path, 'remapped']);
  const cluster = analysis.apic.mode === 'x2apic-cluster';
  return [
    { text: 'no IOMMU covers the device: its messages are not remapped', origin },
    ...(cluster ? [{ text: 'in cluster mode their 8 bits hold the logical IDs of APIC IDs 0 to 7' }] : []),
  ];
}
