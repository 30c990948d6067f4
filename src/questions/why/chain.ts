/** The shape of an answer to "why": the verdict, the shortest chain that proves it, and every step. */
import { pathText } from '../../machine/locate.ts';
import type { Location, Machine, Path } from '../../machine/machine.ts';

/** Where a value comes from: a place in the input, or the default of a key. */
export type Origin = Location | { readonly defaultOf: string };

/** One reason, in a sentence. */
export interface Because {
  readonly text: string;
  readonly origin?: Origin | undefined;
}

/** One decision on the way, in the order in which they are made. */
export interface Step {
  /** One or two words: what is decided. */
  readonly topic: string;
  readonly text: string;
  /** Kernel function that decides it. */
  readonly by?: string | undefined;
  readonly origin?: Origin | undefined;
}

export interface Why {
  /** "CPU 300", "queue nvme0:7", "device nvme0". */
  readonly subject: string;
  /** What is the matter, as a sentence about the subject. */
  readonly verdict: string;
  /** Nothing is wrong with it. */
  readonly works: boolean;
  /** The shortest chain that is enough for the verdict. */
  readonly because: readonly Because[];
  readonly steps: readonly Step[];
  /** What follows for others. */
  readonly consequences: readonly string[];
}

/** Where the value at a path was written. */
export function originOf({ locate }: Machine, path: Path | undefined): Origin | undefined {
  if (path === undefined) return undefined;
  const { file, line, column } = locate(path) ?? {};
  return file === undefined || line === undefined || column === undefined
    ? { defaultOf: pathText(path) }
    : { file, line, column };
}

/** "300 (0x12c)". */
export function idText(apicId: number): string {
  return `${apicId} (0x${apicId.toString(16)})`;
}
