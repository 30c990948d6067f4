/** How many channels the HPET has is said by the kernel log: without that line nothing is held against a guess. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { treeOf } from '../../../src/cli/input/tree.ts';
import type { Tree } from '../../../src/formats/linux-capture/tree.ts';
import { verifyCapture } from '../../../src/questions/verify/verify.ts';

const CAPTURE = fileURLToPath(new URL('../../captures/b10-hpetmsi-noir-6.12.tar.xz', import.meta.url));
const SAID = /^.*hpet0: \d+ comparators.*\n/gm;

/** The capture; `without`: what its logs have lost. */
async function capture(without?: RegExp): Promise<Tree> {
  const tree = await treeOf(CAPTURE);
  if (!tree) throw new Error(`${CAPTURE} is no archive`);
  return {
    ...tree,
    list: (path) => tree.list(path),
    link: (path) => tree.link(path),
    read(path) {
      const bytes = tree.read(path);
      if (without === undefined || !bytes || !path.endsWith('dmesg.txt')) return bytes;
      return new TextEncoder().encode(new TextDecoder().decode(bytes).replace(without, ''));
    },
  };
}

const WHY = 'the kernel log does not tell how many channels the HPET has';

test('with the line the channels are compared, without they are not', async () => {
  const told = verifyCapture(await capture(), 'c');
  expect(told.mismatches).toEqual([]);
  expect(told.notCompared.filter(({ why }) => why === WHY)).toEqual([]);
  const silent = verifyCapture(await capture(SAID), 'c');
  expect(silent.mismatches).toEqual([]);
  expect(silent.notCompared.filter(({ why }) => why === WHY)).toMatchObject([{ kind: 'interrupt numbers' }]);
});

test('a wrong guess is no mismatch either', async () => {
  const set = ['hpet.channels=3'];
  const silent = verifyCapture(await capture(SAID), 'c', set);
  expect(silent.mismatches).toEqual([]);
});
