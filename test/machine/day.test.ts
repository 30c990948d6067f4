/** Days that exist. */
import { expect, test } from 'vitest';
import { isDay } from '../../src/machine/day.ts';

test.each([
  ['2027-03-31', true],
  ['2024-02-29', true],
  ['2000-02-29', true],
  ['0001-01-01', true],
  ['2023-02-29', false],
  ['1900-02-29', false],
  ['2027-04-31', false],
  ['2027-00-10', false],
  ['2027-13-01', false],
  ['2027-01-00', false],
  ['2027-1-1', false],
  ['27-01-01', false],
  ['2027-01-01T00:00', false],
  [' 2027-01-01', false],
  ['', false],
])('%s: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});

test('every day of 400 years, as the calendar of JavaScript has it', () => {
  const all = new Set<string>();
  for (let time = Date.UTC(1800, 0, 1); time < Date.UTC(2200, 0, 1); time += 86_400_000) {
    all.add(new Date(time).toISOString().slice(0, 10));
  }
  const two = (n: number) => String(n).padStart(2, '0');
  const wrong: string[] = [];
  for (let year = 1800; year < 2200; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${two(month)}-${two(day)}`;
        if (isDay(text) !== all.has(text)) wrong.push(text);
      }
    }
  }
  expect(wrong).toEqual([]);
});
