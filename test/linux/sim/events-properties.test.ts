/** Whatever happens after boot, in whatever order, the machine stays consistent. */

// Hundreds of thousands of checks: the matcher of the other tests would take half of the time.
import { deepStrictEqual as deepEqual, strictEqual as equal } from 'node:assert';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasFlags, type IrqDesc, IrqFlag } from '../../../src/linux/engine/irq-desc.ts';
import type { IrqMatrix } from '../../../src/linux/engine/matrix-state.ts';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import { findPolicy } from '../../../src/linux/policy/index.ts';
import { boot } from '../../../src/linux/sim/boot.ts';
import { deliveryOf } from '../../../src/linux/sim/delivery.ts';
import { runEvents } from '../../../src/linux/sim/events.ts';
import { irqOf } from '../../../src/linux/sim/irq-numbers.ts';
import { lossOf } from '../../../src/linux/sim/loss.ts';
import { probe } from '../../../src/linux/sim/probe.ts';
import { arrivalOf, type System } from '../../../src/linux/sim/system.ts';
import { USED_DOMAINS } from '../../../src/machine/interrupt-domains.ts';
import type { Machine, MachineEvent } from '../../../src/machine/machine.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';

const CPUS = 10;

/** APIC IDs around the limits, some plugged, some not; the first is the boot CPU. */
const cpus = fc
  .uniqueArray(fc.constantFrom(1, 2, 3, 4, 5, 0xfe, 0xff, 0x100, 0x123, 0x7fff), {
    minLength: 1,
    maxLength: CPUS - 1,
  })
  .chain((ids) =>
    fc
      .array(fc.constantFrom('online', 'absent', 'offline'), { minLength: ids.length, maxLength: ids.length })
      .map((states) => [
        { apicId: 0 },
        ...ids.map((apicId, n) => ({ apicId, node: n % 2, state: states[n] })),
        { count: 1, state: 'absent' },
      ]),
  );

const devices = fc.uniqueArray(
  fc.oneof(
    fc.record({
      name: fc.constant('nvme'),
      driver: fc.constant('nvme'),
      queues: fc.integer({ min: 1, max: 12 }),
    }),
    fc.record({
      name: fc.constant('blk'),
      driver: fc.constant('virtio-blk'),
      queues: fc.integer({ min: 1, max: 12 }),
    }),
    fc.record({
      name: fc.constant('net'),
      driver: fc.constant('virtio-net'),
      queues: fc.integer({ min: 1, max: 5 }),
    }),
    fc.record({
      name: fc.constant('big'),
      driver: fc.constant('generic'),
      managed: fc.boolean(),
      vectors: fc.integer({ min: 1, max: 400 }),
    }),
  ),
  { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
);

const cpu = fc.nat({ max: CPUS });
const events = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ online: cpu }) },
    { weight: 4, arbitrary: fc.record({ offline: cpu }) },
    fc.record({ unplug: cpu }),
    fc.record({ plug: fc.record({ apicId: fc.constantFrom(1, 2, 3, 4, 0xff, 0x100, 0x123, 77) }) }),
    fc.constant({ suspend: true }),
    fc.constant({ resume: true }),
    fc.record({ smt: fc.constantFrom('on', 'off') }),
    fc.record({ setAffinity: fc.record({ irq: fc.integer({ min: 24, max: 40 }), cpus: cpu }) }),
    fc.record({ reprobe: fc.constantFrom('nvme', 'blk', 'net', 'big') }),
    fc.record({ fire: fc.record({ irq: fc.integer({ min: 24, max: 40 }) }) }),
  ),
  { maxLength: 14 },
);

