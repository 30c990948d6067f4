/** Changes elements of an XML text in place: attributes, texts and new children, indented as their neighbours are. */

import { lookup } from '../../lib/lookup.ts';
import { beginsLine, indentOf, insertion, lineBreak, lineEnd, type TextEdit } from './text-edits.ts';
import type { XmlElement } from './xml.ts';

/** An element to be written. */
export interface Markup {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children?: readonly Markup[];
  /** Instead of children. */
  readonly text?: string;
}

type Edits = readonly TextEdit[];

const ESCAPES = { '&': '&amp;', '<': '&lt;', '"': '&quot;', "'": '&apos;' } as const;

const escapeChar = (char: string): string => lookup(ESCAPES, char) ?? char;

/** A text as it stands between tags. */
function escapeText(text: string): string {
  return text.replace(/[&<]/g, escapeChar);
}

function attributeText(name: string, value: string, quote: string): string {
  return `${name}=${quote}${value.replace(/[&<"']/g, escapeChar)}${quote}`;
}

/** Offset behind the value of an attribute, before the quote. */
function valueEnd(text: string, valueOffset: number): number {
  return text.indexOf(text[valueOffset - 1], valueOffset);
}

/** Sets an attribute, or adds it behind the others. */
export function setAttribute(text: string, element: XmlElement, name: string, value: string): Edits {
  const old = element.attributes.get(name);
  const quote = quoteOf(text, element);
  if (old) {
    if (old.value === value) return [];
    const escaped = value.replace(/[&<"']/g, escapeChar);
    return [{ start: old.valueOffset, end: valueEnd(text, old.valueOffset), text: escaped }];
  }
  const last = [...element.attributes.values()].at(-1);
  const at = last ? valueEnd(text, last.valueOffset) + 1 : element.offset + 1 + element.name.length;
  return [insertion(at, ` ${attributeText(name, value, quote)}`)];
}

/** Takes an attribute out, with the blanks before it. */
export function removeAttribute(text: string, element: XmlElement, name: string): Edits {
  const old = element.attributes.get(name);
  if (!old) return [];
  const start = text.slice(0, old.offset).trimEnd().length;
  return [{ start, end: valueEnd(text, old.valueOffset) + 1, text: '' }];
}

/** The quotes of an element's attributes, or of the first attribute of the text. */
function quoteOf(text: string, element: XmlElement): string {
  const own = [...element.attributes.values()].at(0);
  return own ? text[own.valueOffset - 1] : (/<[\w:]+\s+[\w:.-]+\s*=\s*(["'])/.exec(text)?.[1] ?? "'");
}

const isSelfClosing = (text: string, { openEnd, end }: XmlElement): boolean =>
  openEnd === end && text[end - 2] === '/';

/** What is between the tags; another end tag may stand right behind the element. */
export function inside(text: string, element: XmlElement): { readonly start: number; readonly end: number } {
  const end = isSelfClosing(text, element) ? element.openEnd : text.lastIndexOf('</', element.end - 1);
  return { start: element.openEnd, end };
}

/** Replaces the text of an element that holds nothing else; null for others. */
export function setText(text: string, element: XmlElement, value: string): Edits | null {
  const { start, end } = inside(text, element);
  const now = text.slice(start, end);
  if (element.text === value && element.children.length === 0) return [];
  if (now.trim() !== element.text || element.children.length > 0) return null;
  if (isSelfClosing(text, element)) {
    return [{ start: end - 2, end, text: `>${escapeText(value)}</${element.name}>` }];
  }
  const from = start + (now.length - now.trimStart().length);
  return [{ start: from, end: from + now.trim().length, text: escapeText(value) }];
}

/** Adds a child behind the others; null in an element that holds text. */
export function addChild(text: string, parent: XmlElement, child: Markup): Edits | null {
  if (parent.text !== '') return null;
  const eol = lineBreak(text);
  const own = indentOf(text, parent.offset);
  const last = parent.children.at(-1);
  const quote = quoteOf(text, parent);
  if (last) {
    const rest = text.slice(last.end, lineEnd(text, last.end));
    if (!beginsLine(text, last.offset)) return [insertion(last.end, markupText(child, quote, ''))];
    const indent = indentOf(text, last.offset);
    const unit = indent.startsWith(own) && indent !== own ? indent.slice(own.length) : '  ';
    const at = /^\s*(?:<!--(?:(?!-->).)*-->)?\s*$/.test(rest) ? lineEnd(text, last.end) : last.end;
    return [insertion(at, eol + markupText(child, quote, indent, eol, unit))];
  }
  const unit = own.includes('\t') ? '\t' : '  ';
  const line = eol + markupText(child, quote, own + unit, eol, unit);
  if (isSelfClosing(text, parent)) {
    const start = text.slice(0, parent.end - 2).trimEnd().length;
    return [{ start, end: parent.end, text: `>${line}${eol}${own}</${parent.name}>` }];
  }
  const { start, end } = inside(text, parent);
  // Comments may be inside.
  const at = start + text.slice(start, end).trimEnd().length;
  return [{ start: at, end, text: `${line}${eol}${own}` }];
}

/** An element on lines of its own, or on one line without `eol`. */
function markupText(markup: Markup, quote: string, indent: string, eol = '', unit = ''): string {
  const { name, attributes, children = [], text } = markup;
  const head = [name, ...Object.entries(attributes).map(([key, value]) => attributeText(key, value, quote))];
  if (text !== undefined) return `${indent}<${head.join(' ')}>${escapeText(text)}</${name}>`;
  if (children.length === 0) return `${indent}<${head.join(' ')}/>`;
  const parts = children.map((child) => markupText(child, quote, indent + unit, eol, unit));
  return [`${indent}<${head.join(' ')}>`, ...parts, `${indent}</${name}>`].join(eol);
}

/**
 * Sets the attributes of the child of that name, and of its children in turn; what is missing is added. Null where
 * that cannot be written.
 */
export function putChild(text: string, parent: XmlElement, child: Markup): Edits | null {
  const { name, attributes, children = [] } = child;
  const found = parent.children.find((one) => one.name === name);
  if (!found) return addChild(text, parent, child);
  const set = Object.entries(attributes).flatMap(([key, value]) => setAttribute(text, found, key, value));
  const below = children.map((one) => putChild(text, found, one));
  return together([set, ...below]);
}

/** All edits, or null if one of them cannot be made. */
export function together(all: readonly (Edits | null)[]): Edits | null {
  return all.every((edits) => edits !== null) ? all.flat() : null;
}
