/** What QEMU refuses, in its words, by version. */
import { describe, expect, test } from 'vitest';
import { libvirt } from '../../src/formats/libvirt/reader.ts';
import { qemu } from '../../src/formats/qemu/reader.ts';
import { importOne } from './qemu-import.ts';

const refusalsOf = async (args: string, version: string) => {
  const { refusals } = await importOne(qemu, `qemu-system-x86_64 ${args}`, { qemu: version });
  return refusals.filter(({ level }) => level === 'error').map(({ message }) => message);
};

test.each<[string, string, string]>([
  ['-smp 6,modules=3', '9.0', "Parameter 'smp.modules' is unexpected"],
  ['-smp 6,modules=1', '7.2', "Parameter 'smp.modules' is unexpected"],
  ['-smp 6,drawers=2', '11.1', "drawers > 1 not supported by this machine's CPU topology"],
  ['-smp 6,books=0', '10.0', 'Invalid CPU topology: CPU topology parameters must be greater than zero'],
  ['-smp 6,books=1', '7.2', "Parameter 'smp.books' is unexpected"],
  ['-smp 6,thread=2', '10.2', "Parameter 'smp.thread' is unexpected"],
  ['-M microvm -smp 8,modules=2,dies=2', '11.1', "modules > 1 not supported by this machine's CPU topology"],
  ['-M microvm,hpet=off', '11.1', "Property 'microvm-machine.hpet' not found"],
  ['-M pc-i440fx-4.1', '11.1', 'unsupported machine type: "pc-i440fx-4.1"'],
  ['-M pc-q35-10.1', '10.0', 'unsupported machine type: "pc-q35-10.1"'],
  ['-M quick35', '10.0', 'unsupported machine type: "quick35"'],
  ['-cpu Skylake-Sever', '10.0', "unable to find CPU model 'Skylake-Sever'"],
  ['-M q35 -smp 4 -numa node -numa node,nodeid=4', '10.0', 'numa: Node ID missing: 3'],
  [
    '-M q35 -smp 4,sockets=4 -numa node -numa cpu,node-id=5,socket-id=0',
    '11.1',
    "Invalid node-id=5, NUMA node must be defined with -numa node,nodeid=ID before it's used with -numa cpu,node-id=ID",
  ],
  ['-M q35 -smp 4,sockets=4 -numa node -numa cpu,node-id=0,core-id=1', '11.1', 'no match found'],
  [
    '-M q35 -smp 1,maxcpus=6,sockets=2,cores=3 -device qemu64-x86_64-cpu,apic-id=3',
    '11.1',
    '-device qemu64-x86_64-cpu,apic-id=3: Invalid CPU [socket: 0, die: 0, module: 0, core: 3, thread: 0] with APIC ID 3, valid index range 0:5',
  ],
  [
    '-M q35 -cpu max -smp 1,maxcpus=4,sockets=4 -device max-x86_64-cpu,core-id=0,thread-id=0',
    '11.1',
    '-device max-x86_64-cpu,core-id=0,thread-id=0: CPU socket-id is not set',
  ],
  [
    '-M q35 -cpu EPYC-v4 -smp 1,maxcpus=4,sockets=4 -device host-x86_64-cpu,socket-id=1,core-id=0,thread-id=0',
    '11.1',
    "-device host-x86_64-cpu,socket-id=1,core-id=0,thread-id=0: Invalid CPU type, expected cpu type: 'EPYC-v4-x86_64-cpu'",
  ],
  ['-M q35 -accel tcg -cpu Opteron_G3 -smp 280', '11.1', 'APIC ID 255 requires x2APIC feature in CPU'],
  ['-M q35 -accel tcg -cpu EPYC-Rome-v2 -smp 256', '11.1', 'APIC ID 255 requires x2APIC feature in CPU'],
  [
    '-M q35,confidential-guest-support=t,kernel_irqchip=on -accel kvm -object tdx-guest,id=t',
    '11.1',
    'TDX VM requires kernel_irqchip to be split',
  ],
  [
    '-M q35,kernel-irqchip=split -accel kvm -device intel-iommu -device virtio-iommu-pci',
    '7.2',
    '-device virtio-iommu-pci: QEMU does not support multiple vIOMMUs for x86 yet.',
  ],
  ['-M q35 -accel tcg -enable-kvm', '7.2', 'The -accel and "-machine accel=" options are incompatible'],
  [
    '-M q35 -smp 4 -numa node -numa node -numa cpu,node-id=0,socket-id=0 -numa cpu,node-id=1,core-id=0',
    '7.2',
    'CPU is already assigned to node-id: 0',
  ],
  ['-M q35 -numa node,nodeid=0 -numa node,nodeid=0', '7.2', '-numa node,nodeid=0: Duplicate NUMA nodeid: 0'],
  [
    '-M q35 -numa node -numa cpu,socket-id=0',
    '7.2',
    '-numa cpu,socket-id=0: Missing mandatory node-id property',
  ],
  [
    '-M q35 -device virtio-scsi-pci,num_queues=1023',
    '7.2',
    '-device virtio-scsi-pci,num_queues=1023: Invalid number of queues (= 1023), must be a positive integer less than 1022.',
  ],
  [
    '-M q35 -device nvme,msix_qsize=2049',
    '7.2',
    '-device nvme,msix_qsize=2049: msix_qsize must be between 1 and 2048',
  ],
  [
    '-M pc -device virtio-net-device',
    '7.2',
    "-device virtio-net-device: No 'virtio-bus' bus found for device 'virtio-net-device'",
  ],
])('%s on %s', async (args, version, message) => {
  expect(await refusalsOf(args, version)).toEqual([message]);
});

