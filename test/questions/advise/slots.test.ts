/** Hot-plug slots that a change costs are said, or the change is no answer. */
import { expect, test } from 'vitest';
import { adviceOn } from './advising.ts';

const SLOTS = 'topology: { cores: 6, present: 2 }\ndevices: [{ name: nvme, driver: nvme, queues: 8 }]\n';

test('a kernel that ignores hot-plug slots of bare metal says so, and costs them', async () => {
  const native = await adviceOn(`kernel: "5.10"\n${SLOTS}`, { level: 'warning' });
  const kvm = await adviceOn(`kernel: "5.10"\nplatform: kvm\n${SLOTS}`, { level: 'warning' });
  const kernelIn = ({ answers }: typeof kvm) =>
    answers.flatMap(({ changes, cost }) =>
      changes.length === 1 && changes[0].remedy === 'kernel-release' ? [{ ...changes[0], cost }] : [],
    )[0];
  expect(kernelIn(native)).toMatchObject({ givesUp: '4 hot-plug slots' });
  expect(kernelIn(kvm)).toMatchObject({ givesUp: null });
  expect(kernelIn(native).cost).toBeGreaterThan(kernelIn(kvm).cost);
});
