/** Lines that irqsim reads values from, with what each tells in words. */
import { parseCmdline } from '../../machine/cmdline.ts';

interface ToldLine {
  readonly pattern: RegExp;
  readonly means: (groups: readonly string[]) => string;
}

const plain = (text: string) => () => text;

/** Parameters of a command line that decide something here. */
function parametersText(cmdline: string): string {
  const { notModelled } = parseCmdline(cmdline);
  const others = new Set(notModelled.map((text) => text.split(' ')[0]));
  const read = cmdline.split(/\s+/).filter((word) => word !== '' && !others.has(word));
  return read.length === 0
    ? 'kernel parameters: none that decides about CPUs and interrupts'
    : `kernel parameters that decide about CPUs and interrupts: ${read.join(' ')}`;
}

const LINES: readonly ToldLine[] = [
  { pattern: /^Linux version (\S+)/, means: ([release]) => `Linux ${release} boots` },
  { pattern: /^(?:Kernel c|C)ommand line: (.*)/, means: ([text]) => parametersText(text) },
  {
    pattern: /^Hypervisor detected: (.+)|^Booting paravirtualized kernel on (.+)/,
    means: ([detected, booted]) => `the kernel runs on ${detected ?? booted}`,
  },
  {
    pattern: /^\.\.\.\. node +#(\d+), CPUs:/,
    means: ([node]) => `CPUs of NUMA node ${node} are started; the numbers are kernel CPU numbers`,
  },
  {
    pattern: /^AMD-Vi: Interrupt remapping enabled/,
    means: plain('the IOMMU remaps interrupts; without "X2APIC enabled" besides, destinations have 8 bits'),
  },
  {
    pattern: /^AMD-Vi: X2APIC enabled/,
    means: plain('remapped interrupts carry 32-bit APIC IDs: every CPU can be reached'),
  },
  {
    pattern: /^hpet0: (\d+) comparators/,
    means: ([count]) => `the HPET has ${count} channels; the first two replace older timers`,
  },
  {
    pattern: /^nvme (nvme\d+): pci function (\S+)/,
    means: ([name, address]) => `${name} is the PCI device ${address}; its queues follow`,
  },
  {
    pattern:
      /^(?:igb|igc|ixgbe|vmxnet3) (\S+): .*?(\d+) rx queue|^vmxnet3 (\S+): # of Tx queues : (\d+)|^ixgbe (\S+): Multiqueue Enabled: Rx Queue count = (\d+)/i,
    means: (groups) => {
      const [name, queues] = groups.filter((group) => group !== undefined);
      return `${name} has ${queues} pairs of queues, with a vector each`;
    },
  },
  {
    pattern: /MSI-X vectors supported: (\d+)|firmware supports msix\s*: \((\d+)\)/i,
    means: ([a, b]) => `the adapter offers ${a ?? b} vectors`,
  },
  {
    pattern: /CPU (\d+) is now offline/,
    means: ([cpu]) => `CPU ${cpu} was taken offline; interrupts that only it served wait for it`,
  },
  {
    pattern: /Booting Node +(\d+),? Processor +(\d+) APIC 0x([0-9a-f]+)/,
    means: ([node, cpu, id]) => `CPU ${cpu} of node ${node} comes up after the boot; its APIC ID is 0x${id}`,
  },
];

/** What a line tells, in words; undefined if irqsim reads nothing from it. */
export function toldBy(text: string): string | undefined {
  for (const { pattern, means } of LINES) {
    const match = pattern.exec(text);
    if (match) return means(match.slice(1));
  }
  return undefined;
}
