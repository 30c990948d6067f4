/** Queue counts that a hypervisor took from the CPUs at start: those plugged later share what is there. */
import { deviceNames } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

export const hotplugCpusShareQueues: Rule = {
  name: 'hotplug-cpus-share-queues',
  aliases: [],
  level: 'note',
  summary: 'Queues are as many as the CPUs plugged at start, so CPUs plugged later share them.',
  explain: [
    'QEMU, KubeVirt and Cloud Hypervisor size virtio queues by the CPUs a guest starts with, never by its maximum. A guest that starts with one CPU of eight has one queue for ever, and every CPU plugged later sends its requests there.',
    'Check: the number of directories in /sys/block/DISK/mq. Change: give the queue count explicitly (QEMU num-queues=, libvirt queues=, KubeVirt blockMultiQueue with the CPUs it will have).',
  ],
  messages: [],
  check({ machine, enumeration, run }) {
    if (!machine.imported) return [];
    const slots = enumeration.possible.weight() - run.present.weight();
    const devices = run.devices.filter(
      ({ queues }) => queues.some((queue) => queue.managed) && queues.length <= run.present.weight(),
    );
    if (slots === 0 || devices.length === 0) return [];
    const [first] = devices;
    return [
      {
        message: `CPUs in ${count(slots, 'hot-plug slot')} would share queues with the ${count(run.present.weight(), 'plugged CPU')}: ${deviceNames(devices)} (${first.name}: ${count(first.queues.length, 'queue')})`,
        cause: [
          machine.locate([...first.path, 'queues']) === undefined
            ? 'the hypervisor sizes queues by the CPUs at start, not by the maximum'
            : 'the queue count of the configuration does not go by the maximum',
        ],
        devices,
        path: first.path,
      },
    ];
  },
};
