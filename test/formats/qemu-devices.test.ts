/** Every device of a QEMU command line is listed, known to have no vectors, or named; and in which order. */
import { expect, test } from 'vitest';
import { qemu } from '../../src/formats/qemu/reader.ts';
import { importOne } from './qemu-import.ts';

const read = (args: string) => importOne(qemu, `qemu-system-x86_64 -accel kvm -M q35 -smp 4 ${args}`);

test.each(['nvme-next,id=a', '{"driver":"virtio-flux-pci","id":"a"}', 'virtio-blk-ccw,drive=d'])(
  'an unknown device is named: %s',
  async (device) => {
    const { machine } = await read(`-device '${device}'`);
    expect(machine.notUnderstood).toMatchObject([{ mayHold: ['devices'] }]);
  },
);

test.each([
  ['pcie-root-port,id=r', 'pcie-root-port is left out (one vector'],
  ['qemu-xhci', 'qemu-xhci is left out'],
  ['vhost-vdpa-device-pci,id=v', 'v (vhost-vdpa-device-pci) is a device of the host'],
  ['virtio-net-device,id=m', 'm (virtio-net-device) is on virtio-mmio'],
])('%s is left out aloud', async (device, text) => {
  const { machine, assumptions } = await read(`-device ${device}`);
  expect(machine.devices).toEqual([]);
  expect(assumptions.map((one) => one.text).join('\n')).toContain(text);
});

test.each(['usb-tablet', 'isa-serial', 'ide-cd,bus=ide.0', 'scsi-hd', 'virtserialport', 'VGA'])(
  '%s has no vectors, and nothing is said',
  async (device) => {
    const plain = await read('');
    const { machine, assumptions } = await read(`-device ${device}`);
    expect([machine.devices, machine.notUnderstood, assumptions]).toEqual([[], [], plain.assumptions]);
  },
);

test.each<[string, string, number]>([
  ['virtio-vga', 'generic', 3],
  ['ivshmem-doorbell,vectors=9', 'generic', 9],
  ['megasas-gen2', 'generic', 1],
  ['vmxnet3', 'generic', 25],
  ['igb', 'generic', 10],
  ['e1000e', 'generic', 5],
  ['virtio-multitouch-pci', 'generic', 2],
  ['nvme,num_queues=9', 'nvme', 65],
  ['virtio-serial-pci,max_ports=3,vectors=8', 'generic', 8],
  ['virtio-serial-pci,max_ports=3,vectors=7', 'generic', 2],
  ['virtio-serial-pci', 'generic', 2],
])('%s: %s with %i vectors', async (device, driver, vectors) => {
  const { machine } = await read(`-device ${device}`);
  expect(machine.devices).toMatchObject([{ driver, vectors }]);
});

test('num_queues of nvme counts the admin queue', async () => {
  expect((await read('-device nvme,num_queues=9')).machine.devices[0].queues).toBe(8);
});

test('devices stand in the order in which Linux finds them', async () => {
  const { machine } = await read(
    '-device pcie-root-port,id=rp2,addr=0x5 -device pcie-root-port,id=rp1,addr=0x3.1 ' +
      '-device nvme,id=behind2,bus=rp2,addr=0 -device nvme,id=behind1,bus=rp1 -device nvme,id=late,addr=1f.1 ' +
      '-device nvme,id=free -device nvme,id=hex,addr=0xa',
  );
  expect(machine.devices.map(({ name }) => name)).toEqual(['free', 'hex', 'late', 'behind1', 'behind2']);
});

test('without addresses the order is that of the command line', async () => {
  const { machine } = await read('-device nvme,id=b -device nvme,id=a');
  expect(machine.devices.map(({ name }) => name)).toEqual(['b', 'a']);
});

test('isa-applesmc is a Mac', async () => {
  expect((await read('-device isa-applesmc,osk=x')).machine.guestOs).toBe('macOS');
});

