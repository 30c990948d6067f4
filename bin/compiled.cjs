// V8's compiled code of packs, by the Node that made it: beside the packs, where the build leaves that of its own Node,
// and for others in the user's cache folder, where a first run leaves it. V8 trusts what it is given: the user's folder
// and a file in it count only if they belong to the user and are open to nobody else, and a file only if it is whole.
// Code of another V8 is refused by V8 itself. Whatever fails, the program runs from its source and says nothing.
const fs = require('node:fs');
const { dirname, isAbsolute, join } = require('node:path');
const { readOnce, readPart } = require('./parts.cjs');

const SHIPPED = 'dist/cli/compiled';
const fileOf = (name) => `${name}.${process.version}-${process.arch}`;
const MAX_BYTES = 2 ** 24;
/** Files that the user's folder may hold: those of some versions of irqsim and of Node. */
const MAX_FILES = 60;
const OTHERS = 0o077;

function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Where the user's folder is, or would be; undefined if nobody can say whose a file is, or none is wanted. */
function ownFolder() {
  const { HOME = '', XDG_CACHE_HOME = '', NODE_DISABLE_COMPILE_CACHE: off } = process.env;
  const user = process.geteuid?.();
  if (off || user === undefined || user !== process.getuid()) return undefined;
  const above = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME, '.cache');
  return isAbsolute(above) ? { user, above, path: join(above, 'irqsim') } : undefined;
}

function isOwn({ user, path }) {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === user && (stat.mode & OTHERS) === 0;
}

/** Makes the folder if there is none yet, and never in what belongs to somebody else, as with sudo. */
function makeFolder({ user, above, path }) {
  const parent = fs.statSync(above, { throwIfNoEntry: false }) ?? fs.statSync(dirname(above));
  if (parent.uid !== user || fs.existsSync(path)) return;
  fs.mkdirSync(above, { recursive: true, mode: 0o700 });
  fs.mkdirSync(path, { mode: 0o700 });
}

// A file: its content twice, for a file is whole if both are equal, and to compare them takes a tenth of the time that a sum
// of them takes. The content: the code; the names of the runs that it is from; the length of the code.
const LENGTH = 4;

function fileBytes({ data, runs }) {
  const names = Buffer.from(runs.join(' '));
  const length = Buffer.alloc(LENGTH);
  length.writeInt32LE(data.length);
  const content = [data, names, length];
  return Buffer.concat([...content, ...content]);
}

function contentOf(bytes) {
  const length = bytes.readInt32LE(bytes.length - LENGTH);
  const runs = bytes.toString('latin1', length, bytes.length - LENGTH).split(' ');
  return { data: bytes.subarray(0, length), runs };
}

/** Bytes that are compared at a time, in little memory, for the same reason as in bin/parts.cjs. */
const STEP = 2 ** 16;

/** The content of a file of this size. Throws if it is not there twice. */
function wholeContent(file, size) {
  const length = size / 2;
  const first = readOnce(file, length, 0);
  const part = Buffer.allocUnsafeSlow(STEP);
  for (let at = 0; at < length; at += STEP) {
    const second = part.subarray(0, fs.readSync(file, part, 0, STEP, length + at));
    if (!second.equals(first.subarray(at, at + STEP))) throw new Error('not whole');
  }
  return contentOf(first);
}

/** What a file holds that is the user's alone. Throws if it is anything else. */
function ownContent(path, user) {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const file = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(file);
    const { size } = stat;
    const own = stat.isFile() && stat.uid === user && (stat.mode & OTHERS) === 0 && stat.nlink === 1;
    if (!own || size > MAX_BYTES || size % 2 !== 0) throw new Error('not a file of compiled code');
    return wholeContent(file, size);
  } finally {
    fs.closeSync(file);
  }
}

/** What is kept of a pack's code in the user's folder; undefined if nothing there can be trusted. */
function recallOwn(name) {
  return attempt(() => {
    const folder = ownFolder();
    if (folder && isOwn(folder)) return ownContent(join(folder.path, fileOf(name)), folder.user);
  });
}

/** The code of a pack that the build left for this Node; it is as good as the program beside it. */
const recallShipped = (name) => attempt(() => ({ data: readPart(`${SHIPPED}/${fileOf(name)}`) }));

/** Writes a file in one step, for others read it at any time. */
function writeWhole(path, bytes, mode) {
  const draft = `${path}.${process.pid}`;
  try {
    fs.writeFileSync(draft, bytes, { flag: 'wx', mode });
    fs.renameSync(draft, path);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

/** Leaves the newest files, so that what old versions wrote goes. */
function prune(folder) {
  const files = fs
    .readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, time: fs.lstatSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(MAX_FILES)) fs.unlinkSync(path);
}

/** What names a kind of run: the packs that it loads, in order. */
const runOf = (packs) => packs.map(({ pack }) => pack).join('+');

/**
 * The packs whose code should be kept: where there is none, and the one that a run like this one loads last, where it is
 * from other runs only. A pack is for its own kind of run; more code in it would take others longer to read.
 */
function lackingOf(packs) {
  const run = runOf(packs);
  return packs.filter(
    ({ known }, index) => !known || (index === packs.length - 1 && known.runs?.includes(run) === false),
  );
}

/** Keeps the code that packs lack in the user's folder. */
function keepOwn(packs) {
  const run = runOf(packs);
  const lacking = lackingOf(packs);
  if (lacking.length === 0) return;
  attempt(() => {
    const folder = ownFolder();
    if (!folder) return;
    makeFolder(folder);
    if (!isOwn(folder)) return;
    for (const { name, script, known } of lacking) {
      const content = { data: script.createCachedData(), runs: [...(known?.runs ?? []), run] };
      writeWhole(join(folder.path, fileOf(name)), fileBytes(content), 0o600);
    }
    prune(folder.path);
  });
}

/** Leaves the code of a pack beside it. */
function ship({ name, script }) {
  const folder = join(__dirname, '..', SHIPPED);
  fs.mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, fileOf(name)), script.createCachedData(), 0o644);
}

module.exports = { recallShipped, recallOwn, lackingOf, keepOwn, ship };
