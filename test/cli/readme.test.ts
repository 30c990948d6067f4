/** README is for a stranger: what it shows must work as shown. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { irqsim, ROOT, scratchFile } from './irqsim.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text);

test('every scenario named in README or in a help text exists', () => {
  const commands = [
    '',
    'analyze',
    'replay',
    'why',
    'explain',
    'policies',
    'kernels',
    'rules',
    'schema',
    'engine',
  ];
  const help = commands
    .map((command) => irqsim([command, '--help'].filter((word) => word !== '')).out)
    .join('\n');
  const named = new Set(`${README}\n${help}`.match(/scenarios\/[\w./-]+\.(?:yaml|sh)/g));
  expect(named.size).toBeGreaterThan(2);
  for (const path of named) expect(existsSync(join(ROOT, path)), path).toBe(true);
});

test('the machine of the tour comes out as the tour says', () => {
  const [guest] = blocks('yaml');
  const { out } = irqsim(['analyze', scratchFile('guest.yaml', guest)]);
  const [, console] = blocks('console');
  expect(console).toContain('160 of 240 plugged CPUs reachable; 24 of 64 queues dead');
  expect(out).toContain('160 of 240 plugged CPUs reachable; 24 of 64 queues dead');
  expect(out).toContain('80 CPUs above APIC ID 255 (256-380 with holes) stay');
});

test('the configurations of the tour come out as the tour says', () => {
  const [console] = blocks('console');
  const kubevirt = irqsim(['analyze', 'scenarios/imported/kubevirt-64-vcpus.yaml']).out;
  const quoted = console.slice(console.indexOf('error     hypervisor-refuses'), console.indexOf('\n\n'));
  expect(quoted.split('\n')).toHaveLength(6);
  expect(kubevirt).toContain(quoted);
  const [headline] = irqsim(['analyze', 'scenarios/imported/qemu-288-vcpus.sh']).out.split('\n');
  expect(console).toContain(headline);
});

test('the description of every field is a valid one', () => {
  const [, fields] = blocks('yaml');
  const { code, err } = irqsim(['analyze', scratchFile('fields.yaml', fields)]);
  expect(err).toBe('');
  expect(code).not.toBe(2);
});

test('the library example runs and prints what its comment says', () => {
  const [example] = blocks('ts');
  const script = example.replace("'irqsim'", `'${join(ROOT, 'dist/lib/index.js')}'`);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('256-299\n');
});
