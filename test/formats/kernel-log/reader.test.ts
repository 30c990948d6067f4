/** Kernel logs as people have them: every way of writing them down tells the same machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Analysis, analyze } from '../../../src/findings/analyze.ts';
import { isKernelLog } from '../../../src/formats/kernel-log/reader.ts';
import { machineOf, readSources } from '../../../src/questions/source.ts';
import { ROOT } from '../../built.ts';

async function read(text: string, file = 'input.txt'): Promise<{ format: string; analysis: Analysis }> {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file });
  return { format: source.format, analysis: analyze(machineOf(source)) };
}

const unread = ({ machine }: Analysis) => machine.notUnderstood.map(({ part }) => part);

const MESSAGES = [
  'Linux version 6.12.43 (build@example) (gcc 14.2.0) #1 SMP PREEMPT_DYNAMIC',
  'Command line: root=/dev/vda1 ro nvme.io_timeout=255',
  'Hypervisor detected: KVM',
  'CPU topo: Max. threads per core:   1',
  'CPU topo: Allowing 4 present CPUs plus 2 hotplug CPUs',
  'setup_percpu: NR_CPUS:512 nr_cpumask_bits:6 nr_cpu_ids:6 nr_node_ids:1',
  'x2apic enabled',
  'APIC: Switched APIC routing to: physical x2apic',
  '..TIMER: vector=0x30 apic1=0 pin1=2 apic2=-1 pin2=-1',
  '.... node  #0, CPUs:      #1 #2 #3',
  'smp: Brought up 1 node, 4 CPUs',
  'virtio_blk virtio0: 3/0/1 default/read/poll queues',
  'nvme nvme0: pci function 0000:00:05.0',
  'nvme nvme0: 2/3/0 default/read/poll queues',
];

const each = (prefix: (index: number) => string) =>
  `${MESSAGES.map((text, index) => `${prefix(index)}${text}`).join('\n')}\n`;
const seconds = (index: number) => (index * 0.1).toFixed(6);
const json = (message: unknown) =>
  JSON.stringify({ _TRANSPORT: 'kernel', PRIORITY: '6', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: message });

const FORMS: readonly (readonly [name: string, text: string])[] = [
  ['dmesg', each((index) => `[${seconds(index).padStart(12)}] `)],
  ['dmesg -r', each((index) => `<6>[${seconds(index).padStart(12)}] `)],
  ['dmesg -x', each((index) => `kern  :info  : [${seconds(index).padStart(12)}] `)],
  ['dmesg -T', each(() => '[Sun Nov 29 08:00:01 2026] ')],
  ['dmesg -e', each(() => '[Nov29 08:00] ')],
  ['dmesg --time-format=iso', each(() => '2026-11-29T08:00:01,123456+01:00 ')],
  ['with the task that printed', each((index) => `[${seconds(index).padStart(12)}][    T0] `)],
  ['journalctl', each(() => 'Nov 29 08:00:01 host-1 kernel: ')],
  ['journalctl -o short-iso', each(() => '2026-11-29T08:00:01+0100 host.example.org kernel: ')],
  ['journalctl -o short-full', each(() => 'Sun 2026-11-29 08:00:01 CET host kernel: ')],
  ['journalctl -o short-unix', each(() => '1764403201.123456 host kernel: ')],
  ['journalctl -o short-monotonic', each((index) => `[${seconds(index).padStart(12)}] host kernel: `)],
  ['journalctl -o json', MESSAGES.map(json).join('\n')],
  ['a message of bytes', MESSAGES.map((text) => json([...new TextEncoder().encode(text)])).join('\n')],
  ['journalctl -o json-seq', MESSAGES.map((text) => `\u001e${json(text)}`).join('\n')],
  [
    'journalctl -o json-pretty',
    MESSAGES.map((text) => JSON.stringify(JSON.parse(json(text)), null, '\t')).join('\n'),
  ],
  [
    'dmesg --json',
    JSON.stringify({ dmesg: MESSAGES.map((msg, index) => ({ pri: 6, time: index, msg })) }, null, 3),
  ],
  ['/var/log/syslog', each((index) => `Nov 29 08:00:01 host kernel: [${seconds(index).padStart(12)}] `)],
  [
    'a serial console',
    each((index) => `\u001b[0m[${seconds(index).padStart(12)}] `).replaceAll('\n', '\r\n'),
  ],
  ['a mail', each((index) => `> > [${seconds(index).padStart(12)}] `)],
  ['a build log', each((index) => `2026-11-29T08:00:01.1234567Z [${seconds(index).padStart(12)}] `)],
  ['grep -n', each((index) => `boot.log:${index + 1}:[${seconds(index).padStart(12)}] `)],
  [
    'Markdown',
    `What now?\n\n\`\`\`\n${each((index) => `[${seconds(index).padStart(12)}] `)}\`\`\`\n\n- cpus: 99\n`,
  ],
  ['indented', each((index) => `    [${seconds(index).padStart(12)}] `)],
  ['a serial console with dates', each((index) => `[2026-11-29 08:00:01] [${seconds(index).padStart(12)}] `)],
  ['ts', each((index) => `Nov 29 08:00:01 [${seconds(index).padStart(12)}] `)],
  ['a console server', each((index) => `node-12: [${seconds(index).padStart(12)}] `)],
  [
    'jq -s of a journal',
    JSON.stringify(
      MESSAGES.map((text) => JSON.parse(json(text))),
      null,
      1,
    ),
  ],
  ['the bare messages', each(() => '')],
];

describe.each(FORMS)('%s', (_, text) => {
  test('tells the machine', async () => {
    const { format, analysis } = await read(text);
    expect(format).toBe('kernel-log');
    const { machine, enumeration, apic, run } = analysis;
    expect(machine.kernel.text).toBe('6.12.43');
    expect(machine.platform).toBe('kvm');
    expect(machine.kernelConfig.nrCpus).toBe(512);
    expect(enumeration.possible.toString()).toBe('0-5');
    expect(run.online.toString()).toBe('0-3');
    expect(apic.mode).toBe('x2apic-physical');
    expect(run.devices.map(({ name, queues }) => [name, queues.length])).toEqual([
      ['virtio0', 3],
      ['nvme0', 5],
    ]);
    expect(machine.cmdline.nvmeWriteQueues).toBe(2);
    expect(machine.cmdline.virtioBlkPollQueues).toBe(1);
    expect(analysis.summary.verdict).toBe('warn');
  });
});

describe('what a log does not tell is named', () => {
  test('APIC IDs, the extended destination ID, devices', async () => {
    const { analysis } = await read(each(() => '[    0.000000] '));
    expect(unread(analysis)).toEqual([
      'the APIC IDs of all 4 CPUs, which the log does not hold (free ones are taken)',
      'whether the hypervisor offers the extended destination ID, which no kernel logs (it is taken not to)',
      'devices whose drivers log no queues, and how many queues the others offer at most',
    ]);
    expect(analysis.domains[0].reachable.toString()).toBe('0-3');
    expect(analysis.domains[0].unknown.toString()).toBe('4-5');
  });

  test('a log that does not begin with the boot', async () => {
    const text = each(() => '[    9.000000] ')
      .split('\n')
      .slice(9)
      .join('\n');
    const { analysis } = await read(text);
    expect(unread(analysis)).toContain(
      'the kernel release, which the log does not hold (the newest is taken)',
    );
    expect(unread(analysis)).toContain('whether interrupts are remapped, which the log does not hold');
    expect(unread(analysis)).toContain(
      'the kernel command line, which the log does not hold (an empty one is taken)',
    );
  });

  test('a kernel that is not modelled', async () => {
    const text = each(() => '[    0.000000] ').replace('6.12.43', '3.10.0-1160.el7.x86_64');
    const { analysis } = await read(text);
    expect(unread(analysis)[0]).toMatch(
      /^the kernel release 3\.10\.0-1160\.el7\.x86_64, which is not modelled/,
    );
  });

  test('a log without CPUs', async () => {
    await expect(read('[    0.000000] Linux version 6.12.1\n[    0.1] x2apic enabled\n')).rejects.toThrow(
      /^input\.txt:1:1: this is a kernel log that does not tell how many CPUs[^\n]*journalctl -k -b/,
    );
  });

  test('drivers that do not log their vectors', async () => {
    const { analysis } = await read(
      `${each(() => '[    0.000000] ')}[    5.0] mlx5_core 0000:41:00.0: firmware version: 22.39\n[    5.1] virtio_net virtio7 enp1s0: renamed from eth0\n`,
    );
    expect(unread(analysis).at(-1)).toBe(
      'how many queues or vectors these devices have: virtio7 (virtio-net), 0000:41:00.0 (mlx5_core); and devices that the log does not name',
    );
  });
});

describe('what is read', () => {
  test('of several boots the last', async () => {
    const first = each(() => '[    0.000000] ').replace('Allowing 4 present', 'Allowing 9 present');
    const { analysis } = await read(first + each(() => '[    0.000000] '));
    expect(analysis.run.present.toString()).toBe('0-3');
    expect(analysis.machine.imported?.assumptions[0].text).toContain('the log holds 2 boots');
  });

  test('CPUs that were taken offline later', async () => {
    const { analysis } = await read(
      `${each(() => '[    0.000000] ')}[  900.1] smpboot: CPU 2 is now offline\n[  901.1] smpboot: CPU 3 is now offline\n[  902.1] smpboot: Booting Node 0 Processor 3 APIC 0x3\n`,
    );
    expect(analysis.run.online.toString()).toBe('0-1,3');
  });

  test('a MADT that the kernel prints', async () => {
    const madt = [0, 2, 256, 300].map(
      (id) =>
        `[    0.0] ACPI: X2APIC (apic_id[0x${id.toString(16)}] uid[0x00] ${id === 300 ? 'disabled' : 'enabled'})\n`,
    );
    const text = each(() => '[    0.000000] ')
      .replace('Allowing 4 present CPUs plus 2', 'Allowing 3 present CPUs plus 1')
      .replace('x2apic enabled', 'x2apic: enabled by BIOS, switching to x2apic ops')
      .replace('#1 #2 #3', '#1')
      .replace('1 node, 4', '1 node, 2');
    const { analysis } = await read(text.replace(/(?=\[[^\]]*\] CPU topo: Max)/, madt.join('')));
    expect(analysis.enumeration.cpus.map(({ apicId }) => apicId)).toEqual([0, 2, 256, 300]);
    expect(analysis.domains[0].unreachable.toString()).toBe('2-3');
  });

  test('remapping of AMD with and without XT', async () => {
    const log = each(() => '[    0.000000] ').replace('Hypervisor detected: KVM', 'Faking a node');
    const amd = log.replace('x2apic enabled', 'AMD-Vi: Interrupt remapping enabled');
    expect((await read(amd)).analysis.apic.remapping).toBe('xapic');
    const xt = amd.replace(
      /(\[[^\]]*\] )\.\.TIMER/,
      '$1AMD-Vi: X2APIC enabled\n[    0.1] x2apic enabled\n$1..TIMER',
    );
    expect((await read(xt)).analysis.apic.remapping).toBe('x2apic');
  });

  test('no part of a command line that starts a guest, nor of a script', async () => {
    const log = each(() => '[    0.000000] ');
    expect((await read(`$ qemu-system-x86_64 -M q35 -smp 4\n${log}`)).format).toBe('qemu');
    expect((await read('# Linux version 6.1 runs in it\nqemu-system-x86_64 -smp 4\n', 'a.sh')).format).toBe(
      'qemu',
    );
    expect(
      (await read('# Linux version 6.1\nkernel: "6.1"\ntopology: { cores: 4 }\n', 'a.yaml')).format,
    ).toBe('native');
  });

  test('no key of a description, whatever YAML value it has, right or wrong', () => {
    for (const value of [
      '[',
      '[5.10, 6.1]',
      '{',
      '{ release: "6.1" }',
      '&k "6.1"',
      '*k',
      '>-',
      '"6.1" # LTS',
    ])
      expect([value, isKernelLog(`kernel: ${value}\ntopology: { cores: 4 }\n`)]).toEqual([value, false]);
    for (const message of [
      '[Hardware Error]: CPU 1',
      '{1}[Hardware Error]: event severity: info',
      'x2apic enabled',
    ])
      expect([message, isKernelLog(`kernel: ${message}\n`)]).toEqual([message, true]);
  });
});

describe('the logs of scenarios', () => {
  const scenario = (name: string) => read(readFileSync(join(ROOT, 'scenarios/imported', name), 'utf8'), name);

  test('a server of 256 threads without remapping lacks one', async () => {
    const { analysis } = await scenario('server-255-of-256.dmesg');
    expect(analysis.apic.mode).toBe('xapic-physical');
    expect(analysis.domains[0].unreachable.toString()).toBe('255');
    expect(analysis.run.online.toString()).toBe('0-254');
    expect(analysis.findings.map(({ rule }) => rule)).toContain('bare-metal-apic-limit');
    expect(analysis.summary.verdict).toBe('fail');
  });

  test("a guest's journal in JSON", async () => {
    const { analysis } = await scenario('guest.journal');
    expect(analysis.enumeration.possible.toString()).toBe('0-15');
    expect(analysis.run.devices.map(({ name, queues }) => [name, queues.length])).toEqual([
      ['virtio1', 12],
      ['nvme0', 15],
    ]);
    expect(analysis.summary.verdict).toBe('warn');
  });

  test('a mail with broken lines, in Markdown', async () => {
    const { analysis } = await scenario('lost-cpu-mail.md');
    expect(analysis.machine.platform).toBe('vmware');
    expect(analysis.enumeration.cpus.map(({ apicId, node }) => [apicId, node])).toEqual([
      [0, 0],
      [2, 0],
      [4, 0],
      [128, 1],
      [130, 1],
      [256, 1],
    ]);
    expect(analysis.domains[0].unreachable.toString()).toBe('5');
    expect(analysis.machine.cmdline.isolation).toHaveLength(1);
  });
});
