/** What `irqsim lsp` does: serves the editor that started it. */
import { resolve } from 'node:path';
import { type Io, oneLine } from '../io.ts';
import { type ReadingOptions, readings } from '../lsp/readings.ts';
import { serve } from '../lsp/server.ts';
import { threadAnalyst } from '../lsp/thread.ts';
import { FOR_LSP } from '../lsp/thread-data.ts';
import { programThread } from '../program.ts';

/** Paths as they are from the current folder; texts are read in their own. */
function absolute(options: ReadingOptions): ReadingOptions {
  const { config, baseline } = options;
  return {
    ...options,
    ...(typeof config === 'string' ? { config: resolve(config) } : {}),
    ...(baseline !== undefined && baseline !== '' ? { baseline: resolve(baseline) } : {}),
  };
}

/** Serves on standard input and output until the client ends it; the exit code. */
export function serveEditor(options: ReadingOptions, io: Io): Promise<number> {
  if (process.stdin.isTTY)
    io.note('irqsim lsp speaks with an editor, which starts it: docs/editors.md says how. Ctrl-D ends it.\n');
  return new Promise((exit) => {
    serve({
      input: process.stdin,
      output: process.stdout,
      analyst: threadAnalyst(() => programThread({ workerData: FOR_LSP })),
      readings: readings(absolute(options), io),
      complain: (text) => io.err(oneLine(`irqsim: lsp: ${text}`)),
      exit(code) {
        // A pipe that the client leaves open would keep the process.
        process.stdin.destroy();
        exit(code);
      },
    });
  });
}
