/** The guests of a file of Kubernetes objects, each with the instancetype and preference it refers to. */
import { lookup } from '../../lib/lookup.ts';
import type { SourceValue } from '../text/source-value.ts';

export interface Guest {
  /** The whole object. */
  readonly object: SourceValue;
  readonly domain: SourceValue;
  /** What holds the domain. */
  readonly spec: SourceValue;
  /** What the instance is called, with its annotations. */
  readonly metadata: SourceValue | undefined;
  /** VirtualMachineInstancetype or VirtualMachineClusterInstancetype. */
  readonly instancetype: SourceValue | undefined;
  readonly preference: SourceValue | undefined;
  /** How the guest names its preference. */
  readonly named: SourceValue | undefined;
  /** `spec.configuration` of the KubeVirt object, which holds for the cluster. */
  readonly cluster: SourceValue | undefined;
}

/** Kinds with a guest, and where its spec is. */
export const SPECS = {
  VirtualMachine: ['spec', 'template', 'spec'],
  VirtualMachineInstance: ['spec'],
  VirtualMachineInstanceReplicaSet: ['spec', 'template', 'spec'],
  VirtualMachinePool: ['spec', 'virtualMachineTemplate', 'spec', 'template', 'spec'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Parts of a domain that hold others. */
const MAPPINGS: readonly (readonly string[])[] = [
  [],
  ['cpu'],
  ['devices'],
  ['features'],
  ['firmware'],
  ['machine'],
  ['resources'],
  ['resources', 'limits'],
  ['resources', 'requests'],
];

const kindOf = (object: SourceValue): string => {
  const kind = object.get('kind')?.value;
  return typeof kind === 'string' ? kind : '';
};

/** Throws InputError for a guest without a domain, or whose instancetype is not among the objects. */
export function guestsOf(objects: readonly SourceValue[]): readonly Guest[] {
  return objects.flatMap((object) => {
    const path = lookup(SPECS, kindOf(object));
    return path ? [guestOf(object, path, objects)] : [];
  });
}

/** The guest whose spec is at `path`. */
function guestOf(object: SourceValue, path: readonly string[], objects: readonly SourceValue[]): Guest {
  const spec = object.get(...path);
  const domain = spec?.get('domain');
  if (!spec || !domain) throw object.fail(`${kindOf(object)}: ${[...path, 'domain'].join('.')} is missing`);
  // What stands in the place of one would pass for one that is not there.
  for (const below of MAPPINGS) domain.get(...below)?.keys();
  const owner = path.slice(0, -2);
  const named = object.get(...owner, 'preference') ?? object.get('spec', 'preference');
  return {
    object,
    domain,
    spec,
    metadata: object.get(...path.slice(0, -1), 'metadata'),
    instancetype: referred(
      object.get(...owner, 'instancetype') ?? object.get('spec', 'instancetype'),
      'Instancetype',
      objects,
    ),
    named,
    preference: referred(named, 'Preference', objects),
    cluster: objects.find((one) => kindOf(one) === 'KubeVirt')?.get('spec', 'configuration'),
  };
}

/** "ns/name", or the name alone where no namespace is written; undefined without a name. */
export function fullName(name: unknown, namespace: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name;
}

/** The object that a reference names; an instancetype must be there, since it holds the vCPUs. */
function referred(
  reference: SourceValue | undefined,
  what: 'Instancetype' | 'Preference',
  objects: readonly SourceValue[],
): SourceValue | undefined {
  if (!reference) return undefined;
  const name = reference.get('name')?.text();
  if (name === undefined && what === 'Preference') return undefined;
  if (name === undefined)
    throw reference.fail(
      'instancetype: a name is expected, for the vCPUs are in what it names; KubeVirt writes it into the machine ' +
        'that it stores',
    );
  const found = objects.find(
    (object) =>
      /^VirtualMachine(Cluster)?/.test(kindOf(object)) &&
      kindOf(object).endsWith(what) &&
      object.get('metadata', 'name')?.value === name,
  );
  if (found || what === 'Preference') return found;
  throw reference.fail(
    `the vCPUs are in the instancetype ${name}, which is not in this file; put both in one: ` +
      'cat instancetype.yaml guest.yaml | irqsim analyze -',
  );
}
