/** The readers; the first is tried for content that no other recognises. A new one: one file, one line. */

import { normalise } from '../machine/normalise.ts';
import { applySets } from '../machine/set.ts';
import { readNative } from './native.ts';
import type { Reader } from './reader.ts';

const native: Reader = {
  name: 'native',
  async read({ bytes, file, set, known }) {
    const raw = applySets(await readNative(new TextDecoder().decode(bytes), file), set);
    return normalise(raw.value, file, raw.locate, known);
  },
};

export const READERS: readonly Reader[] = [native];
