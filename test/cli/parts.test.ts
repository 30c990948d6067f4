/** Large inputs of many Kubernetes objects, split while they come: wherever the pieces end, the same objects. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsonSplitter } from '../../src/cli/input/json-parts.ts';
import type { Part, Splitter } from '../../src/cli/input/part.ts';
import { splitterFor, streamSplitter } from '../../src/cli/input/splitting.ts';
import { yamlSplitter } from '../../src/cli/input/yaml-parts.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const vm = (name: string, more: object = {}) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name, namespace: 'ns', annotations: { text: 'a "quote", a \\ and ]}[{' } },
  spec: { template: { spec: { domain: { cpu: { cores: 2 }, devices: {} } } }, ...more },
});
const LIST = {
  apiVersion: 'v1',
  items: [vm('ä'), { kind: 'Pod', apiVersion: 'v1' }, { metadata: {}, kind: 'VirtualMachineInstance' }],
  kind: 'List',
  metadata: { more: { items: [vm('no item')] } },
};

function split(splitter: Splitter, text: string, size: number): Part[] {
  const bytes = Buffer.from(text);
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(...splitter.push(bytes.subarray(at, at + size)));
  return [...parts, ...splitter.end()];
}

const texts = (parts: readonly Part[]) =>
  parts.map(({ bytes }) => (bytes ? Buffer.from(bytes).toString() : null));
const parsed = (parts: readonly Part[]) =>
  texts(parts).map((text) => (text === null ? null : (JSON.parse(text) as unknown)));

describe.each([
  ['compact', JSON.stringify(LIST)],
  ['pretty', JSON.stringify(LIST, null, 4)],
])('a %s list in JSON', (_, text) => {
  test.each([1, 7, 64, 100_000])('in pieces of %i', (size) => {
    const parts = split(jsonSplitter(), text, size);
    expect(parsed(parts)).toEqual([LIST.items[0], LIST.items[2]]);
    expect(parts.map(({ number }) => number)).toEqual([0, 2]);
    for (const { line, column } of parts) expect(text.split('\n')[line - 1][column - 1]).toBe('{');
  });

  test('is known by its beginning', () => {
    expect(splitterFor(Buffer.from(text))).toBeDefined();
    expect(splitterFor(Buffer.from(text), 'qemu')).toBeUndefined();
    // A record a line is read as such.
    expect(streamSplitter(Buffer.from(`${JSON.stringify(vm('a'))}\n`))).toBeUndefined();
  });

  test('that is cut off ends with an object that says so', () => {
    const inside = split(jsonSplitter(), text.slice(0, text.indexOf('VirtualMachineInstance')), 50);
    expect(parsed(inside)).toEqual([LIST.items[0], null]);
    const between = split(jsonSplitter(), text.slice(0, text.indexOf('{', text.indexOf('Pod'))), 50);
    expect(parsed(between)).toEqual([LIST.items[0], null]);
  });

  test('behind another one and a single object', () => {
    const parts = split(jsonSplitter(), `${text}\n${JSON.stringify(vm('b'))}${text} x\n${text}`, 33);
    const [a, , b] = LIST.items;
    expect(texts(parts).map((one) => (one === 'x\n' ? one : JSON.parse(one ?? '')))).toEqual([
      ...[a, b, vm('b'), a, b, 'x\n', a, b],
    ]);
  });
});

const YAML = `# of a cluster
apiVersion: v1
items:
- apiVersion: kubevirt.io/v1
  kind: VirtualMachine
  metadata:
    annotations:
      text: |
        - no item
        ---- no document
    name: a
  spec: {}
# between
- kind: Pod
  metadata: { name: b }
-
  apiVersion: kubevirt.io/v1
  kind: VirtualMachineInstance
kind: List
metadata:
  resourceVersion: ""
---
{ apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: { name: c } }
---
apiVersion: v1
kind: ConfigMap
data:
  kind: VirtualMachine
...
%YAML 1.2
--- # the last
{
  "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine"
}
`;

describe('documents and lists in YAML', () => {
  test.each([1, 5, 64, 100_000])('in pieces of %i', (size) => {
    const parts = split(yamlSplitter(), YAML, size);
    expect(parts.map(({ number, line }) => [number, line])).toEqual([
      [0, 4],
      [2, 16],
      [3, 22],
      [5, 31],
    ]);
    expect(texts(parts)[0]).toContain('  apiVersion: kubevirt.io/v1\n  kind: VirtualMachine\n');
    expect(texts(parts)[0]).toContain('        - no item\n        ---- no document\n');
    expect(texts(parts)[1]).toBe(' \n  apiVersion: kubevirt.io/v1\n  kind: VirtualMachineInstance\n');
  });

  test('with the lines of Windows', () => {
    expect(split(yamlSplitter(), YAML.replaceAll('\n', '\r\n'), 9)).toHaveLength(4);
  });

  test('are known by their beginning', () => {
    const is = (text: string) => splitterFor(Buffer.from(text)) !== undefined;
    expect(is(YAML)).toBe(true);
    expect(is('apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n')).toBe(true);
    expect(is('cat <<EOF\napiVersion: kubevirt.io/v1\nEOF\n')).toBe(false);
    expect(is('```yaml\napiVersion: kubevirt.io/v1\n```\n')).toBe(false);
    expect(is('topology: { cores: 2 }\n')).toBe(false);
  });
});

/** A list that is too long to be read in one piece, with what its guests refer to behind them. */
const TYPE = {
  apiVersion: 'instancetype.kubevirt.io/v1beta1',
  kind: 'VirtualMachineInstancetype',
  metadata: { name: 'four' },
  spec: { cpu: { guest: 4 }, memory: { guest: '1Gi' } },
};
const refers = {
  ...vm('typed'),
  spec: { instancetype: { name: 'four' }, template: { spec: { domain: { devices: {} } } } },
};
const broken = { ...vm('broken'), spec: {} };
const pad = Array.from({ length: 120 }, (_, n) => vm(`vm-${n}`, { note: 'x'.repeat(1200) }));
const FLEET = { apiVersion: 'v1', items: [...pad, broken, refers, TYPE], kind: 'List', metadata: {} };

