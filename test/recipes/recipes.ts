/** The recipes of CONTRIBUTING ("Adding things") as steps, with who misses each step. */
import type { PROMISED } from '../promised.ts';
import { camel, type Edit, type Missed, type Recipe, type Step } from './steps.ts';

const compiler = (file: string): Missed => ({ compiler: [file] });
/** A name that is not in its type: of a table with a name too many the compiler does not say what it lacks. */
const unnamed = (...files: readonly string[]): Missed => ({ compiler: files, apart: true });
const tests = (...names: readonly string[]): Missed => ({ tests: names });

const step = (key: string, says: string, missed: Missed, ...edits: readonly Edit[]): Step => ({
  key,
  says,
  edits,
  missed,
});

/** A file, or a line behind `after`. */
const file = (path: string, text: string): Edit => ({ path, text });
const line = (path: string, after: string | RegExp, text: string): Edit => ({
  path,
  after,
  text: `${text}\n`,
});

/** The start of a table or list, whatever its type. */
const startOf = (name: string): RegExp => new RegExp(`^(?:export )?const ${name}\\b.* = [[{]\\n`, 'm');
/** Where an import can be put. */
const IMPORTS = /^(?=import )/m;

/** The import of a constant, and its line in a list of such. */
const listed = (path: string, list: string, name: string): readonly Edit[] => [
  line(path, IMPORTS, `import { ${camel(name)} } from './${name}.ts';`),
  line(path, startOf(list), `  ${camel(name)},`),
];

const promised = (kind: keyof typeof PROMISED, name: string): Step =>
  step('promise', 'test/promised.ts', tests(`${kind} each is promised`), {
    path: 'test/promised.ts',
    after: `${/\W/.test(kind) ? `'${kind}'` : kind}:`,
    text: `'${name} ' +`,
  });

/** A test of the thing, as far as it is one that names it. */
const tried = (kind: keyof typeof PROMISED, says: string, name: string): Step =>
  step(
    'test',
    says,
    tests(`${kind} '${name}' is tried`),
    file(says.replace('NAME', name), `/** What ${name} does. */\n`),
  );

/** A number from the name, for what has to be one of a kind. */
const numberOf = (name: string): number =>
  [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 100, 7);

const ruleText = (
  name: string,
  number: string,
): string => `/** A kernel parameter that nobody should write. */
import type { Rule } from '../rule.ts';

export const ${camel(name)}: Rule = {
  name: '${name}',
  aliases: ['${number}'],
  level: 'warning',
  summary: 'The parameter ${name} is written.',
  explain: ['It means nothing.', 'Check: /proc/cmdline.'],
  messages: [],
  check: ({ machine }) =>
    machine.cmdline.text === '${name}'
      ? [{ message: 'it is written', cause: ['it means nothing'], path: ['cmdline'] }]
      : [],
};
`;

const RULE: Recipe = {
  kind: 'rule',
  entry: 'A rule',
  steps(name) {
    const index = 'src/findings/rules/mode/index.ts';
    const number = `R9${String(numberOf(name)).padStart(2, '0')}`;
    const scenario = (kind: 'bad' | 'ok', cmdline: string): Step =>
      step(
        kind,
        `scenarios/rules/NAME.${kind}.yaml`,
        tests(
          `${name} has a scenario ${kind} that says what it shows`,
          `${name} is ${kind === 'bad' ? 'raised by the bad one, with all that a reader needs' : 'not raised by the ok one'}`,
          `${name} finds what the ${kind} one expects`,
        ),
        file(
          `scenarios/rules/${name}.${kind}.yaml`,
          `# A machine started with such a parameter, or without.\ntopology: { cores: 2 }\ncmdline: ${cmdline}\n`,
        ),
      );
    return [
      step(
        'file',
        'src/findings/rules/FOLDER/NAME.ts',
        compiler(index),
        file(`src/findings/rules/mode/${name}.ts`, ruleText(name, number)),
      ),
      step(
        'line',
        'index.ts',
        tests(
          `${camel(name)} of src/findings/rules/mode/${name}.ts is registered`,
          'every file in scenarios/rules belongs to a rule',
          'every number names the rule that it was given to',
        ),
        ...listed(index, 'MODE_RULES', name),
      ),
      scenario('bad', name),
      scenario('ok', 'quiet'),
      step(
        'reason',
        'src/questions/advise/incurable.ts',
        tests('remedies know a cure for every error and warning, or a reason why there is none'),
        line(
          'src/questions/advise/incurable.ts',
          startOf('REASONS'),
          `  '${name}': about('remove the parameter'),`,
        ),
      ),
      step(
        'number',
        'test/findings/rules/numbers.test.ts',
        tests('no other number is used'),
        line('test/findings/rules/numbers.test.ts', startOf('TAKEN'), `  ${number}: '${name}',`),
      ),
    ];
  },
};

