/** Runs the capture script on this machine. */
import { spawnSync } from 'node:child_process';
import { UsageError } from '../io.ts';
import { captureScript } from './capture-script.ts';

const COLLECTED = 'collected ';

/**
 * Captures what is below `root` into the archive `output` (-: standard output); returns the names of the collected files.
 * Throws UsageError if it cannot.
 */
export function runCapture(output: string, root: string): readonly string[] {
  if (root === '/' && process.platform !== 'linux')
    throw new UsageError('capture: this is not a Linux machine');
  const { status, stderr, error } = spawnSync('/bin/sh', ['-s', '--', output, root], {
    input: captureScript(),
    encoding: 'utf8',
    stdio: ['pipe', output === '-' ? 'inherit' : 'pipe', 'pipe'],
    maxBuffer: 64 * 2 ** 20,
  });
  if (error) throw new UsageError(`capture: ${error.message}`);
  const lines = stderr.split('\n').filter((line) => line !== '');
  if (status !== 0) {
    const why = lines.filter((line) => !line.startsWith(COLLECTED)).join('\n');
    throw new UsageError(`capture: the archive cannot be written: ${why}`);
  }
  return lines.filter((line) => line.startsWith(COLLECTED)).map((line) => line.slice(COLLECTED.length));
}
