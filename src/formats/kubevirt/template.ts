/** Objects inside other objects: lists, OpenShift templates with their parameters, templates of virtual machines. */
import { lookup } from '../../lib/lookup.ts';
import type { Path, RawInput } from '../../machine/locate.ts';
import { type SourceValue, sourceValue } from '../text/source-value.ts';
import { isMapping } from '../text/values.ts';

/** Where objects of a kind hold others. */
export const HOLDS = {
  List: [['items']],
  VirtualMachineList: [['items']],
  VirtualMachineInstanceList: [['items']],
  VirtualMachinePoolList: [['items']],
  VirtualMachineInstanceReplicaSetList: [['items']],
  Template: [['objects']],
  TemplateList: [['items']],
  VirtualMachineTemplate: [['spec', 'virtualMachine'], ['virtualMachine']],
  VirtualMachineSnapshotContent: [['spec', 'source', 'virtualMachine']],
  VirtualMachineSnapshotContentList: [['items']],
  ManifestWork: [['spec', 'workload', 'manifests']],
} as const satisfies Readonly<Record<string, readonly Path[]>>;

/** `${NAME}` inside text, and `${{NAME}}` for a value that is no text. */
const PARAMETER = /\$\{(\{?)([A-Za-z_]\w*)\}\}?/g;

/** The objects of a document, those inside it instead of what holds them. */
export function objectsIn(raw: RawInput, file: string): readonly SourceValue[] {
  return flatten(sourceValue(filledIn(raw), file));
}

function flatten(object: SourceValue): readonly SourceValue[] {
  const kind = object.get('kind')?.value;
  const paths: readonly Path[] | undefined = lookup(HOLDS, typeof kind === 'string' ? kind : undefined);
  if (!paths) return [object];
  return paths.flatMap((path) => {
    const inside = object.get(...path);
    if (!inside) return [];
    return (Array.isArray(inside.value) ? inside.list() : [inside]).flatMap(flatten);
  });
}

/** A template with the values that its parameters have by themselves; others stay as they are written. */
function filledIn(raw: RawInput): RawInput {
  const { value } = raw;
  if (!isMapping(value)) return raw;
  const spec = isMapping(value.spec) ? value.spec : undefined;
  const list = [value.parameters, spec?.parameters].find(Array.isArray) ?? [];
  const known = new Map<string, string>();
  for (const one of list) {
    if (isMapping(one) && typeof one.name === 'string' && one.value !== undefined && one.value !== null) {
      known.set(one.name, String(one.value));
    }
  }
  return known.size === 0 ? raw : { ...raw, value: replaced(value, known) };
}

function replaced(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(PARAMETER, (whole, _, name: string) => known.get(name) ?? whole);
  }
  if (Array.isArray(value)) return value.map((one) => replaced(one, known));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, known)]));
}