const REPORT: Recipe = {
  kind: 'report',
  entry: 'A report format',
  steps(name) {
    const index = 'src/report/index.ts';
    const path = `src/report/reporters/${name}.ts`;
    return [
      step(
        'file',
        'src/report/reporters/NAME.ts',
        compiler(index),
        file(
          path,
          `/** Nothing at all. */
import { framed, type Reporter } from '../reporter.ts';

export const ${camel(name)}: Reporter = framed(
  () => ({ open: '', between: '', close: '' }),
  () => '',
);
`,
        ),
      ),
      step(
        'name',
        'src/report/formats.ts',
        unnamed(index),
        line('src/report/formats.ts', startOf('FORMATS'), `  '${name}': 'nothing at all',`),
      ),
      step(
        'line',
        index,
        compiler(index),
        line(
          index,
          startOf('REPORTERS'),
          `  '${name}': async () => (await import('./reporters/${name}.ts')).${camel(name)},`,
        ),
      ),
      promised('report formats', name),
      tried('report formats', 'test/report/NAME.test.ts', name),
    ];
  },
};

const FORMAT: Recipe = {
  kind: 'format',
  entry: 'A format',
  steps(name) {
    const products = 'src/formats/products.ts';
    const sample = 'test/formats/products.test.ts';
    const strangers = 'test/formats/strangers/table.ts';
    const documented = tests(`${name} help, README and the page on importing name it`);
    return [
      step(
        'facts',
        'src/formats/formats.ts',
        unnamed(`src/formats/${name}/reader.ts`, products),
        line(
          'src/formats/formats.ts',
          startOf('INPUT_FORMATS'),
          `  '${name}': { reads: 'its name', product: '${name}', stack: [], can: null, languages: null },`,
        ),
      ),
      step(
        'reader',
        'src/formats/PRODUCT/reader.ts',
        compiler(products),
        file(
          `src/formats/${name}/reader.ts`,
          `/** A text that is the name of its format, and kernel parameters. */
import { describedBy } from '../description-builder.ts';
import type { Reader } from '../reader.ts';

export const ${camel(name)}: Reader = {
  name: '${name}',
  recognises: (bytes) => new TextDecoder().decode(bytes).split(' ')[0] === '${name}',
  async read({ bytes }) {
    const description = describedBy('${name}');
    description.set(['topology', 'cores'], 4);
    description.set(['cmdline'], new TextDecoder().decode(bytes).split(' ').slice(1).join(' '));
    return [description.result()];
  },
};
`,
        ),
      ),
      step(
        'product',
        products,
        compiler(products),
        line(products, IMPORTS, `import { ${camel(name)} } from './${name}/reader.ts';`),
        line(
          products,
          startOf('PRODUCTS'),
          `  '${name}': { ...INPUT_FORMATS['${name}'], reader: ${camel(name)}, editor: NO_SETTING },`,
        ),
      ),
      step('page', 'docs/model/importing.md', documented, {
        path: 'docs/model/importing.md',
        after: '## Small products\n',
        text: `\n${name}: a text that is its name.\n`,
      }),
      step('readme', 'README.md', documented, {
        path: 'README.md',
        after: '\n',
        text: `\n${name} is read.\n`,
      }),
      step(
        'sample',
        sample,
        tests(`${name} its reader is the first that recognises a text of it`),
        line(sample, startOf('SAMPLES'), `  '${name}': '${name}',`),
      ),
      step(
        'strangers',
        strangers,
        tests(`${name} strangers are put into it`),
        line(strangers, startOf('STRANGERS'), `  '${name}': { texts: ['${name}'], places: [] },`),
      ),
      promised('readers', name),
    ];
  },
};

