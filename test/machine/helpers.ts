import { readNative } from '../../src/formats/native/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { normalise } from '../../src/machine/normalise.ts';
import { applySets } from '../../src/machine/set.ts';

export const KNOWN = {
  policies: ['mainline', 'max-affinity'],
  rules: ['apic-id-above-limit', 'dead-queue', 'expectation'],
};

/** Reads and completes a description written in YAML or JSON. */
export async function machine(text: string, sets: readonly string[] = []): Promise<Machine> {
  const raw = applySets(await readNative(text, 'm.yaml'), sets);
  return normalise(raw.value, 'm.yaml', raw.locate, KNOWN);
}

/** The lines of the InputError that the description gives. */
export async function errors(text: string, sets: readonly string[] = []): Promise<string[]> {
  try {
    await machine(text, sets);
  } catch (error) {
    if (error instanceof InputError) return error.format().split('\n');
    throw error;
  }
  throw new Error('the description was accepted');
}
