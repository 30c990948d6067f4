/** Captures of real boots, where they are at hand: the model predicts what the machine shows. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../../../src/cli/input/tree.ts';
import { verifyCapture } from '../../../src/questions/verify/verify.ts';

const CAPTURES = fileURLToPath(new URL('../../../../shared/captures', import.meta.url));
const files = existsSync(CAPTURES) ? readdirSync(CAPTURES).filter((name) => name.endsWith('.tar.xz')) : [];

describe.skipIf(files.length === 0)('captures', () => {
  test.each(files)('%s', async (file) => {
    const tree = await treeOf(join(CAPTURES, file));
    if (!tree) throw new Error(`${file} is no archive`);
    const { mismatches } = verifyCapture(tree, file);
    expect(mismatches).toEqual([]);
  });
});
