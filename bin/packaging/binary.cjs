// Makes the single file: the Node that runs this, with the program and its compiled code as assets of it. For hosts
// without Node, of the system and the processor of this one.
const { spawnSync } = require('node:child_process');
const { chmodSync, copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { buildSync } = require('esbuild');

const ROOT = join(__dirname, '../..');
const BINARY = join(ROOT, 'dist/irqsim');
/** Where the steps leave what the next needs. */
const STEPS = join(ROOT, 'dist/binary');
const PROGRAM = join(STEPS, 'program.cjs');
const CONFIGURATION = join(STEPS, 'sea.json');
const BLOB = join(STEPS, 'blob');
/** What Node looks for in itself; Node's documentation of single executable applications names both. */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Files of the build by their paths from the root. */
const filesIn = (folder, isWanted) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map(({ name }) => `${folder}/${name}`);

/** What the program reads of the build as it runs (bin/parts.cjs, src/cli/program.ts). */
function assets() {
  const compiled = filesIn('dist/cli/compiled', (name) =>
    name.endsWith(`.${process.version}-${process.arch}`),
  );
  if (compiled.length === 0)
    throw new Error(`dist was built by another Node than ${process.version}: npm run build`);
  const parts = [
    ...compiled,
    ...filesIn('dist/cli', (name) => /\.(?:pack|js)$/.test(name)),
    ...filesIn('dist/web', (name) => name.endsWith('.js')),
  ];
  return { program: PROGRAM, ...Object.fromEntries(parts.map((path) => [path, join(ROOT, path)])) };
}

/** Runs a tool of Node's; what it says counts only if it fails. */
function run(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words[0]} failed:\n${stdout}${stderr}`);
}

function build() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `the single file is for x86-64 Linux, and this is ${process.platform} on ${process.arch}`,
    );
  buildSync({
    entryPoints: [join(__dirname, 'single.cjs')],
    bundle: true,
    platform: 'node',
    outfile: PROGRAM,
  });
  const configuration = {
    main: PROGRAM,
    output: BLOB,
    disableExperimentalSEAWarning: true,
    assets: assets(),
  };
  writeFileSync(CONFIGURATION, JSON.stringify(configuration));
  run('--experimental-sea-config', CONFIGURATION);
  const draft = join(STEPS, 'irqsim');
  copyFileSync(process.execPath, draft);
  chmodSync(draft, 0o755);
  run(join(ROOT, 'node_modules/postject/dist/cli.js'), draft, RESOURCE, BLOB, '--sentinel-fuse', FUSE);
  renameSync(draft, BINARY);
}

try {
  build();
  process.stdout.write(`dist/irqsim: Node ${process.version} with irqsim inside\n`);
} catch (error) {
  process.stderr.write(`build:binary: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(STEPS, { recursive: true, force: true });
}
