/** The kernel is built with what the machine needs. */

import { COSTS } from './parts/costs.ts';
import { NEEDS_REMAPPING } from './parts/out-of-reach.ts';
import type { Draft, Remedy } from './remedy.ts';

interface Option {
  readonly key: string;
  readonly value: boolean | number;
  readonly symbol: string;
}

function build(options: readonly Option[]): Draft {
  const symbols = options.map(({ symbol }) => symbol);
  return {
    about: options.length === 1 ? `kernel configuration ${options[0].key}` : 'kernel configuration',
    title: `build the kernel with ${symbols.join(' and ')}`,
    intents: options.map(({ key, value }) => ({ kind: 'kernel-config', key, value })),
    // What is built at once costs as much as one option, but a little more than only those that are needed.
    cost: { ...COSTS.build, cost: COSTS.build.cost + options.length - 1 },
    wording: { 'kernel configuration': symbols },
  };
}

export const kernelConfig: Remedy = {
  name: 'kernel-configuration',
  title: 'the configuration of the kernel',
  cures: [
    ...NEEDS_REMAPPING,
    'kernel-without-x2apic',
    'kernel-without-irq-remap',
    'firmware-in-xapic-mode',
    'slots-over-count-limit',
    'slots-need-hypervisor',
    'queues-share-interrupt',
  ],
  changes({ analysis: { machine } }) {
    const { x2apic, irqRemap, nrCpus, bhyveGuest } = machine.kernelConfig;
    const wanted = machine.cpus.length;
    const room = 2 ** Math.ceil(Math.log2(wanted));
    const bhyve = machine.platform === 'bhyve' && !bhyveGuest;
    const missing: readonly Option[] = [
      ...(x2apic ? [] : [{ key: 'x2apic', value: true, symbol: 'CONFIG_X86_X2APIC=y' }]),
      ...(irqRemap ? [] : [{ key: 'irqRemap', value: true, symbol: 'CONFIG_IRQ_REMAP=y' }]),
      ...(nrCpus >= wanted ? [] : [{ key: 'nrCpus', value: room, symbol: `CONFIG_NR_CPUS=${room}` }]),
      ...(bhyve ? [{ key: 'bhyveGuest', value: true, symbol: 'CONFIG_BHYVE_GUEST=y' }] : []),
    ];
    return [...missing.map((one) => build([one])), ...(missing.length > 1 ? [build(missing)] : [])];
  },
};
