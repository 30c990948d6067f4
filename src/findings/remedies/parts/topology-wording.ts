/** A topology in the words of each product. */

import type { TopologyIntent } from '../../../formats/intent.ts';
import { count } from '../../rules/rule.ts';
import type { Wording } from '../remedy.ts';

/** What to write for these counts. */
export function topologyWording(topology: TopologyIntent): Wording {
  const { sockets, dies, modules, cores, threads, max, present } = topology;
  const qemuDies = dies > 1 ? `,dies=${dies}` : '';
  const qemuModules = modules > 1 ? `,modules=${modules}` : '';
  const plugged = Math.ceil(present / (dies * modules * cores * threads));
  const maxcpus = present === max ? '' : `,maxcpus=${max}`;
  const current = present === max ? '' : ` current='${present}'`;
  const maxSockets =
    plugged === sockets ? `maxSockets: ${sockets}` : `maxSockets: ${sockets}, sockets: ${plugged}`;
  return {
    QEMU: [
      `-smp ${present}${maxcpus},sockets=${sockets}${qemuDies}${qemuModules},cores=${cores},threads=${threads}`,
    ],
    libvirt: [
      `<vcpu${current}>${max}</vcpu>`,
      `<cpu><topology sockets='${sockets}' dies='${dies}' cores='${cores}' threads='${threads}'/></cpu>`,
    ],
    KubeVirt: [
      `domain.cpu: { ${plugged === sockets ? `sockets: ${sockets}, ` : ''}${maxSockets}, cores: ${cores}, threads: ${threads} }`,
    ],
    'Proxmox VE': [
      `sockets: ${sockets}`,
      `cores: ${cores * threads * dies * modules}`,
      ...(present === max ? [] : [`vcpus: ${present}`]),
    ],
    'Cloud Hypervisor': [
      `--cpus boot=${present},max=${max},topology=${threads}:${cores * modules}:${dies}:${sockets}`,
    ],
    bhyve: [`-c cpus=${max},sockets=${sockets},cores=${cores * dies * modules},threads=${threads}`],
    hypervisor: [
      `${count(sockets, 'socket')} of ${count(cores * dies * modules, 'core')} with ${count(threads, 'thread')} each`,
    ],
  };
}
