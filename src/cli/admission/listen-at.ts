/** Where to listen, as it is typed. */
import { UsageError } from '../io.ts';

export interface Place {
  /** Undefined: all addresses. */
  readonly host: string | undefined;
  readonly port: number;
}

const MAX_PORT = 65_535;

/** "8443", ":8443", "127.0.0.1:8443", "[::1]:8443". Throws UsageError. */
export function placeOf(text: string): Place {
  const [, v6, name, digits] = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))?:)?(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > MAX_PORT)
    throw new UsageError(
      `--listen ${text}: expected a port, or an address and a port such as 127.0.0.1:8443`,
    );
  return { host: v6 ?? name, port: Number(digits) };
}

/** What the system says against it, in words. */
export function listenProblem(text: string, { code = 'unknown error' }: NodeJS.ErrnoException): UsageError {
  const words = { EADDRINUSE: 'another program listens there', EACCES: 'this user may not listen there' };
  const known = Object.entries(words).find(([name]) => name === code)?.[1];
  return new UsageError(`--listen ${text}: ${known ?? `cannot be listened at (${code})`}`);
}
