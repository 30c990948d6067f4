import { behind, instead, type Strangers } from './place.ts';

export const incus: Strangers = {
  texts: [
    `architecture: x86_64
config:
  limits.cpu: "4"
  security.secureboot: "false"
  raw.qemu: -device virtio-rng-pci,id=r
devices:
  eth0:
    type: nic
    network: incusbr0
    name: eth0
  root:
    type: disk
    path: /
    pool: default
    io.bus: virtio-scsi
name: one
profiles: []
type: virtual-machine
`,
  ],
  places: [
    { what: 'a field', put: behind(/^architecture: .+\n/m, 'stranger: 7\n'), becomes: 'warning' },
    { what: 'a key of config', put: behind(/^config:\n/m, '  stranger: "7"\n'), becomes: 'note' },
    ...['limits', 'security', 'raw'].map((key) => ({
      what: `a key of ${key}`,
      put: behind(/^config:\n/m, `  ${key}.stranger: "7"\n`),
      becomes: 'warning' as const,
    })),
    {
      what: 'a change of qemu.conf',
      put: behind(/^config:\n/m, '  raw.qemu.conf: "[stranger]"\n  limits.stranger: "1"\n'),
      becomes: 'warning',
    },
    {
      what: 'a kind of device',
      put: behind(/^devices:\n/m, '  stranger: { type: stranger }\n'),
      becomes: 'warning',
    },
    { what: 'a key of a card', put: behind(/type: nic\n/, '    stranger: "7"\n'), becomes: 'warning' },
    { what: 'a key of a disk', put: behind(/type: disk\n/, '    stranger: "7"\n'), becomes: 'warning' },
    { what: 'a bus', put: instead(/io\.bus: .+/, 'io.bus: stranger'), becomes: 'warning' },
    { what: 'an option of raw.qemu', put: behind(/virtio-rng-pci,id=r/, ' -stranger 7'), becomes: 'warning' },
    { what: 'a property in raw.qemu', put: behind(/virtio-rng-pci,id=r/, ',stranger=7'), becomes: 'warning' },
  ],
};

export const nova: Strangers = {
  texts: [
    "vcpus=4 hw:cpu_sockets='2', hw:cpu_cores='2', hw_machine_type='q35', hw_disk_bus='virtio', hw_vif_model='virtio', hw_video_model='virtio', hw:viommu_model='virtio'\n",
  ],
  places: [
    { what: 'a property of the hardware', put: behind(/vcpus=\d+/, " hw:stranger='7',"), becomes: 'warning' },
    { what: 'a property of an image', put: behind(/vcpus=\d+/, " hw_stranger='7',"), becomes: 'warning' },
    { what: 'a property', put: behind(/vcpus=\d+/, " stranger='7',"), becomes: 'note' },
    {
      what: 'a host device',
      put: behind(/vcpus=\d+/, " pci_passthrough:alias='stranger:1',"),
      becomes: 'warning',
    },
    { what: 'a word', put: behind(/vcpus=\d+/, ' stranger '), becomes: 'warning' },
    { what: 'a bus', put: instead(/hw_disk_bus='\w+'/, "hw_disk_bus='stranger'"), becomes: 'warning' },
    { what: 'a card', put: instead(/hw_vif_model='\w+'/, "hw_vif_model='stranger'"), becomes: 'warning' },
    {
      what: 'a display',
      put: instead(/hw_video_model='\w+'/, "hw_video_model='stranger'"),
      becomes: 'warning',
    },
    {
      what: 'an IOMMU',
      put: instead(/hw:viommu_model='\w+'/, "hw:viommu_model='stranger'"),
      becomes: 'warning',
    },
    { what: 'an input bus', put: behind(/vcpus=\d+/, " hw_input_bus='stranger',"), becomes: 'warning' },
    { what: 'random numbers', put: behind(/vcpus=\d+/, " hw_rng_model='stranger',"), becomes: 'warning' },
    { what: 'a hypervisor', put: behind(/vcpus=\d+/, " img_hv_type='stranger',"), becomes: 'warning' },
    {
      what: 'a machine type',
      put: instead(/hw_machine_type='\w+'/, "hw_machine_type='stranger'"),
      becomes: 'refused',
    },
  ],
};

