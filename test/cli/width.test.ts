/**
 * The text of every command fits the terminal, however narrow. A word that is longer than the room it has keeps its line (a
 * path, a name), and so do lines to paste: commands, options, configurations, messages.
 */
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { DOCUMENT_FORMATS } from '../../src/report/document/formats.ts';
import { definitions } from './definitions.ts';
import { fakeRoot } from './fake-root.ts';
import { keepingIo, scratchFile } from './irqsim.ts';

const LONG = scratchFile(
  'm.yaml',
  `name: a-very-long-name-of-a-machine-that-nobody-would-type-twice-in-a-day
cpus: [{ apicId: "0-11" }, { apicId: "300-309" }]
platform: kvm
kernel: "6.12"
cmdline: isolcpus=managed_irq,1-3 irqaffinity=0-2 nr_cpus=22
devices:
  - { name: the-nvme-drive-in-slot-seven-of-the-upper-backplane, driver: nvme, queues: 16 }
  - { name: a device with blanks in its name that goes on, driver: virtio-net, queues: 8 }
  - { name: d, driver: megaraid_sas, count: 3 }
events: [{ offline: "3-5,7,9" }, { online: "3-5" }, { offline: 4 }]
suppress: [{ rule: apic-id-above-limit, reason: a reason as long as people write them when they have the time to do that }]
`,
);
const SMALL = 'scenarios/four-cpus-four-queues.yaml';
const LOG = scratchFile(
  'k.log',
  `[    0.000000] Linux version 6.12.41 (x@y) (gcc)
[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 nr_cpus=8 isolcpus=managed_irq,1-3
[    0.1] x2apic: enabled by BIOS, switching to x2apic ops
[    0.2] smpboot: Allowing 8 CPUs, 4 hotplug CPUs
`,
);
const DEVICE = 'the-nvme-drive-in-slot-seven-of-the-upper-backplane';

const CALLS: readonly (readonly string[])[] = [
  ['analyze', '-v', LONG],
  ['analyze', '--audit', SMALL],
  ['analyze', '--kernel', '5.4,6.1,7.0', LONG],
  ['analyze', '--policy', 'all', SMALL],
  ['analyze', '--statistics', LONG, SMALL, 'no-such-file.yaml'],
  ['analyze', LONG, SMALL],
  ['replay', '-v', LONG],
  ['irqs', LONG],
  ['budget', '-v', '--fit', '9', SMALL],
  ['prove', '-v', '--budget', '50', '--property', 'no-queue-stops,suspend-works', LONG],
  ['whatif', '-v', '--kernel', '5.4', '--set', 'remapping=on', LONG],
  ['diff', LONG, SMALL],
  ['sweep', '--vary', 'remapping=on,off', '--vary', 'kernel=5.10,6.12,7.0', SMALL],
  ['sweep', '--vary', 'remapping=on,off', '--show', 'reach.unreachable', LONG],
  ['advise', '--budget', '10', LONG],
  ['advise', '--budget', '10', SMALL],
  ['why', LONG, 'cpu', '13'],
  ['why', LONG, 'queue', `${DEVICE}:3`],
  ['why', LONG, 'device', 'a device with blanks in its name that goes on'],
  ['solve', '--maximise', 'kernelConfig.nrCpus=1..4', SMALL],
  ['verify', '-v', fakeRoot()],
  ['explain', 'apic-id-above-limit'],
  ['explain', '--list'],
  ['dmesg', '-v', LOG],
  ['rules'],
  ['kernels'],
  ['policies'],
];
/** They take their width from the terminal alone, however wide it is. */
const NO_WIDTH: readonly string[] = ['verify', 'explain', 'rules', 'kernels', 'policies'];

/** What is to be pasted, and what products and kernels print. */
const PASTED =
  /^(?:(?:whatif|QEMU|libvirt|KubeVirt|kernel parameters|description|Cloud Hypervisor)? *)(?:--|-machine|-smp|-device|<|irqsim |KubeVirt \d|domain\.|\w+=\S+ in place of )|CPU N has invalid/;

/** True for a line that could have been broken: two words, neither of them longer than what the margin leaves. */
function overflows(line: string, width: number): boolean {
  if (line.length <= width || PASTED.test(line.trim())) return false;
  const words = line.trim().split(/\s+/);
  const margin = line.search(/\S/);
  return words.length > 1 && words.every((word) => margin + word.length <= width);
}

test.each([40, 60, 80, 120, 200])('everything fits in %i columns', async (width) => {
  for (const words of CALLS) {
    const { io, said } = keepingIo({});
    const more = NO_WIDTH.includes(words[0]) ? [] : ['--no-config', '--width', String(width)];
    await run([...words, ...more], { ...io, columns: width });
    expect(said.out, `${words.join(' ')}: ${said.err}`).not.toBe('');
    const lines = said.out.split('\n').filter((line) => overflows(line, width));
    expect(lines, words.join(' ')).toEqual([]);
  }
});

test('every command with a text is among them', () => {
  const asked = new Set(CALLS.map(([name]) => name));
  const texts = definitions().commands.filter(({ options }) =>
    options.some(({ long, choices }) => long === '--format' && choices.includes(DOCUMENT_FORMATS[0])),
  );
  // It joins the outputs of batches, and its summary is that of --statistics.
  expect(texts.map(({ name }) => name).filter((name) => !asked.has(name))).toEqual(['merge']);
});
