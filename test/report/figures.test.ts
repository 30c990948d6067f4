/** Figures of the report for people: what they count, and how one or none of a kind is written. */
import { expect, test } from 'vitest';
import { analysisText } from '../../src/report/analysis/analysis.ts';
import { analyzeText } from '../helpers.ts';

const STYLE = { width: 200, colour: 0, verbose: false } as const;
const textOf = async (machine: string) => analysisText(await analyzeText(machine), STYLE);

test.each([
  ['cpus: [{ apicId: 7 }]', 'all plugged, APIC ID 7\n'],
  ['cpus: [{ apicId: 3-5 }]', 'all plugged, APIC IDs 3-5\n'],
  ['cpus: [{ apicId: 3-5 }, { apicId: 7 }]', 'all plugged, APIC IDs 3-7 with holes\n'],
])('the APIC IDs of %s', async (machine, says) => {
  expect(await textOf(machine)).toContain(says);
});

const HIGH = 'kernel: "6.12"\nplatform: kvm\ncpus: [{ apicId: 0-1 }, { apicId: 256-258, state: offline }]\n';
test.each([
  [HIGH, '3 plugged, offline for good'],
  [`${HIGH}policy: P2\n`, '3 plugged\n'],
  [`${HIGH}policy: P2\nevents: [{ online: 2-3 }]\n`, '3 plugged, 2 online all the same'],
  [`x2apic: enabled\ncmdline: noapic maxcpus=1\ncpus: [{ apicId: 0-1 }, { apicId: 300 }]\n`, '1 plugged\n'],
])('CPUs stay offline for good where the kernel refuses them: %j', async (machine, says) => {
  expect(await textOf(machine)).toContain(says);
});

test('the CPU with the fewest vectors left is one that has some for devices', async () => {
  const machine = 'platform: kvm\ncpus: [{ apicId: 0-1 }, { apicId: 300 }]\npolicy: P2\n';
  expect(await textOf(machine)).toContain('201 a CPU; CPU 0 has the fewest left: 200 free, 1 in use');
});

test('one more change is one', async () => {
  const devices = 'devices: [{ name: nvme, driver: nvme, count: 2, queues: 1 }]';
  const text = await textOf(`topology: { cores: 5 }\n${devices}\nevents: [{ suspend: true }]\n`);
  expect(text).toContain('1 more change\n');
});
