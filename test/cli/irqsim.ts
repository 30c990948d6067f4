/** Runs the built command line as a user would. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'bin/irqsim.cjs');

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder to run in. Default: the project folder. */
  readonly cwd?: string;
}

/** Runs irqsim; nothing of the caller's colour settings leaks in. */
export function irqsim(args: readonly string[], options: RunOptions = {}): Outcome {
  const { NO_COLOR, FORCE_COLOR, NODE_EXTRA_CA_CERTS, ...env } = process.env;
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...env, ...options.env },
    input: options.input ?? '',
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr, seconds: (performance.now() - began) / 1000 };
}

const scratch = mkdtempSync(join(tmpdir(), 'irqsim-test-'));

/** Writes a file into a scratch folder and returns its path. */
export function scratchFile(name: string, content: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}
