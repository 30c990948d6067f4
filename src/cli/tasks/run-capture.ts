/** Runs the capture script on this machine. */
import { spawnSync } from 'node:child_process';
import { UsageError } from '../io.ts';
import { captureScript } from './capture-script.ts';

/**
 * Captures what is below `root` into the archive `output`; returns the names of the collected files, one a
 * line. Throws UsageError if it cannot.
 */
export function runCapture(output: string, root: string): string {
  if (root === '/' && process.platform !== 'linux')
    throw new UsageError('capture: this is not a Linux machine');
  const { status, stderr, error } = spawnSync('/bin/sh', ['-s', '--', output, root], {
    input: captureScript(),
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  if (error) throw new UsageError(`capture: ${error.message}`);
  if (status !== 0) {
    const why = stderr
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('collected '))
      .join('\n');
    throw new UsageError(`capture: the archive cannot be written: ${why}`);
  }
  return stderr;
}
