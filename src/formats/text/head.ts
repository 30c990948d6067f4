/** The beginning of an input as text, for those who recognise formats. */

const utf8 = new TextDecoder();

/** Texts of inputs: two dozen readers are asked about the same bytes. The bytes of an input do not change. */
const texts = new WeakMap<Uint8Array, string>();

/** The first `limit` bytes as text, without a byte order mark; what is no UTF-8 reads as U+FFFD. */
export function headText(bytes: Uint8Array, limit: number): string {
  if (bytes.length > limit) return utf8.decode(bytes.subarray(0, limit));
  const known = texts.get(bytes);
  if (known !== undefined) return known;
  const text = utf8.decode(bytes);
  texts.set(bytes, text);
  return text;
}
