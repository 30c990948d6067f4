/** Standard output of a command, kept until it is whole and then written into a file. */
import { EXIT, type Io } from '../io.ts';
import { replaceFile } from './replace-file.ts';
import { refuseNoFile, refuseNoFolder, refuseReportAmongInputs } from './whole-file.ts';

/** A file is read in places that have neither colours nor columns; who wants colours there says `--color=always`. */
function fileIo(io: Io, out: Io['out']): Io {
  const { FORCE_COLOR, ...env } = io.env;
  return { ...io, env, stdoutIsTty: false, columns: undefined, out };
}

/** Runs `act`; its exit code. Throws what `act` throws, and UsageError: then the file is as it was. */
export async function intoFile(
  path: string,
  inputs: readonly string[],
  io: Io,
  act: (io: Io) => Promise<number>,
): Promise<number> {
  refuseNoFile(path);
  refuseReportAmongInputs(path, inputs, io.stdin ?? 0);
  refuseNoFolder(path);
  const parts: Buffer[] = [];
  const code = await act(fileIo(io, (text) => void parts.push(Buffer.from(io.shown?.(text) ?? text))));
  if (code !== EXIT.bug) replaceFile(path, Buffer.concat(parts));
  return code;
}
