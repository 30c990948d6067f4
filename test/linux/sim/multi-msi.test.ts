/** Several messages of one MSI capability: only where a remapping unit, or Hyper-V's bus, takes them. */
import { expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const MACHINE = `
kernel: "6.12"
hpet: off
topology: { cores: 4 }
devices:
  - { name: card, driver: generic, interrupts: msi, vectors: 4, managed: true, preVectors: 1 }
`;

test.each([
  ['remapping: on', 4],
  ['remapping: off', 1],
  ['platform: kvm\nextDestId: on', 1],
  ['platform: hyperv\nextDestId: on', 4],
  ['remapping: on\ncmdline: intremap=off', 1],
])('%s: %d vectors', async (facts, vectors) => {
  const { run, findings } = await analyzeText(`${MACHINE}${facts}\n`);
  expect(run.devices[0]).toMatchObject({ vectorsAsked: 4, vectorsGranted: vectors });
  expect(findings.some(({ rule }) => rule === 'multi-msi-needs-remapping')).toBe(vectors === 1);
});

test('a device outside the IOMMU gets one as well, on a line nobody looks at that', async () => {
  const outside = MACHINE.replace('msi,', 'msi, remapped: off,');
  const { run, findings } = await analyzeText(`${outside}remapping: on\n`);
  expect(run.devices[0].vectorsGranted).toBe(1);
  expect(findings.find(({ rule }) => rule === 'multi-msi-needs-remapping')?.cause).toEqual([
    'no IOMMU covers the device: its messages pass no table',
  ]);
  const lines = await analyzeText(`${MACHINE}cmdline: pci=nomsi\n`);
  expect(lines.findings.map(({ rule }) => rule)).not.toContain('multi-msi-needs-remapping');
});
