import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { formatList } from '../../src/lib/cpumask.ts';
import { apicIdOf, cpuCount, nodeOfSocket, socketOf } from '../../src/machine/topology.ts';
import { machine } from './helpers.ts';

interface Row {
  smp: string;
  source: string;
  topology: { cpus: number; sockets: number; dies: number; modules: number; cores: number; threads: number };
  possible: number;
  present: number;
  /** Two large rows hold the list form. */
  apic_ids: number[] | string;
}

const golden = JSON.parse(
  gunzipSync(readFileSync(new URL('../golden/apicids.json.gz', import.meta.url))).toString(),
) as { rows: Row[] };

/** List form, in the order given (golden IDs ascend). */
function idsOf(row: Row): string {
  return typeof row.apic_ids === 'string' ? row.apic_ids : formatList(row.apic_ids);
}

test('93 topologies have been read back from real firmware tables', () => {
  expect(golden.rows).toHaveLength(93);
});

test.each(golden.rows.map((row, index) => [index, row] as const))('golden row %i: APIC IDs', (_, row) => {
  const ids = Array.from({ length: cpuCount(row.topology) }, (_, cpu) => apicIdOf(cpu, row.topology));
  expect(formatList(ids)).toBe(idsOf(row));
});

test('the same through a description, with present CPUs', async () => {
  for (const row of golden.rows) {
    const { topology, present } = row;
    const { sockets, dies, modules, cores, threads } = topology;
    const text = JSON.stringify({ topology: { sockets, dies, modules, cores, threads, present } });
    const { cpus } = await machine(text);
    expect(formatList(cpus.flatMap((cpu) => cpu.apicId ?? []))).toBe(idsOf(row));
    expect(cpus.filter((cpu) => cpu.state === 'online')).toHaveLength(present);
  }
});

test('sockets are dealt to nodes in equal blocks', () => {
  const deal = (sockets: number, nodes: number) =>
    Array.from({ length: sockets }, (_, socket) => nodeOfSocket(socket, sockets, nodes)).join('');
  expect(deal(4, 1)).toBe('0000');
  expect(deal(4, 2)).toBe('0011');
  expect(deal(4, 4)).toBe('0123');
  expect(deal(3, 2)).toBe('001');
  const topology = { sockets: 3, dies: 1, modules: 1, cores: 5, threads: 2 };
  expect([0, 9, 10, 29].map((cpu) => socketOf(cpu, topology))).toEqual([0, 0, 1, 2]);
});
