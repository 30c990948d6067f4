/** Kata Containers: configuration.toml of the runtime, with QEMU or Cloud Hypervisor, and files of config.d laid over it. */
import { lineComments } from '../comments/line-comments.ts';
import { sayUnused } from '../defines.ts';
import { takeNotes } from '../notes.ts';
import { collectMachine } from '../qemu/collect.ts';
import { describeQemu } from '../qemu/machine.ts';
import type { Reader, ReadRequest, ReadResult } from '../reader.ts';
import { readAssignments } from '../small/assignments.ts';
import { headText } from '../text/head.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { cleanText, parsed, textPositions } from '../text/text.ts';
import { describeClh } from './clh.ts';
import { accountForKeys, nameDropIn } from './keys.ts';
import { kataOptions } from './machine.ts';

function describe(config: SourceValue, { stack, defines = {} }: ReadRequest): ReadResult {
  const notes = takeNotes('Kata Containers');
  const qemu = config.get('hypervisor', 'qemu');
  const table = qemu ?? config.get('hypervisor', 'clh');
  if (!table) {
    const others = config.get('hypervisor')?.keys() ?? [];
    const found = others.length > 0 ? `, found [hypervisor.${others[0]}]` : '';
    throw (config.get('hypervisor') ?? config).fail(
      `[hypervisor.qemu] or [hypervisor.clh] is expected${found}: only guests of QEMU and Cloud Hypervisor are read`,
    );
  }
  accountForKeys(config, qemu ? 'qemu' : 'clh', notes);
  nameDropIn(table, notes);
  sayUnused(defines, new Set(['nproc']), notes);
  if (!qemu) return describeClh(table, stack, notes, defines);
  const machine = collectMachine(kataOptions(qemu, config.get('runtime'), notes, defines), false);
  return describeQemu({ ...machine, unread: [...notes.unread, ...machine.unread] }, stack, notes);
}

export const kata: Reader = {
  name: 'kata',
  comments: lineComments,
  usesDefines: true,
  recognises(bytes) {
    const head = headText(bytes, 64 * 1024);
    return /^[ \t]*\[hypervisor\.[\w-]+\][ \t]*(?:#.*)?\r?$/m.test(head);
  },
  async read(request) {
    const { bytes, file } = request;
    const text = cleanText(new TextDecoder().decode(bytes), file);
    const raw = await parsed(text, file, () =>
      readAssignments(text, textPositions(text, file), 'refused in a table'),
    );
    return [describe(sourceValue(raw, file), request)];
  },
};
