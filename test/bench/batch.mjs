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

/** No two are alike in more than a thousand. */
function distinct(n) {
  const devices = Array.from({ length: 2 + (n % 2) }, (_, d) => ({
    name: `nvme${d}`,
    driver: 'nvme',
    queues: 1 + ((n * 7 + d * 3) % 31),
  }));
  const topology = { sockets: 1 + (n % 3), cores: 2 + ((n >> 2) % 7), threads: 1 + ((n >> 1) % 2) };
  return { ...machine(n), topology, devices };
}

const libvirt = (n) => `<domain type='kvm'><name>${nameOf(n)}</name><vcpu>${4 + 2 * (n % 9)}</vcpu>
  <os><type arch='x86_64' machine='pc-q35-8.2'>hvm</type></os><features><acpi/><apic/></features>
  <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2' queues='${1 + (n % 8)}'/>
    <source file='/srv/${nameOf(n)}.qcow2'/><target dev='vda' bus='virtio'/></disk>
  <interface type='bridge'><source bridge='br0'/><model type='virtio'/><driver queues='${1 + (n % 4)}'/></interface></devices>
</domain>
`;

const kubevirt = (n) => `apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: { name: ${nameOf(n)} }
spec:
  domain:
    cpu: { cores: ${2 + (n % 9)}, sockets: ${1 + (n % 3)} }
    devices:
      blockMultiQueue: true
      disks: [{ name: root, disk: { bus: virtio } }]
      interfaces: [{ name: default, masquerade: {} }]
  networks: [{ name: default, pod: {} }]
  volumes: [{ name: root, containerDisk: { image: guest } }]
`;

const records = (name, recordOf) => (scratch, count) => {
  const path = join(scratch, `${name}-${count}.ndjson`);
  writeFileSync(path, Array.from({ length: count }, (_, n) => `${JSON.stringify(recordOf(n))}\n`).join(''));
  return path;
};

const files = (ending, textOf) => (scratch, count) => {
  const path = join(scratch, `${ending.replace('.', '-')}-${count}`);
  mkdirSync(path);
  for (let n = 0; n < count; n++) writeFileSync(join(path, `${nameOf(n)}${ending}`), textOf(n));
  return path;
};

/** Writes the first `count` machines; returns the argument of batch. */
const KINDS = {
  'NDJSON records that repeat but for names': records('alike', machine),
  'distinct NDJSON records': records('distinct', distinct),
  'YAML files': files('.yaml', yaml),
  'libvirt XML files': files('.xml', libvirt),
  'KubeVirt YAML files': files('.vmi.yaml', kubevirt),
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
