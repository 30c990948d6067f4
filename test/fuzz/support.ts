/** Archives of support tools: a sosreport's files, or a supportconfig's sections, some of them damaged or missing. */
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import { describe } from '../../src/questions/source.ts';
import { memoryTree } from '../formats/memory-tree.ts';
import { textsOf } from './grammar.ts';
import { COMMON } from './grammars/common.ts';
import { KERNEL_LOG } from './grammars/kernel-log.ts';
import { PROC_INTERRUPTS } from './grammars/proc-interrupts.ts';
import { mutated } from './mutate.ts';
import type { Random } from './random.ts';
import { accepts, reportOn } from './report.ts';
import type { Target } from './target.ts';

const log = textsOf(KERNEL_LOG);
const interrupts = textsOf(PROC_INTERRUPTS);
const lspci = textsOf({
  ...COMMON,
  start: ['<one><one*>'],
  one: [
    '<slot> <class>: Some device [<id>]\n<node?>\tCapabilities: [b0] <msi>\n\tKernel driver in use: <driver>\n\n',
  ],
  slot: ['00:02.0', '3b:00.0', '0000:3c:00.1', '10000:01:00.0'],
  class: ['Non-Volatile memory controller [0108]', 'Ethernet controller [0200]', 'SATA controller [0106]'],
  id: ['1af4:1041', '144d:a808', '8086:0001', '15b3:1017'],
  node: ['\tNUMA node: <bit>\n'],
  bit: ['0', '1'],
  msi: [
    'MSI-X: Enable+ Count=<queues> Masked-',
    'MSI-X: Enable- Count=<queues> Masked-',
    'MSI: Enable+ Count=1/<n> Maskable- 64bit+',
  ],
  driver: ['nvme', 'virtio-pci', 'mlx5_core', 'ahci', 'megaraid_sas', 'vmd'],
});
const release = textsOf({
  start: [
    '5.14.0-503.11.1.el9_5.x86_64',
    '6.8.12-4-pve',
    '6.1.0-13-amd64',
    '4.18.0-305.el8',
    '6.4.0-150600-default',
  ],
});

function cpuinfo(random: Random): string {
  const many = random.pick([1, 2, 4, 4, 8]);
  const shift = random.pick([1, 1, 2]);
  const entry = (n: number) =>
    `processor\t: ${n}\nvendor_id\t: ${random.oneIn(4) ? 'AuthenticAMD' : 'GenuineIntel'}\nphysical id\t: 0\ncore id\t\t: ${n}\napicid\t\t: ${n * shift}\ninitial apicid\t: ${n * shift}\n`;
  return `${Array.from({ length: many }, (_, n) => entry(n)).join('\n')}\n`;
}

type Files = Record<string, string>;

function sosreport(random: Random): Files {
  return {
    'proc/cpuinfo': cpuinfo(random),
    'proc/cmdline': random.pick(['quiet\n', 'quiet nr_cpus=2\n', 'intremap=off isolcpus=managed_irq,1\n']),
    uname: `Linux host ${release(random)} #1 SMP x86_64 GNU/Linux\n`,
    'sos_commands/kernel/dmesg': log(random),
    'sos_commands/pci/lspci_-nnvv': lspci(random),
    'proc/interrupts': interrupts(random),
    'sys/devices/system/cpu/possible': random.pick(['0-3\n', '0-7\n', '0\n']),
    'sys/devices/system/cpu/present': random.pick(['0-3\n', '0-1\n']),
    'sys/devices/system/cpu/online': random.pick(['0-3\n', '0-1\n', '0,2\n']),
  };
}

const section = (kind: string, of: string, text: string): string =>
  `#==[ ${kind} ]${'='.repeat(30)}#\n# ${of}\n\n${text}\n`;

const supportconfig = (random: Random): Files => ({
  'scc_h_1/boot.txt': `${section('Command', '/bin/lsmod', 'nvme 1 0')}\n${section('Command', '/bin/dmesg -T', log(random))}`,
  'scc_h_1/hardware.txt': `${section('Command', '/sbin/lspci -nnvv', lspci(random))}${section('File', '/proc/cpuinfo', cpuinfo(random))}`,
  'scc_h_1/proc.txt': section('Configuration File', '/proc/cmdline', 'quiet nr_cpus=2'),
});

/** A file a line, as JSON. */
function make(random: Random): string {
  const files = random.oneIn(4) ? supportconfig(random) : sosreport(random);
  const kept = Object.entries(files).filter(() => !random.oneIn(12));
  return kept
    .map(([path, text]) => JSON.stringify([path, random.oneIn(8) ? mutated(text, random) : text]))
    .join('\n');
}

function filesIn(input: string): Files {
  const lines = input.split('\n').filter((line) => /^\["[^"]*","(?:[^"\\]|\\.)*"\]$/.test(line));
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, string]));
}

export const SUPPORT_TARGETS: readonly Target[] = [
  {
    name: 'support archives',
    weight: 4,
    make,
    run: (input, random) =>
      accepts(async () => {
        const result = readMachineTree(memoryTree(filesIn(input)), 'sos');
        await reportOn(describe({ file: 'sos', format: 'machine', result }).machine, random);
      }, random),
  },
];
