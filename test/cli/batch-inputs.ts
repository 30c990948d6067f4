/** Inputs for batch tests, and runs of batch in this process and in others. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { type BatchOptions, type CreateRunner, runBatch } from '../../src/cli/batch/batch.ts';
import { createMemory, runItems } from '../../src/cli/batch/runner.ts';
import { batchCommand } from '../../src/cli/commands/batch.ts';
import { takeStandardInput } from '../../src/cli/input/read-bytes.ts';
import { builtProgram, ROOT } from '../built.ts';
import { keepingIo, scratchFile } from './irqsim.ts';

export const BIN = builtProgram();

/** A new empty folder. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'irqsim-batch-'));
}

/** Writes files, by path below the folder, and returns the folder. */
export function withFiles(files: Readonly<Record<string, string | Uint8Array>>, at = folder()): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(at, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return at;
}

/** A machine of so many CPUs without timers to note, so that it passes with a note at most. */
export function machine(cores: number, more: object = {}): object {
  return { kernel: '6.12', hpet: 'off', topology: { cores }, ...more };
}

/** Its last 44 CPUs cannot be reached, so its verdict is fail. */
export const TOO_LARGE = machine(300, { platform: 'kvm' });

/** One input that gives two records. */
export const TWO_GUESTS = ['a', 'b'].map((name) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name },
  spec: { template: { spec: { domain: { cpu: { cores: 2 }, devices: {} } } } },
}));

export function ndjson(values: readonly unknown[]): string {
  return values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');
}

export interface BatchLine {
  readonly id: string;
  readonly index: number;
  readonly part?: { readonly number: number; readonly of: number };
  readonly inputSha256?: string;
  readonly verdict?: string;
  readonly error?: {
    readonly kind: string;
    readonly message: string;
    readonly problems: readonly { file: string; line: number; column: number; message: string }[];
  };
  readonly [key: string]: unknown;
}

/** The records of an output, and its trailer. */
export function parsed(output: string): { records: BatchLine[]; trailer: Record<string, unknown> } {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { trailer } = lines.pop();
  return { records: lines, trailer };
}

const inThisThread: CreateRunner = (job) => {
  const repeats = createMemory();
  let stopped = false;
  return {
    slots: 1,
    run: (items) => runItems(items, job, () => stopped, repeats),
    stop() {
      stopped = true;
    },
    close: async () => {},
  };
};

/** Runs batch in this thread, without workers; for tests that run it thousands of times. `input`: standard input. */
export async function batchHere(
  args: readonly string[],
  input?: string | Uint8Array,
): Promise<{ code: number; err: string }> {
  let code = -1;
  const stdin = openSync(input === undefined ? '/dev/null' : scratchFile('batch-input', input), 'r');
  takeStandardInput(stdin);
  const { io, said } = keepingIo();
  const command = batchCommand(io, () => {})
    .exitOverride()
    .action(async (inputs: string[], options: BatchOptions) => {
      code = await runBatch(inputs, options, io, inThisThread);
    });
  try {
    await new Command().addCommand(command).parseAsync(['batch', '--no-config', ...args], { from: 'user' });
    return { code, err: said.err };
  } finally {
    closeSync(stdin);
  }
}

/** The same, with the output. */
export async function recordsOf(
  ...args: readonly string[]
): Promise<{ code: number; err: string; out: string }> {
  const path = join(folder(), 'out');
  return { ...(await batchHere([...args, '-o', path])), out: readFileSync(path, 'utf8') };
}

/** The records of standard input. */
export async function recordsFrom(
  input: string | Uint8Array,
  ...args: readonly string[]
): Promise<{ code: number; err: string; out: string }> {
  const path = join(folder(), 'out');
  return { ...(await batchHere([...args, '-o', path], input)), out: readFileSync(path, 'utf8') };
}

/** Starts irqsim and does not wait. */
export function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** How a process ended: its exit code or its signal. */
export function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
}
