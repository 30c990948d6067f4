// Prints the benchmark tables: the engine warm, beside the kernel's own compiled code where that was measured, and whole
// commands cold, as ratios to `node -e 0`. `--node PATH`, repeatable, names another Node that commands are measured on;
// `--only starts` leaves out all but them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { batchRows } from './batch.mjs';
import { printStarts } from './starts.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'irqsim-bench-'));
// A certificate bundle in the environment would be loaded at every start and hide the figures.
const { NODE_EXTRA_CA_CERTS, ...env } = process.env;

async function warmRows(names) {
  const rows = [];
  for (const name of names) {
    const outfile = join(scratch, `${name}.cjs`);
    await build({
      entryPoints: [join(ROOT, `test/bench/${name}.bench.ts`)],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
      logLevel: 'error',
    });
    const { default: bench } = createRequire(import.meta.url)(outfile);
    rows.push(...(await bench()));
  }
  return rows;
}

function machine(name, { sockets, cores, threads, nodes, devices, queues }) {
  const path = join(scratch, name);
  writeFileSync(
    path,
    `kernel: "6.12"\nplatform: kvm\nextDestId: true\nkernelConfig: { nrCpus: 32768 }\n` +
      `topology: { sockets: ${sockets}, cores: ${cores}, threads: ${threads}, nodes: ${nodes} }\n` +
      `devices:\n  - { name: nvme, driver: nvme, count: ${devices}, queues: ${queues} }\n`,
  );
  return path;
}

const irqsim = (...args) => [join(ROOT, 'bin/irqsim.cjs'), ...args];
const COMMANDS = [
  ['node -e 0', ['-e', '0'], 20],
  ['irqsim --version', irqsim('--version'), 20],
  ['irqsim --help', irqsim('--help'), 20],
  [
    'analyze, 16 CPUs, YAML',
    irqsim('analyze', join(ROOT, 'scenarios/possible-larger-than-present.yaml')),
    20,
  ],
  [
    'sweep, 240 CPUs, 24 points',
    irqsim(
      'sweep',
      join(ROOT, 'scenarios/240-vcpus-of-5-cores.yaml'),
      '--fail-on',
      'never',
      '--vary',
      'extDestId=off,on',
      '--vary',
      'topology.cores=1..12',
    ),
    10,
  ],
  ['advise, 240 CPUs', irqsim('advise', join(ROOT, 'scenarios/240-vcpus-of-5-cores.yaml')), 10],
  [
    'analyze, 4,096 CPUs x 64 devices x 64 queues',
    irqsim(
      'analyze',
      machine('mid.yaml', { sockets: 16, cores: 128, threads: 2, nodes: 16, devices: 64, queues: 64 }),
    ),
    5,
  ],
  [
    'prove, 4,096 CPUs x 64 devices x 64 queues, any number',
    irqsim(
      'prove',
      '--property',
      'offline-accepted,no-queue-stops',
      machine('mid-proof.yaml', { sockets: 16, cores: 128, threads: 2, nodes: 16, devices: 64, queues: 64 }),
    ),
    5,
  ],
  [
    'prove, 512 CPUs, any 2, set by set',
    irqsim(
      'prove',
      '--offline-at-most',
      '2',
      '--property',
      'every-device-works 2',
      '--set',
      // Masks that overlap have no closed form.
      'cmdline=nvme.write_queues=32',
      machine('pairs.yaml', { sockets: 2, cores: 128, threads: 2, nodes: 2, devices: 1, queues: 64 }),
    ),
    3,
  ],
  [
    'analyze, 32,768 CPUs x 256 devices x 64 queues',
    irqsim(
      'analyze',
      machine('big.yaml', { sockets: 32, cores: 512, threads: 2, nodes: 16, devices: 256, queues: 64 }),
    ),
    3,
  ],
];

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Interleaved rounds, so that a machine that changes its speed changes it for all. */
function commandRows() {
  const times = COMMANDS.map(() => []);
  for (let round = 0; round < 20; round++) {
    COMMANDS.forEach(([, args, rounds], n) => {
      if (round >= rounds) return;
      const began = process.hrtime.bigint();
      spawnSync('sh', ['-c', 'exec "$0" "$@"', process.execPath, ...args], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      times[n].push(Number(process.hrtime.bigint() - began) / 1e6);
    });
  }
  return COMMANDS.map(([name], n) => ({ name, ms: median(times[n]) }));
}

const pad = (text) => String(text).padEnd(74);
const num = (value, digits) => value.toFixed(digits).padStart(10);

async function printAll() {
  console.log(`${pad('engine and sweeps, warm')}${'ms'.padStart(10)}${'kernel ms'.padStart(12)}`);
  for (const { name, ms, kernelMs } of await warmRows(['spread', 'matrix', 'sweep'])) {
    console.log(`${pad(name)}${num(ms, 3)}${(kernelMs ?? '').toString().padStart(12)}`);
  }
  console.log(`\n${pad('batch -j 1, warm')}${'machines a CPU second'.padStart(22)}`);
  for (const { name, perSecond } of batchRows(scratch))
    console.log(`${pad(name)}${num(perSecond, 0).padStart(22)}`);
  console.log(`\n${pad('whole command, median')}${'ms'.padStart(10)}${'x node -e 0'.padStart(12)}`);
  const rows = commandRows();
  for (const { name, ms } of rows)
    console.log(`${pad(name)}${num(ms, 1)}${(ms / rows[0].ms).toFixed(2).padStart(12)}`);
}

const { values } = parseArgs({
  options: {
    node: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
  },
});
if (values.only !== 'starts') await printAll();
printStarts({ root: ROOT, scratch, env, nodes: values.node });
