/**
 * The problem matcher of GitHub Actions for `--format unix`: `echo "::add-matcher::FILE"` makes annotations of the
 * lines that any later step prints.
 */

/** The groups of a line of the unix format: file, line, column, level, message, rule. */
const lineWith = (level: string): string =>
  `^(.+?):(\\d+):(\\d+):\\s+(${level}):\\s+(.*)\\s+\\[([\\w-]+)\\]$`;

const GROUPS = { file: 1, line: 2, column: 3, message: 5, code: 6 } as const;

/** The file that `add-matcher` takes. The runner knows no level `note`, so notes have a matcher of their own. */
export function problemMatcher(): object {
  return {
    problemMatcher: [
      { owner: 'irqsim', pattern: [{ regexp: lineWith('error|warning'), ...GROUPS, severity: 4 }] },
      { owner: 'irqsim-notes', severity: 'notice', pattern: [{ regexp: lineWith('note'), ...GROUPS }] },
    ],
  };
}
