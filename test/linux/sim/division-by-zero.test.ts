/** Kernels before 5.4 divide by zero where few of many CPUs on several nodes are plugged: a golden case, as a machine. */
import { expect, test } from 'vitest';
import { spreadAffinity } from '../../../src/index.ts';
import { analyzeText } from '../../helpers.ts';

const EVEN = Array.from({ length: 32 }, (_, n) => 2 * n).join();
const ODD = Array.from({ length: 32 }, (_, n) => 2 * n + 1).join();

test.each([
  ['5.0', true],
  ['5.10', false],
])('%s: the library says so: %j', (kernel, crash) => {
  const request = {
    vectors: 10,
    preVectors: 1,
    possible: '0-63',
    present: '0-7',
    nodes: [EVEN, ODD],
    kernel,
  };
  const spread = spreadAffinity(request);
  if (crash) expect(spread).toEqual({ masks: [], managed: [0, 0], warn: false, crash: true });
  else expect(spread).toMatchObject({ managed: [1, 10], crash: false });
});

test.each([
  ['5.0', { vectorsGranted: 0, errno: 22, fullCpu: null }],
  ['5.10', { vectorsGranted: 10, errno: 0, fullCpu: null }],
])('%s: what becomes of a device', async (kernel, expected) => {
  const plugged = Array.from({ length: 8 }, (_, n) => `  - { apicId: ${n}, node: ${n % 2} }`).join('\n');
  const { run } = await analyzeText(`kernel: "${kernel}"
platform: kvm
hpet: off
cpus:
${plugged}
  - { apicId: "8-63", state: absent }
devices:
  - { name: one, driver: generic, managed: true, preVectors: 1, vectors: 10 }
`);
  expect(run.devices[0]).toMatchObject(expected);
});
