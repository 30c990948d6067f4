/** What the kernel ticks and calibrates with. */
import type { Machine, Platform } from '../../machine/machine.ts';
import { COSTS } from './parts/costs.ts';
import { productOf } from './parts/products.ts';
import type { Context, Draft, Remedy, Wording } from './remedy.ts';

const CPU_HOST: Wording = {
  QEMU: ['-cpu host (passes ARAT and TSC-deadline on), or -cpu MODEL,+arat,+tsc-deadline'],
  libvirt: ["<cpu mode='host-passthrough'/>"],
  KubeVirt: ['domain.cpu.model: host-passthrough'],
  hypervisor: ['expose ARAT and TSC-deadline to the guest'],
};

/** Platforms whose guests have an HPET or not, as one likes: Hyper-V and PVH have none, bhyve always has one. */
const HAS_SWITCH: readonly Platform[] = ['kvm', 'tcg', 'other', 'vmware', 'xen-hvm'];

function hpetWording(platform: Platform, present: boolean): Wording {
  if (platform === 'xen-hvm') return { hypervisor: [`hpet = ${present ? 1 : 0}`] };
  if (platform === 'vmware') return { hypervisor: [`hpet0.present = "${present ? 'TRUE' : 'FALSE'}"`] };
  const machine = `-machine hpet=${present ? 'on' : 'off'}`;
  return {
    QEMU: [machine],
    libvirt: [`<clock offset='utc'><timer name='hpet' present='${present ? 'yes' : 'no'}'/></clock>`],
    KubeVirt: [`domain.clock.timer.hpet: { present: ${present} }`],
    'Proxmox VE': [`args: ${machine}`],
    hypervisor: [present ? 'give the guest an HPET' : 'take the HPET away'],
  };
}

function cpuTimers({ timers, platform }: Machine): Draft[] {
  const missing = (['arat', 'tscDeadline'] as const).filter((key) => !timers[key]);
  if (missing.length === 0 || platform === 'bare-metal') return [];
  return [
    {
      about: 'timers',
      title: 'show the guest the timers of its CPU',
      intents: missing.map((key) => ({ kind: 'value', path: ['timers', key], value: true }) as const),
      cost: COSTS.hypervisor,
      wording: CPU_HOST,
    },
  ];
}

function otherHpet({ analysis: { machine }, format }: Context): Draft[] {
  const { platform } = machine;
  if (!HAS_SWITCH.includes(platform) || !productOf(format, platform).hpet) return [];
  const present = !machine.hpet.present;
  return [
    {
      about: 'HPET',
      title: present ? 'give the guest an HPET' : 'run the guest without an HPET',
      intents: [{ kind: 'hpet', present }],
      cost: COSTS.hypervisor,
      wording: hpetWording(platform, present),
    },
  ];
}

export const timers: Remedy = {
  name: 'timers',
  title: 'timers',
  cures: ['timer-source-missing', 'hpet-msi-in-use', 'hpet-not-needed'],
  changes: (context) => [...cpuTimers(context.analysis.machine), ...otherHpet(context)],
};
