/** Variants of a description share what they have in common, by identity: memories compare lists so. */
import { expect, test } from 'vitest';
import { varied } from '../../../../src/machine/vary.ts';
import { originOf, readSources } from '../../../../src/questions/source.ts';
import { createSharing } from '../../../../src/questions/whatif/shared/parts.ts';

const TEXT = `
kernel: "6.12"
platform: kvm
topology: { sockets: 2, cores: 2, threads: 2, nodes: 2, present: 7 }
memoryNodes: [2]
cmdline: isolcpus=managed_irq,2-3 irqaffinity=0-1
domains: { pci-msi: { reach: { unreachable: 3 } } }
devices:
  - { name: nvme, driver: nvme, queues: 4 }
  - { name: net, driver: virtio-net, queues: 2 }
events: [{ offline: 3 }, { plug: { apicId: 9, node: 3 } }, { reprobe: net }]
`;

/** Lists and objects of classes of a machine, by place; functions and what is made of the text itself are left out. */
function lists(value: unknown, place: string): [string, object][] {
  if (typeof value !== 'object' || value === null) return [];
  if (Object.getPrototypeOf(value) !== Object.prototype) return [[place, value]];
  return Object.entries(value).flatMap(([key, part]) => lists(part, `${place}.${key}`));
}

test('another number of queues leaves every list but the devices as it is', async () => {
  const [source] = await readSources({ bytes: new TextEncoder().encode(TEXT), file: 'machine.yaml' });
  const origin = originOf(source, []);
  const share = createSharing(4);
  const variants = ['devices.nvme.queues=2', 'devices.nvme.queues=3'].map((set) => {
    const { given, ...machine } = varied(origin, [set], share);
    return new Map(lists(machine, 'machine'));
  });
  const [first, second] = variants;
  const differ = [...first].filter(([place, list]) => second.get(place) !== list).map(([place]) => place);
  expect(differ).toEqual(['machine.devices']);
  expect([...first.keys()]).toContain('machine.events');
});
