/** The interrupt life cycle of x86 Linux, for those who simulate a machine: the engine's public part. Mirrors
 * kernel/irq and arch/x86/kernel/apic/vector.c. */
export { cpuDown, cpuUp } from './cpuhotplug.ts';
export { setAffinity, setAffinityUser } from './irq-affinity.ts';
export { allocIoapic, allocLegacy, allocMsi } from './irq-alloc.ts';
export { hasFlags, IrqFlag } from './irq-desc.ts';
export { createIrqLife, drainLog, type IrqLife, type LifecycleConfig } from './irq-life.ts';
export { destroyIrq, fire, freeIrq, requestIrq } from './irq-manage.ts';
export { tick } from './vector.ts';
