/** R005, R007: the hypervisor could do better, but this kernel cannot use it. */
import { apicIdsOf, kernelTooOld, presentAboveLimit } from '../about/cpus-above-limit.ts';
import { count, type Rule } from '../rule.ts';

export const kernelTooOldForExtDest: Rule = {
  name: 'kernel-too-old-for-ext-dest',
  aliases: ['R005', 'R007'],
  level: 'error',
  summary: 'The guest kernel is too old for the extended destination ID and loses the CPUs above its limit.',
  explain: [
    'The extended destination ID puts seven more APIC ID bits into an interrupt message. KVM and Hyper-V guests use it since Linux 5.11, Xen guests since 5.17.',
    'Older guests limit APIC IDs to 255. Those before 5.4.86 and 5.10.4 do worse: one present CPU above 255 makes them switch x2APIC off altogether, and then every CPU above 254 is lost.',
    'Change: a guest kernel of 5.11 or newer, or a virtual IOMMU with interrupt remapping and extended interrupt mode, which older kernels understand.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode", 'smpboot: native_cpu_up: bad cpu {}'],
  check(facts) {
    const cpus = presentAboveLimit(facts);
    if (cpus.isEmpty() || !kernelTooOld(facts)) return [];
    const { machine, apic } = facts;
    const n = cpus.weight();
    return [
      {
        message: `Linux ${machine.kernel.text} is too old for the extended destination ID: ${count(n, 'CPU')} above APIC ID ${apic.limit} (${apicIdsOf(facts, cpus)}) stay${n === 1 ? 's' : ''} offline`,
        cause: apic.because.map((reason) => reason.text),
        fix: [
          `guest: a kernel of ${machine.platform.startsWith('xen') ? '5.17' : '5.11'} or newer`,
          'hypervisor: a virtual IOMMU with interrupt remapping and extended interrupt mode',
        ],
        cpus,
        path: ['kernel'],
      },
    ];
  },
};
