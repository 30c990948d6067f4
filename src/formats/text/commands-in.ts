/** The commands of a text that holds command lines: a script is played, what is no script is only split. */
import { splitCommands } from './shell.ts';
import { runScript } from './shell-run.ts';
import type { Word } from './shell-words.ts';
import { withoutPrompts } from './terminal.ts';
import { TextError } from './text.ts';

/** `decoded` has the NULs of /proc/PID/cmdline, if it is one; `asked` are the names of --define that count. Throws TextError. */
export function commandsIn(
  decoded: string,
  text: string,
  defines: Readonly<Record<string, string>> = {},
): { readonly commands: readonly (readonly Word[])[]; readonly asked: ReadonlySet<string> } {
  if (decoded.includes('\0')) return { commands: splitCommands(decoded), asked: new Set() };
  try {
    const { commands, asked } = runScript(withoutPrompts(text), defines);
    return { commands: commands.map(({ words }) => words), asked };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return { commands: splitCommands(text), asked: new Set() };
  }
}
