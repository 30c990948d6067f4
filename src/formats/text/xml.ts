/**
 * XML with positions, through the `saxes` package, which is loaded only when there is XML to read. Entities are the
 * five of XML itself: a DOCTYPE is refused, so nothing expands.
 */
import { grouped, LIMITS } from '../../machine/limits.ts';
import { tooDeep } from './json.ts';
import { TextError } from './text.ts';
import { withoutHyphens } from './xml-hyphens.ts';

/** A value and its offset in the text. */
export interface XmlText {
  readonly value: string;
  readonly offset: number;
}

export interface XmlElement {
  readonly name: string;
  /** Offset of "<". */
  readonly offset: number;
  /** Offset behind the ">" of the opening tag. */
  readonly openEnd: number;
  /** Offset behind the whole element. */
  readonly end: number;
  /** By name, at the offset of the name. */
  readonly attributes: ReadonlyMap<string, XmlText & { readonly valueOffset: number }>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, without blanks around it. */
  readonly text: string;
  /** Offset of that text, or of the element. */
  readonly textOffset: number;
}

interface OpenElement extends XmlElement {
  readonly attributes: Map<string, XmlText & { readonly valueOffset: number }>;
  readonly children: XmlElement[];
  openEnd: number;
  end: number;
  text: string;
  textOffset: number;
}

/** An element of which no more is read than the name, at `offset`. */
function opened(name: string, offset: number): OpenElement {
  const nothing = { openEnd: offset, end: offset, textOffset: offset };
  return { name, offset, ...nothing, attributes: new Map(), children: [], text: '' };
}

/** Elements, attributes and comments taken: a hundred times what any machine needs. */
const MAX_PARTS = 200_000;

/**
 * Parses one XML document; the root element. `base` is where it begins in a larger text: offsets are those of that.
 * Throws TextError at the first thing that is wrong.
 */
export async function readXml(written: string, base = 0): Promise<XmlElement> {
  const text = withoutHyphens(written);
  const { SaxesParser } = await import('../packages/saxes.ts');
  const parser = new SaxesParser({ position: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let parts = 0;
  /** Offset behind the last tag. */
  let tagEnd = 0;
  const count = (offset: number) => {
    if (++parts > MAX_PARTS)
      throw new TextError(base + offset, `more than ${grouped(MAX_PARTS)} elements, attributes and comments`);
  };
  parser.on('error', (error) => {
    throw new TextError(
      base + Math.min(parser.position, text.length),
      error.message.replace(/^\d+:\d+: /, ''),
    );
  });
  parser.on('doctype', () => {
    throw new TextError(
      base + text.indexOf('<!DOCTYPE'),
      'a DOCTYPE is not accepted: entities are not expanded',
    );
  });
  parser.on('opentagstart', ({ name }) => {
    const offset = text.lastIndexOf('<', parser.position - 1);
    count(offset);
    if (open.length >= LIMITS.depth) throw new TextError(base + offset, tooDeep());
    const element = opened(name, base + offset);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('attribute', ({ name, value }) => {
    // The parser stands behind the closing quote.
    const valueOffset = text.lastIndexOf(text[parser.position - 1], parser.position - 2) + 1;
    const offset = text.lastIndexOf(name, valueOffset);
    count(offset);
    open.at(-1)?.attributes.set(name, { value, offset: base + offset, valueOffset: base + valueOffset });
  });
  parser.on('comment', () => count(tagEnd));
  const addText = (content: string) => {
    const element = open.at(-1);
    if (!element || content.trim() === '') return;
    if (element.text === '') element.textOffset = base + tagEnd + content.search(/\S/);
    element.text += (element.text === '' ? '' : ' ') + content.trim();
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', () => {
    tagEnd = parser.position;
    const element = open.at(-1);
    if (element) element.openEnd = base + tagEnd;
  });
  parser.on('closetag', () => {
    tagEnd = parser.position;
    const element = open.pop();
    if (element) element.end = base + tagEnd;
  });
  parser.write(text).close();
  if (!root) throw new TextError(base, 'the XML has no element');
  return root;
}

/** The first child with a name. */
export function child(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((one) => one.name === name),
    element,
  );
}

/** All children with a name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((one) => one.name === name) ?? [];
}

/** What may stand before the first element: how it begins, and how it ends. */
const LEAD: readonly (readonly [string, string])[] = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!', '>'],
];

/** Name of the first element of a text, as far as it can be told without parsing; undefined if it is no XML. */
export function rootName(head: string): string | undefined {
  let at = head.search(/[^\ufeff\s]/);
  while (at >= 0 && head[at] === '<') {
    const lead = LEAD.find(([begin]) => head.startsWith(begin, at));
    if (!lead) return /^[\w:.-]*/.exec(head.slice(at + 1, at + 100))?.[0];
    const end = head.indexOf(lead[1], at);
    if (end < 0) return undefined;
    at = end + lead[1].length;
    while (/\s/.test(head[at] ?? '')) at++;
  }
  return undefined;
}
