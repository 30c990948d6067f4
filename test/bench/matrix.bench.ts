/** What the vector matrix and the interrupt life cycle cost: 32 devices of 128 queues on 512 CPUs. */
import { performance } from 'node:perf_hooks';
import { CpuMask } from '../../src/lib/cpumask.ts';
import { allocMsi, cpuUp, createIrqLife, requestIrq } from '../../src/linux/engine/irq.ts';
import {
  irqAllocMatrix,
  irqMatrixAllocManaged,
  irqMatrixOnline,
  irqMatrixReserveManaged,
} from '../../src/linux/engine/matrix.ts';
import { kernelProfile } from '../../src/machine/kernel.ts';

const CPUS = 512;
const DEVICES = 32;
const QUEUES = 128;
const RUNS = 60;
const WARM_UP = 40;

/** Warm median of the time `run` takes after `prepare`. */
function median<T>(prepare: () => T, run: (prepared: T) => void): number {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    const prepared = prepare();
    const from = performance.now();
    run(prepared);
    if (i >= WARM_UP) times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]!;
}

const kernel = kernelProfile('6.12');
const masks = Array.from({ length: QUEUES }, (_, queue) => CpuMask.range(CPUS, queue * 4, queue * 4 + 3));

function matrix() {
  const m = irqAllocMatrix({ nrCpus: CPUS, matrixBits: 256, allocStart: 32, allocEnd: 235, kernel });
  for (let cpu = 0; cpu < CPUS; cpu++) irqMatrixOnline(m, cpu);
  return m;
}

function life() {
  const config = { irqRemap: () => true, nrLegacy: 16, hkManaged: null, kernel, ia32: true } as const;
  const nodeOf = Int32Array.from({ length: CPUS }, (_, cpu) => cpu >> 7);
  const machine = { nrCpus: CPUS, nodeOf, nrNodes: 4, defaultAffinity: CpuMask.full(CPUS) };
  const result = createIrqLife({ ...config, ...machine });
  for (let cpu = 1; cpu < CPUS; cpu++) cpuUp(result, cpu);
  return result;
}

export default function bench(): { name: string; ms: number; kernelMs?: number }[] {
  const each = (visit: (queue: number, irq: number) => void) => {
    for (let irq = 0; irq < DEVICES * QUEUES; irq++) visit(irq % QUEUES, irq + 24);
  };
  return [
    {
      name: 'matrix: 4,096 managed interrupts on 512 CPUs',
      kernelMs: 0.3,
      ms: median(matrix, (m) =>
        each((queue) => {
          if (irqMatrixReserveManaged(m, masks[queue]!) < 0) throw new Error('no vector to reserve');
          if (irqMatrixAllocManaged(m, masks[queue]!) < 0) throw new Error('no vector to allocate');
        }),
      ),
    },
    {
      name: 'life cycle: 4,096 managed interrupts allocated and requested on 512 CPUs',
      ms: median(life, (l) =>
        each((queue, irq) => {
          if (allocMsi(l, irq, { node: 0, affinity: masks[queue]!, managed: true }) < 0)
            throw new Error('alloc');
          if (requestIrq(l, irq) < 0) throw new Error('request');
        }),
      ),
    },
  ];
}
