/** How many vectors a CPU has for devices. */

import type { Machine } from '../../machine/machine.ts';
import { vectorLayout } from '../engine/vector-layout.ts';

/** The allocation window without the system vectors inside it (docs/model/vectors.md#layout). */
export function perCpuCapacity({ kernel, kernelConfig, cmdline, legacyIrqs }: Machine): number {
  const ia32 = kernelConfig.ia32 && !cmdline.ia32Off;
  const { start, end, system } = vectorLayout(kernel, ia32, legacyIrqs ? 16 : 0);
  return end - start - system.filter((vector) => vector >= start && vector < end).length;
}
