/** CSV, parsed back by RFC 4180, and Markdown: tables that keep their shape, and text that stays text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visible } from '../../src/lib/visible.ts';
import { markdownCode, markdownProse, markdownText } from '../../src/report/document/markdown/text.ts';
import { csv } from '../../src/report/reporters/csv.ts';
import { markdown } from '../../src/report/reporters/markdown.ts';
import { placeOf } from '../../src/report/wording/place.ts';
import { anyText } from '../any-text.ts';
import { runs } from '../budget.ts';
import { FAIL, named, ODD_NAMES, PASS, render, SCENARIOS, scenario } from './analyses.ts';

const COLUMNS =
  'source,machine,kernel,platform,verdict,level,rule,message,fix,file,line,column,cpus,devices'.split(',');

/** Rows of a CSV document; throws where RFC 4180 has no reading. */
function rowsOf(text: string): Record<string, string>[] {
  const rows: string[][] = [];
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  let row: string[] = [];
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) throw new Error(`not CSV: ${text}`);
    const [, field, end] = match;
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  const [header, ...rest] = rows;
  expect(header).toEqual(COLUMNS);
  return rest.map((cells) => {
    expect(cells).toHaveLength(COLUMNS.length);
    return Object.fromEntries(cells.map((cell, n) => [COLUMNS[n], cell]));
  });
}

/** What a spreadsheet may get of a text: visible, and no formula. */
const cell = (text: string): string =>
  /^[=+@\uff1d\uff0b\uff0d\uff20]|^-(?!$|\d+(?:\.\d+)?$)/.test(text) ? `'${visible(text)}` : visible(text);

describe('csv', () => {
  test.each(SCENARIOS)('%s: a row a finding, or one for the machine', async (file) => {
    const analyses = await scenario(file);
    const expected = analyses.flatMap(({ findings, summary: { verdict } }) =>
      findings.length === 0
        ? [{ source: file, verdict, level: '', rule: '', message: '', line: '' }]
        : findings.map(({ level, rule, message, location, cpus }) => ({
            source: file,
            verdict,
            level,
            rule,
            message: cell(message),
            line: String(placeOf(location, file).line),
            cpus: cpus?.toString() ?? '',
          })),
    );
    expect(rowsOf(render(csv, analyses))).toMatchObject(expected);
  });

  test('has one header for several inputs, and for none', async () => {
    const rows = rowsOf(render(csv, [...(await scenario(PASS)), ...(await scenario(FAIL))]));
    expect(new Set(rows.map(({ source }) => source))).toEqual(new Set([PASS, FAIL]));
    expect(rowsOf(render(csv, []))).toEqual([]);
  });

  test('has a row for an input that could not be read', () => {
    expect(rowsOf(render(csv, [], { failed: 'dir/broken.yaml' }))).toEqual([
      {
        ...Object.fromEntries(COLUMNS.map((column) => [column, ''])),
        source: 'dir/broken.yaml',
        verdict: 'unreadable',
        level: 'error',
        message:
          'unknown key "x", "y": 100%\\nexpected <z> | --set devices.a=1: no such device | and 2 more problems',
        file: 'dir/broken.yaml',
        line: '3',
        column: '7',
      },
    ]);
  });

  test('gives any name back', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(), async (name) => {
        for (const row of rowsOf(render(csv, [await named(name, `${name}.json`)]))) {
          expect(row).toMatchObject({ source: cell(`${name}.json`), machine: cell(name) });
        }
      }),
      { numRuns: runs(20) },
    );
  });
});

/** Cells of each table row, by the rules of GFM: a backslash escapes what follows. */
function tableRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(/(?<=(?:^|[^\\])(?:\\\\)*) \| /));
}

/** Every table of the document has as many cells in each row as in its head. */
function wellShaped(text: string): void {
  let cells = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith('| ')) cells = 0;
    else {
      const [row] = tableRows(line);
      if (cells === 0) cells = row.length;
      expect(row.length, line).toBe(cells);
    }
  }
}

