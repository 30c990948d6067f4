import { behind, instead, type Strangers } from './place.ts';

const CONF = `agent: enabled=1,type=virtio
args: -device virtio-rng-pci,id=r
audio0: device=ich9-intel-hda,driver=spice
cores: 4
cpu: host,flags=+aes;-pcid,hidden=1
hostpci0: 0000:01:00.0,pcie=1
hotplug: network,disk,usb
machine: q35,viommu=intel
memory: 2048
name: one
net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,queues=4
numa: 1
numa0: cpus=0-3,memory=2048
ostype: l26
scsi0: local:vm-1-disk-0,iothread=1,size=8G
scsihw: virtio-scsi-single
sockets: 1
usb0: host=1-1,usb3=1
vga: virtio,memory=32
virtiofs0: dirid=a,cache=auto
`;
const COMMAND =
  'qm create 100 --cores 4 --scsihw virtio-scsi-pci --scsi0 local:8 --net0 virtio,bridge=vmbr0\n';

const of = (key: string) => behind(new RegExp(`^${key}: .+`, 'm'), ',stranger=7');

export const proxmox: Strangers = {
  texts: [CONF, COMMAND],
  places: [
    { what: 'a key', put: behind(/^cores: \d+\n/m, 'stranger: 7\n'), becomes: 'warning' },
    { what: 'a numbered key', put: behind(/^cores: \d+\n/m, 'stranger0: 7\n'), becomes: 'warning' },
    ...[
      'agent',
      'cpu',
      'hostpci0',
      'machine',
      'net0',
      'numa0',
      'scsi0',
      'usb0',
      'vga',
      'virtiofs0',
      'audio0',
    ].map((key) => ({ what: `a part of ${key}`, put: of(key), becomes: 'warning' as const })),
    { what: 'a CPU flag', put: behind(/^cpu: .*flags=\S+?(?=,|$)/m, ';+stranger'), becomes: 'warning' },
    { what: 'a CPU model', put: instead(/^cpu: [^,\n]+/m, 'cpu: stranger'), becomes: 'warning' },
    { what: 'an IOMMU', put: instead(/viommu=\w+/, 'viommu=stranger'), becomes: 'warning' },
    { what: 'a display', put: instead(/^vga: [^,\n]+/m, 'vga: stranger'), becomes: 'warning' },
    { what: 'a kind of guest', put: instead(/^ostype: .+/m, 'ostype: stranger'), becomes: 'warning' },
    { what: 'a kind of hotplug', put: behind(/^hotplug: .+/m, ',stranger'), becomes: 'warning' },
    { what: 'a model of a card', put: instead(/^net0: \w+=/m, 'net0: stranger='), becomes: 'warning' },
    { what: 'SCSI hardware', put: instead(/^scsihw: .+/m, 'scsihw: stranger'), becomes: 'warning' },
    { what: 'a machine type', put: instead(/^machine: [^,\n]+/m, 'machine: stranger'), becomes: 'refused' },
    { what: 'an option of args', put: behind(/^args: .+/m, ' -stranger 7'), becomes: 'warning' },
    { what: 'a device of args', put: behind(/^args: .+/m, ' -device stranger'), becomes: 'warning' },
    {
      what: 'a property in args',
      put: behind(/^args: .*-device virtio-\S+/m, ',stranger=7'),
      becomes: 'warning',
    },
    {
      what: 'a file in args',
      put: behind(/^args: .+/m, ' -readconfig /etc/stranger.cfg'),
      becomes: 'warning',
    },
    { what: 'an option of qm', put: behind(/^qm create \d+/m, ' --stranger 7'), becomes: 'warning' },
    { what: 'a part of an option', put: behind(/--net0 \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a variable of an option', put: instead(/--cores \S+/, '--cores $stranger'), becomes: 'refused' },
  ],
};
