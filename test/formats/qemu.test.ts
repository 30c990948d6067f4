/** The QEMU reader: forms of a command line, places, and what is left to the user. */
import { describe, expect, test } from 'vitest';
import { qemu } from '../../src/formats/qemu/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import { importAll, importOne } from './qemu-import.ts';

const texts = (result: { assumptions: readonly { text: string }[] }) =>
  result.assumptions.map(({ text }) => text);

describe('forms', () => {
  test('a script with quotes, continued lines and two machines', async () => {
    const script = [
      '#!/bin/sh',
      "# start 'em",
      'sudo qemu-system-x86_64 --enable-kvm -M "q35" \\',
      "  -smp 2 -name 'guest=a,debug-threads=on' &",
      'HOME=/root /usr/bin/kvm -smp cpus=3 -append "console=ttyS0 nr_cpus=2"',
    ].join('\n');
    const machines = await importAll(qemu, script);
    expect(machines.map(({ machine }) => [machine.name, machine.platform, machine.cpus.length])).toEqual([
      ['a', 'kvm', 2],
      ['', 'kvm', 3],
    ]);
    expect(machines[1].machine.cmdline.nrCpus).toBe(2);
    expect(machines[0].raw.locate(['topology', 'max'])).toEqual({ file: 'input', line: 4, column: 8 });
  });

  test('words between NULs', async () => {
    const words = [
      '/usr/bin/qemu-system-x86_64',
      '-machine',
      'q35,accel=kvm',
      '-smp',
      '5',
      '-append',
      'a -smp 9',
      '',
    ];
    const { machine } = await importOne(qemu, words.join('\0'));
    expect(machine.cpus.length).toBe(5);
  });

  test('a libvirt log: the last start, with the versions that it names', async () => {
    const log = [
      '2025-01-02 03:04:05.678+0000: starting up libvirt version: 9.0.0, qemu version: 8.2.1, kernel: 6.1',
      'LC_ALL=C \\',
      '/usr/bin/qemu-system-x86_64 \\',
      '-smp 1',
      "can't say",
      '2025-01-03 03:04:05.678+0000: starting up libvirt version: 9.0.0, qemu version: 8.2.1, kernel: 6.1',
      'LC_ALL=C \\',
      '/usr/bin/qemu-system-x86_64 \\',
      '-machine q35,kernel_irqchip=split \\',
      '-accel kvm \\',
      `-device '{"driver":"virtio-blk-pci","num-queues":3,"id":"disk"}' \\`,
      '-msg timestamp=on',
      "char device redirected, it's there",
    ].join('\n');
    const result = await importOne(qemu, log);
    expect(texts(result)[0]).toBe('QEMU 8.2.1: q35 means pc-q35-8.2');
    expect(result.machine.extDestId).toBe(true);
    expect(result.machine.devices).toMatchObject([
      { name: 'disk', driver: 'virtio-blk', queues: 3, vectors: 4 },
    ]);
    expect(result.raw.locate(['devices', 0, 'queues'])).toEqual({ file: 'input', line: 11, column: 37 });
  });

  test('JSON that a shell took the quotes of', async () => {
    const { machine } = await importOne(qemu, 'kvm -device {driver:virtio-scsi-pci,id:s0,num_queues:7}');
    expect(machine.devices).toMatchObject([{ name: 's0', queues: 7, vectors: 10 }]);
  });

  test('a file for -readconfig', async () => {
    const text = [
      '# mine',
      '[machine]',
      '  type = "q35"',
      '  kernel-irqchip = "split"',
      '[accel]',
      '  accel = "kvm"',
      '[smp-opts]',
      '  cpus = "2"',
      '  maxcpus = "6"',
      '[global]',
      '  driver = "hpet"',
      '  property = "msi"',
      '  value = "on"',
      '[netdev "n"]',
      '  type = "tap"',
      '  queues = "2"',
      '[device "nic"]',
      '  driver = "virtio-net-pci"',
      '  netdev = "n"',
      '  mq = "on"',
    ].join('\n');
    expect(qemu.recognises(new TextEncoder().encode(text), 'x')).toBe(true);
    const { machine, raw } = await importOne(qemu, text);
    expect(machine.hpet).toEqual({ present: true, msi: true, channels: 3 });
    expect(machine.cpus.map(({ state }) => state).join()).toBe('online,online,absent,absent,absent,absent');
    expect(machine.devices).toMatchObject([{ name: 'nic', driver: 'virtio-net', queues: 2, vectors: 6 }]);
    expect(raw.locate(['topology', 'max'])).toEqual({ file: 'input', line: 9, column: 3 });
  });
});

