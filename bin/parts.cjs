// The parts of the build that the loader reads: files, unless the single file (bin/packaging/single.cjs) says otherwise.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const files = {
  has: (path) => existsSync(join(__dirname, '..', path)),
  read: (path, encoding) => readFileSync(join(__dirname, '..', path), encoding),
};
let parts = files;

module.exports = {
  /** True if the build left this part; its path is one from the root of the project. */
  hasPart: (path) => parts.has(path),
  /** Its bytes, or its text in an encoding. Throws if there is none. */
  readPart: (path, encoding) => parts.read(path, encoding),
  /** Has another reader instead of the files. */
  readPartsFrom(other) {
    parts = other;
  },
};
