/** Spans in which I/O hangs, as they begin, grow and end. */
import { expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { type IrqDesc, IrqFlag } from '../../../src/linux/engine/irq-desc.ts';
import { createHangLog, endHangs, hangingOn, noteHang } from '../../../src/linux/sim/hangs.ts';
import type { QueueSetting } from '../../../src/linux/sim/health.ts';
import type { ProbedDevice } from '../../../src/linux/sim/system.ts';

const cpus = (list: string) => CpuMask.parse(list, 8);
const device = (name: string) => ({ spec: { name } }) as ProbedDevice;

test('a span begins, grows with the CPUs that are caught, and ends', () => {
  const log = createHangLog();
  const disk = device('disk');
  expect(noteHang(log, disk, 1, 1, null)).toBe(false);
  expect(noteHang(log, disk, 1, 2, cpus('3'))).toBe(true);
  expect(noteHang(log, disk, 1, 3, cpus('3'))).toBe(false);
  expect(noteHang(log, disk, 1, 4, cpus('3-4'))).toBe(true);
  // Who was caught stays caught.
  expect(noteHang(log, disk, 1, 5, cpus('4'))).toBe(false);
  expect(noteHang(log, disk, 1, 6, null)).toBe(true);
  expect(noteHang(log, disk, 1, 7, null)).toBe(false);
  expect(noteHang(log, disk, 1, 8, cpus('5'))).toBe(true);
  const seen = log.spans.map(({ cpus: caught, from, until }) => [String(caught), from, until]);
  expect(seen).toEqual([
    ['3-4', 2, 6],
    ['5', 8, null],
  ]);
});

test('queues and devices are apart, and a device that is set up again ends its own', () => {
  const log = createHangLog();
  const [disk, other] = [device('disk'), device('other')];
  for (const [of, queue] of [
    [disk, 0],
    [disk, 1],
    [other, 0],
  ] as const)
    expect(noteHang(log, of, queue, 1, cpus('1'))).toBe(true);
  endHangs(log, disk, 2);
  expect(log.spans.map(({ device: name, queue, until }) => [name, queue, until])).toEqual([
    ['disk', 0, 2],
    ['disk', 1, 2],
    ['other', 0, null],
  ]);
  endHangs(log, disk, 3);
  expect(noteHang(log, disk, 0, 4, null)).toBe(false);
  expect(noteHang(log, other, 0, 4, null)).toBe(true);
  expect(log.spans.map(({ until }) => until)).toEqual([2, 2, 4]);
});

test('online CPUs hang on an interrupt that is stopped, unless another queue serves them', () => {
  const online = cpus('0-3');
  const setting = { online, redirected: false } as QueueSetting;
  const stopped = { flags: 0 } as IrqDesc;
  expect(String(hangingOn(setting, cpus('2-5'), stopped))).toBe('2-3');
  expect(hangingOn(setting, cpus('4-5'), stopped)).toBeNull();
  expect(hangingOn(setting, undefined, stopped)).toBeNull();
  expect(hangingOn(setting, cpus('2'), null)).toBeNull();
  expect(hangingOn({ ...setting, redirected: true }, cpus('2'), stopped)).toBeNull();
  // Started, on a CPU that is offline: it does not arrive.
  const lost = { flags: IrqFlag.started, effectiveMask: cpus('6'), effectiveCpu: 6 } as unknown as IrqDesc;
  expect(String(hangingOn(setting, cpus('1,6'), lost))).toBe('1');
});
