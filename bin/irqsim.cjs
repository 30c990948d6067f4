#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (existsSync(join(__dirname, '../dist/cli/start.pack'))) require('./load.cjs').run();
else {
  process.stderr.write('irqsim: not built yet: run `npm run build` in the folder of irqsim first\n');
  process.exitCode = 2;
}
