/** Streams NDJSON cases through a function, line by line, in bounded memory. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { inputError } from '../../machine/locate.ts';
import { maybeGunzip } from '../input/gunzip.ts';
import { standardInputStream } from '../input/read-bytes.ts';
import { EXIT, type Io, oneLine } from '../io.ts';

/** Runs one parsed case; the result has an `error` key if the case cannot be read. */
export type RunCase = (input: unknown) => object;

function parseCase(line: string, number: number, run: RunCase): object {
  let input: unknown;
  try {
    input = JSON.parse(line);
  } catch (error) {
    return { id: null, error: `line ${number} is not JSON: ${(error as Error).message}` };
  }
  return run(input);
}

/** Runs every case of `file` (undefined or "-": standard input). Returns the exit code. */
export async function runCases(file: string | undefined, run: RunCase, io: Io): Promise<number> {
  const source = file === undefined || file === '-' ? standardInputStream() : createReadStream(file);
  const name = file ?? '-';
  let failed = 0;
  let number = 0;
  try {
    const lines = createInterface({
      input: Readable.from(maybeGunzip(source)),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const result = parseCase(line, number, run);
      if ('error' in result) failed++;
      io.out(`${JSON.stringify(result)}\n`);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw inputError(name, 'no such file');
    if (code === 'EISDIR') throw inputError(name, 'is a directory; a file of cases is expected');
    if (code?.startsWith('Z_')) throw inputError(name, 'the gzip data is damaged or cut short', number + 1);
    throw error;
  }
  if (failed > 0)
    io.err(oneLine(`irqsim: ${name}: ${failed} case${failed === 1 ? '' : 's'} could not be read`));
  return failed > 0 ? EXIT.badInput : EXIT.clean;
}
