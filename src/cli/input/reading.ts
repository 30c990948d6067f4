/** How inputs of many machines are read: one after the other. */
import type { MachineSource } from '../../questions/source.ts';
import type { FolderChoice } from './folder.ts';
import type { InputOptions } from './input.ts';

/** Some machines of an input that are still to be read: all of them, or those of a part. */
export interface Reading {
  /** What is read: of a folder of inputs, the file in it. */
  readonly input: string;
  /** Throws InputError or UsageError. */
  readonly read: () => Promise<readonly MachineSource[]>;
}

/** How an input is read, but for the changes to its machines. */
export interface ReadingOptions extends Omit<InputOptions, 'set'> {
  /** Which files of a folder of inputs are read; absent: a folder is a captured machine. */
  readonly folder?: FolderChoice;
}