const EDITOR: Recipe = {
  kind: 'editor',
  entry: 'An editor',
  steps(name) {
    const products = 'src/formats/products.ts';
    const cases = 'test/formats/edit/cases.ts';
    const path = `src/formats/${name}/edit.ts`;
    const write = camel(`write-${name}`);
    return [
      // The format that it writes.
      ...FORMAT.steps(name).map((given) => ({ ...given, key: '' })),
      step(
        'file',
        'src/formats/PRODUCT/edit.ts',
        compiler(products),
        file(
          path,
          `/** Writes kernel parameters. */
import type { Writer } from '../editor.ts';

export const ${write}: Writer = ({ text, intent }) =>
  intent.kind === 'parameters' ? [\`\${text} \${intent.add.join(' ')}\`] : [];
`,
        ),
      ),
      step(
        'line',
        products,
        tests(`'${path}' is an editor of a product`, 'editors none is gone, none is there twice'),
        {
          path: products,
          after: `reader: ${camel(name)}, editor: `,
          instead: 'NO_SETTING',
          text: `async () => (await import('./${name}/edit.ts')).${write}`,
        },
      ),
      step(
        'case',
        cases,
        tests(`the editor of '${name}' writes`),
        line(
          cases,
          'export const EDITOR_CASES: Readonly<Record<string, EditorCase>> = {\n',
          `  '${name}': { text: '${name}', intent: { kind: 'parameters', add: ['ro'], remove: [] }, written: ' ro' },`,
        ),
      ),
      promised('editors', name),
    ];
  },
};

const REMEDY: Recipe = {
  kind: 'remedy',
  entry: 'A remedy',
  steps(name) {
    const index = 'src/findings/remedies/index.ts';
    const path = `src/findings/remedies/${name}.ts`;
    return [
      step(
        'file',
        'src/findings/remedies/INTENT.ts',
        compiler(index),
        file(
          path,
          `/** Nothing is done. */
import { COSTS } from './parts/costs.ts';
import type { Remedy } from './remedy.ts';

export const ${camel(name)}: Remedy = {
  name: '${name}',
  title: 'patience',
  cures: [],
  changes: () => [
    { about: 'time', title: 'wait', intents: [], cost: COSTS.parameter, wording: { host: ['wait'] } },
  ],
};
`,
        ),
      ),
      step(
        'line',
        'index.ts',
        tests(`${camel(name)} of ${path} is registered`),
        ...listed(index, 'REMEDIES', name),
      ),
    ];
  },
};

const POLICY: Recipe = {
  kind: 'policy',
  entry: 'A policy',
  steps(name) {
    const index = 'src/linux/policy/index.ts';
    const path = `src/linux/policy/${name}.ts`;
    return [
      step(
        'file',
        'src/linux/policy/NAME.ts',
        compiler(index),
        file(
          path,
          `/** As mainline. */
import type { Policy } from './policy.ts';

export const ${camel(name)}: Policy = {
  name: '${name}',
  aliases: [],
  source: 'nobody',
  summary: 'As mainline.',
  verdict: 'safe',
};
`,
        ),
      ),
      step(
        'line',
        index,
        tests(`${camel(name)} of ${path} is registered`, 'policies none is gone, none is there twice'),
        ...listed(index, 'POLICIES', name),
      ),
      promised('policies', name),
      tried('policies', 'test/linux/policy/NAME.test.ts', name),
    ];
  },
};

const PROPERTY: Recipe = {
  kind: 'property',
  entry: 'A property',
  steps(name) {
    const names = 'src/machine/property-names.ts';
    const index = 'src/linux/proof/properties/index.ts';
    const path = `src/linux/proof/properties/${name}.ts`;
    const page = 'docs/model/proofs.md';
    const judged = 'test/linux/proof/judged.ts';
    return [
      step(
        'name',
        names,
        compiler(path),
        line(names, startOf('PROPERTY_FACTS'), `  '${name}': { means: 'nothing at all', takes: null },`),
      ),
      step(
        'file',
        'src/linux/proof/properties',
        compiler(index),
        file(
          path,
          `/** Nothing is wrong (docs/model/proofs.md#${name}). */
import type { Property } from '../property.ts';

export const ${camel(name)}: Property = { name: '${name}', fault: () => null };
`,
        ),
      ),
      step(
        'line',
        'index.ts',
        tests(`${camel(name)} of ${path} is registered`),
        ...listed(index, 'PROPERTIES', name),
      ),
      step(
        'page',
        page,
        tests(`properties that are proved ${path} has a section of docs/model/proofs.md`),
        line(page, '# Proofs\n', `## ${name}\n`),
      ),
      step(
        'judge',
        judged,
        tests(
          `properties '${name}' is tried`,
          `properties that are proved '${name}' is judged by what reports show`,
        ),
        line(judged, startOf('JUDGES'), `  '${name}': () => false,`),
      ),
      promised('properties', name),
    ];
  },
};

