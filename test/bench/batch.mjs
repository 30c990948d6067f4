// Batch, warm: small machines a CPU second, as records and as files of several formats. A short run is taken off a long
// one of the same kind, so that neither the start nor the first compilations count.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from './starts.mjs';

const BIN = fileURLToPath(new URL('../../bin/irqsim.cjs', import.meta.url));
const SHORT = 2000;
const LONG = 10_000;
const ROUNDS = 3;

const nameOf = (n) => `m${String(n).padStart(5, '0')}`;

function machine(n) {
  return {
    name: nameOf(n),
    kernel: '6.12',
    platform: 'kvm',
    topology: { sockets: 1, cores: 8, threads: 2 },
    devices: [
      { name: 'nvme', driver: 'nvme', queues: 8 + (n % 8) },
      { name: 'net', driver: 'virtio-net', queues: 4 },
    ],
  };
}

function yaml(n) {
  return `name: ${nameOf(n)}
kernel: "6.12"
platform: kvm
topology: { sockets: 1, cores: 8, threads: 2 }
devices:
  - { name: nvme, driver: nvme, queues: ${8 + (n % 8)} }
  - { name: net, driver: virtio-net, queues: 4 }
`;
}

/** A number below `limit` that only `n` and `salt` decide, spread evenly. */
function pick(n, salt, limit) {
  let x = Math.imul(n + 1, 2654435761) ^ Math.imul(salt + 7, 40503);
  x = Math.imul(x ^ (x >>> 15), 2246822519);
  return ((x ^ (x >>> 13)) >>> 0) % limit;
}

/** What is alike but for the name is hundreds of thousands of records apart. */
function distinct(n) {
  const devices = Array.from({ length: 2 + pick(n, 4, 2) }, (_, d) => ({
    name: `nvme${d}`,
    driver: 'nvme',
    queues: 1 + pick(n, 5 + d, 64),
  }));
  const topology = { sockets: 1 + pick(n, 1, 3), cores: 2 + pick(n, 2, 15), threads: 1 + pick(n, 3, 2) };
  return { ...machine(n), topology, devices };
}

const libvirtOf = (
  n,
  vcpus,
  queues,
  nics,
) => `<domain type='kvm'><name>${nameOf(n)}</name><vcpu>${vcpus}</vcpu>
  <os><type arch='x86_64' machine='pc-q35-8.2'>hvm</type></os><features><acpi/><apic/></features>
  <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2' queues='${queues}'/>
    <source file='/srv/${nameOf(n)}.qcow2'/><target dev='vda' bus='virtio'/></disk>${nics
      .map(
        (pairs) => `
  <interface type='bridge'><source bridge='br0'/><model type='virtio'/><driver queues='${pairs}'/></interface>`,
      )
      .join('')}</devices>
</domain>
`;

/** A fleet: a few dozen kinds of machines. */
const libvirt = (n) => libvirtOf(n, 4 + 2 * (n % 9), 1 + (n % 8), [1 + (n % 4)]);
const libvirtDistinct = (n) =>
  libvirtOf(
    n,
    1 + pick(n, 1, 64),
    1 + pick(n, 2, 64),
    Array.from({ length: 1 + pick(n, 3, 2) }, (_, d) => 1 + pick(n, 4 + d, 16)),
  );

const kubevirtOf = (n, cores, sockets, names) => `apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: { name: ${nameOf(n)} }
spec:
  domain:
    cpu: { cores: ${cores}, sockets: ${sockets} }
    devices:
      blockMultiQueue: true
      disks: [${names.map((name) => `{ name: ${name}, disk: { bus: virtio } }`).join(', ')}]
      interfaces: [{ name: default, masquerade: {} }]
  networks: [{ name: default, pod: {} }]
  volumes: [${names.map((name) => `{ name: ${name}, containerDisk: { image: guest } }`).join(', ')}]
`;

const kubevirt = (n) => kubevirtOf(n, 2 + (n % 9), 1 + (n % 3), ['root']);
const kubevirtDistinct = (n) =>
  kubevirtOf(n, 1 + pick(n, 1, 32), 1 + pick(n, 2, 4), [
    'root',
    ...Array.from({ length: pick(n, 3, 3) }, (_, d) => `data${d}-${pick(n, 4 + d, 1000)}`),
  ]);

const records = (name, recordOf) => (scratch, count) => {
  const path = join(scratch, `${name}-${count}.ndjson`);
  writeFileSync(path, Array.from({ length: count }, (_, n) => `${JSON.stringify(recordOf(n))}\n`).join(''));
  return path;
};

const files = (name, ending, textOf) => (scratch, count) => {
  const path = join(scratch, `${name}-${count}`);
  mkdirSync(path);
  for (let n = 0; n < count; n++) writeFileSync(join(path, `${nameOf(n)}${ending}`), textOf(n));
  return path;
};

/** Writes the first `count` machines; returns the argument of batch. */
const KINDS = {
  'NDJSON records that repeat but for names': records('alike', machine),
  'distinct NDJSON records': records('distinct', distinct),
  'YAML files of a fleet': files('yaml', '.yaml', yaml),
  'libvirt XML files of a fleet': files('xml', '.xml', libvirt),
  'distinct libvirt XML files': files('xml-distinct', '.xml', libvirtDistinct),
  'KubeVirt YAML files of a fleet': files('vmi', '.vmi.yaml', kubevirt),
  'distinct KubeVirt YAML files': files('vmi-distinct', '.vmi.yaml', kubevirtDistinct),
};

const seconds = (input, scratch) => {
  const args = [
    'batch',
    input,
    '-j',
    '1',
    '--no-shard',
    '--force',
    '--fail-on',
    'never',
    '-o',
    join(scratch, 'out.ndjson'),
  ];
  return cpuSeconds([process.execPath, BIN, ...args], process.env, 1);
};

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Rows of the bench: what was read, and machines a CPU second. `scratch`: an empty folder. */
export function batchRows(scratch) {
  return Object.entries(KINDS).map(([name, write]) => {
    const short = write(scratch, SHORT);
    const long = write(scratch, LONG);
    const times = Array.from({ length: ROUNDS }, () => seconds(long, scratch) - seconds(short, scratch));
    return { name: `batch, small machines, ${name}`, perSecond: (LONG - SHORT) / median(times) };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const scratch = mkdtempSync(join(tmpdir(), 'irqsim-bench-'));
  for (const { name, perSecond } of batchRows(scratch)) console.log(`${name}: ${Math.round(perSecond)}/s`);
  rmSync(scratch, { recursive: true });
}
