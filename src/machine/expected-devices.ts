/** `expect.devices`: which CPUs interrupts of single devices reach. */
import { suggestion } from './did-you-mean.ts';
import type { ExpectedReach } from './expected-reach.ts';
import { listText, parseRanges } from './lists.ts';
import { excerpt, type Problems } from './locate.ts';
import type { ExpectInput } from './schema.ts';

const SETS = ['reachable', 'unreachable', 'unknown'] as const;

/** By name as written; `devicesByName`: what devices may be called. */
export function normaliseExpectedDevices(
  input: ExpectInput['devices'],
  devicesByName: () => ReadonlyMap<string, readonly string[]>,
  problems: Problems,
): readonly ExpectedReach[] | undefined {
  if (input === undefined) return undefined;
  const named = devicesByName();
  return Object.entries(input).map(([name, written]) => {
    const path = ['expect', 'devices', name];
    const devices = named.get(name);
    if (devices === undefined)
      problems.add(
        path,
        () => `there is no device ${excerpt(name)}${suggestion(name, [...named.keys()], 'devices')}`,
        'key',
      );
    const sets: Partial<Record<(typeof SETS)[number], string>> = {};
    for (const key of SETS) {
      const list = written[key];
      if (list === undefined) continue;
      parseRanges(list, [...path, key], problems);
      sets[key] = listText(list);
    }
    return { name, devices: devices ?? [], ...sets } satisfies ExpectedReach;
  });
}
