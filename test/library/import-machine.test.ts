/** importMachine: content of any format, as text or bytes, to checked machines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyze, InputError, importMachine, readMachine } from '../../src/index.ts';
import { ROOT } from '../built.ts';

const QEMU = 'qemu-system-x86_64 -accel kvm -machine q35 -smp 288';
const imported = (name: string) => readFileSync(join(ROOT, 'scenarios/imported', name));

test('a command line of QEMU is recognised, as text and as bytes', async () => {
  const [fromText] = await importMachine(QEMU);
  const [fromBytes] = await importMachine(new TextEncoder().encode(QEMU));
  expect(fromText.platform).toBe('kvm');
  expect(fromText.cpus).toHaveLength(288);
  expect(fromText.imported?.format).toBe('qemu');
  expect(JSON.stringify(fromBytes)).toBe(JSON.stringify(fromText));
  expect(analyze(fromText).summary.verdict).toBe('fail');
});

test('file, stack and set count', async () => {
  const [machine] = await importMachine(imported('kubevirt-64-vcpus.yaml'), {
    file: 'vm.yaml',
    stack: { libvirt: '11.0' },
    set: ['kernel="5.10"'],
  });
  expect(machine.source).toBe('vm.yaml');
  expect(machine.kernel.text).toBe('5.10');
});

test("irqsim's own text gives what readMachine gives", async () => {
  const text = 'cpus: [{ apicId: 0-3 }]\n';
  const [machine] = await importMachine(text, { file: 'a.yaml', from: 'native' });
  expect(JSON.stringify(machine)).toBe(JSON.stringify(await readMachine(text, 'a.yaml')));
});

test('what is wrong is told with its place; a format that does not exist is a RangeError', async () => {
  await expect(importMachine('platform: kvmm\ncpus: [{ apicId: 0 }]\n', { file: 'a.yaml' })).rejects.toThrow(
    /^a\.yaml:1:11: /,
  );
  await expect(importMachine('cpus: [{ apicId: 0 }]', { set: ['kernle=1'] })).rejects.toBeInstanceOf(
    InputError,
  );
  await expect(importMachine('', { from: 'esx' })).rejects.toThrow(RangeError);
});
