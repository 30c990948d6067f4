/** `irqsim init`: every template is valid as it is, and with each of its comments taken in. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Machine, PLATFORMS, type Platform } from '../../src/machine/machine.ts';
import { machineJsonSchema } from '../../src/machine/schema.ts';
import { machineTemplate, shapeOf } from '../../src/report/template/template.ts';
import { propertiesOf, type SchemaNode } from '../../src/report/template/template-lines.ts';
import { analyzeText } from '../helpers.ts';
import { irqsim } from './irqsim.ts';

/** Every key of the schema, as a dotted path. */
function schemaKeys(node: SchemaNode, above = ''): string[] {
  return Object.entries(propertiesOf(node.items ?? node)).flatMap(([key, part]) => [
    `${above}${key}`,
    ...schemaKeys(part, `${above}${key}.`),
  ]);
}

/** Takes in the commented block of a top-level key, or one commented line. */
function uncomment(template: string, start: number): string {
  const lines = template.split('\n');
  const indent = /^ */.exec(lines[start])?.[0] ?? '';
  for (let n = start; n === start || (indent === '' && lines[n].startsWith('#  ')); n++) {
    lines[n] = lines[n].replace('#', '');
  }
  return lines.join('\n');
}

/** CPUs are written one way. */
function withoutTopology(template: string): string {
  return template.replace(/^topology:\n(?: +.*\n)+/m, '');
}

