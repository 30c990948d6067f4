#!/usr/bin/env node
// Node 22 and newer keep compiled code by themselves; for Node 20 the build leaves it beside the bundle.
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

if (!existsSync(join(__dirname, '../dist/cli/main.js'))) {
  process.stderr.write('irqsim: not built yet: run `npm run build` in the folder of irqsim first\n');
  process.exitCode = 2;
} else if (enableCompileCache) {
  enableCompileCache();
  require('../dist/cli/main.js');
} else {
  require('./cached.cjs').run();
}
