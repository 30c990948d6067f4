/** CPUs that interrupts would miss once they come online: a warning before, an error then, nothing where nobody knows. */
import { expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const NOAPIC = 'x2apic: enabled\ncmdline: noapic maxcpus=4\ncpus: [{ apicId: 0-9 }]\n';
const STUB = 'platform: hyperv\nx2apic: enabled\ncpus: [{ apicId: 0-1 }, { apicId: 300, state: absent }]\n';

test.each([
  ['noapic-with-x2apic', `kernel: "6.12"\n${NOAPIC}`, 'warning', /^2 CPUs that may come online/],
  [
    'noapic-with-x2apic',
    `kernel: "6.12"\n${NOAPIC}events: [{ online: 8 }]\n`,
    'error',
    /^1 online CPU \(APIC ID 8\)/,
  ],
  [
    'hyperv-ioapic-limit',
    `kernel: "6.12"\n${STUB}`,
    'warning',
    /to 1 CPU that may come online \(2, APIC ID 300\)/,
  ],
  ['hyperv-ioapic-limit', `kernel: "6.1"\n${STUB}`, undefined, /^$/],
])('%s: %j', async (rule, machine, level, says) => {
  const { findings } = await analyzeText(machine);
  const found = findings.find((finding) => finding.rule === rule);
  expect(found?.level).toBe(level);
  expect(found?.message ?? '').toMatch(says);
});
