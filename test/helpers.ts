/** Shared by tests: from a file or text to an analysis, as the command line does it. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type Analysis, analyze } from '../src/findings/analyze.ts';
import { readMachine } from '../src/index.ts';
import type { Machine } from '../src/machine/machine.ts';

/** Reads a description given as text. */
export function readText(text: string, set: readonly string[] = [], file = 'test.yaml'): Promise<Machine> {
  return readMachine(text, file, set);
}

export async function analyzeText(text: string, set: readonly string[] = []): Promise<Analysis> {
  return analyze(await readText(text, set));
}

export function analyzeFile(path: string): Promise<Analysis> {
  return analyzeText(readFileSync(path, 'utf8'));
}

/** `toEqual` for many or large values: where nothing differs, which is nearly always, it takes a small part of the time. */
export function expectEqual(actual: unknown, expected: unknown, message: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, message).toEqual(expected);
}

/** The same of `toStrictEqual`. */
export function expectStrictEqual(actual: unknown, expected: unknown, message: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, message).toStrictEqual(expected);
}
