// The parts of the build that the loader reads: files, unless the single file (bin/packaging/single.cjs) says otherwise.
const { closeSync, existsSync, fstatSync, openSync, readSync } = require('node:fs');
const { join } = require('node:path');

/** Enough for each part of a start. */
const MEMORY = 2 ** 21;
let memory;

/**
 * Bytes of a file, or fewer if it has fewer, in memory that the next call uses again: to touch memory for the first time
 * takes longer than to read a file into it.
 */
function readOnce(file, size, position) {
  if (memory === undefined || memory.length < size) memory = Buffer.allocUnsafeSlow(Math.max(size, MEMORY));
  return memory.subarray(0, readSync(file, memory, 0, size, position));
}

/** What a file holds. */
function contentOf(path, encoding) {
  const file = openSync(path);
  try {
    const bytes = readOnce(file, fstatSync(file).size, 0);
    return encoding ? bytes.toString(encoding) : bytes;
  } finally {
    closeSync(file);
  }
}

const files = {
  has: (path) => existsSync(join(__dirname, '..', path)),
  read: (path, encoding) => contentOf(join(__dirname, '..', path), encoding),
};
let parts = files;

module.exports = {
  readOnce,
  /** True if the build left this part; its path is one from the root of the project. */
  hasPart: (path) => parts.has(path),
  /** Its text in an encoding; or its bytes, until something else is read. Throws if there is none. */
  readPart: (path, encoding) => parts.read(path, encoding),
  /** Has another reader instead of the files. */
  readPartsFrom(other) {
    parts = other;
  },
};
