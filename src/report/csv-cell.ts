/** A cell of CSV (RFC 4180) that a spreadsheet shows as it is. */
import { visible } from '../lib/visible.ts';

/**
 * What a spreadsheet runs as a formula; also in the wide forms that some take for the narrow ones. A minus alone
 * ("none") or before a number is none.
 */
const FORMULA = /^(?:[=+@\uff1d\uff0b\uff0d\uff20]|-(?!$|\d+(?:\.\d+)?$))/;

/** A value as it stands in a row: on one line, no formula (an apostrophe before it says so), quoted where it has to be. */
export function csvCell(value: string | number): string {
  const shown = visible(String(value));
  const text = typeof value === 'string' && FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
