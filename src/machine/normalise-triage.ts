/** How users judge findings: level overrides and suppressions, of a description or a project file. */
import { isDay } from './day.ts';
import { suggestion } from './did-you-mean.ts';
import { excerpt, type Locate, locateNearest, type Path, type Problems } from './locate.ts';
import type { DeviceSpec, LevelOverride, Suppression, Triage } from './machine.ts';
import { devicesByName } from './normalise-devices.ts';
import type { MachineInput } from './schema.ts';
import type { LevelsInput, SuppressionInput } from './schema-triage.ts';

/** The rules there are, by names and aliases. */
export interface RuleNames {
  readonly rules: readonly string[];
  /** A rule's own name. Default: the name as it is. */
  readonly ruleName?: (name: string) => string;
}

/** The text that all of it stands in. */
export interface Written {
  readonly source: string;
  readonly locate: Locate;
}

/** The rule's own name; an unknown one is noted at the path. */
function ruleNamed(name: string, path: Path, known: RuleNames, problems: Problems, at?: 'key'): string {
  const { rules, ruleName } = known;
  if (!rules.some((rule) => rule.toLowerCase() === name.toLowerCase())) {
    problems.add(path, () => `unknown rule ${excerpt(name)}${suggestion(name, rules, 'rules')}`, at);
  }
  return ruleName ? ruleName(name) : name;
}

/** Checks `levels`. Notes problems, also a rule that is named twice, by an alias. */
export function normaliseLevels(
  input: LevelsInput,
  known: RuleNames,
  { source, locate }: Written,
  problems: Problems,
): LevelOverride[] {
  const seen = new Map<string, string>();
  return Object.entries(input).map(([name, level]) => {
    const path = ['levels', name];
    const rule = ruleNamed(name, path, known, problems, 'key');
    const other = seen.get(rule);
    if (other !== undefined) problems.add(path, `${name} and ${other} are the same rule`, 'key');
    seen.set(rule, name);
    return { rule, level, location: locateNearest(path, locate, source, 'key') };
  });
}

/** Checks one suppression. Notes problems. */
export function normaliseSuppression(
  input: SuppressionInput,
  path: Path,
  known: RuleNames,
  { source, locate }: Written,
  problems: Problems,
): Suppression {
  const { rule, reason, until, devices } = input;
  if (until !== undefined && !isDay(until)) {
    problems.add([...path, 'until'], `${excerpt(until)} is no day; a day is written as "2027-03-31"`);
  }
  return {
    rule: ruleNamed(rule, [...path, 'rule'], known, problems),
    reason: reason.replace(/\s+/g, ' ').trim(),
    until,
    devices,
    location: locateNearest(path, locate, source),
  };
}

/** The devices that a list of names means, each once. */
function devicesNamed(
  names: readonly string[],
  path: Path,
  named: ReadonlyMap<string, readonly string[]>,
  problems: Problems,
): string[] {
  const meant = [...new Set(names)].flatMap((name) => {
    const found = named.get(name);
    if (found) return found;
    problems.add(
      [...path, names.indexOf(name)],
      () => `there is no device ${excerpt(name)}${suggestion(name, [...named.keys()], 'devices')}`,
    );
    return [];
  });
  return [...new Set(meant)];
}

/** Checks what a description says about findings; undefined if it says nothing. Notes problems. */
export function normaliseTriage(
  input: MachineInput,
  devices: readonly DeviceSpec[],
  known: RuleNames,
  written: Written,
  problems: Problems,
): Triage | undefined {
  const { levels, suppress } = input;
  if (levels === undefined && suppress === undefined) return undefined;
  let named: Map<string, string[]> | undefined;
  return {
    levels: normaliseLevels(levels ?? {}, known, written, problems),
    suppress: (suppress ?? []).map((one, index) => {
      const path = ['suppress', index];
      const checked = normaliseSuppression(one, path, known, written, problems);
      if (one.devices === undefined) return checked;
      named ??= devicesByName(input.devices ?? [], devices);
      return { ...checked, devices: devicesNamed(one.devices, [...path, 'devices'], named, problems) };
    }),
  };
}
