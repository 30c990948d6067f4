/**
 * The project file, `.irqsim.yaml`: how a team judges findings, for all inputs at once. Its keys are `levels` and
 * `suppress` as in a description (there with `files`), `fail-on`, `stack`, `baseline` and `docs`.
 */
import { dirname, relative, resolve } from 'node:path';
import { findRule, RULE_NAMES } from '../../findings/rules/index.ts';
import { globProblem } from '../../findings/triage/glob.ts';
import type { ProjectSuppression, ProjectTriage } from '../../findings/triage/settings.ts';
import { NEWEST_KNOWN, STACK_PRODUCTS, type Stack, type StackProduct } from '../../formats/stack.ts';
import { cleanText, parsed, rawInput } from '../../formats/text/text.ts';
import { readYaml } from '../../formats/text/yaml.ts';
import { parseVersion } from '../../formats/version.ts';
import {
  anyText,
  choice,
  either,
  type Holds,
  int,
  list,
  object,
  optional,
  someText,
  text,
} from '../../machine/fields.ts';
import {
  collectProblems,
  inputError,
  type Location,
  locateNearest,
  type Problems,
  type RawInput,
} from '../../machine/locate.ts';
import { normaliseLevels, normaliseSuppression, type RuleNames } from '../../machine/normalise-triage.ts';
import { suppressionKeys, suppressionList, triageKeys } from '../../machine/schema-triage.ts';
import { conform } from '../../machine/validate.ts';
import { jsonSchema } from '../../machine/zod-fields.ts';
import { readBytes } from '../input/input.ts';
import type { FailOn } from '../verdict.ts';

/** A value of the project file, and where it stands. */
interface Written<T> {
  readonly value: T;
  readonly location: Location;
}

/** A project file that was read. Plain data. */
export interface Project {
  /** Its name, relative to the current folder. */
  readonly file: string;
  readonly triage: ProjectTriage;
  readonly failOn: Written<FailOn> | undefined;
  readonly stack: Written<Stack> | undefined;
  /** Absolute path of the baseline. */
  readonly baseline: Written<string> | undefined;
  /** Address of irqsim's pages, without a stroke at its end. */
  readonly docs: string | undefined;
}

const version = either([int(0, 100_000), anyText('a version')], 'a version in quotes such as "10.0"');
const stackKeys = Object.fromEntries(
  STACK_PRODUCTS.map((product) => [product, optional(version, `Version of ${product}.`)]),
);

export const projectSchema = object(
  {
    levels: triageKeys.levels,
    suppress: optional(
      suppressionList(
        object(
          {
            ...suppressionKeys,
            files: optional(
              list(text('a pattern such as "vms/**/*.xml"', 1024), 'a list of one or more patterns', {
                min: 1,
              }),
              'Patterns of inputs, relative to the folder of this file. Default: all inputs.',
            ),
          },
          'a mapping such as { rule: queue-never-starts, reason: … }',
        ),
      ),
      'Findings that are known and do not count.',
    ),
    'fail-on': optional(
      choice(['error', 'warning', 'note', 'never']),
      'Where --fail-on is not given: exit with 1 on a finding of this level or above.',
    ),
    stack: optional(
      object(stackKeys, 'a mapping such as { qemu: "10.0" }'),
      'Versions whose defaults count for imported machines; --stack goes before it.',
    ),
    baseline: optional(
      someText('the name of a file', 65_536),
      'Findings that are known, relative to the folder of this file; --baseline goes before it.',
    ),
    docs: optional(
      someText('an address such as "https://docs.example.org/irqsim"', 2048),
      'Where the pages are that npm run docs writes: reports for programs (SARIF) then link to the page of each rule.',
    ),
  },
  'a mapping',
);

/** The schema as JSON Schema (draft 2020-12), for editors. */
export function projectJsonSchema(): object {
  return {
    $id: 'urn:irqsim:project:1',
    title: 'irqsim project file',
    description: 'How a team judges the findings of irqsim: .irqsim.yaml.',
    ...jsonSchema(projectSchema),
  };
}

