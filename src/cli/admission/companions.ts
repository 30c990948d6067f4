/** Instancetypes and preferences, which an object that is admitted only names. */
import { readFileSync } from 'node:fs';
import { readObjects } from '../../formats/kubevirt/documents.ts';
import { objectsIn } from '../../formats/kubevirt/template.ts';
import { isCompanion } from '../input/part.ts';
import { UsageError } from '../io.ts';
import type { Companion } from './job.ts';

/** Those in a file, whatever else is in it. Rejects with UsageError or InputError. */
export async function readCompanions(file: string): Promise<readonly Companion[]> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--objects ${file}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const objects = (await readObjects(text, file)).flatMap((raw) => objectsIn(raw, file));
  const found = objects.flatMap((object): readonly Companion[] => {
    const kind = object.get('kind')?.value;
    const name = object.get('metadata', 'name')?.value;
    if (typeof kind !== 'string' || !isCompanion(kind) || typeof name !== 'string') return [];
    return [{ name, text: JSON.stringify(object.value) }];
  });
  if (found.length === 0) throw new UsageError(`--objects ${file}: no instancetype or preference is in it`);
  return found;
}
