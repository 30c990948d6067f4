/// <reference lib="dom" />
/** The CPU map under the pointer and the keyboard: which CPU is meant. */
import { lookup } from '../lib/lookup.ts';

interface Layout {
  readonly size: number;
  readonly columns: number;
  readonly groups: readonly { readonly x: number; readonly y: number; readonly things: string }[];
}

interface Group {
  readonly x: number;
  readonly y: number;
  readonly things: readonly number[];
}

/** "0-3,8" in its order. */
function listed(ranges: string): number[] {
  if (ranges === '') return [];
  return ranges.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
}

/** The map's cells by place. */
export class CpuCells {
  readonly svg: SVGSVGElement;
  readonly #size: number;
  readonly #columns: number;
  readonly #groups: readonly Group[];
  readonly order: readonly number[];

  constructor(svg: SVGSVGElement) {
    const { size, columns, groups } = JSON.parse(svg.dataset.layout ?? '{}') as Layout;
    this.svg = svg;
    this.#size = size;
    this.#columns = columns;
    this.#groups = groups.map(({ x, y, things }) => ({ x, y, things: listed(things) }));
    this.order = this.#groups.flatMap(({ things }) => things);
  }

  /** The CPU at a point of the window. */
  at(clientX: number, clientY: number): number | undefined {
    const matrix = this.svg.getScreenCTM();
    if (!matrix) return undefined;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
    for (const group of this.#groups) {
      const column = Math.floor((x - group.x) / this.#size);
      const row = Math.floor((y - group.y) / this.#size);
      if (column < 0 || column >= this.#columns || row < 0) continue;
      const cpu = group.things[row * this.#columns + column];
      if (cpu !== undefined) return cpu;
    }
    return undefined;
  }

  /** The square of a CPU, in units of the drawing. */
  square(cpu: number): { readonly x: number; readonly y: number; readonly size: number } | undefined {
    for (const { x, y, things } of this.#groups) {
      const n = things.indexOf(cpu);
      if (n < 0) continue;
      const column = n % this.#columns;
      const row = Math.floor(n / this.#columns);
      return { x: x + column * this.#size, y: y + row * this.#size, size: this.#size };
    }
    return undefined;
  }

  /** Draws a square around the CPU that is meant. */
  mark(cpu: number): void {
    const square = this.square(cpu);
    if (!square) return;
    this.svg.querySelector('.cursor')?.remove();
    const { x, y, size } = square;
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('class', 'cursor');
    path.setAttribute('d', `M${x - 1} ${y - 1}h${size}v${size}h-${size}z`);
    this.svg.append(path);
  }

  /** The CPU that an arrow key leads to. */
  step(cpu: number, key: string): number | undefined {
    const keys = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.#columns,
      ArrowDown: this.#columns,
    };
    const move = lookup(keys, key);
    if (move === undefined) return undefined;
    return this.order[this.order.indexOf(cpu) + move] ?? cpu;
  }
}
