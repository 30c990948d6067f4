// Whole commands cold, in CPU time, as ratios to `node -e 0` of the same Node: on this Node, and on others that are named.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROUNDS = 7;
/** Runs of a command in one measurement. */
const RUNS = 5;
/** The lines of Node that people have. */
const LINES = [20, 22, 24];

const DOMAIN = `<domain type='kvm'><name>guest</name><vcpu>16</vcpu>
  <os><type arch='x86_64' machine='pc-q35-8.2'>hvm</type></os><features><acpi/><apic/></features>
  <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2' queues='8'/><source file='/srv/a.qcow2'/>
  <target dev='vda' bus='virtio'/></disk></devices></domain>
`;

const COMMAND_LINE = `qemu-system-x86_64 -accel kvm -machine q35 -cpu host -smp 16,sockets=2,cores=8,threads=1 -m 8G \\
  -drive file=a.qcow2,if=none,id=d0 -device virtio-blk-pci,drive=d0,num-queues=16 \\
  -netdev tap,id=n0,queues=4,vhost=on -device virtio-net-pci,netdev=n0,mq=on,vectors=10
`;

const MACHINE = `apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: { name: guest }
spec:
  domain:
    cpu: { cores: 16 }
    devices: { blockMultiQueue: true, disks: [{ name: root, disk: { bus: virtio } }] }
  volumes: [{ name: root, containerDisk: { image: guest } }]
`;

/** Name, words, and the ratio that is aimed at. */
function commands(root, scratch) {
  const scenario = (name) => join(root, 'scenarios', name);
  const written = (name, text) => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const large = scenario('240-vcpus-of-5-cores.yaml');
  const grid = ['--fail-on', 'never', '--vary', 'extDestId=off,on', '--vary', 'topology.cores=1..12'];
  return [
    ['irqsim --version', ['--version'], 1.5],
    ['irqsim --help', ['--help'], 1.5],
    ['analyze, 16 CPUs, YAML', ['analyze', scenario('possible-larger-than-present.yaml')], 2.4],
    ['analyze, libvirt XML', ['analyze', written('domain.xml', DOMAIN)], 3],
    ['analyze, QEMU', ['analyze', written('qemu.sh', COMMAND_LINE)], 3],
    ['analyze, KubeVirt', ['analyze', written('machine.yaml', MACHINE)], 3],
    ['verify, tar.xz', ['verify', join(root, 'test/captures/b2-16v-2node-smt-6.1.tar.xz')], 8],
    ['advise, 240 CPUs', ['advise', large], 8],
    ['sweep, 240 CPUs, 24 points', ['sweep', large, ...grid], 9],
  ];
}

/** CPU seconds of some runs of a command, to the millisecond: `times` of a shell counts in hundredths. */
export function cpuSeconds(words, env, runs = RUNS) {
  const script = `TIMEFORMAT='%3U %3S'; time for ((i = 0; i < ${runs}; i++)); do "$@" >/dev/null 2>&1; done`;
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], {
    env,
    encoding: 'utf8',
    input: '',
  });
  return stderr
    .trim()
    .split(' ')
    .reduce((sum, seconds) => sum + Number(seconds), 0);
}

/** The version of a Node, "v20.1.2"; undefined for what is none. */
const versionOf = (node) =>
  /^v\d+\S*/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[0];

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** The rows of one Node. The first run of each command is not measured: it leaves compiled code for the others. */
function rowsOf(node, all, program, env) {
  const words = [[node, '-e', '0'], ...all.map(([, words]) => [node, program, ...words])];
  const times = words.map(() => []);
  for (let round = 0; round <= ROUNDS; round++)
    words.forEach((one, n) => {
      const seconds = cpuSeconds(one, env);
      if (round > 0) times[n].push(seconds / RUNS);
    });
  const [base, ...others] = times.map(middle);
  return all.map(([name, , target], n) => ({ name, ms: others[n] * 1e3, ratio: others[n] / base, target }));
}

/** Prints a table for each Node, and which lines of Node are not there. */
export function printStarts({ root, scratch, env, nodes }) {
  const all = commands(root, scratch);
  const versions = new Map([process.execPath, ...nodes].map((node) => [versionOf(node), node]));
  for (const [version, node] of versions) {
    if (version === undefined) {
      console.log(`\n${node}: is no Node that runs here`);
      continue;
    }
    console.log(`\n${`Node ${version}, CPU time`.padEnd(74)}${'ms'.padStart(10)}   x node -e 0   target`);
    for (const { name, ms, ratio, target } of rowsOf(node, all, join(root, 'bin/irqsim.cjs'), env))
      console.log(
        `${name.padEnd(74)}${ms.toFixed(1).padStart(10)}${ratio.toFixed(2).padStart(14)}${target.toFixed(1).padStart(9)}`,
      );
  }
  for (const line of LINES)
    if (![...versions.keys()].some((version) => version?.startsWith(`v${line}.`)))
      console.log(
        `\nNode ${line}: not measured, for it was not named: npm run bench -- --node PATH (npm install node@${line} has one)`,
      );
}
