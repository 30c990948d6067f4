/** The beginning of an input as text, for those who recognise formats. */
import { rememberLast } from '../../lib/remember-last.ts';

const utf8 = new TextDecoder();

/** Two dozen readers are asked about the same bytes, which do not change. */
const textOf = rememberLast((bytes: Uint8Array): string => utf8.decode(bytes));

/** The first `limit` bytes as text, without a byte order mark; what is no UTF-8 reads as U+FFFD. */
export function headText(bytes: Uint8Array, limit: number): string {
  return bytes.length > limit ? utf8.decode(bytes.subarray(0, limit)) : textOf(bytes);
}
