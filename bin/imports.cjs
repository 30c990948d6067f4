// Called by the build: a chunk asks for those that it uses something of. esbuild has the beginning of each command ask for
// all chunks below it, for effects that loading them may have; no module of irqsim has any, and what is late would be early.
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const DIRECTORY = join(__dirname, '../dist/esm');
const FOR_EFFECTS = /\bimport"\.\/chunk-\w+\.js";/g;

for (const name of readdirSync(DIRECTORY)) {
  const path = join(DIRECTORY, name);
  writeFileSync(path, readFileSync(path, 'utf8').replace(FOR_EFFECTS, ''));
}
