/** Pages: elements that close, text that stays text, nothing that loads or runs. */
import { createHash } from 'node:crypto';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { visible } from '../../src/lib/visible.ts';
import type { StateMap } from '../../src/report/document/block.ts';
import { layoutCells, WIDTH } from '../../src/report/document/html/cells.ts';
import { htmlPage } from '../../src/report/document/html/page.ts';
import { htmlText } from '../../src/report/document/html/text.ts';
import { html } from '../../src/report/reporters/html.ts';
import { FAIL, named, ODD_NAMES, render, SCENARIOS, scenario } from './analyses.ts';

const VOID = /<(meta|br|hr|img|input|link)\b([^>]*?)\/?>/g;

interface Parsed {
  readonly names: readonly string[];
  readonly ids: readonly string[];
  readonly links: readonly string[];
  readonly text: string;
}

/** The page as XML, which the pages here are but for elements that never close; throws where one is left open. */
function parse(page: string): Parsed {
  const names: string[] = [];
  const ids: string[] = [];
  const links: string[] = [];
  const keys = new Set<string>();
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    names.push(name);
    for (const [key, value] of Object.entries(attributes)) {
      keys.add(key);
      if (key === 'id') ids.push(String(value));
      if (key === 'href') links.push(String(value));
    }
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.write(page.replace('<!doctype html>', '').replace(VOID, '<$1$2/>')).close();
  for (const key of keys) expect(key).not.toMatch(/^(?:on|style$|src)/);
  return { names, ids, links, text };
}

describe('a page', () => {
  test.each(SCENARIOS)('of %s is well-formed, says every finding, and loads nothing', async (file) => {
    const analyses = await scenario(file);
    const { names, ids, links, text } = parse(render(html, analyses));
    for (const name of ['script', 'link', 'img', 'iframe', 'object']) expect(names).not.toContain(name);
    for (const { findings, enumeration } of analyses) {
      for (const { message } of findings) expect(text).toContain(visible(message));
      if (enumeration.nrCpuIds > 0) expect(names).toContain('svg');
    }
    for (const link of links) expect(ids).toContain(link.replace(/^#/, ''));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has a policy that lets nothing but its own style in', async () => {
    const page = render(html, await scenario(FAIL));
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; script-src 'none'; base-uri 'none'; form-action 'none'`,
    );
  });

  test('names its programs by digest, and keeps data from being one', () => {
    const page = htmlPage({
      title: 'a',
      body: '',
      scripts: ['const a = 1;'],
      data: { input: '</script><script>alert(1)</script><!--' },
    });
    const digest = createHash('sha256').update('const a = 1;').digest('base64');
    expect(page).toContain(`script-src 'sha256-${digest}'; worker-src blob:;`);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('alert(1)</script>');
    const [, data] = /id="input">(.*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(data)).toBe('</script><script>alert(1)</script><!--');
  });

  test.each(ODD_NAMES)('a name such as %j breaks nothing', async (name) => {
    const analysis = await named(name, `${name}.json`);
    const { text } = parse(render(html, [analysis, analysis], { failed: name }).replaceAll('\ud800', ''));
    expect(text).toContain(visible(name).replaceAll('\ud800', ''));
  });
});

test('text as HTML holds no bare tag or quote', () => {
  expect(htmlText(`<a href="x" b='y'>&\n\u202e`)).toBe(
    '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\\n\\u202e',
  );
});

describe('the cells of a map', () => {
  const map = (count: number, groups?: StateMap['groups']): StateMap => ({
    kind: 'map',
    things: 'CPUs',
    marks: [],
    states: Array.from({ length: count }, () => 0),
    ...(groups && { groups }),
  });

  test.each([1, 4, 64, 65, 512, 4096, 32_768])('of %d things fill the width, and no more', (count) => {
    const { size, columns, groups, height } = layoutCells(map(count));
    expect(columns * size).toBeLessThanOrEqual(WIDTH);
    expect(height).toBeGreaterThanOrEqual(Math.ceil(count / columns) * size - 1e-9);
    expect(groups).toHaveLength(1);
    expect(height).toBeLessThan(1200);
  });

  test('of groups do not overlap', () => {
    const groups = Array.from({ length: 48 }, (_, n) => ({
      name: `package ${n}`,
      things: [0, 1, 2, 3, 4].map((at) => n * 5 + at),
    }));
    const { size, columns, groups: placed } = layoutCells(map(240, groups));
    const boxes = placed.map(({ x, y, things }) => ({
      x,
      y,
      right: x + columns * size,
      bottom: y + Math.ceil(things.length / columns) * size,
    }));
    for (const one of boxes) {
      expect(one.right).toBeLessThanOrEqual(WIDTH);
      for (const other of boxes) {
        const apart =
          one.right <= other.x || other.right <= one.x || one.bottom <= other.y || other.bottom <= one.y;
        expect(one === other || apart).toBe(true);
      }
    }
  });
});
