/** Any other PCI device: as many vectors as the description says, managed or not. */
import { afterPre, type DriverProfile } from './driver.ts';

export const generic: DriverProfile = {
  name: 'generic',
  summary:
    'vectors as described; `managed: true` spreads all but preVectors and postVectors over possible CPUs',
  formula: { text: 'as described', by: 'pci_alloc_irq_vectors' },
  hintedBy: null,
  counts: 'none',
  managed: 'by description',
  // Nobody knows what the interrupt is for.
  withoutOther: 'dead',
  plan(device) {
    const isLine = device.interrupts === 'line';
    const pre = device.preVectors ?? 0;
    const post = device.postVectors ?? 0;
    const vectors = isLine ? 1 : (device.vectors ?? pre + (device.queues ?? 1) + post);
    const queues = Math.max(0, Math.min(device.queues ?? vectors, vectors - pre - post));
    const asked = Math.min(vectors, pre + queues + post);
    return {
      queues,
      vectorsAsked: asked,
      tableSize: vectors,
      attempts: [
        {
          minvec: Math.max(1, Math.min(asked, pre + post + 1)),
          maxvec: asked,
          affinity: device.managed ? { pre, post } : null,
          // Post vectors are the last ones granted.
          vectorOf: (queue, granted) => afterPre(pre)(queue, granted - post),
        },
      ],
    };
  },
};
