/** JUnit XML, parsed back: well-formed whatever the names, totals that add up, and failures that agree with --fail-on. */
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/verdict.ts';
import { visible, visibleLines } from '../../src/lib/visible.ts';
import { junit } from '../../src/report/reporters/junit.ts';
import { xmlAttributes, xmlText } from '../../src/report/reporters/xml-text.ts';
import { anyText } from '../any-text.ts';
import { analysesOf, FAIL, named, ODD_NAMES, PASS, render, SCENARIOS, scenario } from './analyses.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Parses a document; throws where it is not well-formed. */
function parse(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = {
      name,
      attributes: attributes as Record<string, string>,
      children: [],
      text: '',
    };
    open[open.length - 1].children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    open[open.length - 1].text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return root.children[0];
}

const TOTALS = { tests: 'testcase', failures: 'failure', errors: 'error', skipped: 'skipped' };

/** All elements of a name below an element. */
const all = (element: Element, name: string): Element[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);

/** What the schema of Jenkins' xUnit plugin lets elements have, of what is written here. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  testsuites: ['name', 'tests', 'failures', 'errors', 'time'],
  testsuite: ['name', 'tests', 'failures', 'errors', 'time', 'skipped'],
  testcase: ['name', 'classname', 'time'],
  failure: ['type', 'message'],
  error: ['type', 'message'],
  skipped: ['message'],
  'system-out': [],
};

/** Expects elements to have no attribute that the schema does not know. */
function inSchema(element: Element): void {
  expect(ATTRIBUTES[element.name], element.name).toEqual(
    expect.arrayContaining(Object.keys(element.attributes)),
  );
  for (const child of element.children) inSchema(child);
}

/** Parses a document, and expects its totals to add up. */
function valid(xml: string): Element {
  expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')).toBe(true);
  const root = parse(xml);
  inSchema(root);
  for (const element of [root, ...all(root, 'testsuite')]) {
    for (const [total, name] of Object.entries(TOTALS)) {
      if (element === root && total === 'skipped') continue;
      expect(Number(element.attributes[total]), total).toBe(all(element, name).length);
    }
    expect(element.attributes.time).toBe('0');
  }
  return root;
}

const names = (element: Element) => element.children.map(({ attributes }) => attributes.name);

describe('a document', () => {
  test.each(SCENARIOS)('of %s fails where the exit code is 1', async (file) => {
    const analyses = await scenario(file);
    for (const failOn of ['error', 'warning', 'note', 'never'] as const) {
      const root = valid(render(junit, analyses, { failOn }));
      const fails = analyses.some((analysis) => exitCodeOf(analysis, failOn) === 1);
      expect(Number(root.attributes.failures) > 0, failOn).toBe(fails);
    }
  });

  test('names a failed rule, its place, causes and changes; lesser findings pass with output', async () => {
    const [suite] = valid(render(junit, await scenario(FAIL))).children;
    expect(suite.attributes).toMatchObject({ name: FAIL, tests: '4', failures: '1' });
    const [failed, sparse] = suite.children;
    expect(failed.attributes).toEqual({
      name: 'apic-id-above-limit',
      classname: FAIL,
      time: '0',
    });
    expect(failed.children[0].attributes).toEqual({
      type: 'apic-id-above-limit',
      message: expect.stringMatching(/^80 CPUs above APIC ID 255/),
    });
    expect(failed.children[0].text).toMatch(/^error: 80 CPUs above APIC ID 255/);
    expect(failed.children[0].text).toContain('\nbecause there is no interrupt remapping\n');
    expect(failed.children[0].text).toContain("\nor: libvirt: <features><ioapic driver='qemu'/></features>");
    expect(failed.children[0].text).toMatch(new RegExp(`\nat ${FAIL}:1:1$`));
    expect(sparse.attributes).toMatchObject({ name: 'sparse-apic-ids' });
    expect(sparse.children[0].text).toMatch(new RegExp(`\nat ${FAIL}:6:\\d+$`));
    expect(sparse.children[0].name).toBe('system-out');
  });

  test('has a passing case that says what is fine', async () => {
    const [suite] = valid(render(junit, await scenario(PASS))).children;
    expect(names(suite)).toContain('all 384 plugged CPUs reachable; all 1215 queues work');
    expect(suite.attributes.failures).toBe('0');
  });

  test('puts the findings of one rule into one case', async () => {
    const machine = 'kernel: "6.1"\ntopology: { sockets: 2 }\nexpect: { reachable: "0-7", unknown: "9" }\n';
    const [suite] = valid(render(junit, await analysesOf(machine, 'a.yaml'))).children;
    const [failed] = suite.children;
    expect(names(suite).filter((name) => name === 'expectation')).toHaveLength(1);
    expect(failed.children[0].attributes.message).toMatch(/\(and 1 more\)$/);
    expect(failed.children[0].text.match(/^error: /gm)).toHaveLength(2);
  });

  test('has an error for an input that could not be read', async () => {
    const root = valid(render(junit, await scenario(PASS), { failed: 'dir/broken.yaml' }));
    expect(root.attributes).toMatchObject({ errors: '1', failures: '0' });
    const [, suite] = root.children;
    expect(suite.attributes.name).toBe('dir/broken.yaml');
    const [error] = all(suite, 'error');
    expect(error.attributes).toEqual({
      type: 'unreadable',
      message: 'unknown key "x", "y": 100%\\nexpected <z>',
    });
    expect(error.text).toContain('dir/broken.yaml:3:7: unknown key');
    expect(error.text).toContain('and 2 more problems');
  });

  test('tells machines of one input apart', async () => {
    const domain = (name: string) => `<domain type="kvm"><name>${name}</name><vcpu>2</vcpu></domain>`;
    const two = [
      ...(await analysesOf(domain('one'), 'vms.xml')),
      ...(await analysesOf(domain('two'), 'vms.xml')),
      ...(await analysesOf('topology: { sockets: 2 }', 'vms.xml')),
    ];
    expect(names(valid(render(junit, two)))).toEqual(['vms.xml (one)', 'vms.xml (two)', 'vms.xml (3)']);
  });

  test('of standard input names the machine and no file', async () => {
    const [suite] = valid(render(junit, [await named('db', '-')])).children;
    expect(suite.attributes.name).toBe('db');
    for (const one of suite.children) expect(one.attributes.file).toBeUndefined();
  });

  test('of nothing is a document', () => {
    expect(valid(render(junit, [])).attributes.tests).toBe('0');
  });
});

describe('escaping', () => {
  test.each(ODD_NAMES)('keeps a file named %j', async (name) => {
    const file = `${name}.json`;
    const [suite] = valid(render(junit, [await named(name, file)])).children;
    expect(suite.attributes.name).toBe(visible(file).replaceAll('\ud800', ''));
  });

  test('gives any text back, made visible, but for what XML forbids', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const element = parse(`<a${xmlAttributes({ b: text })}>${xmlText(text)}</a>`);
        const kept = (shown: string) => shown.replace(/[\p{Cs}\ufffe\uffff]/gu, '');
        expect(element.attributes.b).toBe(kept(visible(text)));
        expect(element.text).toBe(kept(visibleLines(text)));
      }),
      { numRuns: 500 },
    );
  });
});
