/** A guest with an IOMMU that remaps nothing: the one that remaps takes its place, as no machine has two. */
import { expect, test } from 'vitest';
import { adviceOn } from './advising.ts';

const COMMAND =
  'qemu-system-x86_64 -M q35,kernel-irqchip=split -accel kvm -cpu host,kvm=off -smp 288,sockets=72,cores=4';

test.each([
  ['', '-machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on'],
  [
    ' -device virtio-iommu-pci',
    '-machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on  (in place of virtio-iommu)',
  ],
])('with %j', async (device, words) => {
  const { answers } = await adviceOn(`${COMMAND}${device}\n`, { file: 'vm.sh' });
  const changes = answers.flatMap((answer) => answer.changes);
  const remaps = changes.find(({ remedy }) => remedy === 'interrupt-remapping');
  expect(remaps?.wording.QEMU).toEqual([words]);
});
