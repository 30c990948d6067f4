/** What a command file exports: its definition; the work behind it is imported when it is called. */
import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** Defines a command; its action reports the exit code through `done`. */
export type DefineCommand = (io: Io, done: (code: number) => void) => Command;
