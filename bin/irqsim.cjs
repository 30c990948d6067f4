#!/usr/bin/env node
// Node 22 and newer keep compiled code by themselves; for Node 20 the build leaves it beside the bundle.
const { enableCompileCache } = require('node:module');
if (enableCompileCache) {
  enableCompileCache();
  require('../dist/cli/main.js');
} else {
  require('./cached.cjs').run();
}
