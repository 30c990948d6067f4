/** NUMA nodes without CPUs, as QEMU and libvirt describe them. */
import { expect, test } from 'vitest';
import { importOne } from './importers.ts';

const SMP = 'qemu-system-x86_64 -M q35 -accel kvm -smp 4,maxcpus=8 -m 4G';
const nodesOf = async (text: string) => (await importOne(text)).machine.memoryNodes;

test.each([
  ['-numa node,cpus=0-7,memdev=a -numa node,memdev=b', [1]],
  ['-numa node,cpus=0-3,mem=1G -numa node,cpus=4-7,mem=1G -numa node,mem=1G -numa node,mem=1G', [2, 3]],
  // Where no node is said to have memory all have some; a node without memory is none where others have.
  ['-numa node,cpus=0-7 -numa node', [1]],
  ['-numa node,cpus=0-7,mem=4G -numa node', []],
  // Without any CPUs QEMU gives them by socket, and there is one.
  ['-numa node,mem=2G -numa node,mem=2G', [1]],
  ['', []],
])('%s', async (numa, expected) => {
  expect(await nodesOf(`${SMP} ${numa}`)).toEqual(expected);
});

test('libvirt: a cell without CPUs is one if it has memory', async () => {
  const domain = (second: string) => `<domain type='kvm'><name>g</name><memory>4194304</memory>
<vcpu current='2'>4</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'><numa><cell id='0' cpus='0-3' memory='2097152'/><cell id='1' memory='${second}'/></numa></cpu></domain>`;
  expect(await nodesOf(domain('2097152'))).toEqual([1]);
  expect(await nodesOf(domain('0'))).toEqual([]);
});
