/** `expect.devices`: what interrupts of single devices reach, by their own domains. */
import { expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';
import { errors } from '../../machine/helpers.ts';

const MACHINE = `kernel: "6.12"
remapping: on
hpet: off
topology: { cores: 16 }
devices:
  - { name: out, driver: nvme, count: 2, queues: 4, remapped: off }
  - { name: in, driver: nvme, queues: 4 }
`;

const missed = async (expected: string) => {
  const { findings } = await analyzeText(`${MACHINE}expect: ${expected}\n`);
  return findings.filter(({ rule }) => rule === 'expectation').map(({ message }) => message);
};

test('each device by its own domain, all of an entry by its name', async () => {
  expect(
    await missed('{ reachable: "0-15", devices: { in: { reachable: "0-15", unreachable: "" } } }'),
  ).toEqual([]);
  expect(
    await missed('{ devices: { out: { reachable: "0-7", unreachable: "8-15", unknown: "" } } }'),
  ).toEqual([]);
  expect(await missed('{ devices: { out: { reachable: "0-15" } } }')).toEqual([
    'expected reachable CPUs "0-15" of out0 (pci-msi-unremapped), found "0-7"',
    'expected reachable CPUs "0-15" of out1 (pci-msi-unremapped), found "0-7"',
  ]);
  expect(await missed('{ devices: { out1: { unreachable: "8" } } }')).toEqual([
    'expected unreachable CPUs "8" of out1 (pci-msi-unremapped), found "8-15"',
  ]);
});

test('a device that is not there is refused', async () => {
  expect(await errors(`${MACHINE}expect: { devices: { ou: { reachable: "0-7" } } }\n`)).toEqual([
    expect.stringMatching(/^m\.yaml:8:22: there is no device "ou", did you mean "out"\?/),
  ]);
});