describe('markdown', () => {
  test.each(SCENARIOS)('%s: tables keep their shape, and every finding has a row', async (file) => {
    const analyses = await scenario(file);
    const text = render(markdown, analyses);
    wellShaped(text);
    const rules = tableRows(text).flatMap(([level, rule]) =>
      /error|warning|note/.test(level) ? [rule] : [],
    );
    expect(rules).toEqual(analyses.flatMap(({ findings }) => findings.map(({ rule }) => `\`${rule}\``)));
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
  });

  test('begins with the verdict, and hides causes and changes', async () => {
    const text = render(markdown, await scenario(FAIL));
    expect(text.split('\n')[0]).toBe(`## ❌ FAIL \`${FAIL}\``);
    expect(text).toContain('160 of 240 plugged CPUs reachable; 24 of 64 queues dead.');
    expect(text).toContain('|  | 160: `0-159` | 80: `160-239` | none |');
    expect(text).toContain('|  | 40 | 0 | 0 | 0 | 24 |');
    expect(text).toContain(`| ⚠️ warning | \`sparse-apic-ids\` | \`${FAIL}:6\` | 240 CPUs would fit`);
    const [, hidden] = text.split('<details>\n');
    expect(hidden).toContain('- because there is no interrupt remapping');
    expect(hidden).toContain("- or: libvirt: &lt;features&gt;&lt;ioapic driver='qemu'/&gt;");
  });

  test('of several inputs begins with an overview', async () => {
    const analyses = [...(await scenario(PASS)), ...(await scenario(FAIL))];
    const text = render(markdown, analyses, { failed: 'dir/broken.yaml' });
    wellShaped(text);
    expect(text.split('\n')[0]).toBe('# irqsim: 3 machines, 1 fail, 1 pass, 1 unreadable');
    const [, , pass, fail, broken] = tableRows(text);
    expect(pass.slice(0, 5)).toEqual(['✅ PASS', `\`${PASS}\``, '0', '0', '0']);
    expect(fail.slice(0, 5)).toEqual(['❌ FAIL', `\`${FAIL}\``, '1', '3', '0']);
    expect(broken.slice(0, 2)).toEqual(['❌ UNREADABLE', '`dir/broken.yaml`']);
    expect(text.match(/^## .*/gm)).toEqual([`## ❌ FAIL \`${FAIL}\``, '## ❌ UNREADABLE `dir/broken.yaml`']);
    expect(text).toContain('- `dir/broken.yaml:3:7` unknown key "x", "y": 100%\\\\nexpected &lt;z&gt;');
  });

  test('of 300 machines that fail stays below 100 kB, and says what it leaves out', async () => {
    const [fail] = await scenario(FAIL);
    const [pass] = await scenario(PASS);
    const text = render(markdown, [...Array.from({ length: 300 }, () => fail), pass]);
    expect(Buffer.byteLength(text)).toBeLessThan(100_000);
    const [, left] = /^(\d+) more of these machines have findings;/m.exec(text) ?? [];
    expect(Number(left) + (text.match(/^## /gm)?.length ?? 0)).toBe(300);
    expect(tableRows(text.split('\n## ')[0])).toHaveLength(303);
  });

  test('of nothing is nothing', () => {
    expect(render(markdown, [])).toBe('');
  });

  test.each(ODD_NAMES)('a name such as %j breaks nothing', async (name) => {
    const analysis = await named(name, `${name}.json`);
    const one = render(markdown, [analysis]);
    const two = render(markdown, [analysis, analysis], { failed: name });
    for (const text of [one, two]) {
      wellShaped(text);
      expect(text.replace(/`[^`]*`|<\/?(?:details|summary|code)>/g, '')).not.toMatch(/<[a-z/]/);
    }
  });
});

describe('text as Markdown', () => {
  test.each([
    ['nr_cpus=2 and _this_', 'nr_cpus=2 and \\_this\\_'],
    ['a | b * c `d` [e](f) ~g~ $h$', 'a \\| b \\* c \\`d\\` \\[e](f) \\~g\\~ \\$h\\$'],
    ['<b> & "c"', '&lt;b&gt; &amp; "c"'],
    ['a\\|b', 'a\\\\\\|b'],
    ['@user\nnext', '@&#8203;user\\\\nnext'],
  ])('%j is literal', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  test.each([
    ['a.yaml:3', '`a.yaml:3`'],
    ['<a> & *b*', '`<a> & *b*`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['a`_b', '<code>a&#96;&#95;b</code>'],
    ['', '<code></code>'],
  ])('%j as code', (text, expected) => {
    expect(markdownCode(text)).toBe(expected);
  });

  test('keeps the code of prose', () => {
    expect(markdownProse('set `a_` to *')).toBe('set `a_` to \\*');
  });

  test('no text holds a bare pipe or tag', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        for (const written of [markdownText(text), markdownCode(text)]) {
          expect(written).not.toMatch(/[\r\n]/);
          expect(tableRows(`| a | ${written} | b |`)[0].length).toBe(3);
        }
        expect(markdownText(text)).not.toMatch(/[<>]/);
      }),
    );
  });
});