test.each(['smp', 'cpu', 'append'])('QEMU has no section [%s]', async (section) => {
  await expect(importOne(qemu, `[machine]\ntype = "q35"\n[${section}]\ncpus = "64"\n`)).rejects.toThrow(
    `3:1: There is no option group '${section}'`,
  );
});

describe('meaning', () => {
  test('options merge, globals are defaults, drives and -nic make devices', async () => {
    const { machine } = await importOne(
      qemu,
      'kvm -smp 2 -smp maxcpus=4 -machine q35 -machine kernel-irqchip=split -global virtio-blk-device.num-queues=5 ' +
        '-drive file=a,,b,if=virtio -nic user,model=virtio-net-pci -device nvme,serial=1,id=n',
    );
    expect(machine.cpus.length).toBe(4);
    expect(machine.extDestId).toBe(true);
    expect(machine.devices.map(({ driver, queues, vectors }) => [driver, queues, vectors])).toEqual([
      ['virtio-blk', 5, 6],
      ['virtio-net', 1, 4],
      ['nvme', 64, 65],
    ]);
  });

  test('a hidden hypervisor offers no extended destination ID', async () => {
    const { machine } = await importOne(qemu, 'kvm -M q35,kernel-irqchip=split -cpu host,kvm=off,-kvmclock');
    expect(machine.platform).toBe('other');
    expect(machine.extDestId).toBe(false);
    expect(machine.timers.kvmclock).toBe(false);
  });

  test('devices of the host are left out aloud, and -readconfig files', async () => {
    const result = await importOne(qemu, 'kvm -readconfig x.cfg -device vfio-pci,host=1:0.0,id=gpu');
    expect(result.machine.devices).toEqual([]);
    expect(texts(result)).toContain(
      'QEMU 11.1: devices: unknown queues: gpu (vfio-pci) is a device of the host and left out',
    );
    expect(result.machine.notUnderstood).toMatchObject([{ part: '-readconfig "x.cfg"' }]);
  });

  // Measured on 7.2.
  test.each([
    ['-cpu host,-x2apic,+x2apic', 'off'],
    ['-cpu host,-x2apic,x2apic=on', 'off'],
    ['-cpu host,+x2apic,x2apic=off', 'on'],
    ['-cpu host,-x2apic,-hypervisor -cpu host', 'on'],
  ])('%s: x2APIC is %s', async (cpu, x2apic) => {
    const { machine, raw } = await importOne(qemu, `kvm -M q35 ${cpu}`);
    expect(JSON.stringify(raw.value).includes('unsupported')).toBe(x2apic === 'off');
    expect(machine.platform).toBe('kvm');
  });

  test.each([
    ['-M q35,accel=tcg -enable-kvm', 'kvm', false],
    ['-enable-kvm -M q35,accel=tcg', 'tcg', false],
    ['-M q35 -accel kvm -accel kvm,kernel-irqchip=split', 'kvm', false],
    ['-M q35 -accel kvm,kernel-irqchip=split -accel kvm', 'kvm', true],
    ['-M q35 -accel kvm,kernel-irqchip=on -M kernel-irqchip=split', 'kvm', false],
    ['-accel kvm,kernel-irqchip=split -M q35,kernel-irqchip=on', 'kvm', true],
  ])('%s: %s, split is %s', async (args, platform, split) => {
    const { machine } = await importOne(qemu, `qemu-system-x86_64 ${args}`);
    expect([machine.platform, machine.extDestId]).toEqual([platform, split]);
  });

  test('more vectors than a table holds are none, and said', async () => {
    const { machine, refusals } = await importOne(
      qemu,
      'kvm -M q35 -smp 4 -device virtio-scsi-pci,vectors=2049',
    );
    expect(machine.devices).toEqual([]);
    expect(refusals).toMatchObject([{ level: 'warning' }]);
    expect(refusals[0].message).toContain('unable to init msix vectors to 2049');
  });

  test.each(['-device virtio-net-pci,netdev=w,mq=on', '-accel kvm,xen-version=0x40011'])(
    'what decides and is not there is named: %s',
    async (args) => {
      const { machine } = await importOne(qemu, `qemu-system-x86_64 -M q35 ${args}`);
      expect(machine.notUnderstood).toHaveLength(1);
      expect(machine.notUnderstood[0].mayHold).not.toEqual([]);
    },
  );

  test('without ACPI there is a warning', async () => {
    const { refusals } = await importOne(qemu, 'kvm -M q35,acpi=off');
    expect(refusals).toMatchObject([{ by: 'irqsim', level: 'warning', location: { line: 1, column: 12 } }]);
  });

  test('three sockets on two nodes, one CPU plugged: CPUs are listed one by one', async () => {
    const { machine } = await importOne(
      qemu,
      'kvm -M q35 -cpu host -smp 1,maxcpus=6,sockets=3,cores=2 -numa node -numa node ' +
        '-device host-x86_64-cpu,socket-id=1,core-id=0,thread-id=0',
    );
    expect(machine.cpus.map(({ node, state }) => `${node}${state[0]}${state[1]}`)).toEqual([
      '0on',
      '0ab',
      '1on',
      '1ab',
      '0ab',
      '0ab',
    ]);
  });
});

