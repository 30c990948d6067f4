/**
 * What the reader changed, written into the input itself: the same edits as `advise --patch` makes. Changes that the
 * input has no place for are named.
 */
import { topologyOf } from '../findings/remedies/parts/shape.ts';
import { editorOf } from '../formats/index.ts';
import type { Intent } from '../formats/intent.ts';
import { type Described, describe, type MachineSource, readSources } from '../questions/source.ts';
import { unifiedPatch } from '../report/advice/patch.ts';
import type { GivenInput } from './protocol.ts';

/** Changes that are one intent, or no setting of a machine. */
interface Wanted {
  readonly changes: readonly string[];
  readonly intent?: Intent;
}

export interface Written {
  /** The input with what could be written, as it reads. */
  readonly source: MachineSource;
  /** From the input as it was given to that text; empty if nothing could be written. */
  readonly patch: string;
  /** Changes that the input has no place for. */
  readonly left: readonly string[];
}

/** A single value as an intent; the topology is written at once, see {@link wantedOf}. */
function intentOf(key: string, value: string, { machine, description }: Described): Intent {
  const device = /^devices\.(\d+)\.queues$/.exec(key)?.[1];
  if (device !== undefined) {
    const path = ['devices', Number(device)];
    const entries = (description as { devices?: readonly { name?: unknown }[] }).devices ?? [];
    return {
      kind: 'queues',
      device: path,
      name: String(entries[Number(device)]?.name),
      queues: Number(value),
    };
  }
  if (key === 'remapping' && value === 'on') return { kind: 'remapping', vendor: machine.remapping.vendor };
  if (key === 'extDestId' && value === 'on') return { kind: 'ext-dest-id' };
  if (key === 'hpet') return { kind: 'hpet', present: value === 'on' };
  const plain = value.startsWith('{') ? JSON.parse(value) : value;
  return { kind: 'value', path: key.split('.'), value: plain };
}

/** Topology first, for its levels and the plugged CPUs are one change; the others in their order. */
function wantedOf(changes: readonly string[], changed: Described): readonly Wanted[] {
  const isShape = (change: string): boolean => change.startsWith('topology.');
  const shape = changes.filter(isShape);
  const topology = topologyOf(changed.description as Readonly<Record<string, unknown>>, changed.machine);
  const others = changes
    .filter((change) => !isShape(change))
    .map((change): Wanted => {
      const release = /^--kernel (.*)$/.exec(change)?.[1];
      if (release !== undefined) return { changes: [change], intent: { kind: 'kernel', release } };
      if (change.startsWith('--')) return { changes: [change] };
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(change) ?? [];
      return { changes: [change], intent: intentOf(key, value, changed) };
    });
  if (shape.length === 0 || topology === null) return others;
  return [{ changes: shape, intent: { kind: 'topology', topology } }, ...others];
}

/** Writes the changes into the input, one after the other; each text is read again before it counts. */
export async function written(
  input: GivenInput,
  source: MachineSource,
  changes: readonly string[],
): Promise<Written> {
  const { file, from, stack, defines } = input;
  const editor = editorOf(source.format);
  if (!editor) return { source, patch: '', left: changes };
  const left: string[] = [];
  let { text } = input;
  let now = source;
  for (const { changes: these, intent } of wantedOf(
    changes,
    describe(source, [...input.changes, ...changes]),
  )) {
    const { raw } = now.result;
    const edited =
      intent && (await editor.edit({ text, raw, index: 0, intent, ...(stack && { stack }), defines }));
    // Some editors take a value that the product works out itself, and write nothing.
    if (!edited || edited === text) {
      left.push(...these);
      continue;
    }
    const bytes = new TextEncoder().encode(edited);
    [now] = await readSources({ bytes, file, from, stack, defines });
    text = edited;
  }
  return { source: now, patch: unifiedPatch(file, input.text, text), left };
}
