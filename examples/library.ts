// irqsim as a library: reads, analyses, compares, and spreads interrupts.
import { analyze, differenceOf, importMachine, readMachine, spreadAffinity } from 'irqsim';

const guest = `
platform: kvm
topology: { sockets: 48, cores: 5 }
devices:
  - { name: nvme, driver: nvme, queues: 64 }
`;

// What is the matter with a machine?
const before = analyze(await readMachine(guest, 'guest.yaml'));
const [pciMsi] = before.domains;
console.log(before.summary.verdict, pciMsi.unreachable.weight()); // fail 80
for (const { level, rule, fix } of before.findings) console.log(level, rule, fix[0]);

// What would a change do? Any format that irqsim reads, here the guest with the extended destination ID.
const [machine] = await importMachine(guest, { file: 'guest.yaml', set: ['extDestId=true'] });
const { findings } = differenceOf(before, analyze(machine));
console.log(findings.gone.map(({ rule }) => rule).includes('apic-id-above-limit')); // true

// Which CPUs does Linux 6.12 give each vector of a device with one queue for two CPUs?
const { masks } = spreadAffinity({ kernel: '6.12', vectors: 5, possible: '0-7', preVectors: 1 });
console.log(masks.join(' | ')); // 0-7 | 0-1 | 2-3 | 4-5 | 6-7
