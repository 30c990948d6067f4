/** Values for the keys of a description that have no default to show: each is valid on the machine it is shown for. */
import type { Analysis } from '../../findings/analyze.ts';
import { MAX_APIC_ID } from '../../machine/apic-ids.ts';
import { DOMAIN_NAMES } from '../../machine/interrupt-domains.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** Keys of a device. */
const DEVICE_VALUES: Mapping = {
  'devices.count': 2,
  'devices.queues': 8,
  'devices.vectors': 9,
  'devices.node': 0,
  'devices.managed': true,
  'devices.preVectors': 1,
  'devices.postVectors': 0,
  'devices.interrupts': 'msi-x',
  'devices.remapped': true,
  'devices.behind': '',
};

/** By dotted path; `devices.node` is the key of every device. */
export function exampleValues(analysis: Analysis): Mapping {
  const { machine } = analysis;
  const cpus = machine.cpus.length;
  const [{ name }] = machine.devices;
  const { arat, kvmclock, knownFrequency, tscDeadline } = machine.timers;
  return {
    $schema: './irqsim.schema.json',
    kdump: 'irqpoll nr_cpus=1 reset_devices',
    kdumpBase: 'root=/dev/vda1 ro',
    'topology.max': cpus,
    'topology.present': cpus,
    packageCpus: 8,
    memoryNodes: Math.max(...machine.cpus.map(({ node }) => node)) + 1,
    'domains.pci-msi': { maxApicId: MAX_APIC_ID, reach: { reachable: '0', unreachable: '' } },
    ...Object.fromEntries(
      DOMAIN_NAMES.slice(1).map((domain) => [`domains.${domain}`, { maxApicId: MAX_APIC_ID }]),
    ),
    'timers.kvmclock': kvmclock,
    'timers.tscDeadline': tscDeadline,
    'timers.knownFrequency': knownFrequency,
    'timers.arat': arat,
    ...DEVICE_VALUES,
    probeOrder: [name],
    cpus: [
      {
        apicId: '0-7',
        node: 0,
        state: 'online',
        boot: false,
        l2: 2,
        duplicate: false,
        guessed: false,
        entry: 'xapic',
      },
      { count: 8, node: 0, state: 'absent', onlineCapable: true },
    ],
    notUnderstood: [{ part: 'release', mayHold: ['the kernel'], remedy: '--kernel', suppliedBy: 'kernel' }],
    events: eventExamples(analysis),
    expect: expectationOf(analysis),
    levels: { 'hpet-not-needed': 'off' },
    suppress: [
      {
        rule: 'queue-never-starts',
        reason: 'the disk is for backups only',
        until: '2031-12-31',
        devices: [name],
      },
    ],
  };
}

function freeApicId({ enumeration }: Analysis): number {
  return Math.max(0, ...enumeration.cpus.map(({ apicId }) => apicId ?? 0)) + 1;
}

/** What is true now, so that a later change of it is noticed. */
function expectationOf({ enumeration, run, domains, findings, summary }: Analysis): Mapping {
  const [{ reachable, unreachable, unknown }] = domains;
  return {
    reachable: reachable.toString(),
    unreachable: unreachable.toString(),
    unknown: unknown.toString(),
    devices: Object.fromEntries(
      run.devices
        .slice(0, 1)
        .map(({ name, domain }) => [
          name,
          { reachable: (domains.find((one) => one.name === domain) ?? domains[0]).reachable.toString() },
        ]),
    ),
    possible: enumeration.possible.toString(),
    present: run.present.toString(),
    online: run.online.toString(),
    queues: summary.queues,
    findings: [...new Set(findings.map(({ rule }) => rule))],
    verdict: summary.verdict,
    survives: { offline: 1, among: 0, keep: 0, plug: 'none', properties: ['no-queue-stops'] },
  };
}

/** One event of each kind. */
function eventExamples(analysis: Analysis) {
  const { machine } = analysis;
  const last = machine.cpus.length - 1;
  const [{ name }] = machine.devices;
  return [
    { setAffinity: { device: name, vector: 0, cpus: '0' } },
    { fire: { device: name, queue: 0 } },
    { fire: { irq: 24 } },
    { offline: last },
    { online: last },
    { suspend: true },
    { resume: true },
    { smt: 'off' },
    { unplug: last },
    { reprobe: name },
    { plug: { apicId: freeApicId(analysis), node: 0 } },
  ];
}
