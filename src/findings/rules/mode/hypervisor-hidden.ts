/** A guest that takes itself for bare metal. */
import { gainedByParameters, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const hypervisorHidden: Rule = {
  name: 'hypervisor-hidden',
  aliases: ['R036'],
  level: 'warning',
  summary: 'nopv makes the guest look like bare metal, which costs it CPUs or hot-plug slots.',
  explain: [
    'nopv (and xen_nopv) keeps the kernel from using its hypervisor. It then knows of nobody who allows x2APIC without interrupt remapping, switches x2APIC off, and every CPU above APIC ID 254 is lost. Newer kernels also ignore hot-plug slots on what looks like bare metal.',
    'A hypervisor that hides its signature (kvm=off, <hidden state="on"/>) has the same effect; describe such a guest with platform: other.',
    'Check: no "Hypervisor detected" in the log.',
    'Change: remove the parameter; show the signature; or give the guest a virtual IOMMU with interrupt remapping in x2APIC mode.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode"],
  check({ machine }) {
    const { nopv, xenNopv } = machine.cmdline;
    if (!nopv && !xenNopv) return [];
    const gain = gainedByParameters(machine, { nopv: false, xenNopv: false });
    if (!isGain(gain)) return [];
    const parameter = nopv ? 'nopv' : 'xen_nopv';
    return [
      {
        message: `${parameter} hides the hypervisor and costs ${gainText(gain)}`,
        cause: ['without its hypervisor the kernel treats the guest as bare metal'],
        path: ['cmdline'],
      },
    ];
  },
};
