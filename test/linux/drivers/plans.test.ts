/** What each driver asks for: docs/model/interrupt-life.md#vectors-by-driver, at the edges of what a description says. */
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import type { ProbeCounts } from '../../../src/linux/drivers/driver.ts';
import { profileOf } from '../../../src/linux/drivers/index.ts';
import { parseCmdline } from '../../../src/machine/cmdline.ts';
import type { DriverName } from '../../../src/machine/driver-names.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import type { DeviceSpec } from '../../../src/machine/machine.ts';

/** 12 CPU numbers, 8 possible CPUs, 6 present, 4 online. */
const COUNTS: ProbeCounts = {
  kernel: kernelProfile('6.12'),
  cmdline: parseCmdline(''),
  nrCpuIds: 12,
  possible: 8,
  present: 6,
  online: 4,
};

function planOf(driver: DriverName, device: Partial<DeviceSpec>, counts: Partial<ProbeCounts> = {}) {
  const plan = profileOf(driver).plan({ name: 'one', driver, interrupts: 'msix', ...device } as DeviceSpec, {
    ...COUNTS,
    ...counts,
  });
  const { queues, vectorsAsked, tableSize, attempts } = plan;
  return { plan, queues, vectorsAsked, tableSize, minvec: attempts[0].minvec, maxvec: attempts[0].maxvec };
}

/** The vectors of all queues, where so many are granted. */
const vectorsOf = (driver: DriverName, device: Partial<DeviceSpec>, granted: number, counts = {}) => {
  const { plan } = planOf(driver, device, counts);
  return Array.from({ length: plan.queues }, (_, queue) => plan.attempts[0].vectorOf(queue, granted));
};

describe('generic', () => {
  test.each<[string, Partial<DeviceSpec>, object]>([
    ['nothing', {}, { queues: 1, vectorsAsked: 1, tableSize: 1, minvec: 1 }],
    ['queues', { queues: 3 }, { queues: 3, vectorsAsked: 3, tableSize: 3, minvec: 1 }],
    ['vectors', { vectors: 8 }, { queues: 8, vectorsAsked: 8, tableSize: 8, minvec: 1 }],
    [
      'queues between others',
      { queues: 3, preVectors: 1, postVectors: 2 },
      { queues: 3, vectorsAsked: 6, tableSize: 6, minvec: 4 },
    ],
    [
      'a table with others before and behind',
      { vectors: 8, preVectors: 1, postVectors: 2 },
      { queues: 5, vectorsAsked: 8, tableSize: 8, minvec: 4 },
    ],
    [
      'fewer queues than the table has room for',
      { vectors: 8, queues: 2, preVectors: 1 },
      { queues: 2, vectorsAsked: 3, tableSize: 8, minvec: 2 },
    ],
    [
      'more queues than the table has room for',
      { vectors: 4, queues: 8, preVectors: 1, postVectors: 1 },
      { queues: 2, vectorsAsked: 4, tableSize: 4, minvec: 3 },
    ],
    [
      'a table that others fill',
      { vectors: 2, preVectors: 1, postVectors: 1 },
      { queues: 0, vectorsAsked: 2, tableSize: 2, minvec: 2 },
    ],
    ['a line', { interrupts: 'line' }, { queues: 1, vectorsAsked: 1, tableSize: 1, minvec: 1 }],
    // The reader refuses more for a line (test/linux/sim/line-devices.test.ts).
    ['a line with more', { interrupts: 'line', vectors: 4 }, { queues: 1, vectorsAsked: 1, tableSize: 1 }],
  ])('%s', (_, device, expected) => {
    expect(planOf('generic', device)).toMatchObject(expected);
  });

  test('the last vectors granted are for what comes behind the queues', () => {
    const device = { queues: 4, preVectors: 1, postVectors: 2 };
    expect(vectorsOf('generic', device, 7)).toEqual([1, 2, 3, 4]);
    expect(vectorsOf('generic', device, 5)).toEqual([1, 2, null, null]);
  });
});

