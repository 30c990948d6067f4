/** The remedies, and what they share: shapes, parameters, assignments, lists of CPUs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REMEDIES } from '../../../src/findings/remedies/index.ts';
import { assignments } from '../../../src/findings/remedies/parts/assignments.ts';
import { COSTS, lossCost, queueCost, upgradeCost } from '../../../src/findings/remedies/parts/costs.ts';
import { cpuList } from '../../../src/findings/remedies/parts/cpu-list.ts';
import { editParameters } from '../../../src/findings/remedies/parts/parameters.ts';
import { lastApicId, withoutHoles } from '../../../src/findings/remedies/parts/shape.ts';
import { findRule, RULES } from '../../../src/findings/rules/index.ts';
import { cpuCount } from '../../../src/machine/topology.ts';
import { EXPLAINED } from '../../../src/questions/advise/incurable.ts';
import { readText } from '../../helpers.ts';

describe('remedies', () => {
  test('name rules that exist', () => {
    for (const { cures } of REMEDIES) for (const rule of cures) expect(findRule(rule)?.name).toBe(rule);
  });

  test('have names of their own', () => {
    const names = REMEDIES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('know a cure for every error and warning, or a reason why there is none', () => {
    const known = new Set([...EXPLAINED, ...REMEDIES.flatMap(({ cures }) => cures)]);
    const open = RULES.filter(({ level, name }) => level !== 'note' && !known.has(name));
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});

describe('costs', () => {
  test('go up with the distance, the queues and the CPUs that go', () => {
    expect(COSTS.parameter.cost).toBeLessThan(COSTS.hypervisor.cost);
    expect(upgradeCost(1).cost).toBeLessThan(upgradeCost(12).cost);
    expect(queueCost(64, 32).cost).toBeLessThan(queueCost(64, 4).cost);
    expect(lossCost(1, 100, '').cost).toBeLessThan(lossCost(60, 100, '').cost);
    expect(lossCost(1, 100, '').cost).toBeGreaterThan(COSTS.build.cost);
  });
});

describe('topologies without holes', () => {
  const shape = { dies: 1, modules: 1, threads: 1 };

  test('240 = 48 x 5: 4 cores are nearest, then 8', () => {
    const [first, second] = withoutHoles({ ...shape, sockets: 48, cores: 5 }, 240, 1);
    expect([first.sockets, first.cores, second.sockets, second.cores]).toEqual([60, 4, 30, 8]);
  });

  test('threads stay where they can', () => {
    const [first] = withoutHoles({ ...shape, sockets: 20, cores: 6, threads: 2 }, 240, 1);
    expect(first.threads).toBe(2);
  });

  test('have as many CPUs, each with its index for an APIC ID, in blocks for the nodes', () => {
    const count = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        count,
        count,
        fc.constantFrom(1, 2),
        fc.constantFrom(1, 2, 3),
        (sockets, cores, threads, nodes) => {
          const before = { ...shape, sockets, cores, threads };
          const max = cpuCount(before);
          for (const after of withoutHoles(before, max, nodes)) {
            expect(cpuCount(after)).toBe(max);
            expect(lastApicId(after)).toBe(max - 1);
            expect(after.sockets % nodes).toBe(0);
          }
        },
      ),
    );
  });

  test('there is always one, of one core a socket', () => {
    expect(withoutHoles({ ...shape, sockets: 1, cores: 211 }, 211, 1)).toEqual([
      { ...shape, sockets: 211, cores: 1 },
    ]);
  });
});

describe('kernel parameters', () => {
  test('go and come as words, the rest stays', () => {
    expect(editParameters('quiet nopv intremap=off x="a b"', ['nr_cpus=4'], ['nopv', 'intremap=off'])).toBe(
      'quiet nr_cpus=4 x="a b"',
    );
    expect(editParameters('nopv nox2apic', [], ['nopv', 'nox2apic'])).toBe('');
    expect(editParameters('quiet -- single', ['nr_cpus=4'], [])).toBe('quiet nr_cpus=4 -- single');
  });
});

describe('assignments', () => {
  test('say the same as the intent', async () => {
    const text = 'topology: { sockets: 3, cores: 5, present: 10 }\nremapping: { enabled: off, optOut: on }\n';
    const description = {
      topology: { sockets: 3, cores: 5, present: 10 },
      remapping: { enabled: 'off', optOut: 'on' },
    };
    const topology = { sockets: 4, dies: 1, modules: 1, cores: 4, threads: 1, max: 15, present: 12 };
    const sets = assignments(
      [
        { kind: 'topology', topology },
        { kind: 'remapping', vendor: 'amd' },
        { kind: 'kernel', release: '6.10' },
        { kind: 'value', path: ['policy'], value: 'mainline' },
      ],
      description,
    );
    const { cpus, remapping, kernel } = await readText(text, sets);
    expect(cpus.map(({ state }) => state)).toEqual([...Array(12).fill('online'), ...Array(3).fill('absent')]);
    expect(remapping).toEqual({
      enabled: true,
      eim: true,
      optOut: false,
      vendor: 'amd',
      ioapics: true,
      mixedXt: false,
    });
    expect(kernel.text).toBe('6.10');
  });

  test('call a device by its name, or by its place where the name is no key', () => {
    const intent = (name: string) => ({ kind: 'queues', device: ['devices', 2], name, queues: 4 }) as const;
    expect(assignments([intent('nvme'), intent('net.0')], {})).toEqual([
      'devices.nvme.queues=4',
      'devices.2.queues=4',
    ]);
  });
});

describe('lists of CPUs', () => {
  test('say the same CPUs again', async () => {
    const text = [
      'cpus:',
      '  - { apicId: "0-3,8", node: 0 }',
      '  - { apicId: 300, node: 1, boot: true }',
      '  - { apicId: "16-17", node: 1, state: offline }',
      '  - { apicId: 5, state: absent }',
      '  - { count: 3, state: absent }',
    ].join('\n');
    const machine = await readText(text);
    const list = cpuList(machine, () => true, machine.bootIndex);
    const again = await readText(`cpus: ${JSON.stringify(list)}\n`);
    expect(again.cpus).toEqual(machine.cpus);
    expect(again.bootIndex).toBe(machine.bootIndex);
  });

  test('another CPU to boot on', async () => {
    const machine = await readText('cpus: [{ apicId: 300 }, { apicId: "0-3" }]\n');
    const again = await readText(`cpus: ${JSON.stringify(cpuList(machine, () => true, 2))}\n`);
    expect(again.cpus[again.bootIndex].apicId).toBe(1);
    expect(again.cpus).toEqual(machine.cpus);
  });
});
