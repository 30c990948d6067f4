/** Runs the command line: in this process, or as the built program where the test is about the process. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { builtProgram, ROOT } from '../built.ts';

export { ROOT };

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** CPU time of a run in this process: what a busy machine does not change. */
  readonly cpuSeconds?: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Folder to run in. Default: the project folder. */
  readonly cwd?: string;
  /** Standard input. */
  readonly input?: string | Uint8Array;
}

/** The environment of a run; nothing of the caller's colour settings leaks in. */
function environment(more: RunOptions['env']): Record<string, string | undefined> {
  const { NO_COLOR, FORCE_COLOR, NODE_EXTRA_CA_CERTS, ...env } = process.env;
  return { ...env, ...more };
}

/** An Io without a terminal that keeps what it is told. */
export function keepingIo(env: Io['env'] = {}): {
  readonly io: Io;
  readonly said: { out: string; err: string };
} {
  const said = { out: '', err: '' };
  const err = (text: string) => {
    said.err += text;
  };
  const out = (text: string) => {
    said.out += text;
  };
  const io = {
    env,
    stdoutIsTty: false,
    stderrIsTty: false,
    asciiOnly: false,
    columns: undefined,
    out,
    err,
    note: err,
  };
  return { io, said };
}

/** Runs irqsim in this process. Runs of one test file must follow each other, for the folder is the process's. */
export async function irqsim(
  args: readonly string[],
  { env, cwd = ROOT, input }: RunOptions = {},
): Promise<Outcome> {
  const { io, said } = keepingIo(environment(env));
  const stdin = openSync(input === undefined ? '/dev/null' : scratchFile('standard-input', input), 'r');
  const began = process.cpuUsage();
  try {
    const code = await run(args, { ...io, stdin, cwd });
    const { user, system } = process.cpuUsage(began);
    return { code, ...said, cpuSeconds: (user + system) / 1e6 };
  } finally {
    closeSync(stdin);
  }
}

let program: string | undefined;

/** Runs the built program in a process of its own: for pipes, worker threads, signals and memory. */
export function irqsimProcess(
  args: readonly string[],
  { input = '', env, cwd = ROOT }: RunOptions = {},
): Outcome {
  program ??= builtProgram();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: environment(env),
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 2 ** 20,
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** The same without standard input, while others run: for what waits. */
export async function startedIrqsim(args: readonly string[]): Promise<Outcome> {
  program ??= builtProgram();
  const child = spawn(process.execPath, [program, ...args], {
    cwd: ROOT,
    env: environment(undefined),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

const scratch = mkdtempSync(join(tmpdir(), 'irqsim-test-'));

/** Writes a file into a scratch folder and returns its path. */
export function scratchFile(name: string, content: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}
