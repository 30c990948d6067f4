/**
 * Nothing is dropped in silence: whatever is put into an input that its reader does not know is named, at its place, or
 * refused by its name, and never earns a PASS.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import type { InputFormat } from '../../../src/formats/formats.ts';
import { readerNamed, recognise } from '../../../src/formats/index.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { hasCorpus, normaliseResult } from '../importers.ts';
import { type Place, STRANGER, type Strangers } from './place.ts';
import { STRANGERS } from './table.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
/** Trees of files, which are read as captured machines. */
const TREES = /^(?:hwloc|util-linux|libvirt-hosts)\//;

/** The texts of the corpus by format. */
function corpusTexts(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (!hasCorpus) return found;
  for (const name of readdirSync(CORPUS, { recursive: true }) as string[]) {
    if (TREES.test(name) || !/\.(?:xml|args|cfg|conf|cmd|json|ya?ml|toml|hvm|txt)$/.test(name)) continue;
    const text = readFileSync(CORPUS + name, 'utf8');
    if (/\.args$/.test(name) && !/qemu-system-(?:x86_64|i386)/.test(text)) continue;
    const { name: format } = recognise(new TextEncoder().encode(text), name);
    found.set(format, [...(found.get(format) ?? []), text]);
  }
  return found;
}

interface Named {
  readonly part: string;
  readonly mayHold: readonly string[];
  readonly line: number | undefined;
}

/** What becomes of an input: what is named, or the text that refuses it, and whether it passes, which is looked at when it is asked. */
async function outcome(format: InputFormat, text: string) {
  try {
    const bytes = new TextEncoder().encode(text);
    const results = await readerNamed(format).read({ bytes, file: 'input', stack: {} });
    const named = results.flatMap(({ raw }): Named[] => {
      const parts =
        (raw.value as { notUnderstood?: { part: string; mayHold?: string[] }[] }).notUnderstood ?? [];
      return parts.map(({ part, mayHold = [] }, index) => {
        return { part, mayHold, line: raw.locate(['notUnderstood', index])?.line };
      });
    });
    const refusals = results.flatMap((one) => one.refusals).filter(({ level }) => level === 'error');
    const machines = results.map((one) => normaliseResult(one, 'input'));
    const passes = () =>
      machines.every((machine) => analyze({ ...machine, source: 'input' }).summary.verdict === 'pass');
    return { named, refused: refusals.map(({ message }) => message).join('\n'), passes };
  } catch (error) {
    if (error instanceof InputError) return { named: [], refused: error.format(), passes: () => false };
    throw error;
  }
}

const readable = new Map<string, boolean>();

/** Whether the reader takes a text as it is, which is asked for each place in it. */
async function isReadable(format: InputFormat, text: string): Promise<boolean> {
  const key = `${format} ${text}`;
  let known = readable.get(key);
  if (known === undefined) {
    const { named, refused } = await outcome(format, text);
    known = refused === '' || named.length > 0;
    readable.set(key, known);
  }
  return known;
}

async function checkPlace(
  format: InputFormat,
  text: string,
  { put, becomes, what, called = STRANGER }: Place,
): Promise<boolean> {
  const strange = put(text);
  if (strange === undefined || !(await isReadable(format, text))) return false;
  const { named, refused, passes } = await outcome(format, strange);
  const told = `${what}, in:\n${strange.slice(0, 3000)}`;
  if (becomes === 'refused') {
    expect(refused.toLowerCase(), told).toContain(called);
    return true;
  }
  const found = named.filter(({ part }) => part.toLowerCase().includes(called));
  expect(found.length, `${told}\nrefused: ${refused}\nnamed: ${JSON.stringify(named)}`).toBeGreaterThan(0);
  const lines = strange.split('\n');
  for (const { line, mayHold } of found) {
    expect(mayHold.length > 0 ? 'warning' : 'note', told).toBe(becomes);
    if (called !== STRANGER) continue;
    expect(
      lines
        .slice(Math.max(0, (line ?? 0) - 2), (line ?? 0) + 1)
        .join('\n')
        .toLowerCase(),
      `line ${line}, ${told}`,
    ).toContain(STRANGER);
  }
  if (becomes === 'warning') expect(passes(), told).toBe(false);
  return true;
}

const texts = corpusTexts();

describe.each(Object.entries(STRANGERS) as [InputFormat, Strangers][])(
  '%s',
  (format, { texts: own, places, incomplete }) => {
    test('the texts that strangers are put into hold none', async () => {
      for (const text of own) {
        const { named, refused } = await outcome(format, text);
        expect({ named: incomplete === undefined ? named : [], refused }).toEqual({ named: [], refused: '' });
      }
    });

    test.each(places.map((place) => [place.what, place] as const))('%s', async (_, place) => {
      let tried = 0;
      for (const text of own) if (await checkPlace(format, text, place)) tried++;
      expect(tried, 'texts with such a place').toBeGreaterThan(0);
      for (const text of texts.get(format) ?? []) await checkPlace(format, text, place);
    });
  },
);
