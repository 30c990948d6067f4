/** irqsim's own descriptions, as YAML and as JSON. */
import { RULE_NAMES } from '../../../src/findings/rules/index.ts';
import { POLICY_NAMES } from '../../../src/linux/policy/index.ts';
import { DRIVER_NAMES } from '../../../src/machine/driver-names.ts';
import { DOMAIN_NAMES } from '../../../src/machine/interrupt-domains.ts';
import { PLATFORMS } from '../../../src/machine/machine.ts';
import { PROPERTY_NAMES } from '../../../src/machine/property-names.ts';
import { type Grammar, textsOf } from '../grammar.ts';
import type { Random } from '../random.ts';
import { COMMON, IGNORE, topologyOf } from './common.ts';

const KERNELS = [
  '5.4',
  '5.4.85',
  '5.10',
  '5.11',
  '5.15.3',
  '6.1',
  '6.6',
  '6.8',
  '6.10',
  '6.12',
  '6.12.41',
  '6.18',
  '7.0',
  '7.2',
  '7.3',
];

/** Each text is one line: YAML's flow form, which is JSON but for the quotes that may be left out. */
export const NATIVE: Grammar = {
  ...COMMON,
  start: [
    '<layout><kernel?><platform?><key*><devices?><events?>',
    '<layout><kernel><platform><key*><devices><events>',
    '# <ignore>\n<layout><kernel?><key*><devices><events?>',
  ],
  layout: ['<cpusList>', '<topology>', '<topology>'],
  kernel: KERNELS.map((release) => `kernel: "${release}"\n`),
  platform: PLATFORMS.map((name) => `platform: ${name}\n`),
  topology(random: Random) {
    const { sockets, cores, threads, cpus } = topologyOf(random);
    const part = random.pick([1, Math.ceil(cpus / 2), cpus]);
    const more = random.pick([
      '',
      '',
      `, present: ${part}`,
      `, max: ${part}`,
      `, present: "0-${part - 1}"`,
      ', nodes: 1',
      `, nodes: ${Math.min(sockets, 2)}`,
      ', l2: socket',
      ', modules: 1, dies: 1',
    ]);
    return `topology: { sockets: ${sockets}, cores: ${cores}, threads: ${threads}${more} }\n`;
  },
  cpusList(random: Random) {
    const ids = [0, 1, 2, 3, 7, 8, 254, 255, 256, 257, 300, 511, 4000].filter(() => random.oneIn(3));
    const entries = ids.map((id, n) => {
      const state = n === 0 ? 'online' : random.pick(['online', 'online', 'offline', 'absent']);
      const more = random.pick([
        '',
        '',
        ', node: 1',
        ', l2: 4',
        ', entry: x2apic',
        state === 'absent' ? ', onlineCapable: false' : '',
      ]);
      return `  - { apicId: ${id}, state: ${state}${more} }\n`;
    });
    const slots = random.oneIn(4) ? `  - { count: ${1 + random.below(4)}, state: absent }\n` : '';
    const smt = random.oneIn(3) ? 'smt: 2\n' : '';
    const package_ = random.oneIn(4) ? 'packageCpus: 256\n' : '';
    return `${smt}${package_}cpus:\n${entries.length > 0 ? entries.join('') : '  - { apicId: "0-3" }\n'}${slots}`;
  },
  key(random: Random) {
    // A key twice is refused: the same key in two texts is taken out again by distinct().
    return KEYS(random);
  },
  devices(random: Random) {
    const behind = random.oneIn(10);
    const own = Array.from({ length: 1 + random.below(3) }, (_, n) => device(`dev${n}`, random));
    const controlled = `  - { name: vmd, driver: generic }\n  - { name: dev9, driver: nvme, queues: 4, behind: ${random.oneIn(6) ? 'dev0' : 'vmd'} }\n`;
    return `devices:\n${own.join('')}${behind ? controlled : ''}`;
  },
  events: ['events:\n<event+>', 'events:\n<event+><event*>'],
  event: [
    '  - { offline: "<few>" }\n',
    '  - { offline: "<few>" }\n',
    '  - { online: "<few>" }\n',
    '  - { unplug: <few> }\n',
    '  - { plug: { apicId: <id>, node: 0 } }\n',
    '  - { plug: { apicId: <id> } }\n',
    '  - { suspend: true }\n  - { resume: true }\n',
    '  - { suspend: true }\n',
    '  - { smt: <onoff> }\n',
    '  - { fire: { irq: 2<n> } }\n',
    '  - { fire: <interrupt> }\n',
    '  - { setAffinity: { irq: 2<n>, cpus: "<few>" } }\n',
    '  - { setAffinity: { device: dev0, <of>, cpus: "<few>" } }\n',
    '  - { reprobe: dev0 }\n',
    '  - { offline: "<few>" } # <ignore>\n',
  ],
  few: ['1', '1', '1', '2', '1-2', '3', '1-3', '0', '4-7', '12'],
  interrupt: ['{ device: dev0, <of> }'],
  of: ['queue: 0', 'queue: <n>', 'vector: 0', 'vector: <n>'],
  ignore: IGNORE,
};

