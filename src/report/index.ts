/** The report formats. A new one is one file, its name in formats.ts and one line here; each is loaded only when asked for. */
import type { Format } from './formats.ts';
import type { Reporter } from './reporter.ts';

export const REPORTERS: Readonly<Record<Format, () => Promise<Reporter>>> = {
  text: async () => (await import('./analysis/analysis.ts')).text,
  json: async () => (await import('./json.ts')).json,
  ndjson: async () => (await import('./json.ts')).ndjson,
  sarif: async () => (await import('./reporters/sarif.ts')).sarif,
  junit: async () => (await import('./reporters/junit.ts')).junit,
  github: async () => (await import('./reporters/github.ts')).github,
  unix: async () => (await import('./reporters/unix.ts')).unix,
  gitlab: async () => (await import('./reporters/gitlab.ts')).gitlab,
  checkstyle: async () => (await import('./reporters/checkstyle.ts')).checkstyle,
  azure: async () => (await import('./reporters/azure.ts')).azure,
  teamcity: async () => (await import('./reporters/teamcity.ts')).teamcity,
  markdown: async () => (await import('./reporters/markdown.ts')).markdown,
  html: async () => (await import('./reporters/html.ts')).html,
  csv: async () => (await import('./reporters/csv.ts')).csv,
};
