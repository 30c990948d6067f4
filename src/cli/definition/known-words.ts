/** The names that completion offers, as this version of irqsim knows them. */

import { AUDIT_RULES, RULES } from '../../findings/rules/index.ts';
import { STACK_PRODUCTS } from '../../formats/stack.ts';
import { POLICIES } from '../../linux/policy/index.ts';
import { EVENT_KINDS } from '../../machine/event-option.ts';
import { PROPERTY_NAMES } from '../../machine/property-names.ts';
import { machineJsonSchema } from '../../machine/schema.ts';
import { kernelSeries } from '../../report/kernels.ts';
import { propertiesOf } from '../../report/template/template-lines.ts';
import { inputFormats } from '../options/machine-options.ts';
import type { KnownWords } from './words.ts';

/** Events that take nothing after their name. */
const BARE_EVENTS: readonly string[] = ['suspend', 'resume'];

export function knownWords(): KnownWords {
  return {
    rules: [...RULES, ...AUDIT_RULES].map(({ name }) => name),
    kernels: kernelSeries(),
    policies: POLICIES.map(({ name }) => name),
    readers: inputFormats().map(({ name }) => name),
    keys: Object.keys(propertiesOf(machineJsonSchema())).filter((key) => !key.startsWith('$')),
    products: [...STACK_PRODUCTS],
    events: EVENT_KINDS.map((kind) => (BARE_EVENTS.includes(kind) ? kind : `${kind}=`)),
    properties: PROPERTY_NAMES,
    commands: [],
  };
}
