/** Intents written into QEMU command lines, in scripts and on one line. */
import { describe, expect, test } from 'vitest';
import type { Intent, TopologyIntent } from '../../../src/formats/intent.ts';
import { changedLines, edit, machineIn } from './editing.ts';

const SCRIPT = `#!/bin/sh
# A build guest.
DISK=/srv/build.qcow2
exec qemu-system-x86_64 -M q35 -accel kvm \\
  -cpu host,-x2apic -smp 8,maxcpus=16 \\
  -kernel bzImage -append "console=ttyS0 root=$ROOT intremap=off" \\
  -drive file="$DISK",if=none,id=d0 \\
  -device virtio-blk-pci,drive=d0,id=blk0 \\
  -device '{"driver":"virtio-scsi-pci","id":"scsi0"}' \\
  -netdev tap,id=n0 -device virtio-net-pci,netdev=n0,id=net0 \\
  -device nvme,serial=1,id=fast # local
`;

const four: TopologyIntent = { sockets: 1, dies: 1, modules: 1, cores: 4, threads: 2, max: 8, present: 8 };
const queues = (device: number, name: string): Intent => ({
  kind: 'queues',
  device: ['devices', device],
  name,
  queues: 4,
});

const CASES: readonly (readonly [string, Intent, readonly string[]])[] = [
  [
    'ext-dest-id',
    { kind: 'ext-dest-id' },
    [
      '-exec qemu-system-x86_64 -M q35 -accel kvm \\',
      '+exec qemu-system-x86_64 -M q35,kernel-irqchip=split -accel kvm \\',
    ],
  ],
  [
    'no HPET',
    { kind: 'hpet', present: false },
    [
      '-exec qemu-system-x86_64 -M q35 -accel kvm \\',
      '+exec qemu-system-x86_64 -M q35,hpet=off -accel kvm \\',
    ],
  ],
  [
    'x2apic',
    { kind: 'x2apic', setting: 'supported' },
    ['-  -cpu host,-x2apic -smp 8,maxcpus=16 \\', '+  -cpu host,x2apic=on -smp 8,maxcpus=16 \\'],
  ],
  [
    'topology',
    { kind: 'topology', topology: four },
    [
      '-  -cpu host,-x2apic -smp 8,maxcpus=16 \\',
      '+  -cpu host,-x2apic -smp 8,maxcpus=8,sockets=1,cores=4,threads=2 \\',
    ],
  ],
  [
    'parameters',
    { kind: 'parameters', add: ['nr_cpus=8'], remove: ['intremap=off'] },
    [
      '-  -kernel bzImage -append "console=ttyS0 root=$ROOT intremap=off" \\',
      '+  -kernel bzImage -append "console=ttyS0 root=$ROOT nr_cpus=8" \\',
    ],
  ],
  [
    'queues of a block device',
    queues(0, 'blk0'),
    [
      '-  -device virtio-blk-pci,drive=d0,id=blk0 \\',
      '+  -device virtio-blk-pci,drive=d0,id=blk0,num-queues=4 \\',
    ],
  ],
  [
    'queues of a device in JSON',
    queues(1, 'scsi0'),
    [
      `-  -device '{"driver":"virtio-scsi-pci","id":"scsi0"}' \\`,
      `+  -device '{"driver":"virtio-scsi-pci","id":"scsi0","num_queues":4}' \\`,
    ],
  ],
  [
    'queues of a network card, with its host end',
    queues(2, 'net0'),
    [
      '-  -netdev tap,id=n0 -device virtio-net-pci,netdev=n0,id=net0 \\',
      '+  -netdev tap,id=n0,queues=4 -device virtio-net-pci,netdev=n0,id=net0,mq=on,vectors=10 \\',
    ],
  ],
  [
    'queues of an NVMe drive',
    queues(3, 'fast'),
    ['-  -device nvme,serial=1,id=fast # local', '+  -device nvme,serial=1,id=fast,max_ioqpairs=4 # local'],
  ],
  [
    'vectors',
    { kind: 'vectors', device: ['devices', 3], name: 'fast', vectors: 9 },
    ['-  -device nvme,serial=1,id=fast # local', '+  -device nvme,serial=1,id=fast,msix_qsize=9 # local'],
  ],
  ['kernel', { kind: 'kernel', release: '6.12' }, ['null']],
  ['kernel-config', { kind: 'kernel-config', key: 'irqRemap', value: false }, ['null']],
];

