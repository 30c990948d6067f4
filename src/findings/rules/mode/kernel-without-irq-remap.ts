/** A kernel built without interrupt remapping where remapping would bring CPUs up. */
import { gainedBy, gainText, isGain } from '../facts/what-if.ts';
import type { Rule } from '../rule.ts';

export const kernelWithoutIrqRemap: Rule = {
  name: 'kernel-without-irq-remap',
  aliases: ['R046b'],
  level: 'warning',
  summary: 'The kernel is built without interrupt remapping, and CPUs are lost by it.',
  explain: [
    'Without CONFIG_IRQ_REMAP there is no interrupt remapping, and on bare metal no x2APIC, so that APIC IDs end at 254.',
    'The message "IRQ remapping doesn\'t support X2APIC mode" seems to blame the hardware, but it is printed for such a kernel too.',
    'Check: zgrep IRQ_REMAP /proc/config.gz or /boot/config-*.',
    'Change: build with CONFIG_IRQ_REMAP=y and INTEL_IOMMU or AMD_IOMMU.',
  ],
  messages: ["x2apic: IRQ remapping doesn't support X2APIC mode"],
  check({ machine }) {
    const { kernelConfig, remapping } = machine;
    if (kernelConfig.irqRemap || !remapping.enabled) return [];
    const gain = gainedBy(machine, { kernelConfig: { ...kernelConfig, irqRemap: true } });
    if (!isGain(gain)) return [];
    return [
      {
        message: `a kernel without interrupt remapping costs ${gainText(gain)}`,
        cause: ['the machine has interrupt remapping, but the kernel is built without it (CONFIG_IRQ_REMAP)'],
        path: ['kernelConfig', 'irqRemap'],
      },
    ];
  },
};
