/** What a write to smp_affinity is said to come to, against making it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../../src/findings/analyze.ts';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { simulate } from '../../../src/linux/sim/simulate.ts';
import type { MachineEvent } from '../../../src/machine/machine.ts';
import { varied } from '../../../src/machine/vary.ts';
import { interruptsOf } from '../../../src/questions/irqs/irqs.ts';
import { runs } from '../../budget.ts';
import { readText } from '../../helpers.ts';
import { tightMachines } from '../budget/tight-machines.ts';

test('errno, and whether the interrupt goes there, are those of the write and the next interrupt', async () => {
  const tally = { moved: 0, refused: 0, stayed: 0 };
  await fc.assert(
    fc.asyncProperty(
      tightMachines,
      fc.nat(),
      fc.integer({ min: 1, max: 31 }),
      async (description, pick, bits) => {
        const machine = await readText(JSON.stringify(description), [], 'test.json');
        if (machine.events.some(({ kind }) => kind === 'suspend')) return;
        const { stage } = bringToLife(machine);
        if (!stage || stage.crashed) return;
        const { system } = stage;
        const { nrCpuIds } = system.enumeration;
        const cpus = [0, 1, 2, 3, 4].filter((cpu) => cpu < nrCpuIds && (bits >> cpu) & 1);
        if (cpus.length === 0) return;
        const to = CpuMask.of(nrCpuIds, cpus);
        const all = interruptsOf(analyze(machine), { system, to });
        if (all.length === 0) return;
        const one = all[pick % all.length];
        const irq = { irq: one.irq };
        const write: MachineEvent = { kind: 'setAffinity', interrupt: irq, cpus, path: [] };
        const { run } = simulate(
          varied(machine, { events: [...machine.events, write, { kind: 'fire', interrupt: irq, path: [] }] }),
        );
        const written = run.events[machine.events.length];
        expect(one.errno ?? 0, JSON.stringify(one)).toBe(written.errno);
        const device = run.devices.find(({ name }) => name === one.device);
        const row = [...(device?.queues ?? []), ...(device?.interrupts ?? [])].find((r) => r.irq === one.irq);
        if (one.movable) {
          tally.moved++;
          if (row) expect(to.test(row.effective ?? -1)).toBe(true);
          expect(to.intersects(one.movableTo)).toBe(true);
        } else if (one.errno !== null) tally.refused++;
        else {
          tally.stayed++;
          if (row?.effective !== null && row)
            expect(to.test(row.effective) && one.reachable && row.lost === undefined).toBe(false);
        }
      },
    ),
    { numRuns: runs(100) },
  );
  expect(tally.moved).toBeGreaterThan(8);
  expect(tally.refused).toBeGreaterThan(8);
});
