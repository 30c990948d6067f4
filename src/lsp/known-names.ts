/** Names that a description may hold where its schema knows a text only. */
import { findRule, RULE_NAMES } from '../findings/rules/index.ts';
import { DRIVERS } from '../linux/drivers/index.ts';
import { POLICIES } from '../linux/policy/index.ts';
import { DRIVER_NAMES } from '../machine/driver-names.ts';
import { NEWEST_KERNEL, OLDEST_KERNEL } from '../machine/kernel.ts';
import type { Path } from '../machine/locate.ts';
import { kernelNames } from '../report/kernels.ts';

/** A name, and what is said of it. */
export interface Name {
  readonly name: string;
  readonly about: string;
}

const drivers = (): Name[] => DRIVER_NAMES.map((name) => ({ name, about: DRIVERS[name].formula.text }));

const policies = (): Name[] => POLICIES.map(({ name, summary }) => ({ name, about: summary }));

/** Rules by their own names: aliases are for those who know them. */
const rules = (): Name[] =>
  RULE_NAMES.flatMap((name) => {
    const rule = findRule(name);
    return rule?.name === name ? [{ name, about: rule.summary }] : [];
  });

/** Series whose behaviour differs from the one before, and both ends. */
function kernels(): Name[] {
  return [...new Set([NEWEST_KERNEL, ...[...kernelNames()].reverse(), OLDEST_KERNEL])].map((name) => ({
    name,
    about: name === NEWEST_KERNEL ? 'the newest release that is modelled' : '',
  }));
}

/** Names of entries of `devices`. */
function devices(document: unknown): Name[] {
  const list = (document as { devices?: unknown } | null)?.devices;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: { name?: unknown; driver?: unknown } | null) =>
    typeof one?.name === 'string'
      ? [{ name: one.name, about: typeof one.driver === 'string' ? one.driver : '' }]
      : [],
  );
}

interface Row {
  /** Keys of the path; `*` is any index or name. */
  readonly at: string;
  readonly role: 'key' | 'value';
  readonly names: (document: unknown) => readonly Name[];
}

const ROWS: readonly Row[] = [
  { at: 'kernel', role: 'value', names: kernels },
  { at: 'policy', role: 'value', names: policies },
  { at: 'devices.*.driver', role: 'value', names: drivers },
  { at: 'devices.*.behind', role: 'value', names: devices },
  { at: 'events.*.setAffinity.device', role: 'value', names: devices },
  { at: 'events.*.fire.device', role: 'value', names: devices },
  { at: 'events.*.reprobe', role: 'value', names: devices },
  { at: 'suppress.*.rule', role: 'value', names: rules },
  { at: 'suppress.*.devices.*', role: 'value', names: devices },
  { at: 'expect.findings.*', role: 'value', names: rules },
  { at: 'levels', role: 'key', names: rules },
];

function fits({ at }: Row, path: Path): boolean {
  const steps = at.split('.');
  return steps.length === path.length && steps.every((step, n) => step === '*' || step === path[n]);
}

/** The names that may stand at a path. */
export function namesAt(path: Path, role: Row['role'], document: unknown): readonly Name[] {
  return ROWS.filter((row) => row.role === role && fits(row, path)).flatMap((row) => row.names(document));
}
