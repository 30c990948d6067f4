/** A host whose virtual PCI bus names any virtual processor. */
import { VPCI_PROTOCOLS } from '../../machine/machine.ts';
import { COSTS } from './parts/costs.ts';
import type { Draft, Remedy } from './remedy.ts';

export const vpci: Remedy = {
  name: 'vpci-protocol',
  title: "a newer protocol of Hyper-V's virtual PCI bus",
  cures: ['vpci-names-64-cpus'],
  changes({ analysis: { machine } }): readonly Draft[] {
    const newest = VPCI_PROTOCOLS[VPCI_PROTOCOLS.length - 1];
    if (machine.platform !== 'hyperv' || machine.vpciProtocol === newest) return [];
    return [
      {
        about: 'vPCI protocol',
        title: 'a Hyper-V host whose virtual PCI bus speaks protocol 1.2 or newer',
        intents: [{ kind: 'value', path: ['vpciProtocol'], value: newest }],
        cost: COSTS.product,
        wording: { hypervisor: ['a Hyper-V host whose virtual PCI bus speaks protocol 1.2 or newer'] },
      },
    ];
  },
};
