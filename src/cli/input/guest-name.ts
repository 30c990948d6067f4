/** The name by which a guest of a cluster is known in records. */
import { fullName } from '../../formats/kubevirt/guest.ts';

/** "ns/name" of a Kubernetes object; undefined for anything else. */
export function guestName(value: object): string | undefined {
  const { apiVersion, metadata } = value as { apiVersion?: unknown; metadata?: unknown };
  if (typeof apiVersion !== 'string' || typeof metadata !== 'object' || metadata === null) return undefined;
  const { name, namespace } = metadata as { name?: unknown; namespace?: unknown };
  return fullName(name, namespace);
}
