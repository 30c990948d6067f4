/** Which CPUs each interrupt domain reaches, where that is not what the block of CPUs says already. */
import type { Analysis } from '../../findings/analyze.ts';
import { shortenList } from '../../lib/ids.ts';
import type { DomainReach } from '../../linux/model/reach.ts';
import { NO_LIMIT } from '../../machine/apic-ids.ts';
import type { Member, Section } from '../document/block.ts';
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

/** "APIC IDs up to 7, reaches 0-7 (8), not 8-299 (292); under vector; devices nvme0". */
function memberOf(domain: DomainReach, { run }: Analysis): Member {
  const { name, parent, maxApicId } = domain;
  const limit = maxApicId >= NO_LIMIT - 1 ? 'any APIC ID' : `APIC IDs up to ${maxApicId}`;
  const devices = run.devices.filter((device) => device.domain === name).map((device) => device.name);
  const texts = [
    `${limit}, ${setsText(domain)}`,
    ...(parent === null ? [] : [`under ${parent}`]),
    ...(devices.length === 0 ? [] : [deviceNames(devices)]),
  ];
  return { name, text: texts.join('; ') };
}

/** The domains: all with -v, else those that reach other CPUs than pci-msi. */
export function domainSection(analysis: Analysis, verbose: boolean): Section {
  const { domains, innerDomains, apic } = analysis;
  if (apic.fatal) return [];
  const [main] = domains;
  const shown = verbose
    ? [...domains, ...innerDomains]
    : domains.filter((domain) => domain.name !== NOT_OF_DEVICES && differs(domain, main));
  if (shown.length === 0) return [];
  return [{ kind: 'members', name: 'Domains', members: shown.map((domain) => memberOf(domain, analysis)) }];
}
