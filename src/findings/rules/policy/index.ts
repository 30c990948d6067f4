/** What a policy other than mainline breaks (docs/model/policies.md#verdicts). */
import type { Rule } from '../rule.ts';
import { policyIoHangs } from './policy-io-hangs.ts';
import { policyIoMayHang } from './policy-io-may-hang.ts';
import { policyLosesHotplugQueues } from './policy-loses-hotplug-queues.ts';
import { policyRefusesMask } from './policy-refuses-mask.ts';

export const POLICY_RULES: readonly Rule[] = [
  policyIoHangs,
  policyIoMayHang,
  policyRefusesMask,
  policyLosesHotplugQueues,
];
