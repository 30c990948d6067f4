/** Values of `--define` that nothing in an input asks for: said, for they may be misspelt. */
import type { Notes } from './notes.ts';
import type { Defines, ReadResult } from './reader.ts';

/** The sentence about a name that nothing asks for. */
export const unusedText = (name: string): string => `nothing asks for the ${name} of --define`;

/** Says which values nothing asked for; `asked` are the names that something did ask for. */
export function sayUnused(defines: Defines, asked: ReadonlySet<string>, notes: Notes): void {
  for (const name of Object.keys(defines)) if (!asked.has(name)) notes.assume(unusedText(name));
}

/** A result with what nothing asked for. */
export function withUnused(result: ReadResult, defines: Defines, asked: ReadonlySet<string>): ReadResult {
  const unused = Object.keys(defines).filter((name) => !asked.has(name));
  return {
    ...result,
    assumptions: [...result.assumptions, ...unused.map((name) => ({ text: unusedText(name) }))],
  };
}
