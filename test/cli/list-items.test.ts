/** Lists of Kubernetes objects, split while they come: wherever the pieces end, the same items. */
import { describe, expect, test } from 'vitest';
import { beginsList, type ListItem, listSplitter } from '../../src/cli/input/list-items.ts';

const vm = (name: string) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name, annotations: { text: 'a "quote", a \\ and ]}[{' } },
});
const LIST = {
  apiVersion: 'v1',
  items: [vm('ä'), { kind: 'Pod', apiVersion: 'v1' }, { metadata: {}, kind: 'VirtualMachineInstance' }],
  kind: 'List',
  metadata: { more: { items: [vm('no item')] } },
};

function split(text: string, size: number): ListItem[] {
  const splitter = listSplitter();
  const bytes = Buffer.from(text);
  const items: ListItem[] = [];
  for (let at = 0; at < bytes.length; at += size) items.push(...splitter.push(bytes.subarray(at, at + size)));
  const rest = splitter.end();
  return rest ? [...items, rest] : items;
}

const parsed = (items: readonly ListItem[]) =>
  items.map(({ bytes }) => (bytes ? (JSON.parse(Buffer.from(bytes).toString()) as unknown) : null));

describe.each([
  ['compact', JSON.stringify(LIST)],
  ['pretty', JSON.stringify(LIST, null, 4)],
])('a %s list', (_, text) => {
  test.each([1, 7, 64, 100_000])('in pieces of %i', (size) => {
    const items = split(text, size);
    expect(parsed(items)).toEqual([LIST.items[0], LIST.items[2]]);
    expect(items.map(({ number }) => number)).toEqual([0, 2]);
    for (const { line, column } of items) expect(text.split('\n')[line - 1][column - 1]).toBe('{');
  });

  test('is known by its beginning', () => {
    expect(beginsList(Buffer.from(text))).toBe(true);
    expect(beginsList(Buffer.from(JSON.stringify(vm('a'))))).toBe(false);
  });

  test('that is cut off ends with an item that says so', () => {
    const items = split(text.slice(0, text.indexOf('VirtualMachineInstance')), 50);
    expect(parsed(items)).toEqual([LIST.items[0], null]);
  });
});
