/** What went astray while CPUs ran is not undone by events that take them offline. */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const NVME = 'devices: [{ name: nvme0, driver: nvme, queues: 2 }]';
const HISTORIES: readonly (readonly [rule: string, machine: readonly string[], says: string])[] = [
  [
    'noapic-with-x2apic',
    ['x2apic: enabled', 'cmdline: noapic', 'cpus: [{ apicId: 0-9 }]', NVME],
    '2 CPUs that were online (APIC IDs 8-9) cannot be named',
  ],
  [
    'device-outside-iommu',
    [
      'remapping: on',
      'x2apic: enabled',
      'cpus: [{ apicId: 0-8 }]',
      'devices: [{ name: nvme0, driver: nvme, queues: 2, remapped: off }]',
    ],
    'not 1 CPU that was online (8, APIC ID 8)',
  ],
  [
    'ext-dest-not-honoured',
    ['platform: kvm', 'extDestId: { honoured: false }', 'cpus: [{ apicId: 0-1 }, { apicId: 300 }]', NVME],
    'interrupts for 1 CPU that was online (APIC ID 300) are lost',
  ],
  [
    'domain-misses-cpus',
    ['platform: kvm', 'domains: { pci-msi: { maxApicId: 1 } }', 'cpus: [{ apicId: 0-3 }]', NVME],
    'does not reach 2 CPUs that ran (2-3)',
  ],
  [
    'hyperv-ioapic-limit',
    ['platform: hyperv', 'x2apic: enabled', 'cpus: [{ apicId: 0-1 }, { apicId: 300 }]'],
    'to 1 CPU that was online (2, APIC ID 300)',
  ],
  [
    'crash-kernel-panics',
    [
      'remapping: on',
      'x2apic: enabled',
      'cmdline: crashkernel=256M',
      'kdump: irqpoll nr_cpus=1 intremap=off',
      'cpus: [{ apicId: 0-1 }, { apicId: 300 }]',
    ],
    'if the crash happens on CPU 2 (APIC ID 300)',
  ],
];

describe.each(['', 'events: [{ suspend: true }]', 'events: [{ suspend: true }, { resume: true }]'])(
  'with %j',
  (events) => {
    test.each(HISTORIES)('%s', async (rule, machine, says) => {
      const { findings, summary } = await analyzeText([...machine, events].join('\n'));
      const found = findings.find((finding) => finding.rule === rule);
      expect(found?.level).toBe('error');
      expect(summary.verdict).toBe('fail');
      if (events === 'events: [{ suspend: true }]') expect(found?.message).toContain(says);
    });
  },
);
