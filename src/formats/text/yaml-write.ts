/** Values as YAML or JSON text, on one line, in the manner of what stands around them. */

import { isMapping } from './values.ts';
import type { YamlPackage } from './yaml-nodes.ts';

/** How values are written at a place. */
export interface Manner {
  /** JSON: keys and texts in double quotes. */
  readonly json: boolean;
  /** Inside brackets, where commas part values. */
  readonly flow: boolean;
  /** Between a key and its value: ": " or, in compact JSON, ":". */
  readonly colon: string;
}

/** Keys and texts that need no quotes anywhere, and are no words with a meaning. */
const PLAIN_KEY = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z_][\w.-]*$/i;

/** A key. */
export function keyText(key: string | number, { json }: Manner): string {
  return !json && PLAIN_KEY.test(String(key)) ? String(key) : JSON.stringify(String(key));
}

/** A value. */
export function valueText(yaml: YamlPackage, value: unknown, manner: Manner): string {
  if (manner.json) return jsonText(value, manner.colon);
  if (typeof value === 'string' && /[\r\n]/.test(value)) return JSON.stringify(value);
  const options = { collectionStyle: 'flow', lineWidth: 0 } as const;
  if (typeof value === 'object' || !manner.flow) return yaml.stringify(value, options).trim();
  // In a list the package quotes what would end a value inside brackets.
  return yaml.stringify([value], options).trim().slice(1, -1).trim();
}

/** JSON on one line, with blanks after commas and inside braces unless the text around is compact. */
function jsonText(value: unknown, colon: string): string {
  if (colon === ':') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => jsonText(one, colon)).join(', ')}]`;
  if (!isMapping(value)) return JSON.stringify(value);
  const parts = Object.entries(value).map(
    ([key, part]) => `${JSON.stringify(key)}${colon}${jsonText(part, colon)}`,
  );
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** A text in the quotes of the one that it replaces, if there were any. */
export function quotedLike(type: string | undefined, text: string): string | undefined {
  if (type === 'QUOTE_DOUBLE') return JSON.stringify(text);
  if (type === 'QUOTE_SINGLE' && !/[\r\n]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return type === 'PLAIN' && /^[\w./:=,-]+$/.test(text) ? text : undefined;
}
