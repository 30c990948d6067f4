/** The JSON of every command is as `irqsim schema COMMAND` describes it, and holds documented fields only. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { batchHere } from '../cli/batch-inputs.ts';
import { irqsim } from '../cli/irqsim.ts';
import { closed } from './closed-schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqsim-schemas-'));
const GUEST = 'scenarios/240-vcpus-of-5-cores.yaml';
const HOTPLUG = 'scenarios/hotplug-16-cpus-8-events.yaml';
const KUBEVIRT = 'scenarios/imported/kubevirt-64-vcpus.yaml';
const CAPTURE = 'test/captures/b5e-8v-vtd-eimon-6.1.tar.xz';

const checks = new Map<string, ValidateFunction>();

async function validator(what: string): Promise<(value: unknown) => void> {
  const schema = JSON.parse((await irqsim(['schema', what])).out);
  const check = checks.get(what) ?? new Ajv2020({ allErrors: true }).compile(closed(schema) as object);
  checks.set(what, check);
  return (value) => {
    check(value);
    expect(check.errors ?? [], JSON.stringify(value).slice(0, 300)).toEqual([]);
  };
}

const CALLS: readonly (readonly [schema: string, ...args: readonly string[]])[] = [
  ['whatif', GUEST, '--set', 'extDestId=true', '--set', 'devices.nvme.queues=9'],
  ['whatif', HOTPLUG, '--event', 'offline=5', '--set', 'devices.disk.queues=2', '--set', 'kernel=5.10'],
  ['whatif', GUEST, '--set', 'kernel=6.12'],
  ['whatif', HOTPLUG, '--set', 'topology.cores=2', '--set', 'topology.threads=4'],
  ['whatif', 'scenarios/rules/suppression-unused.ok.yaml', '--set', 'remapping=on'],
  ['diff', GUEST, KUBEVIRT],
  ['diff', HOTPLUG, 'scenarios/vector-exhaustion.yaml'],
  [
    'sweep',
    GUEST,
    '--vary',
    'extDestId=off,on',
    '--vary',
    'topology.cores=4,6000',
    '--ignore-invalid',
    '--reports',
  ],
  ['sweep', GUEST, '--vary', 'hpet=on,off', '--show', 'apic.mode', '--show', 'devices.nvme.health'],
  ['advise', GUEST],
  ['advise', KUBEVIRT],
  ['advise', '--fail-on', 'warning', '--budget', '2', 'scenarios/vector-exhaustion.yaml'],
  ['advise', 'scenarios/rules/event-refused.bad.yaml'],
  ['replay', HOTPLUG],
  ['replay', 'scenarios/rules/boot-cpu-above-limit.bad.yaml'],
  ['replay', 'scenarios/hotplug-suspend-refused.yaml', '--policy', 'redirect'],
  ['verify', CAPTURE],
  ['verify', '--kernel', '5.10', CAPTURE],
  ['merge', 'analyze', '--statistics', GUEST, HOTPLUG, join(folder, 'bad.yaml')],
];
writeFileSync(join(folder, 'bad.yaml'), 'topology: x\n');

test.each(CALLS)('%s %s %s %s %s', async (schema, ...args) => {
  const call = args[0] === 'analyze' ? args : [schema, ...args];
  const { out, err } = await irqsim([...call, '--format', 'json']);
  expect(out, err).not.toBe('');
  const check = await validator(schema);
  for (const value of [JSON.parse(out)].flat()) check(value);
});

test('batch writes lines of its schema, for what it could not read too', async () => {
  const output = join(folder, 'fleet.ndjson');
  await batchHere([GUEST, KUBEVIRT, HOTPLUG, join(folder, 'bad.yaml'), '-o', output, '--reports']);
  const check = await validator('batch');
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBe(5);
  for (const line of lines) check(JSON.parse(line));
});
