/**
 * The check behind every edit: the changed text is read again, and only a text in which the intent holds and no
 * other written value has changed gets out. Writers propose; what does not stand this is never seen.
 */

import type { Path } from '../machine/locate.ts';
import { InputError } from '../machine/locate.ts';
import type { Editor, EditRequest, Writer } from './editor.ts';
import { holds } from './holds.ts';
import type { Intent } from './intent.ts';
import type { Reader, ReadResult } from './reader.ts';
import { differences, isBelow, sameValue } from './text/values.ts';

/** The editor of a reader's format; its writer is loaded at the first use. */
export function provenEditor(reader: Reader, load: () => Promise<Writer>): Editor {
  return { format: reader.name, edit: async (request) => edited(reader, request, await load()) };
}

async function edited(reader: Reader, request: EditRequest, write: Writer): Promise<string | null> {
  const mark = request.text.startsWith('\ufeff') ? '\ufeff' : '';
  const text = request.text.slice(mark.length);
  const all = await read(reader, text, request);
  const before = all?.at(request.index);
  if (!all || !before) return null;
  if (holds(request.intent, before, before)) return request.text;
  for (const proposal of await write({
    text,
    intent: request.intent,
    index: request.index,
    before,
    defines: request.defines,
  })) {
    if (proposal === null) continue;
    const after = await read(reader, proposal, request);
    if (after && stands(request, all, after)) return mark + proposal;
  }
  return null;
}

/** The machines of a text; undefined for one that the reader refuses. */
async function read(
  reader: Reader,
  text: string,
  { stack = {}, defines }: EditRequest,
): Promise<readonly ReadResult[] | undefined> {
  try {
    return await reader.read({ bytes: new TextEncoder().encode(text), file: '-', stack, defines });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function stands(
  { intent, index }: EditRequest,
  before: readonly ReadResult[],
  after: readonly ReadResult[],
): boolean {
  if (before.length !== after.length) return false;
  const others = before.every(
    (one, other) => other === index || sameValue(one.raw.value, after[other].raw.value),
  );
  return (
    others &&
    !refusesMore(before[index], after[index]) &&
    holds(intent, before[index], after[index]) &&
    changesNoMore(intent, before[index], after[index])
  );
}

/** The product would not start the machine, for a reason that was none before. */
function refusesMore(before: ReadResult, after: ReadResult): boolean {
  const errors = ({ refusals }: ReadResult) =>
    refusals.filter(({ level }) => level === 'error').map(({ message }) => message);
  const known = errors(before);
  return errors(after).some((message) => !known.includes(message));
}

/** Differences lie where the intent is, or in values that nobody wrote, before or after. */
function changesNoMore(intent: Intent, before: ReadResult, after: ReadResult): boolean {
  const tops = topsOf(intent);
  const isDefault = (path: Path) => !before.raw.locate(path) && !after.raw.locate(path);
  return differences(before.raw.value, after.raw.value).every(
    (path) => tops.some((top) => isBelow(path, top)) || isDefault(path),
  );
}

/** Where in a description an intent may show. */
function topsOf(intent: Intent): readonly Path[] {
  switch (intent.kind) {
    case 'ext-dest-id':
      return [['extDestId']];
    case 'remapping':
      // Remapping in a guest needs the split interrupt chip, which offers the extended destination ID.
      return [['remapping'], ['extDestId']];
    case 'kernel':
      return [['kernel']];
    case 'parameters':
      return [['cmdline']];
    case 'kernel-config':
      return [['kernelConfig', intent.key]];
    case 'topology':
      return [['topology'], ['cpus'], ['smt']];
    case 'x2apic':
      return [['x2apic']];
    case 'queues':
      return [
        [...intent.device, 'queues'],
        [...intent.device, 'vectors'],
      ];
    case 'vectors':
      return [[...intent.device, 'vectors']];
    case 'hpet':
      return [['hpet']];
    case 'kvm-signature':
      return [['platform'], ['extDestId'], ['timers']];
    case 'value':
      return [intent.path];
    case 'acpi':
    case 'stack':
      return [];
  }
}