/** One device of this name. */
function device(name: string, random: Random): string {
  const driver = random.pick(DRIVER_NAMES);
  const generic =
    driver === 'generic'
      ? random.pick([
          ', managed: on',
          ', managed: on, preVectors: 1, postVectors: 1',
          ', interrupts: line',
          ', interrupts: msi, vectors: 4',
          '',
        ])
      : '';
  const queues =
    driver === 'generic' || random.oneIn(4)
      ? ''
      : `, queues: ${random.oneIn(16) ? random.pick([64, 200]) : random.pick([1, 2, 3, 4, 8, 16])}`;
  const vectors =
    generic === '' && random.oneIn(4)
      ? `, vectors: ${random.oneIn(16) ? 2048 : random.pick([1, 2, 5, 33])}`
      : '';
  const more = random.pick(['', '', '', ', node: 0', ', remapped: off', '']);
  const count = name !== 'dev0' && random.oneIn(4) ? `, count: ${random.pick([2, 3])}` : '';
  return `  - { name: ${name}, driver: ${driver}${queues}${vectors}${generic}${more}${count} }\n`;
}

const KEYS = textsOf({
  ...COMMON,
  start: [
    'name: <name>\n',
    'cmdline: "<words>"\n',
    'kdump: "<words>"\n',
    'policy: <policy>\n',
    'policy: <policy>\n',
    'x2apic: <x2apic>\n',
    'remapping: <onoff>\n',
    'remapping: { enabled: <onoff>, eim: <onoff>, vendor: <vendor>, optOut: <onoff>, ioapics: <onoff> }\n',
    'extDestId: <onoff>\n',
    'extDestId: { offered: on, honoured: <onoff> }\n',
    'vpciProtocol: "1.<vpci>"\n',
    'hpet: <onoff>\n',
    'hpet: { present: on, msi: <onoff>, channels: <channels> }\n',
    'timers: { kvmclock: <onoff>, tscDeadline: <onoff>, knownFrequency: <onoff>, arat: <onoff> }\n',
    'legacyIrqs: <onoff>\n',
    'broadcastQuirk: <onoff>\n',
    'hypervEnlightenments: <onoff>\n',
    'firmware: { fadt: "<fadt>", onlineCapable: <onoff> }\n',
    'kernelConfig: { nrCpus: <cpus>, x2apic: <onoff>, irqRemap: <onoff>, ia32: <onoff>, bhyveGuest: <onoff> }\n',
    'domains: { <domain>: { maxApicId: <id> } }\n',
    'memoryNodes: 3\n',
    'probeOrder: [ dev0 ]\n',
    'guestOs: <os>\n',
    'notUnderstood: [ { part: "<name>", mayHold: [ CPUs ] } ]\n',
    'expect: { verdict: <verdict> }\n',
    'expect: { queues: { healthy: <n>, dead: 0 }, devices: { dev0: { reachable: "<list>" } } }\n',
    'expect: { survives: { offline: 1, properties: [ <property> ] } }\n',
    'expect: { survives: { offline: <two>, keep: "0", plug: <plug>, properties: [ <property>, vectors-left 2 ] } }\n',
    'kdump: "irqpoll nr_cpus=1"\nkdumpBase: "<words>"\n',
    'budget: { vectors: 1000, work: 1000000 }\n',
    'remapping: { vendor: amd, mixedXt: <onoff> }\n',
    'domains: { <domain>: { reach: { unreachable: "<few>" } } }\n',
    'notUnderstood: [ { part: x, mayHold: [ the kernel ], suppliedBy: kernel, remedy: "<name>" } ]\n',
    'suppress: [ { rule: <rule>, reason: "<name>", devices: [ dev0 ] } ]\n',
    'expect: { online: "<list>", findings: [ <rule> ] }\n',
    'levels: { <rule>: <level> }\n',
    'suppress: [ { rule: <rule>, reason: known, until: "2031-01-01" } ]\n',
  ],
  words: ['<word>', '<word> <word>', ''],
  word: [
    'nr_cpus=3',
    'maxcpus=2',
    'possible_cpus=4',
    'nosmp',
    'nosmt',
    'nox2apic',
    'intremap=off',
    'nopv',
    'noapic',
    'acpi=off',
    'pci=nomsi',
    'irqaffinity=0',
    'isolcpus=managed_irq,1-2',
    'isolcpus=managed_irq,domain,0,3',
    'isolcpus=1',
    'nohz_full=2-3',
    'nohpet',
    'hpet=disable',
    'crashkernel=256M',
    'cpu0_hotplug',
    'disable_cpu_apicid=1',
    'x="y z"',
    'nvme.poll_queues=2',
    'nvme.write_queues=3',
  ],
  policy: POLICY_NAMES,
  x2apic: ['auto', 'unsupported', 'supported', 'enabled', 'locked'],
  vendor: ['intel', 'amd'],
  vpci: ['0', '1', '2', '3', '4'],
  channels: ['3', '8', '32'],
  fadt: ['6.5', '6.3', '5.0', '4'],
  domain: DOMAIN_NAMES,
  property: PROPERTY_NAMES,
  plug: (random) => (random.oneIn(16) ? 'any' : 'none'),
  two: ['1', '2', '2'],
  few: ['1', '0-1', '2'],
  os: ['Linux', 'Windows', 'FreeBSD'],
  verdict: ['pass', 'warn', 'fail'],
  rule: RULE_NAMES,
  level: ['error', 'warning', 'note', 'off'],
});

/** The text without keys that are there already. */
export function distinctKeys(text: string): string {
  const seen = new Set<string>();
  let skips = false;
  return text
    .split('\n')
    .filter((line) => {
      const key = /^(\w+):/.exec(line)?.[1];
      if (key !== undefined) {
        skips = seen.has(key);
        seen.add(key);
      }
      return !skips;
    })
    .join('\n');
}
