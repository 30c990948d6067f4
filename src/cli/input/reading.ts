/** How inputs of many machines are read: one after the other. */
import type { MachineSource } from '../../questions/source.ts';
import type { FolderChoice } from './folder.ts';
import type { InputOptions } from './input.ts';

/** Reads some machines of an input: all of them, or those of a part. Throws InputError or UsageError. */
export type Reading = () => Promise<readonly MachineSource[]>;

/** How an input is read, but for the changes to its machines. */
export interface ReadingOptions extends Omit<InputOptions, 'set'> {
  /** Which files of a folder of inputs are read; absent: a folder is a captured machine. */
  readonly folder?: FolderChoice;
}
