/** `irqsim import`, --stack, several machines in one input, and what reports say of imports. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { irqsim, scratchFile } from './irqsim.ts';

const BAD = 'scenarios/imported/kubevirt-64-vcpus.yaml';
/** What KubeVirt 1.4 ships does not start it. */
const OLD = ['--stack', 'kubevirt=1.4'];
const VMI =
  'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: NAME }\nspec: { domain: {} }\n';
const two = scratchFile('two.yaml', `${VMI.replace('NAME', 'a')}---\n${VMI.replace('NAME', 'b')}`);

test('writes a description that can be analysed', async () => {
  const written = await irqsim(['import', ...OLD, BAD]);
  expect(written.code).toBe(0);
  expect(written.out).toContain(`# Written by irqsim import from ${BAD} (kubevirt).`);
  expect(written.out).toContain('# libvirt 10.5 refuses: unsupported configuration: more than 255 vCPUs');
  const file = scratchFile('imported.yaml', written.out);
  const report = JSON.parse((await irqsim(['analyze', '--format', 'json', file])).out);
  expect(report.cpus).toMatchObject({ possible: '0-255', present: '0-63' });
  expect(report.imported).toBeUndefined();
});

test('-o, and a number for each of several machines', async () => {
  const out = scratchFile('guest.yaml', '');
  expect(await irqsim(['import', BAD, '-o', out])).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(out, 'utf8')).toContain('name: orders-db');
  expect((await irqsim(['import', two])).err).toContain('holds 2 machines');
  expect((await irqsim(['import', two, '-o', out])).code).toBe(0);
  expect(readFileSync(out.replace('.yaml', '-2.yaml'), 'utf8')).toContain('name: b');
  expect(await irqsim(['import', BAD, '-o', '/no/such/folder/x'])).toMatchObject({ code: 2 });
});

test('-o - is standard output, and --stdin-filename its counterpart', async () => {
  const text = readFileSync(BAD, 'utf8');
  const { out } = await irqsim(['import', '-', '-o', '-', '--stdin-filename', 'vm.yaml'], { input: text });
  expect(out).toContain('# Written by irqsim import from vm.yaml (kubevirt).');
  expect((await irqsim(['import', two, '-o', '-'])).err).toContain('holds 2 machines');
});

test('analyze reports each machine of an input', async () => {
  const json = JSON.parse((await irqsim(['analyze', '--format', 'json', two])).out);
  expect(json.map((one: { machine: { name: string } }) => one.machine.name)).toEqual(['a', 'b']);
  expect((await irqsim(['analyze', '--format', 'ndjson', two])).out.trim().split('\n')).toHaveLength(2);
  expect((await irqsim(['analyze', two])).out.match(/^Machine/gm)).toHaveLength(2);
  expect(await irqsim(['why', two, 'cpu', '0'])).toMatchObject({ code: 2 });
});

test('the refusal is the headline and a finding with its place', async () => {
  const { code, out } = await irqsim(['analyze', ...OLD, BAD]);
  expect(code).toBe(1);
  expect(out).toContain('libvirt 10.5 would not start it');
  expect(out).toMatch(/^error {5}hypervisor-refuses {2}scenarios\/imported\/kubevirt-64-vcpus.yaml:15:20$/m);
  expect(out).toContain('Assumed   KubeVirt 1.4: it ships libvirt 10.5');
  const report = JSON.parse((await irqsim(['analyze', '--format', 'json', ...OLD, BAD])).out);
  expect(report.imported.format).toBe('kubevirt');
  expect(report.imported.refusals[0]).toMatchObject({
    by: 'libvirt 10.5',
    level: 'error',
    location: { line: 15 },
  });
  expect(report.imported.assumptions[0]).toEqual({
    text: 'KubeVirt 1.4: it ships libvirt 10.5 and QEMU 9.0',
    path: null,
  });
});

test('--stack takes other versions', async () => {
  const { code, out } = await irqsim(['analyze', '--stack', 'libvirt=11.0,qemu=10.0', BAD]);
  expect(code).toBe(0);
  expect(out).not.toContain('would not start it');
  for (const command of [['replay'], ['import']]) {
    expect((await irqsim([...command, '--stack', 'libvirt=11.0', '--stack', 'qemu=9.2', BAD])).code).toBe(0);
  }
  expect(await irqsim(['analyze', '--stack', 'vbox=1', BAD])).toMatchObject({ code: 2 });
  expect((await irqsim(['analyze', '--stack', 'qemu=new', BAD])).err).toContain('a version such as');
});

test('--help lists the formats', async () => {
  for (const command of ['analyze', 'import']) {
    const { out } = await irqsim([command, '--help']);
    for (const name of ['kubevirt', 'cloud-hypervisor', 'xen', 'native']) expect(out).toContain(`  ${name} `);
  }
});
