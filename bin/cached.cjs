// Loads the built command line on Node 20 from packs: what a start needs in one file each, with V8's code cache beside
// it, which takes half off the start-up time. Packs that are missing or older than the build are not used; V8 itself
// rejects a cache that another Node has made. bin/pack.cjs makes them.
const { readFileSync, statSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const DIRECTORY = join(__dirname, '../dist/cli');
const MAIN = './main.js';
const START = 'start';

const packPath = (pack) => join(DIRECTORY, `${pack}.pack`);
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** A pack's script; it evaluates to its chunks by name, and under `packs` the names in other packs. */
function packScript(pack) {
  const path = packPath(pack);
  const cachedData = modified(`${path}.cache`) >= modified(path) ? readFileSync(`${path}.cache`) : undefined;
  return new Script(readFileSync(path, 'utf8'), { filename: path, cachedData });
}

/** Runs the command line; gives what it loads, as it loads: names of chunks, and scripts of packs by name. */
function run({ packed = modified(packPath(START)) >= modified(join(DIRECTORY, MAIN)) } = {}) {
  const names = new Set();
  const scripts = new Map();
  const exported = new Map();
  const chunks = new Map();
  const packs = new Map();
  const outside = createRequire(join(DIRECTORY, MAIN));

  function unpack(pack) {
    const script = packScript(pack);
    scripts.set(pack, script);
    const { packs: others = {}, ...inside } = script.runInThisContext();
    for (const [name, chunk] of Object.entries(inside)) chunks.set(name, chunk);
    for (const [other, list] of Object.entries(others)) for (const name of list) packs.set(name, other);
  }

  function chunkOf(name, path) {
    if (packs.has(name) && !chunks.has(name)) unpack(packs.get(name));
    return (
      chunks.get(name) ?? new Script(wrap(readFileSync(path, 'utf8')), { filename: path }).runInThisContext()
    );
  }

  function load(name) {
    if (!name.startsWith('./')) return outside(name);
    const known = exported.get(name);
    if (known) return known.exports;
    const path = join(DIRECTORY, name);
    const module = { exports: {} };
    exported.set(name, module);
    names.add(name);
    chunkOf(name, path)(module.exports, load, module, path, DIRECTORY);
    return module.exports;
  }

  if (packed) unpack(START);
  load(MAIN);
  return { names, scripts };
}

module.exports = { DIRECTORY, START, packPath, run };
