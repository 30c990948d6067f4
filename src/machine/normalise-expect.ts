/** What a description expects of its machine, checked. */
import { suggestion } from './did-you-mean.ts';
import { normaliseExpectedDevices } from './expected-devices.ts';
import { listText, parseRanges } from './lists.ts';
import { excerpt, type Problems } from './locate.ts';
import type { DeviceSpec, Expectation } from './machine.ts';
import { devicesByName } from './normalise-devices.ts';
import { PROPERTY_NAMES, parseProperty, type Survival } from './property-names.ts';
import type { ExpectInput, MachineInput } from './schema.ts';

const CPU_SETS = ['reachable', 'unreachable', 'unknown', 'possible', 'present', 'online'] as const;

/** Checks `expect`; undefined if nothing is expected. Notes problems. */
export function normaliseExpect(
  { expect: input, devices: described = [] }: MachineInput,
  specs: readonly DeviceSpec[],
  rules: readonly string[],
  problems: Problems,
): Expectation | undefined {
  if (!input) return undefined;
  const sets: Partial<Record<(typeof CPU_SETS)[number], string>> = {};
  for (const key of CPU_SETS) {
    const list = input[key];
    if (list === undefined) continue;
    parseRanges(list, ['expect', key], problems);
    sets[key] = listText(list);
  }
  for (const [index, rule] of (input.findings ?? []).entries()) {
    if (rules.includes(rule)) continue;
    problems.add(
      ['expect', 'findings', index],
      `unknown rule ${excerpt(rule)}${suggestion(rule, rules, 'rules')}`,
    );
  }
  const { queues, findings, verdict } = input;
  const survives = input.survives && normaliseSurvival(input.survives, problems);
  const devices = normaliseExpectedDevices(input.devices, () => devicesByName(described, specs), problems);
  return { ...sets, devices, queues: queues as Expectation['queues'], findings, verdict, survives };
}

function normaliseSurvival(
  { offline, among, keep, plug, properties }: NonNullable<ExpectInput['survives']>,
  problems: Problems,
): Survival {
  for (const [key, list] of Object.entries({ among, keep }))
    if (list !== undefined) parseRanges(list, ['expect', 'survives', key], problems);
  const asked = properties.flatMap((text, index) => {
    const property = parseProperty(text);
    if (typeof property !== 'string') return [property];
    const path = ['expect', 'survives', 'properties', index];
    problems.add(
      path,
      () => `unknown property ${excerpt(text)}${suggestion(text, PROPERTY_NAMES, 'properties')}`,
    );
    return [];
  });
  return {
    offline: offline ?? null,
    among: among === undefined ? undefined : listText(among),
    keep: keep === undefined ? undefined : listText(keep),
    plug: plug === 'any',
    properties: asked,
  };
}
