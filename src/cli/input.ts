/** Reads an INPUT (a file, a directory, or "-") and makes a Machine of it. */
import { readFileSync, statSync } from 'node:fs';
import { DRIVERS } from '../drivers/index.ts';
import { LIMITS } from '../machine/limits.ts';
import { inputError } from '../machine/locate.ts';
import type { Machine } from '../machine/machine.ts';
import { POLICY_NAMES } from '../policy/index.ts';
import { READERS } from '../readers/index.ts';
import { RULE_NAMES } from '../rules/index.ts';
import { UsageError } from './io.ts';

export interface InputOptions {
  /** Reader to use whatever the content looks like. */
  readonly from?: string | undefined;
  /** `--set` assignments, and events as `--event EVENT`, in order. */
  readonly set: readonly string[];
}

const STDIN = 0;

function describeFailure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EISDIR') return 'is a directory';
  return `cannot be read (${code ?? (error as Error).message})`;
}

/** The bytes of one input, refused past the size limit before they are read where that can be known. */
function readBytes(input: string): Uint8Array {
  const tooLarge = () => inputError(input, `the input is larger than ${LIMITS.textBytes / 2 ** 20} MiB`);
  try {
    if (input !== '-') {
      const stat = statSync(input);
      if (stat.isDirectory()) {
        throw inputError(
          input,
          'this directory is not a captured machine: it has no proc/ and sys/ that irqsim can read',
        );
      }
      if (stat.size > LIMITS.textBytes) throw tooLarge();
    }
    const bytes = readFileSync(input === '-' ? STDIN : input);
    if (bytes.length > LIMITS.textBytes) throw tooLarge();
    return bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw inputError(input, describeFailure(error));
    throw error;
  }
}

/** Reads and checks one input. Throws InputError or UsageError. */
export async function readMachine(input: string, options: InputOptions): Promise<Machine> {
  const bytes = readBytes(input);
  const reader = options.from === undefined ? READERS[0] : READERS.find((one) => one.name === options.from);
  if (!reader) {
    throw new UsageError(
      `--from ${options.from}: no such kind; one of ${READERS.map((one) => one.name).join(', ')}`,
    );
  }
  return reader.read({
    bytes,
    file: input,
    set: options.set,
    known: {
      drivers: [...DRIVERS.keys()],
      policies: POLICY_NAMES,
      rules: RULE_NAMES,
    },
  });
}
