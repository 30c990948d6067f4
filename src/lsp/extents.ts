/** What stands around a place: elements of XML, values of YAML and JSON. */
import type { InputFormat } from '../formats/formats.ts';
import { readXml, rootName, type XmlElement } from '../formats/text/xml.ts';
import { looseYaml, partsAround } from '../formats/text/yaml-loose.ts';

/** From `start` up to `end`, by offsets. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

const YAML: readonly InputFormat[] = ['native', 'kubevirt'];

async function elementsAround(text: string, offset: number): Promise<Extent[]> {
  const around: Extent[] = [];
  let level: readonly XmlElement[] = [await readXml(text)];
  for (;;) {
    const next = level.find((one) => one.offset <= offset && offset < one.end);
    if (!next) return around;
    around.unshift({ start: next.offset, end: next.end });
    level = next.children;
  }
}

async function valuesAround(text: string, offset: number): Promise<Extent[]> {
  const documents = (await looseYaml(text)).map((source) => partsAround(source, offset));
  const parts = documents.find(([whole]) => whole && whole.start <= offset && offset <= whole.end) ?? [];
  return [...parts].reverse();
}

/**
 * The parts of a text around an offset, the nearest first. Null for a text without such parts, as a script, and for one
 * that cannot be read: there a line is all there is.
 */
export async function extentsAround(
  text: string,
  offset: number,
  format: InputFormat,
): Promise<readonly Extent[] | null> {
  // Parsers count without a byte order mark.
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const clean = text.slice(mark);
  const isXml = rootName(clean) !== undefined;
  if (!isXml && !YAML.includes(format) && !/^\s*[{[]/.test(clean)) return null;
  try {
    const found = await (isXml ? elementsAround : valuesAround)(clean, offset - mark);
    return found.map(({ start, end }) => ({ start: start + mark, end: end + mark }));
  } catch {
    return null;
  }
}
