/** Several machines in one input are several reports: none counts alone. */
import { describe, expect, test } from 'vitest';
import { importAll } from './importers.ts';

const ONE = {
  'cloud-hypervisor': (cpus: number) => `cloud-hypervisor --kernel k --cpus boot=${cpus} --disk path=a`,
  bhyve: (cpus: number) => `bhyve -c ${cpus} -m 1G -s 0,hostbridge one`,
  crosvm: (cpus: number) => `crosvm run --cpus ${cpus} --block /d vmlinux`,
  qemu: (cpus: number) => `qemu-system-x86_64 -M q35 -smp ${cpus} -nodefaults`,
  'virt-install': (cpus: number) => `virt-install --name a --memory 512 --vcpus ${cpus} --import --disk none`,
  'virtme-ng': (cpus: number) => `vng --cpus ${cpus} -- true`,
} as const;

const counts = async (text: string) => (await importAll(text)).map(({ machine }) => machine.cpus.length);

describe.each(Object.entries(ONE))('%s', (format, line) => {
  test('each command of a script is a machine', async () => {
    const script = `#!/bin/sh\n${line(2)}\n# and\nsudo ${line(3)}\n`;
    const found = await importAll(script);
    expect(found.map(({ reader }) => reader.name)).toEqual([format, format]);
    expect(await counts(script)).toEqual([2, 3]);
  });
});

test('JSON of Cloud Hypervisor, one behind the other, and handed over by a script', async () => {
  const json = (cpus: number) => JSON.stringify({ cpus: { boot_vcpus: cpus, max_vcpus: cpus } });
  expect(await counts(`${json(2)}\n${json(3)}\n`)).toEqual([2, 3]);
  const curl = (cpus: number) =>
    `curl --unix-socket /s -X PUT http://localhost/api/v1/vm.create -d '${json(cpus)}'\n`;
  expect(await counts(curl(2) + curl(3))).toEqual([2, 3]);
  expect(await counts(`ch-remote --api-socket /s create <<EOF\n${json(5)}\nEOF\n`)).toEqual([5]);
});

test('what only names a program, or waits for a guest, is no guest', async () => {
  const script = 'chmod +x cloud-hypervisor\n./cloud-hypervisor --version\n';
  expect(await counts(`${script}./cloud-hypervisor --kernel k --cpus boot=6\n`)).toEqual([6]);
  const [{ result }] = await importAll('cloud-hypervisor --api-socket /tmp/s\n');
  expect(result.raw.value).toMatchObject({ notUnderstood: [{ part: '--api-socket' }] });
});

test.each([
  '# /etc/pve/qemu-server/100.conf\ncores: 2\nnet0: virtio=AA\n\n# /etc/pve/qemu-server/101.conf\ncores: 3\n[s]\ncores: 9\n',
  '==> /etc/pve/qemu-server/100.conf <==\ncores: 2\nnet0: virtio=AA\n\n==> /etc/pve/qemu-server/101.conf <==\ncores: 3\n',
  'root@pve:~# qm config 100\ncores: 2\nnet0: virtio=AA\nroot@pve:~# qm config 101\ncores: 3\nroot@pve:~#\n',
])('configurations of Proxmox, one behind the other: %j', async (text) => {
  expect(await counts(text)).toEqual([2, 3]);
});

test.each([
  ['cores: 2\ncores: 300\nnet0: virtio=AA\n', 'a second cores: 300'],
  ['cores: 2\nnet0: virtio=AA\n[PENDING]\ncores: 300\n', '[PENDING] cores: 300'],
  ['NAME = a\nVCPU = 4\nOS = [ ARCH = "x86_64" ]\nVCPU = 300\n', 'a second VCPU'],
])('what only one of two can be is named: %j', async (text, part) => {
  const [{ result }] = await importAll(text);
  expect(result.raw.value).toMatchObject({ notUnderstood: [{ part }] });
});

test('what `onetemplate show` prints above a template is no part of it', async () => {
  const head = 'TEMPLATE 5 INFORMATION\nID             : 5\nOWNER          : um-\n\nTEMPLATE CONTENTS\n';
  expect(await counts(`${head}CPU="4"\nOS=[\n  ARCH="x86_64" ]\nVCPU="6"\n`)).toEqual([6]);
});

test('logs of several guests, one behind the other: the last start of each', async () => {
  const start = (name: string, cpus: number) =>
    `2024-01-01 10:00:00.000+0000: starting up libvirt version: 8.0.0, qemu version: 6.2.0\nLC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=${name},debug-threads=on \\\n-smp ${cpus}\n2024-01-01 11:00:00.000+0000: shutting down\n`;
  expect(await counts(start('a', 9) + start('a', 2) + start('b', 3))).toEqual([2, 3]);
});