const description = fc
  .record({
    kernel: fc.constantFrom('5.4', '6.1', '6.12', '7.0'),
    platform: fc.constantFrom('bare-metal', 'kvm'),
    remapping: fc.constantFrom('on', 'off'),
    extDestId: fc.boolean(),
    smt: fc.constantFrom(1, 2),
    cpus,
    devices,
    events,
  })
  .map((value) => {
    // A CPU number must exist when its event comes: those above the described CPUs are taken round.
    const count = value.cpus.length;
    const fit = (event: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(event).map(([kind, argument]) => [
          kind,
          typeof argument === 'number'
            ? argument % count
            : kind === 'setAffinity'
              ? fitCpus(argument)
              : argument,
        ]),
      );
    const fitCpus = (argument: unknown) => {
      const { irq, cpus: wanted } = argument as { irq: number; cpus: number };
      return { irq, cpus: wanted % count };
    };
    const names = new Set(value.devices.map(({ name }) => name));
    const known = value.events.filter((event) => !('reprobe' in event) || names.has(event.reprobe));
    return { ...value, events: known.map(fit) };
  });

function start(machine: Machine): System | null {
  const { enumeration, apic } = earlyBoot(machine);
  const policy = findPolicy('mainline');
  if (apic.fatal || !policy) return null;
  const system = boot(machine, enumeration, deliveryOf(machine, apic, policy), policy);
  for (const spec of machine.devices) probe(system, spec);
  return system;
}

function bits(words: Uint32Array): number {
  return words.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
}

/** The counters of every CPU's map are what its bitmaps hold. */
function checkMatrix(matrix: IrqMatrix): void {
  const words = matrix.allocMap.length / matrix.nrCpus;
  for (let n = 0; n < matrix.nrCpus; n++) {
    const alloc = matrix.allocMap.subarray(n * words, (n + 1) * words);
    const managed = matrix.managedMap.subarray(n * words, (n + 1) * words);
    equal(bits(alloc), matrix.allocated[n], `allocated on CPU ${n}`);
    equal(bits(managed), matrix.managed[n], `managed on CPU ${n}`);
    const both = bits(alloc.map((word, w) => word & managed[w]));
    equal(both, matrix.managedAllocated[n], `managedAllocated on CPU ${n}`);
  }
}

/** Interrupts of devices are those with a number behind the IO-APIC's, each in one place; the others are free. */
function checkNumbers({ life, devices, nextIrq, freeIrqs }: System): void {
  const own = devices.flatMap((device) =>
    Array.from({ length: device.granted }, (_, vector) => irqOf(device, vector)),
  );
  const numbers = [...own, ...freeIrqs].sort((a, b) => a - b);
  const first = numbers[0] ?? nextIrq;
  deepEqual(
    numbers,
    Array.from({ length: nextIrq - first }, (_, n) => first + n),
  );
  for (const irq of own) equal(life.irqs.has(irq), true, `irq ${irq}`);
}

/** Kernels that do not try again over all online CPUs leave an interrupt behind that found no vector. */
const mayBeLeftBehind = (system: System, d: IrqDesc): boolean =>
  !system.machine.kernel.has('migrate-retries-any-online') &&
  lossOf(d, arrivalOf(system, USED_DOMAINS[d.domain])) === 'cpu-offline';

function checkInterrupts(system: System): void {
  const { life } = system;
  for (const d of life.irqs.values()) {
    const { reach } = arrivalOf(system, USED_DOMAINS[d.domain]);
    const started = hasFlags(d, IrqFlag.started);
    if (started && d.effectiveMask === null && !mayBeLeftBehind(system, d)) {
      equal(system.online.test(d.effectiveCpu), true, `irq ${d.irq} is on an online CPU`);
      equal(reach.reachable.test(d.effectiveCpu), true, `irq ${d.irq} is on a reachable CPU`);
    }
    if (hasFlags(d, IrqFlag.managed | IrqFlag.requested))
      equal(
        started,
        d.affinity.intersects(system.online),
        `managed irq ${d.irq} runs if ${d.affinity} has an online CPU`,
      );
  }
}

/** Lets each event happen by itself, which is the same as all in a row but for what lasts between them. */
function step(system: System, all: readonly MachineEvent[], check: () => void): void {
  for (const event of all) {
    runEvents(system, [event]);
    check();
  }
}

