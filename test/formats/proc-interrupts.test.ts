/** /proc/interrupts by itself. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeInterrupts, procInterrupts } from '../../src/formats/proc-interrupts/reader.ts';
import { irqsim } from '../cli/irqsim.ts';

const FILE = 'scenarios/imported/proc-interrupts.txt';
const TEXT = readFileSync(FILE, 'utf8');

const described = (text: string) => describeInterrupts(new TextEncoder().encode(text), 'file').raw.value;

test('devices have the queues and vectors that their lines show, and CPUs that are missing are offline', () => {
  expect(described(TEXT)).toMatchObject({
    remapping: 'on',
    cpus: [
      { apicId: 0, guessed: true },
      { apicId: 1, guessed: true },
      { apicId: 2, guessed: true, state: 'offline' },
      { apicId: 3, guessed: true },
    ],
    devices: [
      { name: 'nvme0', driver: 'nvme', vectors: 5, queues: 4 },
      { name: 'virtio1', driver: 'virtio-net', vectors: 5, queues: 2 },
      { name: '0000:03:00.0', driver: 'generic', vectors: 3 },
      { name: 'virtio0', driver: 'virtio-blk', vectors: 2, queues: 1 },
    ],
  });
});

test('addresses are in hardware numbers of kernels whose chips do not name them', () => {
  const text =
    ' CPU0 CPU1\n 24: 1 0 PCI-MSI 524288-edge nvme0q0\n 25: 1 0 PCI-MSI 524289-edge nvme0q1\n 26: 1 0 PCI-MSI 526336-edge ahci\n';
  expect(described(text)).toMatchObject({
    devices: [
      { name: 'nvme0', vectors: 2, queues: 1 },
      { name: '0000:01:00.1', driver: 'generic', vectors: 1 },
    ],
  });
});

test('a device outside the IOMMU, and Hyper-V', () => {
  const mixed = ' CPU0\n 24: 1 IR-PCI-MSIX-0000:00:01.0 0-edge a\n 25: 1 PCI-MSIX-0000:20:00.0 0-edge b\n';
  expect(described(mixed)).toMatchObject({ devices: [{}, { remapped: false }] });
  const hyperv = ' CPU0\n 4: 0 HYPERV-IR 4-edge ttyS0\n 24: 1 Hyper-V PCIe MSI 0-edge mlx5\n';
  expect(described(hyperv)).toMatchObject({ platform: 'hyperv' });
});

test('what it does not hold is named: no PASS, and a budget all the same', async () => {
  const report = JSON.parse((await irqsim(['analyze', '--format', 'json', FILE])).out);
  expect(report.summary.verdict).not.toBe('pass');
  const parts = report.findings.map(({ message }: { message: string }) => message).join();
  for (const open of ['APIC IDs', 'runs on', 'kernel release']) expect(parts).toContain(open);
  const { out, code } = await irqsim(['budget', '--format', 'json', '--fail-on', 'never', FILE]);
  expect(code).toBe(0);
  expect(JSON.parse(out).devices.map(({ granted }: { granted: number }) => granted)).toEqual([5, 5, 3, 2]);
});

test('a head that makes no sense is an error in its line; other texts are not taken for it', () => {
  expect(() => described('\n CPU3 CPU1\n 1: 0 0 x\n')).toThrow(/file:2:.*ascending order/);
  const taken = (text: string) => procInterrupts.recognises(new TextEncoder().encode(text), 'file');
  expect(taken(TEXT)).toBe(true);
  expect(taken('CPU0 is busy\n 1: 0 x\n')).toBe(false);
  expect(taken('devices:\n  CPU0\n')).toBe(false);
});

const notUnderstood = (text: string) =>
  (described(text) as { notUnderstood: readonly { part: string }[] }).notUnderstood
    .map(({ part }) => part)
    .join('\n');

test('of Windows line ends nothing is lost', () => {
  const { devices } = described(TEXT.replaceAll('\n', '\r\n')) as { devices: readonly unknown[] };
  expect(devices).toHaveLength(4);
});

test('lines that were cut off, and messages without an address, are named', () => {
  const whole = ' CPU0 CPU1\n 24: 1 0 PCI-MSI 524288-edge nvme0q0\n';
  expect(notUnderstood(whole)).not.toMatch(/cut off|address/);
  expect(notUnderstood(`${whole} 25: 1`)).toMatch(/^an interrupt whose line .* 2 CPUs .* cut off/m);
  expect(notUnderstood(`${whole} 25: 1 PCI-MSI 524289-edge x\n 26:\n`)).toMatch(/^2 interrupts whose line/m);
  expect(notUnderstood(`${whole} 25: 1 0 IR-PCI-MSIX-0000:02:0`)).toMatch(/^an interrupt of .* PCI address/m);
});

test('CPU 0 is not taken to be offline where the head does not show it', () => {
  const text = ' CPU2\n 24: 1 PCI-MSI 524288-edge nvme0q0\n';
  expect(described(text)).toMatchObject({ cpus: [{ apicId: 0 }, { state: 'offline' }, { apicId: 2 }] });
  expect((described(text) as { cpus: readonly object[] }).cpus[0]).not.toHaveProperty('state');
  expect(notUnderstood(text)).toMatch(/head without CPU 0/);
});

describe('as people hand it on', () => {
  const quoted = (text: string, by: string) =>
    text
      .split('\n')
      .map((line) => `${by}${line}`)
      .join('\n');
  /** A mail program breaks lines at the last blank before its column. */
  const broken = (text: string, width = 60): string =>
    text
      .split('\n')
      .flatMap((line) => {
        const parts: string[] = [];
        let rest = line;
        for (let at = rest.lastIndexOf(' ', width); rest.length > width && at > 12; ) {
          parts.push(rest.slice(0, at));
          rest = rest.slice(at + 1).trimStart();
          at = rest.lastIndexOf(' ', width);
        }
        return [...parts, rest];
      })
      .join('\n');

  test.each([
    ['quoted in a mail', quoted(TEXT, '> > ')],
    ['broken and quoted', `On Monday somebody wrote:\n${quoted(broken(TEXT), '> ')}`],
    ['in Markdown, behind words', `It hangs.\n\n\`\`\`\n$ cat /proc/interrupts\n${TEXT}\`\`\`\nAny idea?\n`],
    ['twice', `${TEXT.replaceAll('nvme0', 'other')}\n\nA minute later:\n${TEXT}`],
  ])('%s', (_, text) => {
    expect(procInterrupts.recognises(new TextEncoder().encode(text), 'file')).toBe(true);
    const { devices, cpus } = described(TEXT) as Record<string, unknown>;
    expect(described(text)).toMatchObject({ devices, cpus });
    expect(notUnderstood(text)).toBe(notUnderstood(TEXT));
  });

  test('rows that were left out are named', () => {
    const rows = TEXT.split('\n');
    const text = [...rows.slice(0, 8), '  [...]', ...rows.slice(14)].join('\n');
    expect(notUnderstood(text)).toMatch(/^rows that were left out$/m);
  });

  test('a table in the text of another product is not taken for the machine', () => {
    const text = `qemu-system-x86_64 -smp 4\n${TEXT}`;
    expect(procInterrupts.recognises(new TextEncoder().encode(text), 'file')).toBe(false);
  });
});
