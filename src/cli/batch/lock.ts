/** Keeps two processes of a host from writing the same output. What a killed process leaves does not count. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { UsageError } from '../io.ts';

interface Holder {
  /** Of this one taking of the lock. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's ticks: a number may come again, with another start. */
  readonly started: string | null;
}

export interface Lock {
  /** False once another process has taken it: one of another host cannot know that we live. */
  readonly isHeld: () => boolean;
  readonly release: () => void;
}

/** Field 22 of /proc/PID/stat, counted behind the name, which may hold anything; null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function holderOf(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Only of this host it can be known. */
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostname() || pid === process.pid || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** Takes the lock of an output. Throws UsageError if a living process of this host has it. */
export function lock(output: string): Lock {
  const path = `${output}.lock`;
  const mine: Holder = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
  };
  const holder = holderOf(path);
  if (holder && isAlive(holder))
    throw new UsageError(`${output} is being written by another irqsim (process ${holder.pid})`);
  rmSync(path, { force: true });
  try {
    writeFileSync(path, JSON.stringify(mine), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(`${output} is being written by another irqsim`);
    rmSync(path, { force: true });
    throw error;
  }
  const isHeld = () => holderOf(path)?.id === mine.id;
  return {
    isHeld,
    release() {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}