/**
 * Kernels without a guest limit bring up CPUs that messages do not reach:
 * docs/model/apic-mode.md#changes-by-release.
 */
const limitHolds = ({ kernel, platform }: Machine) =>
  platform === 'bare-metal' || kernel.has('guest-apic-limit');

test('interrupts stay on CPUs that run, managed queues stop and start with theirs, accounts agree', async () => {
  await fc.assert(
    fc.asyncProperty(description, async (value) => {
      const machine = await readText(JSON.stringify(value));
      const system = start(machine);
      if (!system || !limitHolds(machine)) return;
      const awake = machine.events.filter(({ kind }) => kind !== 'suspend' && kind !== 'resume');
      step(system, awake, () => {
        checkInterrupts(system);
        checkMatrix(system.life.matrix);
        checkNumbers(system);
      });
    }),
    { numRuns: runs(150) },
  );
});

test('the whole sequence with suspend and resume ends consistent, and the timeline agrees with the end', async () => {
  await fc.assert(
    fc.asyncProperty(description, async (value) => {
      const machine = await readText(JSON.stringify(value));
      const system = start(machine);
      if (!system || !limitHolds(machine)) return;
      const { events: runs, timeline } = runEvents(system, machine.events);
      checkInterrupts(system);
      checkMatrix(system.life.matrix);
      checkNumbers(system);
      const online = new Set(timeline?.boot.online.toArray() ?? system.online.toArray());
      for (const { changed } of runs) {
        for (const n of changed.cpus.online) online.add(n);
        for (const n of changed.cpus.offline) online.delete(n);
      }
      expect([...online].sort((a, b) => a - b)).toEqual(system.online.toArray());
      for (const history of timeline?.devices ?? []) {
        const now = [...history.boot];
        for (let n = 0; n < history.steps.length; n += 3) now[history.steps[n + 1]] = history.steps[n + 2];
        const device = system.devices.find(({ spec }) => spec.name === history.device);
        device?.queueVectors.forEach((vector, queue) => {
          const d = vector === null ? undefined : system.life.irqs.get(irqOf(device, vector));
          const serves =
            d !== undefined &&
            hasFlags(d, IrqFlag.started) &&
            lossOf(d, arrivalOf(system, USED_DOMAINS[d.domain])) === null;
          expect(now[queue] < 2, `${history.device} queue ${queue}`).toBe(serves);
        });
      }
    }),
    { numRuns: runs(150) },
  );
});

test('a CPU that goes and comes back brings every managed queue back', async () => {
  await fc.assert(
    fc.asyncProperty(description, fc.nat({ max: CPUS }), async (value, wanted) => {
      const machine = await readText(JSON.stringify(value));
      const system = start(machine);
      if (!system || !limitHolds(machine)) return;
      const n = wanted % value.cpus.length;
      if (n >= system.enumeration.nrCpuIds || !system.online.test(n)) return;
      const running = () =>
        [...system.life.irqs.values()]
          .filter((d) => hasFlags(d, IrqFlag.managed | IrqFlag.started))
          .map(({ irq }) => irq);
      const before = running();
      const total = system.life.matrix.totalAllocated;
      const path: string[] = [];
      const { events: runs } = runEvents(system, [
        { kind: 'offline', cpus: [n], path },
        { kind: 'online', cpus: [n], path },
      ]);
      expect(running()).toEqual(before);
      if (runs.every(({ result }) => result === 'ok'))
        expect(system.life.matrix.totalAllocated).toBeLessThanOrEqual(total);
    }),
    { numRuns: runs(100) },
  );
});

test('an event that is refused at once changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(description, async (value) => {
      const machine = await readText(JSON.stringify(value));
      const system = start(machine);
      if (!system) return;
      for (const { result, event, changes } of runEvents(system, machine.events).events) {
        if (result === 'refused' && event.kind !== 'suspend' && event.kind !== 'smt')
          expect(changes).toEqual([]);
      }
    }),
    { numRuns: runs(100) },
  );
});
