/** The text that `acpidump` prints: several tables as hex dumps. */
import { inputError } from '../../machine/locate.ts';

/** A table of the dump, and the line of the text at which it begins (from 1). */
export interface DumpedTable {
  readonly signature: string;
  readonly bytes: Uint8Array;
  readonly line: number;
}

const TITLE = /^([A-Z0-9_!]{4}) @ 0x[0-9A-Fa-f]+\s*$/;
const ROW = /^\s*([0-9A-Fa-f]{4,8}):((?: [0-9A-Fa-f]{2}){1,16})(?:\s|$)/;
/** Bytes of all tables together; the dump of a server is below one megabyte. */
const MAX_BYTES = 8 * 1024 * 1024;

/** True for text that begins as acpidump's does. */
export function looksLikeAcpidump(text: string): boolean {
  return /^\s*[A-Z0-9_!]{4} @ 0x[0-9A-Fa-f]+\s*$/m.test(text.slice(0, 4096));
}

/** The tables in order. Throws InputError for a hex line whose offset does not follow the one before. */
export function readAcpidump(text: string, file: string): DumpedTable[] {
  const tables: { signature: string; bytes: number[]; line: number }[] = [];
  let total = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const title = TITLE.exec(line.trimEnd());
    if (title) {
      tables.push({ signature: title[1], bytes: [], line: index + 1 });
      continue;
    }
    const row = ROW.exec(line);
    const table = tables.at(-1);
    if (!row || !table) continue;
    if (Number.parseInt(row[1], 16) !== table.bytes.length) {
      const expected = table.bytes.length.toString(16).padStart(4, '0');
      throw inputError(
        file,
        `table ${table.signature}: offset ${row[1]} where ${expected} is next`,
        index + 1,
      );
    }
    const bytes = row[2].trim().split(' ');
    total += bytes.length;
    if (total > MAX_BYTES) throw inputError(file, 'the tables are larger than 8 MiB in all', index + 1);
    for (const byte of bytes) table.bytes.push(Number.parseInt(byte, 16));
  }
  return tables.map(({ signature, bytes, line }) => ({ signature, bytes: Uint8Array.from(bytes), line }));
}
