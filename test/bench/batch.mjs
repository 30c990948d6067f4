// Batch, warm: small machines (16 CPUs, 2 devices) a second on one core, as records and as YAML files. A short run is
// taken off a long one of the same kind, so that neither the start nor the first compilations count.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/irqsim.cjs', import.meta.url));
const SHORT = 4000;
const LONG = 16_000;
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

/** Writes the first `count` machines; returns the argument of batch. */
const KINDS = {
  'NDJSON records'(scratch, count) {
    const path = join(scratch, `small-${count}.ndjson`);
    writeFileSync(path, Array.from({ length: count }, (_, n) => `${JSON.stringify(machine(n))}\n`).join(''));
    return path;
  },
  'YAML files'(scratch, count) {
    const path = join(scratch, `small-${count}`);
    mkdirSync(path);
    for (let n = 0; n < count; n++) writeFileSync(join(path, `${nameOf(n)}.yaml`), yaml(n));
    return path;
  },
};

function seconds(input, scratch) {
  const args = [BIN, 'batch', input, '-j', '1', '--no-shard', '--force', '-o', join(scratch, 'out.ndjson')];
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`batch failed: ${stderr}`);
  return Number(process.hrtime.bigint() - began) / 1e9;
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Rows of the bench: what was read, and machines a second on one core. `scratch`: an empty folder. */
export function batchRows(scratch) {
  return Object.entries(KINDS).map(([name, write]) => {
    const short = write(scratch, SHORT);
    const long = write(scratch, LONG);
    const times = Array.from({ length: ROUNDS }, () => seconds(long, scratch) - seconds(short, scratch));
    return { name: `batch, 16 CPUs x 2 devices, ${name}`, perSecond: (LONG - SHORT) / median(times) };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const scratch = mkdtempSync(join(tmpdir(), 'irqsim-bench-'));
  for (const { name, perSecond } of batchRows(scratch)) console.log(`${name}: ${Math.round(perSecond)}/s`);
  rmSync(scratch, { recursive: true });
}