describe('virtio', () => {
  test.each<[DriverName, Partial<DeviceSpec>, object]>([
    // The table of a virtio device is as large as QEMU makes it where nothing is said.
    ['virtio-fs', {}, { queues: 1, vectorsAsked: 3, tableSize: 3 }],
    ['virtio-fs', { queues: 9 }, { queues: 9, vectorsAsked: 11, tableSize: 11 }],
    ['virtio-fs', { queues: 20 }, { queues: 12, vectorsAsked: 14, tableSize: 22 }],
    ['virtio-fs', { vectors: 6 }, { queues: 4, vectorsAsked: 6, tableSize: 6 }],
    ['virtio-fs', { vectors: 1 }, { queues: 1, vectorsAsked: 3, tableSize: 1 }],
    ['virtio-blk', {}, { queues: 6, vectorsAsked: 7, tableSize: 7 }],
    ['virtio-blk', { vectors: 4 }, { queues: 3, vectorsAsked: 4, tableSize: 4 }],
    ['virtio-blk', { vectors: 1 }, { queues: 1, vectorsAsked: 2, tableSize: 1 }],
    ['virtio-blk', { queues: 20 }, { queues: 12, vectorsAsked: 13, tableSize: 21 }],
    ['virtio-scsi', {}, { queues: 6, vectorsAsked: 9, tableSize: 9 }],
    ['virtio-scsi', { vectors: 7 }, { queues: 4, vectorsAsked: 7, tableSize: 7 }],
    ['virtio-scsi', { vectors: 2 }, { queues: 1, vectorsAsked: 4, tableSize: 2 }],
    ['virtio-scsi', { queues: 20 }, { queues: 12, vectorsAsked: 15, tableSize: 23 }],
    ['virtio-net', {}, { queues: 1, vectorsAsked: 3, tableSize: 4 }],
    ['virtio-net', { queues: 6 }, { queues: 4, vectorsAsked: 13, tableSize: 14 }],
    ['virtio-net', { vectors: 9 }, { queues: 3, vectorsAsked: 7, tableSize: 9 }],
    ['virtio-net', { vectors: 2 }, { queues: 1, vectorsAsked: 3, tableSize: 2 }],
  ])('%s %j', (driver, device, expected) => {
    expect(planOf(driver, device)).toMatchObject(expected);
  });

  test('wants all vectors or two, the second for all queues', () => {
    const { plan } = planOf('virtio-scsi', { queues: 2 });
    expect(plan.attempts).toMatchObject([
      { minvec: 5, maxvec: 5, affinity: { pre: 3, post: 0 } },
      { minvec: 2, maxvec: 2, affinity: null },
    ]);
    expect(vectorsOf('virtio-scsi', { queues: 2 }, 5)).toEqual([3, 4]);
    expect([0, 1].map((queue) => plan.attempts[1].vectorOf(queue, 2))).toEqual([1, 1]);
  });

  test.each<[DriverName, number | null]>([
    ['virtio-blk', 1],
    ['virtio-fs', 2],
    ['virtio-scsi', 3],
    ['virtio-net', null],
  ])('%s: the kernel spreads the vectors of queues, if any', (driver, pre) => {
    const [first, second] = planOf(driver, { queues: 2 }).plan.attempts;
    expect(first.affinity).toEqual(pre === null ? null : { pre, post: 0 });
    expect(second.affinity).toBeNull();
  });

  test('polled queues of virtio-blk come off those offered, but for one, since 5.19', () => {
    const polled = (queues: number, wanted: number, kernel = '6.12') =>
      planOf(
        'virtio-blk',
        { queues },
        { kernel: kernelProfile(kernel), cmdline: parseCmdline(`virtio_blk.poll_queues=${wanted}`) },
      );
    expect(polled(4, 1)).toMatchObject({ queues: 3, vectorsAsked: 4, tableSize: 5 });
    expect(polled(4, 9)).toMatchObject({ queues: 1, vectorsAsked: 2 });
    expect(polled(4, 1, '5.18')).toMatchObject({ queues: 4, vectorsAsked: 5 });
  });

  test('a pair of virtio-net has two vectors that follow each other', () => {
    expect(vectorsOf('virtio-net', { queues: 3 }, 7)).toEqual([1, 3, 5]);
  });
});

describe('hints of virtio-net', () => {
  const hints = (queues: number, online: string, granted: number) => {
    const cpus = CpuMask.parse(online, 12);
    const { plan } = planOf('virtio-net', { queues }, { online: cpus.weight() });
    return plan.hints?.(cpus, granted).map(({ vector, mask }) => `${vector}: ${mask}`);
  };

  test('a CPU each, the receive and the transmit vector of a pair the same', () => {
    expect(hints(2, '3,5', 5)).toEqual(['1: 3', '2: 3', '3: 5', '4: 5']);
  });

  test('the first pairs take the CPUs that are over', () => {
    expect(hints(3, '0-3,8', 7)?.filter((_, index) => index % 2 === 0)).toEqual(['1: 0-1', '3: 2-3', '5: 8']);
    expect(hints(2, '0-5', 5)?.filter((_, index) => index % 2 === 0)).toEqual(['1: 0-2', '3: 3-5']);
  });

  test('no pair is without a CPU where more are used than there are CPUs', () => {
    const { plan } = planOf('virtio-net', { queues: 3 }, { online: 3 });
    const masks = plan.hints?.(CpuMask.parse('0-1', 12), 7).map(({ mask }) => `${mask}`);
    expect(masks).toEqual(['0', '0', '1', '1', '0', '0']);
  });

  test('all for the one vector that is shared', () => {
    expect(hints(2, '0-1', 2)).toEqual(['1: 0', '1: 0', '1: 1', '1: 1']);
  });
});

