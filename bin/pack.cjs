// Called by the build: makes the packs that bin/load.cjs loads. Each step runs a command in a process of its own; what
// it loads beyond the steps before makes a pack. Then each runs from the packs, and leaves the compiled code of its own.
// The files of what is in packs go.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { ship } = require('./compiled.cjs');
const { DIRECTORY, asFunction, START, packPart, load } = require('./load.cjs');

const ROOT = join(__dirname, '..');
const EXAMPLE = join(ROOT, 'scenarios/240-vcpus-of-5-cores.yaml');
const DOMAIN = `<domain type='kvm'><name>guest</name><vcpu>4</vcpu><os><type arch='x86_64'>hvm</type></os>
<devices><disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk></devices></domain>`;
/** No reader says by the beginning of it that it is its own: all of them are asked. */
const JSON_MACHINE = `{ "kernel": "6.12", "cpus": [{ "apicId": "0-3" }] }
`;
const COMMAND = `qemu-system-x86_64 -accel kvm -machine q35 -smp 4 -device virtio-blk-pci,drive=d0,num-queues=4
`;
const GUEST = `apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: { name: guest }
spec: { domain: { cpu: { cores: 4 }, devices: { disks: [{ name: root, disk: { bus: virtio } }] } } }
`;
const PROXMOX = `cores: 4
sockets: 1
scsihw: virtio-scsi-pci
scsi0: local-lvm:vm-100-disk-0
net0: virtio=BC:24:11:00:00:01,bridge=vmbr0
`;
const ANALYSIS = 'analyze';
/** `loads`: the command that says what is in it, where that is another; `long`: it works long enough for V8 to compile much of it anew. */
const STEPS = [
  // The manual page loads the definitions of all commands: another pack would be read for a definition.
  { pack: START, words: ['analyze', '--help'], loads: ['man'] },
  { pack: ANALYSIS, words: ['analyze', EXAMPLE] },
  { pack: 'schema', words: ['schema'] },
  { pack: 'readers', words: ['analyze', '-'], input: JSON_MACHINE },
  { pack: 'qemu', words: ['analyze', '-'], input: COMMAND },
  { pack: 'libvirt', words: ['analyze', '-'], input: DOMAIN },
  { pack: 'kubevirt', words: ['analyze', '-'], input: GUEST },
  { pack: 'other-formats', words: ['analyze', '-'], input: PROXMOX },
  { pack: 'verify', words: ['verify', join(ROOT, 'test/captures/a-8v-flat-7.0.tar.xz')], long: true },
  { pack: 'advise', words: ['advise', EXAMPLE], long: true },
  { pack: 'sweep', words: ['sweep', EXAMPLE, '--vary', 'extDestId=off,on'], long: true },
  { pack: 'why', words: ['why', EXAMPLE, 'cpu', '3'] },
];
/** Characters of a chunk for which no pack of another command is loaded. */
const SHORT = 4096;
const LIST = join(DIRECTORY, 'loaded.json');

/** What esbuild made of the modules in bin/late, which nothing loads. */
const lateFiles = () => readdirSync(join(__dirname, 'late')).map((file) => file.replace(/mjs$/, 'js'));

/** The names of chunks that are loaded late: those with what the modules in bin/late export. */
function lateNames() {
  const names = lateFiles().flatMap((file) => {
    const text = readFileSync(join(DIRECTORY, file), 'utf8');
    return [...text.matchAll(/[{,]\w+:import_chunk_(\w+)\./g)].map(([, hash]) => `./chunk-${hash}.js`);
  });
  return [...new Set(names)];
}

/** Runs a command and leaves a trace of it: the names it loaded, or the compiled code of a pack. */
function trace(what, pack) {
  const listed = what === 'list';
  const { names, loaded } = load('./main.js', { packed: !listed, lateNames: lateNames() });
  process.on('exit', () => {
    if (listed) writeFileSync(LIST, JSON.stringify([...names]));
    else ship(loaded.find((one) => one.pack === pack));
  });
}

function step(what, { pack, words, input = '' }) {
  const args = [__filename, what, pack, ...words];
  const { status, stderr } = spawnSync(process.execPath, args, { input, encoding: 'utf8' });
  // 1: there are findings.
  if (status === 0 || status === 1) return;
  process.stderr.write(stderr);
  process.exit(1);
}

/** A character of a regular expression, where esbuild leaves it as it is; ASCII is read quickest. */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The chunks as functions by name, in ASCII; the first line is a digest of the others. */
function packText(names, more) {
  const chunks = names.map((name) => {
    const text = readFileSync(join(DIRECTORY, name), 'utf8').replace(/[^\0-\x7f]/g, escaped);
    return `${JSON.stringify(name)}:${asFunction(text).slice(1, -1)}`;
  });
  const text = `({\n${[...chunks, ...more].join(',\n')}\n})\n`;
  return `//${createHash('sha256').update(text).digest('hex').slice(0, 32)}\n${text}`;
}

/** The names of chunks that a step loads. */
function namesOf(one) {
  step('list', { ...one, words: one.loads ?? one.words });
  return JSON.parse(readFileSync(LIST, 'utf8'));
}

const isShort = (name) => statSync(join(DIRECTORY, name)).size <= SHORT;

/**
 * The packs of the steps, with the names of chunks in each. A chunk is in the pack of the first that loads it; a short one
 * that several load is in that of an analysis.
 */
function packsOf(steps) {
  const listed = steps.map((one) => ({ ...one, loaded: namesOf(one) }));
  const owner = new Map();
  for (const { pack, loaded } of listed)
    for (const name of loaded)
      if (!owner.has(name)) owner.set(name, pack);
      else if (owner.get(name) !== START && isShort(name)) owner.set(name, ANALYSIS);
  return steps.map((one) => ({
    ...one,
    names: [...owner.keys()].filter((name) => owner.get(name) === one.pack),
  }));
}

function build() {
  const packs = packsOf(STEPS);
  rmSync(LIST);
  const known = {
    packs: Object.fromEntries(packs.flatMap(({ pack, names }) => names.map((name) => [name, pack]))),
    late: lateNames(),
    long: packs.filter(({ long }) => long).map(({ pack }) => [START, ANALYSIS, pack]),
  };
  const parts = Object.entries(known).map(([name, value]) => `${name}:${JSON.stringify(value)}`);
  for (const { pack, names } of packs)
    writeFileSync(join(ROOT, packPart(pack)), packText(names, pack === START ? parts : []));
  for (const one of STEPS) step('compile', one);
  for (const name of [...packs.flatMap(({ names }) => names), ...lateFiles()]) rmSync(join(DIRECTORY, name));
}

const [what, pack, ...words] = process.argv.slice(2);
if (what === undefined) build();
else {
  process.argv.splice(2, process.argv.length, ...words);
  trace(what, pack);
}
