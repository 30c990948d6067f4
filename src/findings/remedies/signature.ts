/** The guest sees KVM: its signature is shown, or it runs on KVM at all. */

import { COSTS } from './parts/costs.ts';
import { NEEDS_REMAPPING } from './parts/out-of-reach.ts';
import { hidesKvm } from './parts/products.ts';
import type { Draft, Remedy, Wording } from './remedy.ts';

const SHOW: Wording = {
  QEMU: ['drop kvm=off from -cpu'],
  libvirt: ["<features><kvm><hidden state='off'/></kvm></features>"],
  KubeVirt: ['domain.features.kvm.hidden: false'],
  'Proxmox VE': ['drop hidden=1 from cpu:'],
};

const USE: Wording = {
  QEMU: ['-accel kvm'],
  libvirt: ["<domain type='kvm'>"],
  'Proxmox VE': ['kvm: 1'],
};

const intents = [{ kind: 'kvm-signature' }] as const;

export const signature: Remedy = {
  name: 'kvm-signature',
  title: 'KVM that the guest can see',
  cures: [...NEEDS_REMAPPING, 'slots-need-hypervisor', 'tcg-is-no-hypervisor'],
  changes({ analysis: { machine }, format }): readonly Draft[] {
    if (machine.platform === 'tcg') {
      return [
        { about: 'platform', title: 'run the guest on KVM', intents, cost: COSTS.accelerator, wording: USE },
      ];
    }
    if (!hidesKvm(format, machine.platform)) return [];
    return [
      { about: 'platform', title: 'show KVM to the guest', intents, cost: COSTS.hypervisor, wording: SHOW },
    ];
  },
};