const KATA = (name: string) => `[hypervisor.${name}]
path = "/opt/kata/bin/vmm"
kernel = "/opt/kata/vmlinux"
image = "/opt/kata/image"
default_vcpus = 2
default_maxvcpus = 8
shared_fs = "virtio-fs"
${name === 'qemu' ? 'machine_type = "q35"\ncpu_features = "pmu=off"\nmachine_accelerators = ""\nblock_device_driver = "virtio-scsi"\n' : ''}
[runtime]
internetworking_model = "tcfilter"
`;

export const kata: Strangers = {
  texts: [KATA('qemu'), KATA('clh')],
  places: [
    { what: 'a table', put: behind(/^/, '[stranger]\na = 1\n'), becomes: 'warning' },
    { what: 'a hypervisor', put: behind(/^/, '[hypervisor.stranger]\na = 1\n'), becomes: 'warning' },
    { what: 'a key', put: behind(/^default_vcpus = .+\n/m, 'stranger = 7\n'), becomes: 'warning' },
    { what: 'a key of the runtime', put: behind(/^\[runtime\]\n/m, 'stranger = 7\n'), becomes: 'warning' },
    { what: 'a flag', put: instead(/pmu=off/, 'stranger=on'), becomes: 'warning' },
    {
      what: 'an accelerator',
      put: instead(/machine_accelerators = ""/, 'machine_accelerators = "stranger=on"'),
      becomes: 'warning',
    },
    { what: 'a driver of disks', put: instead(/"virtio-scsi"/, '"stranger"'), becomes: 'warning' },
    { what: 'a way of sharing', put: instead(/"virtio-fs"/, '"stranger"'), becomes: 'warning' },
    {
      what: 'a machine type',
      put: instead(/machine_type = "q35"/, 'machine_type = "stranger"'),
      becomes: 'refused',
    },
  ],
};

export const virtmeNg: Strangers = {
  texts: [
    'vng -r ./bzImage --cpus 4 --disk a.img --network user --qemu-opts="-device virtio-rng-pci,id=r"\n',
  ],
  places: [
    { what: 'an option', put: behind(/--cpus \d+/, ' --stranger'), becomes: 'warning' },
    { what: 'a word', put: behind(/--cpus \d+/, ' stranger'), becomes: 'note' },
    { what: 'a variable', put: behind(/--cpus \d+/, ' $stranger'), becomes: 'warning' },
    {
      what: 'a number that only the shell knows',
      put: instead(/--cpus \d+/, '--cpus $stranger'),
      becomes: 'warning',
    },
    { what: 'a network', put: instead(/--network \w+/, '--network stranger'), becomes: 'warning' },
    { what: 'an option for QEMU', put: behind(/virtio-rng-pci,id=r/, ' -stranger 7'), becomes: 'warning' },
    {
      what: 'a device for QEMU',
      put: behind(/virtio-rng-pci,id=r/, ' -device stranger'),
      becomes: 'warning',
    },
    { what: 'a property for QEMU', put: behind(/virtio-rng-pci,id=r/, ',stranger=7'), becomes: 'warning' },
    { what: 'a key of --cpus', put: instead(/--cpus \d+/, '--cpus 4,stranger=7'), becomes: 'refused' },
  ],
};

