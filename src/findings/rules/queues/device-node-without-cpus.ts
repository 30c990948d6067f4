/** A device on a NUMA node none of whose CPUs can take its interrupts. */
import type { CpuMask } from '../../../lib/cpumask.ts';
import { shortenList } from '../../../lib/ids.ts';
import type { DeviceRun } from '../../../linux/sim/run.ts';
import { remoteNodes } from '../facts/node-facts.ts';
import { deviceNames, domainOf } from '../facts/queue-facts.ts';
import { count, type Rule } from '../rule.ts';

/** The kernel does not know what the domain of a device reaches: its interrupts may be on CPUs that they cannot arrive at. */
function hasStartedOn({ queues, interrupts }: DeviceRun, cpus: CpuMask): boolean {
  const started = queues.filter(({ state }) => state === 'started');
  return [...started, ...interrupts].some(
    ({ effective, vector }) => effective !== null && vector !== null && cpus.test(effective),
  );
}

export const deviceNodeWithoutCpus: Rule = {
  name: 'device-node-without-cpus',
  aliases: ['R062'],
  level: 'warning',
  summary:
    'All interrupts of a device go to a remote node: its own node has no CPU that is online and reachable.',
  explain: [
    "The kernel looks for a vector on the CPUs of the device's node first, then on those of the mask, then anywhere (assign_irq_vector_any_locked). If the node's CPUs are all offline or unreachable, every interrupt and the memory it touches crosses the interconnect.",
    'Check: numa_node of the device in /sys/bus/pci/devices, and the CPUs of /sys/devices/system/node/nodeN/cpulist that are online.',
    'Change: make CPUs of the node usable, or put the device on a node that has some.',
  ],
  messages: [],
  check(facts) {
    const { machine, run, apic } = facts;
    if (apic.fatal) return [];
    const remotes = new Map<string, ReturnType<typeof remoteNodes>>();
    const remoteFor = (device: DeviceRun) => {
      const known = remotes.get(device.domain) ?? remoteNodes(facts, domainOf(facts, device));
      remotes.set(device.domain, known);
      return known;
    };
    const found = machine.devices.flatMap(({ node }, index) => {
      const device = run.devices[index];
      const cpus = node === undefined ? undefined : remoteFor(device)(node);
      return cpus && device.vectorsGranted > 0 && !hasStartedOn(device, cpus) ? [{ node, cpus, device }] : [];
    });
    if (found.length === 0) return [];
    const [{ node, cpus }] = found;
    const devices = found.map(({ device }) => device);
    const none = cpus.isEmpty();
    const domain = domainOf(facts, devices[0]);
    const never = !none && cpus.isSubsetOf(domain.unreachable);
    const usable = none
      ? `no possible CPU is on node ${node}`
      : `no CPU of node ${node} (${shortenList(cpus.toString())}) is usable`;
    return [
      {
        message: `${count(devices.length, 'device')} (${deviceNames(devices)}) interrupt${devices.length === 1 ? 's' : ''} remote CPUs only: ${usable}`,
        cause: [
          never
            ? `all CPUs of node ${node} are unreachable (APIC IDs above ${Math.min(apic.limit, domain.maxApicId)})`
            : none
              ? 'the kernel takes CPUs of other nodes where the node of a device has none'
              : `no CPU of node ${node} is online and reachable`,
        ],
        ...(never
          ? {}
          : {
              fix: [none ? 'put the device on a node that has CPUs' : `bring a CPU of node ${node} online`],
            }),
        cpus,
        devices,
        path: [...devices[0].path, 'node'],
      },
    ];
  },
};
