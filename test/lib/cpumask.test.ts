import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CpuMask, formatList, parseCpuList } from '../../src/lib/cpumask.ts';

const cpus = fc.uniqueArray(fc.nat(299));
const sorted = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);

test('the list form', () => {
  expect(CpuMask.of(9, [0, 1, 2, 3, 8]).toString()).toBe('0-3,8');
  expect(new CpuMask(9).toString()).toBe('');
  expect(CpuMask.parse(' 8, 0 - 3 ', 9).toArray()).toEqual([0, 1, 2, 3, 8]);
  expect(parseCpuList('0x100-0x13F,7')).toEqual([
    [256, 319],
    [7, 7],
  ]);
});

test.each(['x', '1-', '-1', '1-2-3', '3-1', '1,,2', '1.5', ','])('refuses the list %j', (text) => {
  expect(() => parseCpuList(text)).toThrow(RangeError);
});

test('refuses a CPU outside the mask', () => {
  expect(() => CpuMask.parse('0-9', 9)).toThrow('CPU 9 is outside 0-8');
});

test('print and parse round-trip', () => {
  fc.assert(
    fc.property(cpus, (set) => {
      const mask = CpuMask.of(300, set);
      expect(CpuMask.parse(mask.toString(), 300).equals(mask)).toBe(true);
      expect(mask.toString()).toBe(formatList(sorted(set)));
      expect(mask.toArray()).toEqual(sorted(set));
    }),
  );
});

test('operations agree with Set', () => {
  fc.assert(
    fc.property(cpus, cpus, fc.nat(299), (left, right, after) => {
      const [a, b] = [CpuMask.of(300, left), CpuMask.of(300, right)];
      const [sa, sb] = [new Set(left), new Set(right)];
      const both = left.filter((cpu) => sb.has(cpu));
      expect(CpuMask.and(a, b).toArray()).toEqual(sorted(both));
      expect(CpuMask.or(a, b).toArray()).toEqual(sorted(new Set([...left, ...right])));
      expect(CpuMask.andNot(a, b).toArray()).toEqual(sorted(left.filter((cpu) => !sb.has(cpu))));
      expect(a.weight()).toBe(sa.size);
      expect(a.weightAnd(b)).toBe(both.length);
      expect(a.intersects(b)).toBe(both.length > 0);
      expect(a.isSubsetOf(b)).toBe(both.length === left.length);
      expect(a.isEmpty()).toBe(left.length === 0);
      expect(a.first()).toBe(sorted(left)[0] ?? -1);
      expect(a.firstAnd(b)).toBe(sorted(both)[0] ?? -1);
      expect(a.next(after)).toBe(sorted(left).find((cpu) => cpu > after) ?? -1);
    }),
  );
});

test('ranges', () => {
  fc.assert(
    fc.property(fc.nat(299), fc.nat(299), (from, to) => {
      const expected = to < from ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index);
      expect(CpuMask.range(300, from, to).toArray()).toEqual(expected);
    }),
  );
  expect(CpuMask.full(300).weight()).toBe(300);
});