test.each<[string, string]>([
  ['-smp 6,modules=3', '9.1'],
  ['-smp 6,books=1', '11.1'],
  ['-M pc-i440fx-5.2', '11.1'],
  ['-M pc-q35-4.0', '10.0'],
  ['-M pc-q35-jammy', '10.0'],
  ['-M pc-i440fx-rhel7.6.0', '7.2'],
  ['-cpu Icelake-Server-noTSX', '10.0'],
  ['-cpu Haswell-noTSX-IBRS-v2', '10.0'],
  ['-M q35 -accel tcg -cpu Denverton -smp 280', '11.1'],
  ['-M q35 -accel tcg -cpu EPYC,+x2apic -smp 280', '11.1'],
  ['-M q35,kernel-irqchip=on -accel kvm -object tdx-guest,id=t', '11.1'],
  ['-M pc-q35-2.6,kernel-irqchip=off -accel kvm -device intel-iommu,intremap=on,eim=on', '7.2'],
])('%s starts on %s', async (args, version) => {
  expect(await refusalsOf(args, version)).toEqual([]);
});

// A machine type that the newest QEMU has dropped tells that an older one runs it, unless a version is named.
test.each<[string, string]>([
  ['pc-q35-5.1', '10.0'],
  ['pc-i440fx-2.11', '10.0'],
  ['pc-i440fx-4.2+pve0', '10.0'],
  ['pc-q35-2.6', '7.2'],
])('%s is gone from QEMU 11.1: %s is taken', async (type, older) => {
  const { refusals, assumptions } = await importOne(qemu, `qemu-system-x86_64 -enable-kvm -M ${type} -smp 4`);
  expect(refusals).toEqual([]);
  expect(assumptions[0].text).toBe(
    `QEMU ${older}: QEMU 11.1 has no ${type.split('+')[0]} any more: an older one, ${older}, is taken`,
  );
  const xml = `<domain type='kvm'><vcpu>4</vcpu><os><type machine='${type}'>hvm</type></os><features><acpi/></features></domain>`;
  const domain = await importOne(libvirt, xml);
  expect(domain.refusals).toEqual([]);
  expect(domain.assumptions.map(({ text }) => text)).toContain(assumptions[0].text);
  expect((await importOne(libvirt, xml, { qemu: '11.1' })).refusals[0]).toMatchObject({ level: 'error' });
});

test.each(['pc-q35-5.2', 'pc-q35-11.1', 'pc-q35-rhel8.2.0', 'q35', 'pc-i440fx-focal'])(
  '%s runs on QEMU 11.1',
  async (type) => {
    const { refusals, assumptions } = await importOne(qemu, `qemu-system-x86_64 -enable-kvm -M ${type}`);
    expect(refusals).toEqual([]);
    expect(assumptions.every(({ text }) => text.startsWith('QEMU 11.1: '))).toBe(true);
  },
);

test.each<[string, string]>([
  ['-cpu host,kvm=off,hv_vpindex,hv_relaxed', 'hyperv'],
  ['-cpu host,-kvm,hv-passthrough', 'hyperv'],
  ['-cpu host,kvm=off,hv-relaxed', 'other'],
  ['-cpu host,kvm=off,hv-vpindex,hv-vendor-id=AuthenticAMD', 'other'],
  ['-cpu host,kvm=off,hv-vpindex,hv_vendor_id="Microsoft Hv"', 'hyperv'],
  ['-cpu host,hv-vpindex', 'kvm'],
])('%s is %s to Linux', async (cpu, platform) => {
  const { machine } = await importOne(qemu, `qemu-system-x86_64 -enable-kvm -M q35 ${cpu}`);
  expect(machine.platform).toBe(platform);
});

test.each<[string, string, boolean]>([
  ['-M q35,confidential-guest-support=t -object tdx-guest,id=t', '10.1', true],
  [`-M q35,confidential-guest-support=t -object '{"qom-type":"tdx-guest","id":"t"}'`, '11.1', true],
  ['-M q35,confidential-guest-support=s -object sev-guest,id=s', '11.1', false],
])('%s on %s: extended destination ID %s', async (args, version, offered) => {
  const { machine } = await importOne(qemu, `qemu-system-x86_64 -accel kvm ${args}`, { qemu: version });
  expect(machine.extDestId).toBe(offered);
});

