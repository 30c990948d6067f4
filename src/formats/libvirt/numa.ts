/** NUMA cells of a domain → `-numa`; vCPUs that no cell names are node 0's. */
import { formatList, parseCpuList } from '../../lib/cpumask.ts';
import { LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import type { Notes } from '../notes.ts';
import type { Fact } from '../qemu/facts.ts';
import { given, buildOption as option, type QemuOption } from '../qemu/option.ts';
import { errorAt, wholeNumber } from '../qemu/props.ts';
import { child, childrenOf, type XmlElement } from '../text/xml.ts';
import type { Look } from './look.ts';

const CELLS =
  "XML error: Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting " +
  'from 0 are not allowed';
const TOO_MANY = 'Number of CPUs in <numa> exceeds the <vcpu> count';

interface Cell {
  readonly element: XmlElement;
  readonly id: Fact<string>;
  readonly number: number;
  readonly written: Fact<string> | undefined;
  readonly cpus: readonly number[];
}

/** Options for the cells of a domain of `max` vCPUs. Throws InputError for lists that are none. */
export function numaOptions(domain: XmlElement, max: number, look: Look, notes: Notes): QemuOption[] {
  const cells = childrenOf(child(domain, 'cpu', 'numa'), 'cell').map((element, index): Cell => {
    const id = look.attribute(element, 'id') ?? given(String(index));
    const written = look.attribute(element, 'cpus');
    return { element, id, number: wholeNumber(id, 'id'), written, cpus: written ? listed(written) : [] };
  });
  cells.sort((a, b) => a.number - b.number);
  const wrong = cells.find(({ number }, index) => number !== index);
  if (wrong) {
    notes.fail(CELLS, look.at(wrong.element));
    return [];
  }
  if (refusesCpus(cells, max, look, notes)) return [];
  const taken = new Set(cells.flatMap(({ cpus }) => cpus));
  const rest = Array.from({ length: max }, (_, cpu) => cpu).filter((cpu) => !taken.has(cpu));
  if (cells.length > 0 && rest.length > 0) {
    notes.assume(`vCPUs ${formatList(rest)}, which no NUMA cell names, belong to node 0`, ['cpus']);
  }
  return cells.map(({ element, id, number, written, cpus }) => {
    const all = number === 0 ? [...cpus, ...rest].sort((a, b) => a - b) : cpus;
    const list = all.length > 0 ? { value: formatList(all), at: written?.at } : undefined;
    return option('numa', look.at(element), [
      ['type', given('node')],
      ['nodeid', id],
      ['cpus', list],
      // A cell of no memory is a node of CPUs alone.
      ['memdev', hasMemory(element) ? given(`ram-node${number}`) : undefined],
    ]);
  });
}

function hasMemory(cell: XmlElement): boolean {
  return !/^\s*0+\s*$/.test(cell.attributes.get('memory')?.value ?? '');
}

function refusesCpus(cells: readonly Cell[], max: number, look: Look, notes: Notes): boolean {
  const owners = new Map<number, number>();
  for (const { cpus, number, written, element } of cells) {
    const twice = cpus.find((cpu) => owners.has(cpu));
    if (twice !== undefined) {
      const message = `NUMA cells ${number} and ${owners.get(twice)} have overlapping vCPU ids`;
      notes.fail(message, written?.at ?? look.at(element), { cause: [`both name vCPU ${twice}`] });
      return true;
    }
    for (const cpu of cpus) owners.set(cpu, number);
  }
  const beyond = cells.find(({ cpus }) => cpus.some((cpu) => cpu >= max));
  if (!beyond) return false;
  notes.fail(TOO_MANY, beyond.written?.at, {
    cause: [`the cell names vCPU ${beyond.cpus.at(-1)}; the vCPUs are 0 to ${max - 1}`],
  });
  return true;
}

/** "0-7,^3" → 0, 1, 2, 4, 5, 6, 7. */
function listed(fact: Fact<string>): readonly number[] {
  const parts = fact.value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  try {
    if (parts.length > LIMITS.cpus) throw new RangeError('the list is far too long');
    const cpus = new Uint8Array(LIMITS.cpus);
    const fill = (list: readonly string[], value: number) => {
      for (const [first, last] of parseCpuList(list.join(','))) cpus.fill(value, first, last + 1);
    };
    fill(
      parts.filter((part) => !part.startsWith('^')),
      1,
    );
    fill(
      parts.filter((part) => part.startsWith('^')).map((part) => part.slice(1)),
      0,
    );
    const named: number[] = [];
    for (let cpu = cpus.indexOf(1); cpu >= 0; cpu = cpus.indexOf(1, cpu + 1)) named.push(cpu);
    return named;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw errorAt(fact.at, `cpus=${excerpt(fact.value)}: ${error.message}`);
  }
}
