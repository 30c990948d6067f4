/** Texts of any code points, for property tests. */
import fc from 'fast-check';

/** Code points of surrogates stand for nothing alone. */
const SURROGATES = { from: 0xd800, count: 0x800 };

const codePoint = fc.nat({ max: 0x10ffff - SURROGATES.count }).map(
  (n) => String.fromCodePoint(n < SURROGATES.from ? n : n + SURROGATES.count),
  (unit) => {
    const point = typeof unit === 'string' ? unit.codePointAt(0) : undefined;
    if (point === undefined || String.fromCodePoint(point) !== unit) throw new Error('no code point');
    if (point < SURROGATES.from) return point;
    if (point < SURROGATES.from + SURROGATES.count) throw new Error('half a code point');
    return point - SURROGATES.count;
  },
);

/**
 * The same as `fc.string({ unit: 'binary' })`, which makes a table of all 1,112,064 code points first: a second and a
 * hundred MB in each worker.
 */
export function anyText(constraints: Omit<fc.StringConstraints, 'unit'> = {}): fc.Arbitrary<string> {
  return fc.string({ unit: codePoint, ...constraints });
}
