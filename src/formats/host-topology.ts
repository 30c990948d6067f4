/** Guests that get CPUs by those of the host: its topology, which their configuration does not describe, and its number. */
import { lookup } from '../lib/lookup.ts';
import { apicIdOf } from '../machine/topology.ts';
import { wholeNumber } from './qemu/props.ts';
import type { Defines } from './reader.ts';

/** The highest APIC ID that `cpus` CPUs have in any topology: every way to write them as sockets × cores × threads. */
export function highestApicIdOfAny(cpus: number): number {
  let highest = 0;
  for (const sockets of divisors(cpus)) {
    for (const cores of divisors(cpus / sockets)) {
      const threads = cpus / sockets / cores;
      highest = Math.max(highest, apicIdOf(cpus - 1, { sockets, dies: 1, modules: 1, cores, threads }));
    }
  }
  return highest;
}

function divisors(count: number): number[] {
  const found: number[] = [];
  for (let divisor = 1; divisor <= count; divisor++) if (count % divisor === 0) found.push(divisor);
  return found;
}

/** CPUs of the host as `--define nproc=N` tells them; undefined: it does not. Throws InputError for what is no number. */
export function definedHostCpus(defines: Defines): number | undefined {
  const value = lookup(defines, 'nproc');
  return value === undefined
    ? undefined
    : Math.max(1, wholeNumber({ value, at: undefined }, '--define nproc'));
}