test.each<[string, number, string]>([
  ['pc-q35-bionic-hpb', 1, '2.11'],
  ['pc-i440fx-rhel8.2.0', 1, '4.2'],
  ['pc-q35-rhel9.4.0', 12, '8.2'],
  ['pc-q35-noble', 12, '8.2'],
])('%s: %i queues of virtio-blk, and says that it is QEMU %s', async (type, queues, version) => {
  const { machine, assumptions } = await importOne(
    qemu,
    `qemu-system-x86_64 -M ${type} -smp 12 -device virtio-blk-pci,id=d`,
  );
  expect(machine.devices[0].queues).toBe(queues);
  expect(assumptions.map(({ text }) => text).join('\n')).toContain(
    `${type} is taken for a type of QEMU ${version}, which its distribution ships`,
  );
});

describe('the most CPUs of Red Hat types', () => {
  const many = (type: string, cpus: number) =>
    importOne(qemu, `qemu-kvm -M ${type},accel=kvm,kernel-irqchip=split -smp ${cpus} -device intel-iommu`);
  test.each([
    ['pc-q35-rhel8.6.0', 710, 711],
    ['pc-q35-rhel9.6.0', 4096, 4097],
  ])('%s: %i', async (type, fits, over) => {
    expect((await many(type, fits)).refusals).toEqual([]);
    expect((await many(type, over)).refusals.map(({ message }) => message)).toEqual([
      `Invalid SMP CPUs ${over}. The max CPUs supported by machine '${type}' is ${fits}`,
    ]);
  });

  test.each([
    ['pc-q35-rhel8.4.0', 289, 'between 288 and 710'],
    ['pc-q35-rhel9.2.0', 711, 'between 710 and 4096'],
    ['pc-q35-rhel10.0.0', 4097, '4096 at least'],
  ])('%s with %i is not known', async (type, cpus, between) => {
    const { machine, refusals } = await many(type, cpus);
    expect(refusals).toEqual([]);
    const part = `how many CPUs ${type} takes at most: its distribution decides, ${between}`;
    expect(machine.notUnderstood).toMatchObject([{ part, mayHold: ['CPUs'] }]);
  });
});

test('a machine type newer than the newest QEMU is warned of, and refused by a QEMU without it', async () => {
  const line = 'qemu-system-x86_64 -M pc-q35-12.0 -accel kvm -smp 3,maxcpus=10';
  const { machine, refusals } = await importOne(qemu, line);
  expect(machine.cpus).toHaveLength(10);
  expect(refusals).toMatchObject([{ by: 'irqsim', level: 'warning' }]);
  expect(refusals[0].message).toContain('pc-q35-12.0 is newer than QEMU 11.1');
  expect((await importOne(qemu, line, { qemu: '11.1' })).refusals).toMatchObject([
    { level: 'error', message: 'unsupported machine type: "pc-q35-12.0"' },
  ]);
  expect((await importOne(qemu, line, { qemu: '12.1' })).refusals).toEqual([]);
});

test.each(['whpx', 'hvf', 'nvmm', 'mshv'])('what guests of %s are told is not known', async (accel) => {
  const { machine } = await importOne(qemu, `qemu-system-x86_64 -M q35 -accel ${accel} -smp 4`);
  expect(machine.notUnderstood).toMatchObject([{ mayHold: ['the irqchip', 'CPUs'] }]);
});

test('the node of an expander bridge is that of the devices behind it', async () => {
  const bridges =
    '-device pxb-pcie,id=b,bus=pcie.0,numa_node=1 -device pcie-root-port,id=r,bus=b -device nvme,id=n,bus=r';
  const nodes = '-numa node,nodeid=0,cpus=0-1 -numa node,nodeid=1,cpus=2-3';
  const { machine } = await importOne(
    qemu,
    `qemu-system-x86_64 -M q35 -smp 4 ${nodes} ${bridges} -device nvme,id=m`,
  );
  expect(machine.devices.map(({ name, node }) => [name, node])).toEqual([
    ['n', 1],
    ['m', undefined],
  ]);
  expect(machine.notUnderstood).toEqual([]);
});

test.each([
  ['-M microvm -device virtio-rng-pci', 'virtio-rng-pci'],
  ['-M microvm,pcie=auto -device nvme,serial=a', 'nvme'],
])('%s has no bus for it', async (args, driver) => {
  expect((await refusalsOf(args, '7.2')).join()).toContain(`: No 'PCI' bus found for device '${driver}'`);
});

test('a microvm with a PCI bus, and devices of virtio-mmio, start', async () => {
  expect(await refusalsOf('-M microvm,pcie=on -device virtio-rng-pci', '7.2')).toEqual([]);
  expect(await refusalsOf('-M microvm -device virtio-rng-device', '7.2')).toEqual([]);
});

test('local time and enlightenments are how Windows guests are written', async () => {
  const of = async (args: string) =>
    (await importOne(qemu, `qemu-system-x86_64 -M q35 ${args}`)).machine.guestOs;
  expect(await of('-cpu host,hv_relaxed,hv_time -rtc base=localtime')).toBe('Windows');
  expect(await of('-cpu host,hv_relaxed,hv_time')).toBeNull();
  expect(await of('-cpu host -rtc localtime')).toBeNull();
});