type ProjectInput = Holds<typeof projectSchema>;

const RULES_KNOWN: RuleNames = { rules: RULE_NAMES, ruleName: (name) => findRule(name)?.name ?? name };

async function parse(content: string, file: string): Promise<RawInput> {
  const clean = cleanText(content, file);
  const raw = rawInput(await parsed(clean, file, () => readYaml(clean)), clean, file);
  if (raw.value === null) return { ...raw, value: {} };
  if (typeof raw.value === 'object' && !Array.isArray(raw.value)) return raw;
  throw inputError(file, 'expected a mapping such as "levels: ..." at the top');
}

function suppressions(
  input: ProjectInput,
  written: { source: string; locate: RawInput['locate'] },
  problems: Problems,
): ProjectSuppression[] {
  return (input.suppress ?? []).map((one, index) => {
    const path = ['suppress', index];
    for (const [at, pattern] of (one.files ?? []).entries()) {
      const problem = globProblem(pattern);
      if (problem) problems.add([...path, 'files', at], problem);
    }
    const checked = normaliseSuppression(one, path, RULES_KNOWN, written, problems);
    return { ...checked, devices: one.devices, files: one.files };
  });
}

function stackOf({ stack }: ProjectInput, problems: Problems): Stack {
  const versions: Partial<Record<StackProduct, string>> = {};
  for (const product of STACK_PRODUCTS) {
    const value = stack?.[product];
    if (value === undefined) continue;
    versions[product] = String(value);
    if (parseVersion(String(value)) === undefined) {
      problems.add(['stack', product], `expected a version such as "${NEWEST_KNOWN[product]}"`);
    }
  }
  return versions;
}

/** The address without a stroke at its end. */
function docsOf({ docs }: ProjectInput, problems: Problems): string | undefined {
  if (docs === undefined) return undefined;
  const { protocol = '', username, password, href = '' } = URL.canParse(docs) ? new URL(docs) : {};
  if (!/^https?:$/.test(protocol)) {
    problems.add(['docs'], 'expected an address such as "https://docs.example.org/irqsim"');
  } else if (username || password) {
    problems.add(['docs'], 'expected an address without a user name or password: reports would publish them');
  }
  return href.replace(/[?#].*$/, '').replace(/\/+$/, '');
}

/** Reads a project file; `path` may be relative to `cwd`, which is absolute. Throws InputError. */
export async function readProject(path: string, cwd: string): Promise<Project> {
  const absolute = resolve(cwd, path);
  const file = relative(cwd, absolute) || '.';
  const bytes = readBytes(file, { onlyFiles: true, path: absolute });
  return readProjectText(new TextDecoder().decode(bytes), file, absolute);
}

/** Reads the text of a project file; `absolute` is its path, `file` its name in messages. Throws InputError. */
export async function readProjectText(content: string, file: string, absolute: string): Promise<Project> {
  const raw = await parse(content, file);
  const input = conform(projectSchema, raw, file);
  const problems = collectProblems(file, raw.locate);
  const written = { source: file, locate: raw.locate };
  const at = <T>(key: string, value: T | undefined): Written<T> | undefined =>
    value === undefined ? undefined : { value, location: locateNearest([key], raw.locate, file, 'key') };
  const folder = dirname(absolute);
  const project: Project = {
    file,
    triage: {
      folder,
      levels: normaliseLevels(input.levels ?? {}, RULES_KNOWN, written, problems),
      suppress: suppressions(input, written, problems),
    },
    failOn: at('fail-on', input['fail-on']),
    stack: at('stack', input.stack && stackOf(input, problems)),
    baseline: at('baseline', input.baseline && resolve(folder, input.baseline)),
    docs: docsOf(input, problems),
  };
  problems.throwIfAny();
  return project;
}
