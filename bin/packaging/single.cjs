// What the single file runs, bundled, in the main thread and in threads of its own: the program, from assets.
const { getAsset, getRawAsset } = require('node:sea');
const { isMainThread } = require('node:worker_threads');
const { run, runThread } = require('../load.cjs');
const { readPartsFrom } = require('../parts.cjs');

readPartsFrom({
  has: () => true,
  read: (path, encoding) => (encoding ? getAsset(path, encoding) : Buffer.from(getRawAsset(path))),
});
if (isMainThread) run();
else runThread();