const DRIVER: Recipe = {
  kind: 'driver',
  entry: 'A driver',
  steps(name) {
    const index = 'src/linux/drivers/index.ts';
    const captured = 'src/formats/linux-capture/devices.ts';
    const path = `src/linux/drivers/${name}.ts`;
    const documented = tests(`${name} README and the page on interrupts name it`);
    return [
      step(
        'name',
        'src/machine/driver-names.ts',
        unnamed(path, index, captured),
        line(
          'src/machine/driver-names.ts',
          startOf('DRIVER_FACTS'),
          `  '${name}': { linux: '${name}', virtio: [] },`,
        ),
      ),
      step(
        'profile',
        'src/linux/drivers/NAME.ts',
        compiler(index),
        file(
          path,
          `/** As any device. */
import type { DriverProfile } from './driver.ts';
import { generic } from './generic.ts';

export const ${camel(name)}: DriverProfile = { ...generic, name: '${name}' };
`,
        ),
      ),
      step(
        'line',
        index,
        compiler(index),
        line(index, IMPORTS, `import { ${camel(name)} } from './${name}.ts';`),
        line(index, startOf('DRIVERS'), `  '${name}': ${camel(name)},`),
      ),
      step('capture', captured, compiler(captured), line(captured, startOf('RECIPES'), `  '${name}': {},`)),
      step('readme', 'README.md', documented, {
        path: 'README.md',
        after: 'Drivers known by their own formula:\n',
        text: `${name}, `,
      }),
      step(
        'page',
        'docs/model/interrupt-life.md',
        documented,
        line('docs/model/interrupt-life.md', '## Vectors by driver\n', `| ${name} | as described |`),
      ),
      promised('drivers', name),
      tried('drivers', 'test/linux/drivers/NAME.test.ts', name),
    ];
  },
};

const BEHAVIOUR: Recipe = {
  kind: 'behaviour',
  entry: 'A kernel behaviour',
  steps(name) {
    const asking = `src/linux/model/${name}.ts`;
    return [
      step(
        'row',
        'src/machine/behaviours*.ts',
        compiler(asking),
        line(
          'src/machine/behaviours.ts',
          startOf('table'),
          `  { name: '${name}', summary: 'it is done', since: '6.0', where: 'nowhere', evidence: 'unverified' },`,
        ),
      ),
      step(
        'question',
        "kernel.has('name')",
        tests(`kernel behaviours '${name}' is asked for`),
        file(
          asking,
          `/** What a kernel does. */
import type { Kernel } from '../../machine/kernel.ts';

export const ${camel(name)} = (kernel: Kernel): boolean => kernel.has('${name}');
`,
        ),
      ),
      step(
        'case',
        'test/machine/behaviours.test.ts',
        tests(`'${name}' has a case that shows it`),
        line(
          'test/machine/behaviours.test.ts',
          startOf('CASES'),
          `  '${name}': () => { const kernel = kernelProfile('6.1'); return { kernel, run: () => kernel.has('${name}') }; },`,
        ),
      ),
    ];
  },
};

const COMMAND: Recipe = {
  kind: 'command',
  entry: 'A command',
  steps(name) {
    const index = 'src/cli/commands/index.ts';
    const path = `src/cli/commands/${name}.ts`;
    return [
      step(
        'file',
        'src/cli/commands/NAME.ts',
        compiler(index),
        file(
          path,
          `/** Does nothing. */
import { Command } from 'commander';
import { EXIT } from '../io.ts';
import type { DefineCommand } from './command.ts';

export const ${camel(name)}: DefineCommand = (_, done) =>
  new Command('${name}').action(() => done(EXIT.clean));
`,
        ),
      ),
      step(
        'line',
        index,
        tests(`${camel(name)} of ${path} is registered`, `commands none is gone, none is there twice`),
        line(
          index,
          startOf('COMMANDS'),
          `  '${name}': { takes: [], summary: 'do nothing', load: async () => (await import('./${name}.ts')).${camel(name)} },`,
        ),
      ),
      promised('commands', name),
      tried('commands', 'test/cli/NAME.test.ts', name),
    ];
  },
};

export const RECIPES: readonly Recipe[] = [
  RULE,
  REPORT,
  FORMAT,
  EDITOR,
  REMEDY,
  POLICY,
  PROPERTY,
  DRIVER,
  BEHAVIOUR,
  COMMAND,
];
