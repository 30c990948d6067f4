// Loads the built command line from packs: the chunks that one command needs beyond those before it in one file, with
// V8's compiled code of it where there is some (bin/compiled.cjs). bin/pack.cjs makes the packs.
const { join } = require('node:path');
const { Script } = require('node:vm');
const { keepOwn, lackingOf, recallOwn, recallShipped } = require('./compiled.cjs');
const { hasPart, readPart } = require('./parts.cjs');

const FOLDER = 'dist/cli';
const DIRECTORY = join(__dirname, '..', FOLDER);
const START = 'start';

/** Built-in modules that a start asks for, and hardly ever uses. */
const LATE = new Set(['node:child_process', 'node:sea', 'node:worker_threads']);

/** What `get` gives, as soon as something of it is used. */
const late = (get) => new Proxy({}, { get: (_, key) => get()[key] });

/** The text of a chunk as a function; in one line with its beginning, so that lines keep their numbers. */
const asFunction = (text) => `(function(exports,require,module,__filename,__dirname){${text}\n})`;

const packPart = (pack) => `${FOLDER}/${pack}.pack`;

/** What names the text of a pack: its first line, a comment, is a digest of the others. */
const digestOf = (text) => /^\/\/([0-9a-f]{32})\n/.exec(text)?.[1];

/**
 * A pack's script, which evaluates to its chunks by name; that of the start also to the pack of each chunk, under `packs`,
 * to the names of chunks that are loaded when something of them is used, under `late`, and to the packs that each command
 * loads which works for long, under `long`.
 */
function loadPack(pack, compiled) {
  const path = packPart(pack);
  const text = readPart(path, 'latin1');
  const digest = digestOf(text);
  const name = `${pack}-${digest}`;
  const compile = (known) => {
    const script = new Script(text, { filename: path, cachedData: known?.data });
    return known && script.cachedDataRejected ? undefined : { pack, digest, name, script, known };
  };
  for (const recall of compiled && digest ? [recallShipped, recallOwn] : []) {
    const known = recall(name);
    const one = known && compile(known);
    if (one) return one;
  }
  return compile();
}

/**
 * Loads `entry`, which runs, and what it asks for, as it asks. `packed`: from packs, not from the files of the chunks;
 * `compiled`: with the compiled code that there is; `paced`: at the pace of bin/pace.cjs; `lateNames`: as in the pack of
 * the start. Gives what is loaded, as it grows: names of chunks, and packs whose code may be kept.
 */
function load(
  entry,
  { packed = hasPart(packPart(START)), compiled = true, paced = false, lateNames: given = [] } = {},
) {
  const lateNames = new Set(given);
  const names = new Set();
  const loaded = [];
  const exported = new Map();
  const opened = new Map();
  let packs = {};
  let longRuns = [];
  let isPaced = false;

  /** V8 refuses code that was compiled at another pace: nothing is kept any more, so all has to be there. */
  function settle() {
    const isLoaded = (pack) => loaded.some((one) => one.pack === pack);
    if (!paced || isPaced || !longRuns.some((run) => run.every(isLoaded)) || lackingOf(loaded).length > 0)
      return;
    require('./pace.cjs').takeTime();
    isPaced = true;
  }

  /** The chunks of a pack by name. */
  function unpack(pack) {
    const one = loadPack(pack, compiled);
    if (!isPaced) loaded.push(one);
    const chunks = one.script.runInThisContext();
    opened.set(pack, chunks);
    if (pack === START) {
      ({ packs, long: longRuns } = chunks);
      for (const name of chunks.late) lateNames.add(name);
    }
    settle();
    return chunks;
  }

  function chunkOf(name, path) {
    const pack = packs[name];
    if (pack !== undefined) return (opened.get(pack) ?? unpack(pack))[name];
    return new Script(asFunction(readPart(path, 'utf8')), { filename: path }).runInThisContext();
  }

  /** What a chunk asks for: another one, or a built-in module, for nothing else is outside the build. */
  function needed(name) {
    if (!name.startsWith('./')) return LATE.has(name) ? late(() => require(name)) : require(name);
    return lateNames.has(name) ? late(() => chunk(name)) : chunk(name);
  }

  function chunk(name) {
    const known = exported.get(name);
    if (known) return known.exports;
    // Without `join`, which V8 would find worth optimising after so many.
    const path = `${FOLDER}${name.slice(1)}`;
    const module = { exports: {} };
    exported.set(name, module);
    names.add(name);
    chunkOf(name, path)(module.exports, needed, module, path, DIRECTORY);
    return module.exports;
  }

  if (packed) unpack(START);
  chunk(entry);
  return { names, loaded };
}

/**
 * Runs the command line, and keeps compiled code for the next run like this. Once nothing is left to do the process exits
 * at once: to take the heap apart first is a twentieth of a start.
 */
function run() {
  const { loaded } = load('./main.js', { paced: true });
  process.once('beforeExit', () => process.exit());
  process.on('exit', () => keepOwn(loaded.filter(({ digest }) => digest)));
}

/** Runs a thread of the program. Those of a batch work for minutes: at V8's own pace, whatever the main thread's is. */
function runThread() {
  require('./pace.cjs').ownPace();
  load('./worker.js');
}

module.exports = { DIRECTORY, asFunction, START, packPart, load, run, runThread };
