/** The names that completion offers, as this version of irqsim knows them. */

import { AUDIT_RULES, RULES } from '../../findings/rules/index.ts';
import { STACK_PRODUCTS } from '../../formats/stack.ts';
import { POLICIES } from '../../linux/policy/index.ts';
import { DRIVER_FACTS } from '../../machine/driver-names.ts';
import { EVENT_KINDS } from '../../machine/event-option.ts';
import { LEVEL_SETTINGS } from '../../machine/machine.ts';
import { PROPERTY_NAMES } from '../../machine/property-names.ts';
import { machineJsonSchema } from '../../machine/schema.ts';
import { kernelSeries } from '../../report/kernels.ts';
import { propertiesOf, type SchemaNode } from '../../report/template/template-lines.ts';
import { inputFormats } from '../options/machine-options.ts';
import type { Assigned, KnownWords } from './words.ts';

/** Events that take nothing after their name. */
const BARE_EVENTS: readonly string[] = ['suspend', 'resume'];

/** The words that a value may be; true and false are on and off. */
function choicesOf({ enum: choices, anyOf = [] }: SchemaNode): readonly string[] {
  const all = choices ?? anyOf.find((one) => one.enum)?.enum ?? [];
  return all.filter((one) => typeof one === 'string' && !/^(?:true|false)$/.test(one)) as string[];
}

function settingsOf(kernels: readonly string[], policies: readonly string[]): Assigned {
  const keys = propertiesOf(machineJsonSchema());
  const ofDevices = propertiesOf(keys.devices?.items ?? {});
  const known = [
    ...Object.entries(keys).map(([key, node]) => [key, choicesOf(node)] as const),
    ...Object.entries(ofDevices).map(([key, node]) => [`devices.*.${key}`, choicesOf(node)] as const),
    ['kernel', kernels],
    ['policy', policies],
    ['devices.*.driver', Object.keys(DRIVER_FACTS)],
  ] as const;
  return Object.fromEntries(known.filter(([, values]) => values.length > 0));
}

export function knownWords(): KnownWords {
  const kernels = kernelSeries();
  const policies = POLICIES.map(({ name }) => name);
  return {
    rules: [...RULES, ...AUDIT_RULES].map(({ name }) => name),
    kernels,
    policies,
    settings: settingsOf(kernels, policies),
    levels: LEVEL_SETTINGS,
    readers: inputFormats().map(({ name }) => name),
    keys: Object.keys(propertiesOf(machineJsonSchema())).filter((key) => !key.startsWith('$')),
    products: [...STACK_PRODUCTS],
    events: EVENT_KINDS.map((kind) => (BARE_EVENTS.includes(kind) ? kind : `${kind}=`)),
    properties: PROPERTY_NAMES,
    commands: [],
  };
}
