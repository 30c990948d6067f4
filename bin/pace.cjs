// The pace at which V8 optimises. It compiles anew what has run for a while, on other threads; a command that is done in
// some tenths of a second is over before that pays, and half of the CPU time that it took was for nothing.
const { setFlagsFromString } = require('node:v8');

/** By the line of Node, what sets the pace and what V8 itself waits. Other lines keep V8's own pace, for flags come and go with V8. */
const FLAGS = {
  20: { flag: '--interrupt-budget', own: 67584 },
  22: { flag: '--invocation-count-for-turbofan', own: 3000 },
  24: { flag: '--invocation-count-for-maglev', own: 400 },
};

function wait(times) {
  const known = FLAGS[process.versions.node.split('.')[0]];
  if (known !== undefined) setFlagsFromString(`${known.flag}=${times * known.own}`);
}

/**
 * Has V8 take its time, eight times what it takes itself, from now on. A command that works for seconds hardly notices.
 * Compiled code of packs has to be loaded before.
 */
const takeTime = () => wait(8);

/** V8's own pace again, in all threads: for those who work for minutes, as the workers of a batch do. */
const ownPace = () => wait(1);

module.exports = { takeTime, ownPace };
