/**
 * A baseline: the findings that a team lives with for now. As JSON one object with `schemaVersion` 1, `tool` {name,
 * version} and `findings`, sorted: `file` (relative to the folder of the baseline), `machine` (its name), `rule`,
 * `level`, `devices`, `message`. A finding is known if all but the level are the same and its level is no worse.
 */
import { readJson } from '../../formats/text/json.ts';
import { asInputError, cleanText, rawInput, textPositions } from '../../formats/text/text.ts';
import { choice, list, literal, object, openObject, text } from '../../machine/fields.ts';
import { inputError, type RawInput } from '../../machine/locate.ts';
import { conform } from '../../machine/validate.ts';
import type { Analysis } from '../analyze.ts';
import { LEVELS } from '../rules/rule.ts';
import { fingerprint, knownFinding } from './fingerprint.ts';
import type { Baseline, KnownFinding } from './settings.ts';

const SCHEMA_VERSION = 1;

const schema = object(
  {
    schemaVersion: literal([SCHEMA_VERSION], `${SCHEMA_VERSION}, the only version there is so far`),
    tool: openObject({ name: text('a name'), version: text('a version') }, 'the tool that wrote it'),
    findings: list(
      object(
        {
          file: text('the name of an input', 65_536),
          machine: text('the name of a machine', 65_536),
          rule: text('the name of a rule'),
          level: choice(LEVELS),
          devices: list(text('the name of a device'), 'a list of device names'),
          message: text('the message of a finding', 1_048_576),
        },
        'a finding',
      ),
      'a list of findings',
    ),
  },
  'a mapping',
);

function parse(content: string, file: string): RawInput {
  const clean = cleanText(content, file);
  let raw: RawInput;
  try {
    raw = rawInput(readJson(clean), clean, file);
  } catch (error) {
    throw asInputError(error, textPositions(clean, file));
  }
  if (typeof raw.value === 'object' && raw.value !== null && !Array.isArray(raw.value)) return raw;
  throw inputError(file, 'expected a baseline: a JSON object with schemaVersion and findings');
}

/**
 * Reads a baseline. `file` is its name in messages, `folder` the absolute path of the folder it stands in. Throws
 * InputError with everything that is wrong.
 */
export function readBaseline(content: string, file: string, folder: string): Baseline {
  const raw = parse(content, file);
  const { findings } = conform(schema, raw, file);
  const known = new Map<string, KnownFinding & { line: number }>();
  for (const [index, finding] of findings.entries()) {
    const line = raw.locate(['findings', index])?.line ?? 1;
    known.set(fingerprint(finding), { ...finding, line });
  }
  return { file, folder, known };
}

/** Collects the findings of a run for a new baseline. */
export interface BaselineDraft {
  readonly add: (analysis: Analysis) => void;
  /** Findings that it will hold. */
  readonly size: () => number;
  /** The text of the file. */
  readonly text: (version: string) => string;
}

/** A draft for a baseline in `folder`; both folders are absolute. Of like findings the worst is kept. */
export function draftBaseline(cwd: string, folder: string): BaselineDraft {
  const known = new Map<string, KnownFinding>();
  return {
    add({ machine, findings }) {
      for (const finding of findings) {
        const entry = knownFinding(machine, finding, cwd, folder);
        const key = fingerprint(entry);
        const other = known.get(key);
        if (!other || LEVELS.indexOf(entry.level) < LEVELS.indexOf(other.level)) known.set(key, entry);
      }
    },
    size: () => known.size,
    text(version) {
      const findings = [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
      const tool = { name: 'irqsim', version };
      return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, tool, findings }, null, 2)}\n`;
    },
  };
}
