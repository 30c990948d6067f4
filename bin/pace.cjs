// The pace at which V8 optimises. It compiles anew what has run for a while, on other threads; a command that is done in
// some tenths of a second is over before that pays, and half of the CPU time that it took was for nothing.
const { setFlagsFromString } = require('node:v8');

/**
 * By the line of Node: eight times what V8 itself waits, in its own measure. A command that works for seconds hardly
 * notices. Other lines keep V8's own pace, for flags come and go with V8.
 */
const FLAGS = {
  20: '--interrupt-budget=540672',
  22: '--invocation-count-for-turbofan=24000',
  24: '--invocation-count-for-maglev=3200',
};

/** Has V8 take its time, from now on. Compiled code of packs has to be loaded before. */
function takeTime() {
  const flag = FLAGS[process.versions.node.split('.')[0]];
  if (flag !== undefined) setFlagsFromString(flag);
}

module.exports = { takeTime };