export const quickemu: Strangers = {
  texts: [
    '#!/usr/bin/quickemu --vm\nguest_os="linux"\ndisk_img="one/disk.qcow2"\ncpu_cores="4"\nkeyboard="virtio"\nextra_args="-device virtio-rng-pci,id=r"\n',
  ],
  places: [
    { what: 'a setting', put: behind(/^cpu_cores=.+\n/m, 'stranger="7"\n'), becomes: 'warning' },
    { what: 'a command', put: behind(/^cpu_cores=.+\n/m, 'stranger 7\n'), becomes: 'warning' },
    { what: 'a variable', put: instead(/^cpu_cores=.+/m, 'cpu_cores="$stranger"'), becomes: 'warning' },
    { what: 'a keyboard', put: instead(/^keyboard=.+/m, 'keyboard="stranger"'), becomes: 'warning' },
    { what: 'a sound card', put: behind(/^cpu_cores=.+\n/m, 'sound_card="stranger"\n'), becomes: 'warning' },
    {
      what: 'a USB controller',
      put: behind(/^cpu_cores=.+\n/m, 'usb_controller="stranger"\n'),
      becomes: 'warning',
    },
    { what: 'a guest', put: instead(/^guest_os=.+/m, 'guest_os="stranger"'), becomes: 'warning' },
    { what: 'an option for QEMU', put: behind(/virtio-rng-pci,id=r/, ' -stranger 7'), becomes: 'warning' },
    { what: 'a property for QEMU', put: behind(/virtio-rng-pci,id=r/, ',stranger=7'), becomes: 'warning' },
    {
      what: 'a machine type',
      put: behind(/^cpu_cores=.+\n/m, 'machine_type="stranger"\n'),
      becomes: 'refused',
    },
  ],
};

export const native: Strangers = {
  texts: ['topology:\n  cores: 4\ndevices:\n  - name: d\n    driver: nvme\n'],
  places: [
    { what: 'a key', put: behind(/^/, 'stranger: 7\n'), becomes: 'refused' },
    { what: 'a key of the topology', put: behind(/topology:\n/, '  stranger: 7\n'), becomes: 'refused' },
    { what: 'a key of a device', put: behind(/name: d\n/, '    stranger: 7\n'), becomes: 'refused' },
    { what: 'a driver', put: instead(/driver: nvme/, 'driver: stranger'), becomes: 'refused' },
  ],
};

/** One CPU; the table ends with room for another entry. */
const MADT = `APIC @ 0x0000000000000000
    0000: 41 50 49 43 34 00 00 00 03 00 42 4F 43 48 53 20
    0010: 42 58 50 43 20 20 20 20 01 00 00 00 42 58 50 43
    0020: 01 00 00 00 00 00 E0 FE 01 00 00 00 00 08 00 00
    0030: 01 00 00 00
`;

export const acpi: Strangers = {
  texts: [MADT],
  places: [
    {
      what: 'a type of entry',
      put: (text) =>
        text === MADT
          ? text
              .replace('43 34 00', '43 3C 00')
              .replace('0030: 01 00 00 00', '0030: 01 00 00 00 7F 08 00 00 00 00 00 00')
          : undefined,
      becomes: 'note',
      called: '127',
    },
  ],
};

export const kernelLog: Strangers = {
  texts: [
    `[    0.000000] Linux version 6.12.43 (a@b) (gcc) #1 SMP
[    0.000000] Command line: quiet
[    0.000000] Hypervisor detected: KVM
[    0.070000] CPU topo: Allowing 4 present CPUs plus 0 hotplug CPUs
`,
  ],
  incomplete: 'no log lists all devices of a machine',
  places: [
    {
      what: 'a release',
      put: instead(/Linux version \S+/, 'Linux version 99.1.0-stranger'),
      becomes: 'warning',
    },
  ],
};

export const procInterrupts: Strangers = {
  texts: [
    `           CPU0       CPU1
   0:        130          0   IO-APIC   2-edge      timer
  24:          3          0   PCI-MSIX-0000:00:01.0   0-edge      nvme0q0
`,
  ],
  incomplete: 'the file holds neither APIC IDs nor the kernel',
  places: [
    {
      what: 'a chip',
      put: behind(/nvme0q0\n/, '  25:          3          0   stranger-MSI   0-edge      nvme1q0\n'),
      becomes: 'warning',
    },
  ],
};