test('what is left out on a bypassed bus is named as outside the IOMMU', async () => {
  const iommu = '-machine kernel-irqchip=split -device intel-iommu,intremap=on,eim=on';
  const pxb = '-device pxb-pcie,id=p,bus_nr=9,bypass_iommu=true -device vfio-pci,host=1:0.0,id=v,bus=p';
  const { assumptions } = await read(
    `${iommu} ${pxb} -device vfio-pci,host=2:0.0,id=w -device pcie-root-port,id=r,bus=p`,
  );
  const texts = assumptions.map(({ text }) => text).filter((text) => text.includes('left out'));
  expect(
    texts.filter((text) => text.includes('outside the IOMMU')).map((text) => /[vwr] \(/.exec(text)?.[0]),
  ).toEqual(['v (', 'r (']);
  expect(texts.some((text) => text.includes('w (vfio-pci)'))).toBe(true);
});

test.each([
  ['q35', '', [/ich9-ahci, one vector/, /e1000e \(5 vectors\)/], []],
  ['q35', '-nodefaults', [/ich9-ahci/], []],
  ['q35', '-netdev user,id=n', [/ich9-ahci/], []],
  ['pc-q35-2.11', '', [/ich9-ahci/], []],
  ['pc', '', [], []],
  ['q35', '-nic user', [/ich9-ahci/], ['e1000e']],
  ['q35', '-net nic -net user', [/ich9-ahci/], ['e1000e']],
  ['pc', '-nic tap,model=virtio', [], ['virtio-net']],
  ['pc', '-nic user', [], []],
  ['pc', '-audio driver=pa,model=virtio', [], ['virtio-sound']],
])('what a %s adds by itself to "%s" is said', async (type, args, said, names) => {
  const { machine, assumptions } = await importOne(qemu, `qemu-system-x86_64 -accel kvm -M ${type} ${args}`);
  const texts = assumptions.map(({ text }) => text).filter((text) => /, which is left out$/.test(text));
  expect(texts).toHaveLength(said.length);
  for (const [index, pattern] of said.entries()) expect(texts[index]).toMatch(pattern);
  expect(machine.devices.map(({ name }) => name.replace(/\d+$/, ''))).toEqual(names.map((name) => name));
});

// Measured on 7.2; what Linux finds: pci_scan_slot, only_one_child.
test.each([
  [
    'virtio-rng-pci,addr=5.1',
    'virtio-rng0 at 5.1: nothing is at function 0 of its slot, so Linux does not find it',
  ],
  [
    'pcie-root-port,id=r -device virtio-scsi-pci,bus=r -device virtio-rng-pci,bus=r',
    'virtio-rng0 at 1.0: it is in slot 1',
  ],
  ['virtio-scsi-pci,addr=5,multifunction=on -device virtio-rng-pci,addr=0x5.0x1', undefined],
  ['pcie-root-port,id=r -device virtio-rng-pci,bus=r,addr=1 -append pci=pcie_scan_all', undefined],
  ['virtio-rng-pci,addr=1f.4', undefined],
  ['virtio-rng-pci,bus=made-elsewhere,addr=5.1', undefined],
])('where Linux does not look: %s', async (args, part) => {
  const { machine, refusals } = await read(`-nodefaults -device ${args}`);
  expect(refusals).toEqual([]);
  expect(machine.notUnderstood.map((one) => one.part)).toEqual(
    part === undefined ? [] : [expect.stringContaining(part)],
  );
});

test.each([
  [
    'virtio-rng-pci,addr=5 -device virtio-rng-pci,addr=5.1',
    "PCI: single function device can't be populated in function 5.1",
  ],
  [
    'virtio-rng-pci,addr=5.1 -device virtio-rng-pci,addr=5',
    'PCI: 5.0 indicates single function, but 5.1 is already populated.',
  ],
  [
    'virtio-scsi-pci,addr=10 -device virtio-rng-pci,addr=10.0',
    'PCI: slot 16 function 0 not available for virtio-rng-pci, in use by virtio-scsi-pci,id=(null)',
  ],
])('places that QEMU refuses: %s', async (args, message) => {
  const { refusals } = await read(`-nodefaults -device ${args}`);
  expect(refusals.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
});
