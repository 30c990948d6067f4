/**
 * No machine is passed in silence: whatever the description, a plugged CPU that is ignored or refused, and an
 * online CPU that an interrupt cannot reach, is reported. Checked on random machines.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { PLATFORMS } from '../../../src/machine/machine.ts';
import { runs } from '../../budget.ts';
import { analyzeText } from '../../helpers.ts';

const KERNELS = [
  '4.19',
  '5.4.85',
  '5.9',
  '5.10',
  '5.11',
  '5.17',
  '6.1',
  '6.6',
  '6.8',
  '6.9',
  '6.12',
  '6.18',
  '7.2',
];
const PARAMETERS = [
  'nr_cpus=3',
  'possible_cpus=3',
  'possible_cpus=12',
  'maxcpus=2',
  'nosmp',
  'nolapic',
  'noapic',
  'nox2apic',
  'x2apic_phys',
  'intremap=off',
  'intremap=no_x2apic_optout',
  'amd_iommu=off',
  'intel_iommu=off',
  'nopv',
  'xen_nopv',
  'disable_cpu_apicid=1',
];
const IDS = [0, 1, 7, 8, 254, 255, 256, 300, 32767, 32768];

const onOff = fc.boolean();
const machine = fc.record({
  kernel: fc.constantFrom(...KERNELS),
  platform: fc.constantFrom(...PLATFORMS),
  cmdline: fc.subarray(PARAMETERS, { maxLength: 3 }).map((words) => words.join(' ')),
  kernelConfig: fc.record(
    { nrCpus: fc.constantFrom(2, 8192), x2apic: onOff, irqRemap: onOff, bhyveGuest: onOff },
    { requiredKeys: [] },
  ),
  cpus: fc
    .tuple(
      fc.shuffledSubarray(IDS, { minLength: 1 }),
      fc.array(fc.constantFrom('online', 'offline', 'absent'), { minLength: 10, maxLength: 10 }),
    )
    .map(([ids, states]) => ids.map((apicId, i) => ({ apicId, state: i === 0 ? 'online' : states[i] }))),
  x2apic: fc.constantFrom('auto', 'unsupported', 'supported', 'enabled', 'locked'),
  remapping: fc.record({
    enabled: onOff,
    eim: onOff,
    optOut: onOff,
    vendor: fc.constantFrom('intel', 'amd'),
  }),
  extDestId: onOff,
  firmware: fc.record({ fadt: fc.constantFrom('3.0', '6.5'), onlineCapable: onOff }),
  hpet: fc.constant('off'),
  events: fc.constantFrom([], [{ plug: { apicId: 299 } }], [{ plug: { apicId: 9 } }]),
});

describe('on any machine', () => {
  test('what is lost is reported', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(machine, async (description) => {
        const { findings, enumeration, run, apic, domains } = await analyzeText(JSON.stringify(description));
        const loud = findings.filter((finding) => finding.level !== 'note');
        if (apic.fatal) {
          expect(loud.some(({ level, message }) => level === 'error' && message.includes('panics'))).toBe(
            true,
          );
          return;
        }
        for (const cpu of enumeration.ignored) {
          if (!cpu.present) continue;
          expect(
            loud.flatMap(({ cause }) => cause),
            `ignored: ${cpu.reason}`,
          ).toContain(cpu.reason);
        }
        const refused = enumeration.cpus.filter(
          ({ cpu, apicId }) => run.present.test(cpu) && apicId !== null && apicId > apic.limit,
        );
        for (const { cpu } of refused)
          expect(
            loud.some(({ cpus }) => cpus?.test(cpu)),
            `CPU ${cpu}`,
          ).toBe(true);
        for (const domain of domains) {
          if (domain.name !== 'pci-msi' && domain.name !== 'ioapic') continue;
          if (description.cmdline.includes('nosmp')) continue;
          const lost = CpuMask.and(run.online, domain.unreachable);
          const told = loud.filter(({ level, cpus }) => level === 'error' && cpus && lost.isSubsetOf(cpus));
          if (!lost.isEmpty()) expect(told.length, `${domain.name} ${lost}`).toBeGreaterThan(0);
        }
        for (const { message, cause } of findings) {
          expect(message).not.toMatch(/undefined|NaN|\(\)/);
          expect(cause.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: runs(600), seed: 20201008 },
    );
  });

  // What to change is searched for when it is asked for: that takes five times as long as the analysis.
  test('a finding says what to change', async () => {
    await fc.assert(
      fc.asyncProperty(machine, async (description) => {
        const { findings } = await analyzeText(JSON.stringify(description));
        for (const { rule, fix } of findings) expect(fix.length, rule).toBeGreaterThan(0);
      }),
      { numRuns: runs(80), seed: 20201008 },
    );
  });
});
