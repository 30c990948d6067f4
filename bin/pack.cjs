// Called by the build: makes the packs that bin/cached.cjs loads. Each step runs a command in a process of its own;
// what it loads beyond the steps before makes a pack. A second run of each lets V8 compile what is used, for the cache.
const { spawnSync } = require('node:child_process');
const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { join } = require('node:path');
const { DIRECTORY, START, packPath, run } = require('./cached.cjs');

const EXAMPLE = join(__dirname, '../scenarios/240-vcpus-of-5-cores.yaml');
const STEPS = [
  { pack: START, words: ['--help'] },
  { pack: 'analyze', words: ['analyze', '--fail-on', 'never', EXAMPLE] },
];
const LIST = join(DIRECTORY, 'loaded.json');

/** Runs a command and leaves a trace of it: the names it loaded, or the cache of a pack. */
function trace(what, pack) {
  const { names, scripts } = run({ packed: what === 'cache' });
  process.on('exit', () => {
    if (what === 'list') writeFileSync(LIST, JSON.stringify([...names]));
    else writeFileSync(`${packPath(pack)}.cache`, scripts.get(pack).createCachedData());
  });
}

function step(what, { pack, words }) {
  const { status, stderr } = spawnSync(process.execPath, [__filename, what, pack, ...words], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(stderr);
  process.exit(1);
}

/** The chunks as functions by name, in a form that V8 can cache. */
function packText(names, others) {
  const chunks = names.map((name) => {
    const wrapped = wrap(readFileSync(join(DIRECTORY, name), 'utf8')).trimEnd();
    return `${JSON.stringify(name)}:${wrapped.replace(/;$/, '')}`;
  });
  return `({\n${[...chunks, `packs:${JSON.stringify(others)}`].join(',\n')}\n})\n`;
}

function build() {
  const packed = new Set();
  const packs = STEPS.map((one) => {
    step('list', one);
    const names = JSON.parse(readFileSync(LIST, 'utf8')).filter((name) => !packed.has(name));
    for (const name of names) packed.add(name);
    return { pack: one.pack, names };
  });
  rmSync(LIST);
  const others = Object.fromEntries(packs.slice(1).map(({ pack, names }) => [pack, names]));
  for (const { pack, names } of packs)
    writeFileSync(packPath(pack), packText(names, pack === START ? others : {}));
  for (const one of STEPS) step('cache', one);
}

const [what, pack, ...words] = process.argv.slice(2);
if (what === undefined) build();
else {
  process.argv.splice(2, process.argv.length, ...words);
  trace(what, pack);
}
