/** What a write to smp_affinity would come to, without making it: setAffinityUser() and the move that follows. */
import { CpuMask } from '../../lib/cpumask.ts';
import { EINVAL, EIO, ENOSPC, EPERM } from '../../lib/errno.ts';
import { USED_DOMAINS } from '../../machine/interrupt-domains.ts';
import { refusedByStub } from '../engine/irq-affinity.ts';
import { hasFlags, type IrqDesc, IrqFlag } from '../engine/irq-desc.ts';
import { movesAtOnce, usableMask } from '../engine/irq-life.ts';
import { findBestCpu, freeBit } from '../engine/matrix-search.ts';
import type { System } from './system.ts';

export interface WriteOutcome {
  /** Positive errno of the write; 0: it is taken. */
  readonly errno: number;
  /** The interrupt goes to a CPU of the mask, at once or when it next arrives. */
  readonly moves: boolean;
}

/** What the kernel says to users about interrupts that are not theirs to move (kernel/irq/proc.c). */
export function affinityRefusal({ machine: { kernel } }: Pick<System, 'machine'>): number {
  return kernel.has('managed-affinity-eperm') ? EPERM : EIO;
}

/** The kernel spreads or binds the interrupt itself. */
export function isNotUsers(d: IrqDesc): boolean {
  return (d.flags & (IrqFlag.managed | IrqFlag.noBalancing)) !== 0;
}

/** One of the CPUs has a vector for an interrupt that comes: irq_matrix_alloc() would give one. */
function hasRoom({ life: { matrix } }: System, cpus: CpuMask): boolean {
  const cpu = findBestCpu(matrix, cpus);
  return cpu >= 0 && freeBit(matrix, cpu) >= 0;
}

/** The only CPUs that a policy lets interrupts of its domain use, made at boot. */
function maskOf({ domainMasks }: System, d: IrqDesc): CpuMask | undefined {
  return domainMasks.get(USED_DOMAINS[d.domain]);
}

/** `mask` has only possible CPUs. */
export function tryAffinity(system: System, d: IrqDesc, mask: CpuMask): WriteOutcome {
  const { life, policy, online } = system;
  const only = maskOf(system, d);
  const refuse = (errno: number): WriteOutcome => ({ errno, moves: false });
  if (isNotUsers(d)) return refuse(affinityRefusal(system));
  if (policy.onlinesUnreachable && mask.intersects(online)) {
    if (only !== undefined && !CpuMask.and(mask, online).isSubsetOf(only)) return refuse(EINVAL);
    if (!mask.intersects(usableMask(life, d))) return refuse(0);
  }
  const target = CpuMask.and(mask, usableMask(life, d));
  if (target.isEmpty()) return refuse(EINVAL);
  if (!hasFlags(d, IrqFlag.activated)) return { errno: 0, moves: hasRoom(system, target) };
  if (refusedByStub(life, d, target)) return refuse(EINVAL);
  const moves = (d.vector !== 0 && target.test(d.cpu)) || hasRoom(system, target);
  const atOnce = movesAtOnce(life, d) && !hasFlags(d, IrqFlag.affinityPending);
  return { errno: moves || !atOnce ? 0 : ENOSPC, moves };
}

/** Online CPUs, of those that messages of its domain reach, to which a write of that CPU alone moves the interrupt. */
export function movableTo(system: System, d: IrqDesc, roomy: CpuMask, reachable: CpuMask): CpuMask {
  const { life } = system;
  const only = maskOf(system, d);
  if (isNotUsers(d)) return new CpuMask(roomy.nbits);
  const cpus = roomy.clone();
  if (d.vector !== 0 && life.online.bits.test(d.cpu)) cpus.set(d.cpu);
  cpus.andWith(reachable);
  if (only !== undefined) cpus.andWith(only);
  cpus.andWith(usableMask(life, d));
  if (hasFlags(d, IrqFlag.line) && life.config.lineMask) cpus.andWith(life.config.lineMask);
  return cpus;
}

/** Online CPUs that interrupts may use and that have a free vector. */
export function roomyCpus({ life }: System): CpuMask {
  const roomy = life.online.bits.clone();
  life.online.bits.forEach((cpu) => {
    if (life.matrix.available[cpu] === 0 || freeBit(life.matrix, cpu) < 0) roomy.clear(cpu);
  });
  return roomy;
}