describe('nvme', () => {
  const withCmdline = (cmdline: string) => ({ cmdline: parseCmdline(cmdline) });

  test.each<[Partial<DeviceSpec>, string, object]>([
    [{}, '', { queues: 8, vectorsAsked: 9, tableSize: 65 }],
    [{ queues: 3 }, '', { queues: 3, vectorsAsked: 4, tableSize: 4 }],
    [{ vectors: 5 }, '', { queues: 4, vectorsAsked: 5, tableSize: 5 }],
    [{ vectors: 1 }, '', { queues: 1, vectorsAsked: 2, tableSize: 1 }],
    [{}, 'nvme.write_queues=3', { queues: 11, vectorsAsked: 12 }],
    // Polled queues are wanted beside a queue for each CPU.
    [{}, 'nvme.poll_queues=2', { queues: 8, vectorsAsked: 9 }],
    [{ queues: 4 }, 'nvme.poll_queues=2', { queues: 2, vectorsAsked: 3 }],
    [{ queues: 4 }, 'nvme.poll_queues=9', { queues: 1, vectorsAsked: 2 }],
  ])('%j %s', (device, cmdline, expected) => {
    expect(planOf('nvme', device, withCmdline(cmdline))).toMatchObject({ ...expected, minvec: 1 });
  });

  test('types of its queues', () => {
    const typesOf = (cmdline: string, had: number) =>
      planOf('nvme', { queues: 6 }, withCmdline(cmdline)).plan.typesOf?.(had);
    expect(typesOf('', 6)).toEqual({ default: 6, read: 0, poll: 0 });
    expect(typesOf('nvme.write_queues=2', 6)).toEqual({ default: 2, read: 4, poll: 0 });
    expect(typesOf('nvme.write_queues=2 nvme.poll_queues=1', 5)).toEqual({ default: 2, read: 3, poll: 1 });
  });

  test('a single vector serves the first queue too', () => {
    expect(vectorsOf('nvme', { queues: 3 }, 4)).toEqual([1, 2, 3]);
    expect(vectorsOf('nvme', { queues: 3 }, 2)).toEqual([1, null, null]);
    expect(vectorsOf('nvme', { queues: 3 }, 1)).toEqual([0, null, null]);
  });
});

describe('host adapters', () => {
  test.each<[DriverName, Partial<DeviceSpec>, object]>([
    ['megaraid_sas', {}, { queues: 4, vectorsAsked: 5, tableSize: 128, minvec: 1 }],
    ['megaraid_sas', { queues: 3 }, { queues: 3, vectorsAsked: 4, tableSize: 4, minvec: 1 }],
    ['megaraid_sas', { vectors: 1 }, { queues: 1, vectorsAsked: 2, tableSize: 1, minvec: 1 }],
    ['mpt3sas', {}, { queues: 4, vectorsAsked: 4, tableSize: 128, minvec: 1 }],
    ['mpt3sas', { vectors: 1 }, { queues: 1, vectorsAsked: 1, tableSize: 1, minvec: 1 }],
    ['mpi3mr', {}, { queues: 8, vectorsAsked: 9, tableSize: 128, minvec: 1 }],
    ['smartpqi', { queues: 2 }, { queues: 2, vectorsAsked: 2, tableSize: 2, minvec: 1 }],
  ])('%s %j', (driver, device, expected) => {
    expect(planOf(driver, device)).toMatchObject(expected);
  });

  test('a single vector serves the first queue too', () => {
    expect(vectorsOf('megaraid_sas', { queues: 3 }, 4)).toEqual([1, 2, 3]);
    expect(vectorsOf('megaraid_sas', { queues: 3 }, 2)).toEqual([1, null, null]);
    expect(vectorsOf('megaraid_sas', { queues: 3 }, 1)).toEqual([0, null, null]);
    expect(vectorsOf('mpt3sas', { queues: 2 }, 1)).toEqual([0, null]);
  });
});
