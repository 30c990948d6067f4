/** Elements of an XML text changed in place. */
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/formats/text/text-edits.ts';
import { readXml, type XmlElement } from '../../../src/formats/text/xml.ts';
import {
  addChild,
  putChild,
  removeAttribute,
  setAttribute,
  setText,
} from '../../../src/formats/text/xml-text.ts';

type Change = (text: string, root: XmlElement) => ReturnType<typeof addChild>;

async function changed(text: string, change: Change): Promise<string | null> {
  const edits = change(text, await readXml(text));
  return edits && applyEdits(text, edits);
}

const child = { name: 'c', attributes: { d: '1' } };

const CASES: readonly (readonly [string, string, Change, string | null])[] = [
  ['an attribute', '<a b = "1" c=\'2\'/>', (t, e) => setAttribute(t, e, 'b', '3'), '<a b = "3" c=\'2\'/>'],
  [
    'a new attribute',
    '<a b="1"\n   c="2"/>',
    (t, e) => setAttribute(t, e, 'd', '<"&'),
    '<a b="1"\n   c="2" d="&lt;&quot;&amp;"/>',
  ],
  ['the first attribute', '<a></a>', (t, e) => setAttribute(t, e, 'b', '1'), "<a b='1'></a>"],
  ['an attribute away', '<a b="1"\n   c="2"/>', (t, e) => removeAttribute(t, e, 'c'), '<a b="1"/>'],
  ['an attribute that is not there', '<a/>', (t, e) => removeAttribute(t, e, 'c'), '<a/>'],
  ['a text', '<a> 8\n</a>', (t, e) => setText(t, e, '9 & 10'), '<a> 9 &amp; 10\n</a>'],
  ['the text of an empty element', "<a b='1'/>", (t, e) => setText(t, e, '9'), "<a b='1'>9</a>"],
  ['not a text with a comment', '<a>8<!-- x --></a>', (t, e) => setText(t, e, '9'), null],
  [
    'a child of an element that closes itself',
    '  <a/>\n',
    (t, e) => addChild(t, e, child),
    "  <a>\n    <c d='1'/>\n  </a>\n",
  ],
  [
    'a child of an empty element',
    '<a b="1"></a>',
    (t, e) => addChild(t, e, child),
    '<a b="1">\n  <c d="1"/>\n</a>',
  ],
  [
    'a child behind a comment',
    '<a>\n  <!-- x -->\n</a>',
    (t, e) => addChild(t, e, child),
    "<a>\n  <!-- x -->\n  <c d='1'/>\n</a>",
  ],
  [
    'a child behind the last one and its comment',
    '<a>\r\n\t<b/> <!-- x -->\r\n</a>',
    (t, e) => addChild(t, e, child),
    "<a>\r\n\t<b/> <!-- x -->\r\n\t<c d='1'/>\r\n</a>",
  ],
  ['a child on the same line', '<a><b/></a>', (t, e) => addChild(t, e, child), "<a><b/><c d='1'/></a>"],
  ['no child beside text', '<a>text</a>', (t, e) => addChild(t, e, child), null],
  [
    'a child of the child that is there',
    "<a>\n <b x='1'/>\n</a>",
    (t, e) => putChild(t, e, { name: 'b', attributes: { y: '2' }, children: [child] }),
    "<a>\n <b x='1' y='2'>\n   <c d='1'/>\n </b>\n</a>",
  ],
];

describe('XML text', () => {
  test.each(CASES)('%s', async (_, text, change, result) => {
    expect(await changed(text, change)).toBe(result);
  });

  test('elements know where they end', async () => {
    const text = '<a x="1>2"><b/><c >t</c ></a>';
    const root = await readXml(text);
    const source = ({ offset, end }: XmlElement) => text.slice(offset, end);
    expect([root, ...root.children].map(source)).toEqual([text, '<b/>', '<c >t</c >']);
    expect(text.slice(root.openEnd)).toBe('<b/><c >t</c ></a>');
  });
});
