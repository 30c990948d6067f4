/** Disks with fewer queues than CPUs because nobody asked for more: CPUs share them from the start. */
import { listWords } from '../../../lib/words.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import type { DriverName } from '../../../machine/driver-names.ts';
import { count, type RawFinding, type Rule } from '../rule.ts';

/** Drivers whose queues follow the CPUs that a hypervisor starts with. */
const DRIVERS: readonly DriverName[] = ['virtio-blk', 'virtio-scsi'];
/** Devices that are named. */
const NAMED = 3;

function namesOf(devices: readonly DeviceRun[]): string {
  const names = devices.map(({ name }) => name);
  const more = names.length - NAMED + 1;
  return listWords(names.length > NAMED ? [...names.slice(0, NAMED - 1), `${more} more`] : names, 'and');
}

function toFinding(plugged: number, queues: number, devices: readonly DeviceRun[]): RawFinding {
  const which = devices.length === 1 ? 'of' : 'on each of';
  return {
    message: `${plugged} plugged CPUs share the ${count(queues, 'queue')} ${which} ${namesOf(devices)}`,
    cause: [
      'the configuration gives no queue count, and the default goes by the CPUs at start or is one queue',
    ],
    devices,
    path: devices[0].path,
  };
}

export const pluggedCpusShareQueues: Rule = {
  name: 'plugged-cpus-share-queues',
  aliases: [],
  level: 'note',
  summary: 'A disk has fewer queues than there are plugged CPUs, by default.',
  explain: [
    'A virtio disk without a queue count gets one queue for each CPU that QEMU starts with, and one in all with machine types before 5.2 and under Cloud Hypervisor. KubeVirt and libvirt start QEMU with the vCPUs that cannot be unplugged, often those of one socket, and plug the others at once: they find no queues of their own.',
    'Check: the number of directories in /sys/block/DISK/mq. Change: give the queue count (QEMU num-queues=, libvirt queues=, KubeVirt blockMultiQueue, Cloud Hypervisor num_queues=).',
  ],
  messages: [],
  check({ machine, run }) {
    const plugged = run.present.weight();
    if (!machine.imported) return [];
    const byCount = new Map<number, DeviceRun[]>();
    for (const [index, device] of run.devices.entries()) {
      const { path, driver } = machine.devices[index];
      const { length } = device.queues;
      if (!DRIVERS.includes(driver) || length === 0 || length >= plugged) continue;
      if (machine.locate([...path, 'queues']) !== undefined) continue;
      byCount.set(length, [...(byCount.get(length) ?? []), device]);
    }
    return [...byCount].map(([queues, devices]) => toFinding(plugged, queues, devices));
  },
};
