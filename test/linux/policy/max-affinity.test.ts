/** P1's mask of a domain, made once at boot (docs/model/policies.md#p1-in-detail). */
import { expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { maxAffinity } from '../../../src/linux/policy/max-affinity.ts';
import type { PolicyCpus } from '../../../src/linux/policy/policy.ts';

const mask = (list: string) => CpuMask.parse(list, 12);

function made(possible: string, reachable: string, maxApicId: number, remapped = false) {
  const cpus = { possible: mask(possible), reachable: mask(reachable), maxApicId, remapped };
  return maxAffinity.domainMask?.(cpus as PolicyCpus)?.toString() ?? null;
}

test('CPU numbers up to the limit, whose APIC IDs are within it', () => {
  expect(made('0-11', '0-7', 7)).toBe('0-7');
  // Low APIC IDs behind a high number are left out.
  expect(made('0-11', '0-3,9-11', 7)).toBe('0-3');
  expect(made('0-11', '0-11', 7)).toBe('0-7');
  expect(made('0-11', '0-11', 255)).toBe('0-11');
});

test('no number above those of the possible CPUs at boot', () => {
  expect(made('0-3,8', '0-3,8', 255)).toBe('0-3');
  expect(made('0-3,5', '0-3,5', 255)).toBe('0-3');
});

test('none where all messages are remapped, and the CPUs that were asked about stay as they are', () => {
  expect(made('0-11', '0-11', 7, true)).toBeNull();
  const reachable = mask('0-11');
  maxAffinity.domainMask?.({
    possible: mask('0-11'),
    reachable,
    maxApicId: 3,
    remapped: false,
  } as PolicyCpus);
  expect(reachable.toString()).toBe('0-11');
});
