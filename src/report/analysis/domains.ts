/** Which CPUs each interrupt domain reaches, where that is not what the block of CPUs says already. */
import type { Analysis } from '../../findings/analyze.ts';
import { shortenList } from '../../lib/ids.ts';
import type { DomainReach } from '../../linux/model/reach.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import type { Fact } from '../document/block.ts';
import { deviceNames } from '../wording/device-names.ts';

/** Interrupts between CPUs concern no device. */
const NOT_OF_DEVICES = 'ipi';

function differs(domain: DomainReach, from: DomainReach): boolean {
  return !domain.reachable.equals(from.reachable) || !domain.unreachable.equals(from.unreachable);
}

function setsText({ reachable, unreachable, unknown }: DomainReach): string {
  const sets = { reaches: reachable, 'not ': unreachable, 'unknown ': unknown };
  return Object.entries(sets)
    .filter(([, cpus]) => !cpus.isEmpty())
    .map(([what, cpus]) => `${what.trim()} ${shortenList(cpus.toString())} (${cpus.weight()})`)
    .join(', ');
}

/** "pci-msi-unremapped  APIC IDs up to 7, reaches 0-7 (8), not 8-299 (292); under vector; devices nvme0". */
function lineOf(domain: DomainReach, { run }: Analysis, width: number): string {
  const { name, parent, maxApicId } = domain;
  const limit = maxApicId >= NO_LIMIT - 1 ? 'any APIC ID' : `APIC IDs up to ${maxApicId}`;
  const devices = run.devices.filter((device) => device.domain === name).map((device) => device.name);
  return [
    `${name.padEnd(width)} ${limit}, ${setsText(domain)}`,
    ...(parent === null ? [] : [`under ${parent}`]),
    ...(devices.length === 0 ? [] : [deviceNames(devices)]),
  ].join('; ');
}

/** The domains: all with -v, else those that reach other CPUs than pci-msi. */
export function domainFacts(analysis: Analysis, verbose: boolean): Fact[] {
  const { domains, innerDomains, apic } = analysis;
  if (apic.fatal) return [];
  const [main] = domains;
  const shown = verbose
    ? [...domains, ...innerDomains]
    : domains.filter((domain) => domain.name !== NOT_OF_DEVICES && differs(domain, main));
  if (shown.length === 0) return [];
  const width = Math.max(...shown.map(({ name }) => name.length)) + 1;
  return [{ name: 'Domains', texts: shown.map((domain) => lineOf(domain, analysis, width)) }];
}