/** As kubectl prints it: an item a "- ", its keys below. */
const yamlOf = (list: typeof FLEET) =>
  `apiVersion: v1\nitems:\n${list.items
    .map((item) =>
      Object.entries(item)
        .map(([key, value], n) => `${n === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}\n`)
        .join(''),
    )
    .join('')}kind: List\nmetadata: {}\n`;

describe.each([
  ['compact.json', JSON.stringify(FLEET)],
  ['pretty.json', JSON.stringify(FLEET, null, 2)],
  ['list.yaml', yamlOf(FLEET)],
  ['documents.yaml', FLEET.items.map((item) => `${JSON.stringify(item, null, 1)}\n`).join('---\n')],
])('a fleet as %s', (name, text) => {
  const path = scratchFile(name, text);

  test('is analysed guest by guest; one that is wrong is named at its place', async () => {
    expect(text.length).toBeGreaterThan(128 * 1024);
    const { code, out, err } = await irqsim(['analyze', '--format', 'ndjson', path]);
    const reports = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { machine: { name: string }; cpus: { possible: string } });
    expect(reports.map(({ machine }) => machine.name)).toEqual([
      ...pad.map(({ metadata }) => `ns/${metadata.name}`),
      'ns/typed',
    ]);
    expect(reports.at(-1)?.cpus.possible).toMatch(/^0-\d+$/);
    expect(code).toBe(2);
    const line = text.slice(0, text.indexOf('"broken"')).split('\n').length;
    const [, at = ''] = /:(\d+):\d+: .*domain/.exec(err) ?? [];
    // The object begins a few lines above its name.
    expect(line - Number(at)).toBeGreaterThanOrEqual(0);
    expect(line - Number(at)).toBeLessThan(6);
  });
});

test('one large guest is no list of reports', async () => {
  const one = vm('one', { note: 'x'.repeat(200_000) });
  const { out } = await irqsim(['analyze', '--format', 'json', scratchFile('one.json', JSON.stringify(one))]);
  expect(JSON.parse(out)).toHaveProperty('machine.name', 'ns/one');
});

test('a large list without a guest is refused', async () => {
  const pods = {
    apiVersion: 'v1',
    items: Array.from({ length: 4000 }, () => ({ kind: 'Pod', apiVersion: 'v1' })),
  };
  const path = scratchFile('pods.json', JSON.stringify(pods));
  const { code, err } = await irqsim(['analyze', path]);
  expect(code).toBe(2);
  expect(err).toMatch(/no VirtualMachine or VirtualMachineInstance is in the list/);
  expect(readFileSync(path).length).toBeGreaterThan(128 * 1024);
});
