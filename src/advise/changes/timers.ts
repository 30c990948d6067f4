/** What the kernel ticks and calibrates with. */
import type { Draft, Family } from '../candidate.ts';
import { COSTS } from '../costs.ts';

const CPU_HOST = {
  QEMU: ['-cpu host (passes ARAT and TSC-deadline on), or -cpu MODEL,+arat,+tsc-deadline'],
  libvirt: ["<cpu mode='host-passthrough'/>"],
  KubeVirt: ['domain.cpu.model: host-passthrough'],
  hypervisor: ['expose ARAT and TSC-deadline to the guest'],
} as const;

export const timers: Family = {
  name: 'timers',
  title: 'timers',
  cures: ['timer-source-missing', 'hpet-msi-in-use', 'hpet-not-needed'],
  changes({ analysis: { machine } }): readonly Draft[] {
    const { timers: has, hpet, platform } = machine;
    if (platform === 'bare-metal') return [];
    const missing = (['arat', 'tscDeadline'] as const).filter((key) => !has[key]);
    return [
      ...(missing.length === 0
        ? []
        : [
            {
              about: 'timers',
              title: 'show the guest the timers of its CPU',
              intents: missing.map((key) => ({ kind: 'value', path: ['timers', key], value: true }) as const),
              cost: COSTS.hypervisor,
              wording: CPU_HOST,
            },
          ]),
      ...(hpet.present
        ? [
            {
              about: 'HPET',
              title: 'run the guest without an HPET',
              intents: [{ kind: 'value', path: ['hpet'], value: false } as const],
              cost: COSTS.hypervisor,
              wording: {
                QEMU: ['-machine hpet=off'],
                libvirt: ["<clock><timer name='hpet' present='no'/></clock>"],
                KubeVirt: ['domain.clock.timer.hpet: { present: false }'],
              },
            },
          ]
        : [
            {
              about: 'HPET',
              title: 'give the guest an HPET',
              intents: [{ kind: 'value', path: ['hpet'], value: true } as const],
              cost: COSTS.hypervisor,
              wording: {
                QEMU: ['-machine hpet=on'],
                libvirt: ["<clock><timer name='hpet' present='yes'/></clock>"],
                KubeVirt: ['domain.clock.timer.hpet: { present: true }'],
              },
            },
          ]),
    ];
  },
};
