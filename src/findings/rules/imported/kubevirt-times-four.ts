/** KubeVirt makes four times the sockets possible unless told otherwise. */
import { count, type Rule } from '../rule.ts';

export const kubevirtTimesFour: Rule = {
  name: 'kubevirt-times-four',
  aliases: [],
  level: 'note',
  summary:
    "KubeVirt leaves room for four times the sockets, so most of the guest's possible CPUs do not exist.",
  explain: [
    "For CPU hotplug KubeVirt gives the domain a maximum of maxHotplugRatio (4) times the sockets, up to 512 vCPUs, unless cpu.maxSockets says otherwise. The guest's kernel counts them all as possible: queues are spread over them and vectors reserved on them.",
    'From 64 sockets on the maximum passes 255, and libvirt before 11.0 refuses the guest.',
    'Check: maxSockets in the VirtualMachineInstance; /sys/devices/system/cpu/possible in the guest. Change: set cpu.maxSockets to what will really be plugged.',
  ],
  messages: ['more than 255 vCPUs require extended interrupt mode enabled on the iommu device'],
  check({ machine, enumeration, run }) {
    if (machine.imported?.format !== 'kubevirt') return [];
    const possible = enumeration.possible.weight();
    const plugged = run.present.weight();
    const byDefault = machine.imported.assumptions.some(
      ({ path }) => path?.[0] === 'topology' && path[1] === 'max',
    );
    if (!byDefault || possible <= plugged) return [];
    return [
      {
        message: `${count(plugged, 'vCPU')} asked for, ${possible} possible: KubeVirt leaves room for four times the sockets`,
        cause: ['cpu.maxSockets is not set, so liveUpdateConfiguration.maxHotplugRatio (4) counts'],
        path: ['topology', 'max'],
      },
    ];
  },
};
