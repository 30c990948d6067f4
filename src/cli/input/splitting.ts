/** Whether a large input is cut into objects, and into which: what its beginning looks like decides. */
import { kubevirt } from '../../formats/kubevirt/reader.ts';
import { jsonSplitter } from './json-parts.ts';
import type { Splitter } from './part.ts';
import { yamlSplitter } from './yaml-parts.ts';

/** What is looked at. */
const HEAD = 64 * 1024;
/** The keys that kubectl prints before the items: `{"apiVersion": "v1", "items": [`. */
const JSON_LIST =
  /^\ufeff?\s*\{\s*(?:"(?:apiVersion|kind)"\s*:\s*"[^"]*"\s*,\s*|"metadata"\s*:\s*\{[^{}]*\}\s*,\s*)*"items"\s*:\s*\[/;

/** The same as YAML. */
const YAML_LIST =
  /^\ufeff?(?:(?:#.*|---.*|\s*)\n)*(?:(?:apiVersion|kind): .*\n|metadata:.*\n(?: .*\n)*)*items:[ \t]*\n/;

/** The first line of a manifest that nothing surrounds, behind comments and directives. */
const MANIFEST =
  /^\ufeff?(?:(?:#.*|%.*|\s*)\n)*(?:---(?:\s|$)|["']?(?:apiVersion|kind|metadata|spec)["']?\s*:|\{)/;

/** An object that takes more than its first line. */
const OPEN_OBJECT = /^\ufeff?\s*\{[ \t]*\r?\n/;

const textOf = (head: Uint8Array) => Buffer.from(head.subarray(0, HEAD)).toString('utf8');

/** True if a text that begins so is a list in JSON. */
export const beginsList = (head: Uint8Array): boolean => JSON_LIST.test(textOf(head));

/** What splits an input that begins so; undefined: it is read in one piece. `from`: the format that was asked for. */
export function splitterFor(head: Uint8Array, from?: string): Splitter | undefined {
  if (from !== undefined && from !== kubevirt.name) return undefined;
  const text = textOf(head);
  if (JSON_LIST.test(text)) return jsonSplitter();
  if (YAML_LIST.test(text)) return yamlSplitter();
  if (!kubevirt.recognises(head, '')) return undefined;
  if (/^\ufeff?\s*\{/.test(text)) return jsonSplitter();
  return MANIFEST.test(text) ? yamlSplitter() : undefined;
}

/** The same for a stream of records, which are one line each: only what is no record for sure is split. */
export function streamSplitter(head: Uint8Array, from?: string): Splitter | undefined {
  const text = textOf(head);
  return JSON_LIST.test(text) || OPEN_OBJECT.test(text) || !/^\ufeff?\s*\{/.test(text)
    ? splitterFor(head, from)
    : undefined;
}
