/** A device on a NUMA node whose CPUs can take its interrupts. */
import { remoteNodes } from '../rules/facts/node-facts.ts';
import { domainOf } from '../rules/facts/queue-facts.ts';
import { COSTS } from './parts/costs.ts';
import type { Draft, Remedy } from './remedy.ts';

export const node: Remedy = {
  name: 'device-node',
  title: 'another NUMA node for a device',
  cures: ['device-node-without-cpus'],
  changes({ analysis }): readonly Draft[] {
    const { machine, enumeration, run } = analysis;
    const remotes = new Map<string, ReturnType<typeof remoteNodes>>();
    const remoteFor = (index: number) => {
      const domain = domainOf(analysis, run.devices[index]);
      const known = remotes.get(domain.name) ?? remoteNodes(analysis, domain);
      remotes.set(domain.name, known);
      return known;
    };
    const moved = machine.devices.filter(
      ({ node: of }, index) => of !== undefined && remoteFor(index)(of) !== undefined,
    );
    if (moved.length === 0) return [];
    const remote = remoteFor(machine.devices.indexOf(moved[0]));
    const good = enumeration.cpus.find((cpu) => cpu.node >= 0 && remote(cpu.node) === undefined)?.node;
    if (good === undefined) return [];
    const names = [...new Set(moved.map(({ name }) => name))];
    const places = [...new Map(moved.map(({ path }) => [path.join('.'), path])).values()];
    const bare = machine.platform === 'bare-metal';
    const what = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
    return [
      {
        about: 'device nodes',
        title: `put ${what} on node ${good}`,
        intents: places.map((path) => ({ kind: 'value', path: [...path, 'node'], value: good })),
        cost: bare ? COSTS.hardware : COSTS.hypervisor,
        wording: bare
          ? { hardware: [`move ${what} to a slot of node ${good}`] }
          : { hypervisor: [`attach ${what} to node ${good}`] },
      },
    ];
  },
};
