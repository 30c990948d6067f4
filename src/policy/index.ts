/** What-if policies, by name. A new policy is one file and one line here. */
import { mainline } from './mainline.ts';
import type { Policy } from './policy.ts';

export const POLICIES: ReadonlyMap<string, Policy> = new Map(
  [mainline].map((policy) => [policy.name, policy]),
);
