import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../src/machine/did-you-mean.ts';
import { InputError } from '../../src/machine/locate.ts';
import { normalise } from '../../src/machine/normalise.ts';
import { inputSchema, machineJsonSchema } from '../../src/machine/schema.ts';
import { zodSchema } from '../../src/machine/zod-fields.ts';
import { cpuClock, runs } from '../budget.ts';
import { errors, KNOWN, machine } from './helpers.ts';

const TWO = 'cpus: [{ apicId: 0-1 }]\n';

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  description?: string;
  additionalProperties?: boolean;
}

test('the JSON Schema describes every field and allows no other', () => {
  const schema = machineJsonSchema() as Node & { $schema: string; $id: string; title: string };
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema.$id).toBe('urn:irqsim:machine:1');
  const missing: string[] = [];
  let fields = 0;
  const walk = (node: Node, path: string): void => {
    if (node.properties) expect(node.additionalProperties, path).toBe(false);
    for (const [key, field] of Object.entries(node.properties ?? {})) {
      fields++;
      if (!field.description) missing.push(`${path}.${key}`);
      walk(field, `${path}.${key}`);
    }
    if (node.items) walk(node.items, `${path}[]`);
    for (const branch of node.anyOf ?? []) walk(branch, path);
  };
  walk(schema, '');
  expect(missing).toEqual([]);
  expect(fields).toBeGreaterThan(70);
  expect(JSON.stringify(schema)).not.toContain('9007199254740991');
});

test.each([
  [`${TWO}quues: 1`, /^m\.yaml:2:1: unknown key "quues"; known keys: \$schema, name/],
  [
    `${TWO}devices: [{name: a, driver: nvme, quues: 1}]`,
    /:2:35: unknown key "quues" in devices\[0\], did you mean "queues"\?$/,
  ],
  [`${TWO}remapping: {eimm: on}`, /:2:13: unknown key "eimm" in remapping, did you mean "eim"\?$/],
  [`${TWO}hpet: 5`, /:2:7: hpet: expected on, off, or a mapping with present, msi, channels, found 5$/],
  [
    `${TWO}extDestId: maybe`,
    /:2:12: extDestId: expected on, off, or a mapping with offered, honoured, found "maybe"$/,
  ],
  [`${TWO}devices: {}`, /:2:10: devices: expected a list of devices, found a mapping$/],
  [`${TWO}devices:`, /:2:9: devices: expected a list of devices, found nothing$/],
  [`${TWO}devices: [5]`, /:2:11: devices\[0\]: expected a mapping such as \{.*\}, found 5$/],
  [`${TWO}devices: [{driver: nvme}]`, /:2:11: devices\[0\]\.name is missing: expected a name/],
  [`${TWO}__proto__: 1`, /:2:1: unknown key "__proto__"/],
  [`${TWO}<<: {a: 1}`, /:2:1: unknown key "<<"/],
  ['{"cpus":[{"apicId":0}],"__proto__":{"x":1}}', /:1:24: unknown key "__proto__"/],
  [
    '{"cpus":[{"apicId":0}],"kernel":6.12}',
    /:1:33: kernel: expected a kernel release in quotes such as "6.12" or "6.12.41", found 6.12$/,
  ],
])('schema errors: %j', async (text, message) => {
  const found = await errors(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('$schema and the comment of the YAML language server are accepted', async () => {
  await machine(`# yaml-language-server: $schema=irqsim.json\n$schema: irqsim.json\n${TWO}`);
});

test('a hundred thousand unknown keys are refused quickly', async () => {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, 1])));
  const cpuSeconds = cpuClock();
  const found = await errors(text);
  expect(found[20]).toBe('and 99980 more problems');
  expect(cpuSeconds()).toBeLessThan(3);
});

/** Any value at all, with keys that mean something. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('on', 'off', 'kvm', '0-3', '0x10', 'nvme', 'a', '', true, null, 0, 1, 4, -1, 1.5, 1e9),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...Object.keys(inputSchema.shape),
        ...['apicId', 'count', 'node', 'state', 'boot', 'sockets', 'cores', 'max', 'present', 'nodes'],
        ...[
          'driver',
          'queues',
          'vectors',
          'managed',
          'online',
          'offline',
          'plug',
          'unplug',
          'reachable',
          '__proto__',
        ],
      ),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
})).value;

test('any value is a machine or an InputError, never anything else', () => {
  fc.assert(
    fc.property(anything, (value) => {
      try {
        const { cpus, bootIndex } = normalise(value, 'm.yaml', () => undefined, KNOWN);
        expect(cpus[bootIndex].state).toBe('online');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: runs(3000) },
  );
});

const toggle = fc.constantFrom(true, false, 'on', 'off', 'true', 'false');
const node = fc.integer({ min: 0, max: 1023 });
const field = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Descriptions that follow the schema, whatever they mean. */
const description = fc.record({
  name: field(fc.string()),
  kernel: field(fc.constantFrom('5.4', '6.12.41', '7.2')),
  kernelConfig: field(fc.record({ nrCpus: field(fc.integer({ min: 1, max: 32768 })), ia32: field(toggle) })),
  platform: field(fc.constantFrom('kvm', 'bare-metal', 'tcg')),
  topology: field(
    fc.record({
      sockets: field(fc.integer({ min: 1, max: 8 })),
      present: field(fc.constantFrom(1, '0-1', [0])),
    }),
  ),
  cpus: field(
    fc.array(
      fc.record({
        apicId: field(fc.oneof(fc.nat(), fc.constant('0-7'))),
        node: field(node),
        boot: field(toggle),
      }),
    ),
  ),
  remapping: field(
    fc.oneof(toggle, fc.record({ eim: field(toggle), vendor: field(fc.constantFrom('intel', 'amd')) })),
  ),
  hpet: field(fc.oneof(toggle, fc.record({ msi: field(toggle) }))),
  devices: field(
    fc.array(
      fc.record({
        name: fc.constant('d'),
        driver: fc.string(),
        queues: field(fc.integer({ min: 1, max: 65535 })),
      }),
    ),
  ),
  events: field(
    fc.array(fc.record({ offline: field(fc.oneof(fc.nat(), fc.constant('0-3'), fc.array(fc.nat()))) })),
  ),
});

test('what follows the schema passes unchanged, also through JSON', () => {
  fc.assert(
    fc.property(description, (value) => {
      expect(zodSchema(inputSchema).parse(value)).toEqual(value);
      const json = JSON.parse(JSON.stringify(value)) as unknown;
      expect(zodSchema(inputSchema).parse(json)).toEqual(json);
    }),
    { numRuns: runs(500) },
  );
});

test('nearest', () => {
  const known = ['queues', 'vectors', 'preVectors', 'count'];
  expect(nearest('quues', known)).toBe('queues');
  expect(nearest('uqeues', known)).toBe('queues');
  expect(nearest('pre_vectors', known)).toBe('preVectors');
  expect(nearest('Count', known)).toBe('count');
  expect(nearest('colour', known)).toBeUndefined();
  expect(nearest('x'.repeat(1e6), known)).toBeUndefined();
});
