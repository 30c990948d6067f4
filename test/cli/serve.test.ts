/** `irqsim serve`: what it refuses, what installs it, and the built program as a whole. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { machine, requestOf, reviewOf } from '../admission/ask.ts';
import { certificate, post, send } from '../admission/here.ts';
import { builtProgram } from '../built.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const TLS = ['--tls-cert', certificate('server.crt'), '--tls-key', certificate('server.key')];
const SERVE = ['serve', '--admission', '--no-config'];

test.each<[readonly string[], string]>([
  [['serve'], 'serve: --admission is expected'],
  [SERVE, '--tls-cert FILE and --tls-key FILE are needed'],
  [[...SERVE, ...TLS, '--listen', 'everywhere'], '--listen everywhere: expected a port'],
  [[...SERVE, ...TLS, '--listen', '127.0.0.1:70000'], '--listen 127.0.0.1:70000: expected a port'],
  [[...SERVE, ...TLS, '--fail-open', '--fail-closed'], 'cannot be used with option'],
  [[...SERVE, ...TLS, '--timeout', '0'], 'from 0.05 to 30 is expected'],
  [[...SERVE, ...TLS, '--kernel', '5.10,6.12'], 'one kernel is expected'],
  [[...SERVE, ...TLS, '--level', 'nonsense=off'], 'nonsense'],
  [
    [
      ...SERVE,
      ...TLS,
      '--objects',
      scratchFile('none.yaml', 'kind: ConfigMap\napiVersion: kubevirt.io/v1\n'),
    ],
    'no instancetype',
  ],
  [[...SERVE, '--manifests', '--namespace', 'a b'], '--namespace a b: expected letters'],
  [[...SERVE, '--manifests', '--ca-bundle', certificate('server.key')], 'a private key is in it'],
  [[...SERVE, ...TLS, '--image', 'x'], '--image is about --manifests'],
  [[...SERVE, '--manifests', '--client-ca', 'x'], 'cannot be used with option'],
])('%j is refused', async (args, message) => {
  const { code, out, err } = await irqsim(args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

type Manifest = Record<string, unknown> & { readonly kind: string };

async function manifests(...args: string[]) {
  const { code, out } = await irqsim([...SERVE, '--manifests', ...args]);
  expect(code).toBe(0);
  const all = parseAllDocuments(out).map((one) => {
    expect(one.errors).toEqual([]);
    return one.toJS() as Manifest;
  });
  return { out, all, of: (kind: string) => all.find((one) => one.kind === kind) };
}

test('manifests say what becomes of objects while irqsim is away', async () => {
  const open = await manifests('--stack', 'libvirt=10.5', '--image', 'registry.example/irqsim:1');
  expect(open.all.map(({ kind }) => kind)).toEqual([
    'Namespace',
    'Issuer',
    'Certificate',
    'Issuer',
    'Certificate',
    'Deployment',
    'PodDisruptionBudget',
    'Service',
    'ValidatingWebhookConfiguration',
  ]);
  expect(open.out).toContain('Fail-open: while irqsim cannot be reached, objects pass unchecked');
  expect(open.of('ValidatingWebhookConfiguration')).toMatchObject({
    metadata: { annotations: { 'cert-manager.io/inject-ca-from': 'irqsim/irqsim' } },
    webhooks: [
      {
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Ignore',
        timeoutSeconds: 8,
        clientConfig: { service: { namespace: 'irqsim', name: 'irqsim', path: '/validate' } },
      },
    ],
  });
  const [container] = (
    open.of('Deployment') as never as {
      spec: { template: { spec: { containers: { args: string[]; image: string }[] } } };
    }
  ).spec.template.spec.containers;
  expect(container.image).toBe('registry.example/irqsim:1');
  expect(container.args).toEqual(
    expect.arrayContaining(['serve', '--admission', '--fail-open', '--stack=libvirt=10.5']),
  );
  const closed = await manifests(
    '--fail-closed',
    '--ca-bundle',
    certificate('server.crt'),
    '--timeout',
    '10',
  );
  expect(closed.out).toContain(
    'Fail-closed: while irqsim cannot be reached, no virtual machine can be created',
  );
  expect(closed.all.map(({ kind }) => kind)).not.toContain('Certificate');
  expect(closed.of('ValidatingWebhookConfiguration')).toMatchObject({
    webhooks: [
      {
        failurePolicy: 'Fail',
        timeoutSeconds: 13,
        clientConfig: { caBundle: expect.stringMatching(/^LS0tLS1CRUdJTi/) },
      },
    ],
  });
});

test('the arguments in manifests are arguments of irqsim, and objects go with them', async () => {
  const type = {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: { name: 'u1' },
    spec: { cpu: { guest: 2 } },
  };
  const objects = scratchFile(
    'types.json',
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [type] }),
  );
  const { of } = await manifests(
    '--objects',
    objects,
    '--kernel',
    '6.12',
    '--level',
    'sparse-apic-ids=off',
    '-j',
    '2',
  );
  expect(of('ConfigMap')).toMatchObject({ data: { 'objects.json': `${JSON.stringify(type)}\n` } });
  const { args } = (
    of('Deployment') as never as { spec: { template: { spec: { containers: { args: string[] }[] } } } }
  ).spec.template.spec.containers[0];
  // All that is wrong with them is that the files are in the pod.
  const { code, err } = await irqsim(args);
  expect([code, err]).toEqual([2, 'irqsim: --tls-cert /etc/irqsim/tls/tls.crt: cannot be read: ENOENT\n']);
});

/** Starts the built program; its address, its log, and its end. */
async function started(...args: string[]) {
  const child = spawn(
    process.execPath,
    [builtProgram(), ...SERVE, ...TLS, '--listen', '127.0.0.1:0', ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const lines: string[] = [];
  const input = createInterface({ input: child.stderr });
  const port = new Promise<number>((resolve, reject) => {
    input.on('line', (line) => {
      lines.push(line);
      const said = line.startsWith('{') ? (JSON.parse(line) as { event: string; port: number }) : undefined;
      if (said?.event === 'listening') resolve(said.port);
    });
    child.on('exit', (code) => reject(new Error(`it ended with ${code}: ${lines.join('\n')}`)));
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { port: await port, lines, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

test('the built program denies what libvirt refuses, and ends on SIGTERM when it is drained', async () => {
  const { port, lines, ended, kill } = await started('--stack', 'libvirt=10.5', '-j', '1', '--drain', '1');
  expect((await send(port, { path: '/readyz' })).code).toBe(200);
  const allowed = async (object: Parameters<typeof requestOf>[0]) => {
    const { response } = JSON.parse((await post(port, reviewOf(requestOf(object)))).text) as {
      response: { allowed: boolean; warnings?: string[] };
    };
    return [response.allowed, ...(response.warnings ?? [])];
  };
  expect(await allowed(machine({ sockets: 64 }))).toEqual([false]);
  expect(await allowed(machine({ sockets: 64, maxSockets: 64 }))).toEqual([true]);
  kill('SIGTERM');
  // Those that do not know yet that it is no longer ready are answered.
  await expect.poll(async () => (await send(port, { path: '/readyz' })).code).toBe(503);
  expect(await allowed(machine({ sockets: 64 }))).toEqual([false]);
  expect(await ended).toBe(0);
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    'listening',
    ...Array.from({ length: 3 }, () => 'request'),
    'ended',
  ]);
  expect(lines.join('\n')).not.toContain('SECRET');
});

test('options that no machine can be read with end it before it listens', async () => {
  await Promise.all([
    expect(started('--kernel', '9.x')).rejects.toThrow(/it ended with 2: .*--kernel 9\.x/),
    expect(started('--set', 'nonsense=1')).rejects.toThrow(/it ended with 2: .*nonsense/),
  ]);
});

test('only this command loads the server: no pack has it', () => {
  const chunks = join(dirname(builtProgram()), '../dist/cli');
  const names = readdirSync(chunks).filter((name) => /\.(?:js|pack)$/.test(name));
  const holding = names.filter((name) =>
    readFileSync(join(chunks, name), 'utf8').includes('handshakeTimeout'),
  );
  expect(holding).toEqual([expect.stringMatching(/^serve-\w+\.js$/)]);
});
