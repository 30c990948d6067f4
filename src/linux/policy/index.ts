/** What-if policies, in the order they are listed. A new policy is one file and one line here. */
import { excludeUnreachable } from './exclude-unreachable.ts';
import { extendedDestinationId, hpetLimited, noHpet, noHpetMsi } from './extended-destination-id.ts';
import { hypervStub } from './hyperv-stub.ts';
import { mainline } from './mainline.ts';
import { maxAffinity } from './max-affinity.ts';
import type { Policy } from './policy.ts';
import { presentOnly } from './present-only.ts';
import { reachableLikeOnline } from './reachable-like-online.ts';
import { redirect } from './redirect.ts';
import { redirectBalanced } from './redirect-balanced.ts';

export const POLICIES: readonly Policy[] = [
  mainline,
  hypervStub,
  maxAffinity,
  reachableLikeOnline,
  excludeUnreachable,
  presentOnly,
  redirect,
  redirectBalanced,
  extendedDestinationId,
  hpetLimited,
  noHpetMsi,
  noHpet,
];

/** Every name and alias. */
export const POLICY_NAMES: readonly string[] = POLICIES.flatMap(({ name, aliases }) => [name, ...aliases]);

/** Finds a policy by its name or an alias such as P5; case does not matter. */
export function findPolicy(name: string): Policy | undefined {
  const wanted = name.toLowerCase();
  return POLICIES.find((policy) =>
    [policy.name, ...policy.aliases].some((one) => one.toLowerCase() === wanted),
  );
}
