/** Captures of real boots, each held against the model. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { treeOf } from '../../src/cli/input/tree.ts';
import type { Tree } from '../../src/formats/linux-capture/tree.ts';
import { type Verification, verifyCapture } from '../../src/questions/verify/verify.ts';

const SUFFIX = '.tar.xz';
/** What is read of each capture, and no more. */
const OWN = fileURLToPath(new URL('../captures', import.meta.url));
/** Captures as they were taken, where they are at hand. */
const WHOLE = fileURLToPath(new URL('../../../shared/captures', import.meta.url));

/** What the record keeps of one capture. */
export interface CaptureRow {
  readonly name: string;
  readonly kernel: string;
  readonly platform: string;
  /** Values compared, by kind. */
  readonly compared: Readonly<Record<string, number>>;
  readonly differences: number;
  /** Values not compared, by kind and reason. */
  readonly notCompared: Readonly<Record<string, number>>;
}

function namesIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
}

/** Names of the captures that come with the project. */
export const CAPTURES: readonly string[] = namesIn(OWN);
/** Names of those that do not. */
export const OTHERS: readonly string[] = namesIn(WHOLE).filter((name) => !CAPTURES.includes(name));

/** Archives unpacked so far: several tests ask for them, and those that judge mutants (test/mutation) again and again. */
const unpacked = new Map<string, Tree>();

/** The files of a capture. */
export async function treeOfCapture(name: string): Promise<Tree> {
  const file = join(CAPTURES.includes(name) ? OWN : WHOLE, `${name}${SUFFIX}`);
  const tree = unpacked.get(file) ?? (await treeOf(file));
  if (!tree) throw new Error(`${file} is no archive`);
  unpacked.set(file, tree);
  return tree;
}

/** Verifies the capture with this name. */
export async function verified(name: string): Promise<Verification> {
  return verifyCapture(await treeOfCapture(name), name);
}

export function rowOf(name: string, { counts, mismatches, notCompared, machine }: Verification): CaptureRow {
  const skipped: Record<string, number> = {};
  for (const { kind, why, count } of notCompared) {
    const key = `${kind}: ${why}`;
    skipped[key] = (skipped[key] ?? 0) + count;
  }
  return {
    name,
    kernel: machine.kernel.text,
    platform: machine.platform,
    compared: Object.fromEntries([...counts].map(([kind, { compared }]) => [kind, compared])),
    differences: mismatches.length,
    notCompared: skipped,
  };
}