describe('wording by version', () => {
  test.each([
    [
      '5.2',
      'current -smp configuration requires Extended Interrupt Mode enabled. You can add an IOMMU using: -device intel-iommu,intremap=on,eim=on',
    ],
    ['6.2', undefined],
    ['10.0', undefined],
  ])('QEMU %s with 288 CPUs', async (version, message) => {
    const { refusals } = await importOne(qemu, 'kvm -M q35 -smp 288', { qemu: version });
    expect(refusals.map((one) => one.message)).toEqual(message ? [message] : []);
  });

  test.each([
    ['pc-q35-2.7', 255],
    ['pc-q35-8.0', 288],
    ['pc-q35-8.1', 1024],
    ['pc-q35-9.0', 4096],
  ])('%s takes %d CPUs', async (type, limit) => {
    const fits = await importOne(qemu, `kvm -M ${type} -smp ${limit}`);
    expect(fits.refusals).toEqual([]);
    const { refusals } = await importOne(qemu, `kvm -M ${type} -smp ${limit + 1}`);
    expect(refusals[0].message).toBe(
      `Invalid SMP CPUs ${limit + 1}. The max CPUs supported by machine '${type}' is ${limit}`,
    );
  });
});

describe('errors', () => {
  test.each([
    ['kvm -smp many', '1:10: cpus="many": a whole number is expected'],
    ['kvm -smp 2 -M q35,hpet=maybe', '1:19: hpet="maybe": on or off is expected'],
    ['kvm -smp', '1:5: -smp: requires an argument'],
    ['kvm -device \'{"driver":1\'', '1:25: the text ends where "," or "}" should be'],
    ['kvm -smp 2 "', '1:12: the quote has no end'],
    ['kvm -M q35 -smp 40000', '1:17: 40,000 CPUs; the limit is 32,768 CPUs'],
    ['[machine]\nwhat', '2:1: expected [section], key = "value" or a comment'],
  ])('%s', async (text, message) => {
    const failure = await importOne(qemu, text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as InputError).format()).toBe(`input:${message}`);
  });

  test('a version that is none', async () => {
    await expect(importOne(qemu, 'kvm', { qemu: 'new' })).rejects.toThrow('"new" is no version');
  });
});
