/** What events break, told by properties that stand in. */
import { describe, expect, test } from 'vitest';
import { faultAfter } from '../../../src/linux/proof/subject.ts';
import type { MachineEvent } from '../../../src/machine/machine.ts';
import { FOUR, property, stateOf, subject } from './stand-ins.ts';

const NIC = 'devices: [{ name: nic, driver: generic, managed: false, vectors: 4 }]\n';

describe('what events break', () => {
  const event = (kind: 'offline' | 'online', ...cpus: number[]): MachineEvent => ({ kind, cpus, path: [] });

  test('CPUs that go, on the machine as it is', async () => {
    const at = await subject(`${FOUR}${NIC}`);
    const { stage } = stateOf(at);
    const same = property(() => null, {
      fault: ({ stage: its }, amount) => `${its === stage} ${its.system.online} ${amount}`,
    });
    expect(faultAfter(at, same, 7, [event('offline', 1, 2)])).toBe('true 0,3 7');
    expect(faultAfter(at, same, 7, [event('offline', 1), event('offline', 3)])).toBe('true 0,2 7');
    expect(`${stage.system.online}`).toBe('0-3');
    // Anything else: simulated anew.
    expect(faultAfter(at, same, 7, [event('offline', 1, 2), event('online', 1)])).toBe('false 0-1,3 7');
    expect(`${stage.system.online}`).toBe('0-3');
  });

  test('refusals, where they are what breaks it', async () => {
    const at = await subject(
      `${FOUR}devices: [{ name: nic, driver: generic, managed: false, vectors: 600 }]\n`,
    );
    const refusals = property(() => 'not asked', { byRefusal: true });
    const refused = 'the kernel refuses it: the other CPUs have too few free vectors for those of CPU 2';
    expect(faultAfter(at, refusals, 1, [event('offline', 1)])).toBeNull();
    expect(faultAfter(at, refusals, 1, [event('offline', 1, 2)])).toBe(refused);
    expect(faultAfter(at, refusals, 1, [event('online', 0), event('offline', 1, 2)])).toBe(refused);
    expect(faultAfter(at, refusals, 1, [event('online', 0), event('offline', 1)])).toBeNull();
    // A CPU that cannot come is none that cannot go.
    expect(faultAfter(at, refusals, 1, [event('online', 9), event('offline', 1)])).toBeNull();
    expect(
      faultAfter(
        at,
        property(() => null),
        1,
        [event('offline', 1, 2)],
      ),
    ).toBeNull();
  });

  test('a crash, whatever is asked', async () => {
    const at = await subject(`${FOUR}cmdline: isolcpus=domain,0-1\n`, '6.1');
    const crash = 'the kernel crashes: CPU 3 is the last online CPU that isolcpus= leaves to the scheduler';
    for (const more of [{}, { byRefusal: true } as const]) {
      expect(
        faultAfter(
          at,
          property(() => null, more),
          1,
          [event('offline', 2, 3)],
        ),
      ).toBe(crash);
      expect(
        faultAfter(
          at,
          property(() => null, more),
          1,
          [event('online', 0), event('offline', 2, 3)],
        ),
      ).toBe(crash);
    }
  });
});