describe.each(PLATFORMS)('the template for %s', (platform: Platform) => {
  const template = machineTemplate({ platform });

  test('is a good machine of that platform', async () => {
    const { machine, summary } = await analyzeText(template);
    expect(machine.platform).toBe(platform);
    expect(summary.verdict).toBe('pass');
  });

  test('is the machine that its values without the comments are, defaults included', async () => {
    const { machine } = await analyzeText(template);
    const keys = ['platform', 'name', 'topology', 'devices', 'remapping', 'legacyIrqs', 'hpet', 'timers'];
    const text = [...template.matchAll(/^(\w+):.*\n(?:[ #]+.*\n)*/gm)]
      .filter(([, key]) => keys.includes(key))
      .map(([block]) => block)
      .join('');
    const facts = (one: Machine) =>
      JSON.stringify({ ...one, given: undefined }).replace(/"text":"[^"]*"/, '');
    expect(facts((await analyzeText(text)).machine)).toBe(facts(machine));
  });

  test('names every key of the schema', () => {
    for (const path of schemaKeys(machineJsonSchema() as SchemaNode)) {
      const key = path.slice(path.lastIndexOf('.') + 1).replace('$', '\\$');
      expect(template, path).toMatch(new RegExp(`^#? *(- )?#?${key}:|[{,] ${key}:`, 'm'));
    }
  });

  test('explains with the words of the schema, and nothing is undefined', () => {
    const text = template.replace(/\n# /g, ' ');
    const { properties = {} } = machineJsonSchema() as SchemaNode;
    for (const { description } of Object.values(properties)) expect(text).toContain(description);
    expect(template).not.toMatch(/undefined|NaN|null/);
    expect(Math.max(...template.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  test('is valid with any comment taken in', async () => {
    const lines = template.split('\n');
    const starts = [...lines.keys()].filter((n) => /^ *#[\w$]+:/.test(lines[n]));
    let tried = 0;
    for (const start of starts) {
      const key = /#([\w$]+):/.exec(lines[start])?.[1] ?? '';
      let text = uncomment(template, start);
      // They go with `cpus`.
      if (key === 'smt' || key === 'packageCpus') continue;
      if (key === 'cpus') text = withoutTopology(text);
      if (['managed', 'preVectors', 'postVectors', 'interrupts'].includes(key)) {
        text = text.replace(/driver: [\w-]+ /, 'driver: generic ');
      }
      await expect(analyzeText(text), key).resolves.toBeDefined();
      tried++;
    }
    expect(tried).toBeGreaterThan(15);
  });

  test('expects what is so', async () => {
    const start = template.split('\n').indexOf('#expect:');
    const { findings, machine } = await analyzeText(uncomment(template, start));
    expect(machine.expect).toBeDefined();
    expect(findings.map(({ rule }) => rule)).not.toContain('expectation');
  });
});

test('a number of CPUs is dealt as the platform does', () => {
  expect(shapeOf('bare-metal', 128)).toEqual({ sockets: 2, cores: 32, threads: 2 });
  expect(shapeOf('bare-metal', 6)).toEqual({ sockets: 1, cores: 6, threads: 1 });
  expect(shapeOf('kvm', 128)).toEqual({ sockets: 1, cores: 128, threads: 1 });
});

test('--topology and --cpus give that machine', async () => {
  const guest = await irqsim(['init', '--platform', 'kvm', '--topology', '48x5x1']);
  expect(guest.code).toBe(0);
  expect((await analyzeText(guest.out)).summary.verdict).toBe('fail');
  const { enumeration } = await analyzeText((await irqsim(['init', '--cpus', '1'])).out);
  expect(enumeration.possible.weight()).toBe(1);
});

test('-o writes a file once, and again with --force', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'irqsim-init-')), 'machine.yaml');
  const first = await irqsim(['init', '--platform', 'kvm', '-o', path]);
  expect(first).toMatchObject({ code: 0, out: '' });
  expect(first.err).toBe(`${path} is written; irqsim analyze ${path} reports on it\n`);
  expect((await irqsim(['analyze', path])).code).toBe(0);
  writeFileSync(path, 'mine');
  const second = await irqsim(['init', '-o', path]);
  expect(second).toMatchObject({ code: 2, out: '', err: `irqsim: ${path} exists; --force overwrites it\n` });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(await irqsim(['init', '--quiet', '--force', '-o', path])).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(path, 'utf8')).toContain('platform: bare-metal');
  expect(await irqsim(['init', '-o', join(path, 'x')])).toMatchObject({ code: 2 });
});

describe('--config', async () => {
  const { code, out, err } = await irqsim(['init', '--config']);

  /** What irqsim makes of a project file in its folder. */
  async function judged(text: string) {
    const folder = mkdtempSync(join(tmpdir(), 'irqsim-init-'));
    const config = join(folder, '.irqsim.yaml');
    writeFileSync(config, text);
    return await irqsim(['analyze', '-q', '--config', config, 'scenarios/four-cpus-four-queues.yaml']);
  }

  test('names every key of its schema, with the words of the schema', async () => {
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const schema = JSON.parse((await irqsim(['schema', 'project'])).out) as SchemaNode;
    for (const path of schemaKeys(schema)) {
      const key = path.slice(path.lastIndexOf('.') + 1);
      expect(out, path).toMatch(new RegExp(`^#? *(- )?${key}:`, 'm'));
    }
    expect(out).not.toMatch(/undefined|NaN|null/);
  });

  test('is valid, and with any comment taken in', async () => {
    expect(await judged(out)).toMatchObject({ code: 1, err: '' });
    const lines = out.split('\n');
    for (const start of [...lines.keys()].filter((n) => /^#[\w-]+:/.test(lines[n]))) {
      const text = uncomment(out, start);
      const { code: result, err: message } = await judged(text);
      // A baseline is a file of its own, which is not there.
      if (lines[start].startsWith('#baseline')) expect(message).toContain('irqsim-baseline.json');
      else expect(result, message).toBe(1);
    }
  });

  test('is not about a machine', async () => {
    expect((await irqsim(['init', '--config', '--cpus', '4'])).code).toBe(2);
  });
});

test.each([
  [['--platform', 'esx'], "'esx' is invalid. Allowed choices are bare-metal, kvm"],
  [['--cpus', '0'], 'A number of CPUs such as 16 is expected.'],
  [['--topology', '4x'], 'SOCKETSxCORESxTHREADS such as 2x16x2 is expected.'],
  [['--topology', '2x2x2', '--cpus', '8'], "cannot be used with option '--cpus <count>'"],
  [['--cpus', '40000'], "--cpus <count>' argument '40000' is invalid. The limit is 32,768 CPUs."],
  [['--topology', '900000x900000x900000'], 'is invalid. The limit is 32,768 CPUs.'],
])('bad usage is told: init %j', async (args, message) => {
  const { code, out, err } = await irqsim(['init', ...args]);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});
