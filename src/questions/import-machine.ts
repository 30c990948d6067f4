/** Machines of any format, for other programs: content in, checked machines out. */

import type { Defines } from '../formats/reader.ts';
import type { Stack } from '../formats/stack.ts';
import type { Machine } from '../machine/machine.ts';
import { type MachineSource, machineOf, readSources } from './source.ts';

/** How content is to be read. */
export interface ImportOptions {
  /** Name of the content in messages and locations; its extension helps to recognise some formats. Default "-". */
  readonly file?: string;
  /** Format, whatever the content looks like: "qemu", "libvirt", "kubevirt", "native", ... Default: recognised. */
  readonly from?: string;
  /** Versions of products whose defaults count, e.g. { qemu: '9.0', libvirt: '10.5' }. */
  readonly stack?: Stack;
  /** Values that only the shell of a script knows, by name, e.g. { CPUS: '8', nproc: '16' }. */
  readonly defines?: Defines;
  /** `KEY=VALUE` assignments to apply to each description first, as those of `--set`. */
  readonly set?: readonly string[];
}

/**
 * Reads the machines of a configuration: irqsim's own YAML or JSON, a QEMU command line, libvirt XML, a KubeVirt
 * manifest and all else that `irqsim analyze` reads from one file, except archives of captured machines. At least one
 * machine comes back, in the order of the content. Throws InputError with everything that is wrong; RangeError for a
 * `from` that does not exist.
 */
export async function importMachine(
  content: string | Uint8Array,
  options: ImportOptions = {},
): Promise<readonly Machine[]> {
  const sources = await contentSources(content, options);
  return sources.map((source) => machineOf(source, options.set ?? []));
}

/** The machines of the content before they are checked: `set` is not applied. Throws as {@link importMachine} does. */
export function contentSources(
  content: string | Uint8Array,
  { file = '-', from, stack, defines }: ImportOptions,
): Promise<readonly MachineSource[]> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return readSources({ bytes, file, from, stack, defines });
}

/** One of several machines by its index. Throws RangeError where there is none. */
export function sourceAt(sources: readonly MachineSource[], index: number): MachineSource {
  const source = sources[index];
  if (source) return source;
  throw new RangeError(`index: ${index}, but the content holds ${sources.length} machines, counted from 0`);
}
