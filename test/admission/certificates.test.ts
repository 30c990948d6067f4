/** Certificates that change while the server runs. */
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { readCertificates, watchCertificates } from '../../src/cli/admission/certificates.ts';
import type { ServeOptions } from '../../src/cli/admission/options.ts';
import { startServing } from '../../src/cli/admission/serving.ts';
import { keepingIo } from '../cli/irqsim.ts';
import { certificate, pem, serverHere } from './here.ts';

/** A folder as Kubernetes mounts a secret: `..data` is a link that is replaced. */
function mounted() {
  const folder = mkdtempSync(join(tmpdir(), 'irqsim-tls-'));
  let version = 0;
  const put = (name: string): void => {
    const data = `..version-${++version}`;
    mkdirSync(join(folder, data));
    copyFileSync(certificate(`${name}.crt`), join(folder, data, 'tls.crt'));
    copyFileSync(certificate(`${name}.key`), join(folder, data, 'tls.key'));
    symlinkSync(data, join(folder, '..new'));
    renameSync(join(folder, '..new'), join(folder, '..data'));
  };
  put('server');
  for (const name of ['tls.crt', 'tls.key']) symlinkSync(join('..data', name), join(folder, name));
  return { files: { tlsCert: join(folder, 'tls.crt'), tlsKey: join(folder, 'tls.key') }, folder, put };
}

const served = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const { subject } = socket.getPeerCertificate() as PeerCertificate;
      socket.destroy();
      resolve(String(subject.CN));
    });
    socket.on('error', reject);
  });

test('a pair that is whole takes the place of the one before; any other does not, and is said once', async () => {
  const { files, folder, put } = mounted();
  const first = readCertificates(files);
  const { server, port } = await serverHere({ context: first.context });
  const heard: string[] = [];
  const look = watchCertificates(files, first, {
    renewed({ context, facts }) {
      server.renew(context);
      heard.push(`valid: ${facts.isValid}`);
    },
    kept: (problem) => heard.push(problem.replaceAll(folder, '')),
  });
  look();
  expect(await served(port)).toBe('irqsim tests only: server');
  put('renewed');
  look();
  expect(await served(port)).toBe('irqsim tests only: renewed');
  // Half of a pair, then nothing that is one.
  writeFileSync(join(folder, '..data', 'tls.crt'), pem('server.crt'));
  look();
  look();
  writeFileSync(join(folder, '..data', 'tls.crt'), pem('server.crt').slice(0, 300));
  look();
  expect(await served(port)).toBe('irqsim tests only: renewed');
  put('server');
  look();
  expect(await served(port)).toBe('irqsim tests only: server');
  expect(heard).toEqual([
    'valid: true',
    '--tls-key /tls.key: not the key of /tls.crt',
    '--tls-cert /tls.crt: no certificate in PEM',
    'valid: true',
  ]);
  await server.end(0);
});

test('a server that runs takes over what changes, by itself', async () => {
  const { files, put } = mounted();
  const { io, said } = keepingIo();
  const options: ServeOptions = {
    ...{
      stack: {},
      set: [],
      failOn: 'error',
      listen: '127.0.0.1:0',
      timeout: 5,
      maxBody: 4,
      maxWaiting: 8,
      jobs: 1,
    },
    ...{ drain: 0, ...files },
  };
  const ready = `require('node:worker_threads').parentPort.postMessage('ready'); setInterval(() => {}, 1e6);`;
  const spawn = () => new Worker(ready, { eval: true });
  const serving = await startServing(options, io, { spawn, failed: () => {} });
  put('renewed');
  await expect
    .poll(() => served(serving.address.port), { timeout: 10_000 })
    .toBe('irqsim tests only: renewed');
  await serving.end();
  const events = said.err.split('\n').filter((line) => line !== '');
  const names = events.map((line) => (JSON.parse(line) as { event: string }).event);
  // A client here may go before its handshake is done on both sides.
  expect(names.filter((name) => name !== 'tls-failed')).toEqual([
    'listening',
    'certificates-renewed',
    'ended',
  ]);
  expect(said.err).not.toMatch(/PRIVATE|BEGIN/);
});

const SERVER = { tlsCert: certificate('server.crt'), tlsKey: certificate('server.key') };

test.each([
  ['a file that is not there', { tlsCert: '/nowhere' }, /^--tls-cert \/nowhere: cannot be read: ENOENT$/],
  ['a folder', { tlsKey: tmpdir() }, /: this is no file$/],
  ['a certificate as key', { tlsKey: certificate('server.crt') }, /: no private key in PEM/],
  ['a key as certificate', { tlsCert: certificate('server.key') }, /: no certificate in PEM$/],
  ['the key of another', { tlsKey: certificate('client.key') }, /client\.key: not the key of .*server\.crt$/],
  [
    'a key as CA of clients',
    { clientCa: certificate('client.key') },
    /^--client-ca .*: no certificate in PEM$/,
  ],
  ['a file without an end', { tlsKey: '/dev/zero' }, /: this is no file$/],
])('%s is refused by name, and nothing of it is shown', (_, files, message) => {
  expect(() => readCertificates({ ...SERVER, ...files })).toThrow(message);
});
