/** QEMU's `smp-cache`: which CPUs share an L2 cache. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { qemu } from '../../src/formats/qemu/reader.ts';
import { importOne } from './qemu-import.ts';

const SMP = '-smp 16,sockets=1,modules=4,cores=4,threads=1';

const imported = (machine: string, more = '') =>
  importOne(qemu, `qemu-system-x86_64 -M q35,kernel-irqchip=split${machine} -accel kvm ${SMP} ${more}`, {
    qemu: '10.1',
  });

test.each([
  [',smp-cache.0.cache=l2,smp-cache.0.topology=module', 'module'],
  [
    ',smp-cache.0.cache=l3,smp-cache.0.topology=die,smp-cache.1.cache=l2,smp-cache.1.topology=socket',
    'socket',
  ],
  [',smp-cache.0.cache=l2,smp-cache.0.topology=default', undefined],
  [',smp-cache.0.cache=l1d,smp-cache.0.topology=module', undefined],
  ['', undefined],
])('-machine %s', async (machine, l2) => {
  const { raw, machine: complete } = await imported(machine);
  expect((raw.value as { topology: { l2?: string } }).topology.l2).toBe(l2);
  expect(complete.notUnderstood).toEqual([]);
});

test('where CPUs are listed one by one, each entry has it', async () => {
  const numa = '-numa node,nodeid=0,cpus=0-2 -numa node,nodeid=1,cpus=3-15';
  const { raw } = await imported(',smp-cache.0.cache=l2,smp-cache.0.topology=module', numa);
  expect(raw.value).toMatchObject({
    cpus: [
      { apicId: '0-2', l2: 4 },
      { apicId: '3-15', node: 1, l2: 4 },
    ],
  });
});

describe('a level that no x86 machine has is named', () => {
  test.each([
    [',smp-cache.0.cache=l2,smp-cache.0.topology=book', 'smp-cache.0.topology=book'],
    [',smp-cache.0.cache=l2', 'smp-cache.0.cache=l2'],
  ])('%s', async (machine, part) => {
    const { machine: complete } = await imported(machine);
    expect(complete.notUnderstood).toMatchObject([
      { part: expect.stringContaining(part), mayHold: ['CPUs'] },
    ]);
  });
});

test('5 queues on 16 CPUs with an L2 cache for each four (measured on 7.3)', async () => {
  const disk = '-device nvme,serial=1,num_queues=6';
  const { machine } = await imported(',smp-cache.0.cache=l2,smp-cache.0.topology=module', disk);
  const { run } = analyze(machine);
  expect(run.devices[0].queues.map(({ affinity }) => affinity.toString())).toEqual([
    '4-7',
    '12-15',
    '8-11',
    '0-1',
    '2-3',
  ]);
});
