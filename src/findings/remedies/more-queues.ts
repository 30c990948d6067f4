/** More queues than a product gives by default: one for each CPU that may use them. */

import type { DriverName } from '../../machine/driver-names.ts';
import { count } from '../rules/rule.ts';
import { COSTS } from './parts/costs.ts';
import { type Group, groupsOf, libvirtWords, namesOf, qemuWords } from './parts/device-groups.ts';
import { type Product, productOf } from './parts/products.ts';
import type { Context, Draft, Remedy, Wording } from './remedy.ts';

/** Drivers with a managed interrupt a queue, whose queues a person can count out. */
const DRIVERS: readonly DriverName[] = ['virtio-blk', 'virtio-scsi'];

/** Queues that a device may be given, or null where the product has no setting for it. */
function wanted({ analysis: { enumeration, run } }: Context, limit: Product['queues']): number | null {
  if (limit === 'none') return null;
  return limit === 'any' ? enumeration.possible.weight() : run.present.weight();
}

function wording(groups: readonly Group[], n: number): Wording {
  const drivers = [...new Set(groups.map(({ spec }) => spec.driver))];
  const libvirt = drivers.flatMap((driver) => libvirtWords(driver, 'queues', n));
  return {
    QEMU: drivers.flatMap((driver) => qemuWords(driver, 'queues', n)),
    ...(libvirt.length > 0 ? { libvirt } : {}),
    ...(drivers.includes('virtio-blk') ? { KubeVirt: ['domain.devices.blockMultiQueue: true'] } : {}),
    'Cloud Hypervisor': groups.map(({ name }) => `num_queues=${n} for ${name}`),
    hypervisor: [`${namesOf(groups)}: ${count(n, 'queue')}`],
  };
}

export const moreQueues: Remedy = {
  name: 'more-queues',
  title: 'as many queues as CPUs',
  cures: ['hotplug-cpus-share-queues', 'plugged-cpus-share-queues'],
  changes(context): readonly Draft[] {
    const { machine } = context.analysis;
    const product = productOf(context.format, machine.platform);
    const n = wanted(context, product.queues);
    if (n === null) return [];
    const drivers: readonly DriverName[] =
      product.queues === 'disks of plugged CPUs' ? ['virtio-blk'] : DRIVERS;
    const groups = groupsOf(context).filter(({ spec, now }) => drivers.includes(spec.driver) && now < n);
    if (groups.length === 0) return [];
    const queues = groups.map(
      ({ path, name }) => ({ kind: 'queues', device: path, name, queues: n }) as const,
    );
    // A table of vectors that was worked out from the queues grows with them.
    const vectors = groups.flatMap(({ path, name, spec, now }) =>
      spec.vectors === undefined
        ? []
        : [{ kind: 'vectors', device: path, name, vectors: spec.vectors - now + n } as const],
    );
    return [
      {
        about: 'queue counts',
        title: `give ${namesOf(groups)} ${count(n, 'queue')} each`,
        intents: queues,
        brings: [...queues, ...vectors],
        cost: COSTS.hypervisor,
        wording: wording(groups, n),
      },
    ];
  },
};