describe('qemu', () => {
  test.each(CASES)('%s', async (_, intent, changed) => {
    expect(changedLines(SCRIPT, await edit(SCRIPT, intent))).toEqual(changed);
  });

  test('an IOMMU comes first of the devices, with the split interrupt chip', async () => {
    const after = await edit(SCRIPT, { kind: 'remapping', vendor: 'intel' });
    expect(after).toBe(
      SCRIPT.replace('-M q35', '-M q35,kernel-irqchip=split').replace(
        '  -device virtio-blk-pci',
        '  -device intel-iommu,intremap=on,eim=on \\\n  -device virtio-blk-pci',
      ),
    );
    expect((await machineIn(after ?? '')).remapping.eim).toBe(true);
  });

  test('on one line, and where little is said', async () => {
    const line = 'kvm -M q35,kernel_irqchip=on -smp 4 -device amd-iommu,intremap=off -nographic';
    expect(await edit(line, { kind: 'remapping', vendor: 'amd' })).toBe(
      'kvm -M q35,kernel_irqchip=split -smp 4 -device amd-iommu,intremap=on,xtsup=on -nographic',
    );
    expect(await edit(line, { kind: 'remapping', vendor: 'intel' })).toBeNull();
    expect(await edit('qemu-kvm -cpu host', { kind: 'ext-dest-id' })).toBe(
      'qemu-kvm -machine kernel-irqchip=split -cpu host',
    );
    expect(await edit('qemu-kvm -cpu host', { kind: 'topology', topology: { ...four, present: 2 } })).toBe(
      'qemu-kvm -smp 2,maxcpus=8,sockets=1,cores=4,threads=2 -cpu host',
    );
    expect(await edit('qemu-kvm -M q35', { kind: 'remapping', vendor: 'intel' })).toBe(
      'qemu-kvm -M q35,kernel-irqchip=split -device intel-iommu,intremap=on,eim=on',
    );
  });

  test('an accelerator decides on the interrupt chip if it was asked', async () => {
    const line = 'qemu-system-x86_64 -M q35 -accel kvm,kernel-irqchip=on -smp 4';
    expect(await edit(line, { kind: 'ext-dest-id' })).toBe(line.replace('irqchip=on', 'irqchip=split'));
  });

  test('an old machine type, or one told not to, offers the extended destination ID when asked', async () => {
    const old = 'kvm -M pc-q35-5.1 -cpu host';
    expect(await edit(old, { kind: 'ext-dest-id' })).toBe(
      'kvm -M pc-q35-5.1,kernel-irqchip=split -cpu host,kvm-msi-ext-dest-id=on',
    );
    const off = 'kvm -M q35,kernel-irqchip=split -cpu host,-kvm-msi-ext-dest-id';
    expect(await edit(off, { kind: 'ext-dest-id' })).toBe(
      off.replace('-kvm-msi-ext-dest-id', 'kvm-msi-ext-dest-id=on'),
    );
  });

  test('under TCG no interrupt chip is split, and there is no extended destination ID', async () => {
    const line = 'qemu-system-x86_64 -M q35 -smp 4';
    expect(await edit(line, { kind: 'ext-dest-id' })).toBeNull();
    expect(await edit(line, { kind: 'remapping', vendor: 'intel' })).toBe(
      `${line} -device intel-iommu,intremap=on,eim=on`,
    );
  });

  test('a parameter of one word gets quotes', async () => {
    const line = 'kvm -kernel bzImage -append quiet -smp 4';
    const add: Intent = { kind: 'parameters', add: ['nr_cpus=2'], remove: [] };
    expect(await edit(line, add)).toBe(line.replace('quiet', "'quiet nr_cpus=2'"));
    expect(await edit(line.replace('quiet', '$ARGS'), add)).toBeNull();
    expect(await edit(line.replace('-kernel bzImage ', ''), add)).toBeNull();
    expect(await edit('kvm -kernel bzImage', add)).toBeNull();
  });

  test('ACPI tables, and a KVM that shows itself', async () => {
    expect(await edit('kvm -M q35,acpi=off -smp 2', { kind: 'acpi' })).toBe('kvm -M q35,acpi=on -smp 2');
    expect(await edit('kvm -cpu host,kvm=off -smp 2', { kind: 'kvm-signature' })).toBe(
      'kvm -cpu host,kvm=on -smp 2',
    );
  });

  test('the right one of several commands', async () => {
    const text = 'kvm -M q35 -smp 2\nkvm -M q35 -smp 4\n';
    expect(await edit(text, { kind: 'ext-dest-id' }, { index: 1 })).toBe(
      'kvm -M q35 -smp 2\nkvm -M q35,kernel-irqchip=split -smp 4\n',
    );
  });

  test('null for host ends that cannot have queues, for i440fx, logs, processes and -readconfig files', async () => {
    const net = 'kvm -netdev user,id=n -device virtio-net-pci,netdev=n,id=net0';
    expect(await edit(net, { ...queues(0, 'net0') })).toBeNull();
    expect(await edit(net.replace('user,id=n', 'tap,id=n,fds=3:4'), queues(0, 'net0'))).toBeNull();
    expect(await edit('kvm -M pc', { kind: 'remapping', vendor: 'intel' })).toBeNull();
    const log = '2024-05-01 10:00:00.000+0000: starting up libvirt version: 10.0.0\n/usr/bin/kvm -M q35\n';
    expect(await edit(log, { kind: 'ext-dest-id' })).toBeNull();
    expect(await edit('kvm\0-M\0q35\0', { kind: 'ext-dest-id' })).toBeNull();
    const ini = '[machine]\n  type = "q35"\n  accel = "kvm"\n';
    expect(await edit(ini, { kind: 'ext-dest-id' })).toBeNull();
  });

  test('a topology beyond the machine type is null', async () => {
    const big: TopologyIntent = { ...four, cores: 150, max: 300, present: 300 };
    expect(await edit('kvm -M pc -smp 4', { kind: 'topology', topology: big })).toBeNull();
    expect(await edit('kvm -M q35 -smp 4', { kind: 'topology', topology: { ...four, max: 7 } })).toBeNull();
  });
});
