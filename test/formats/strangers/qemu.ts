import { behind, instead, type Strangers } from './place.ts';

const SHELL = `#!/bin/sh
qemu-system-x86_64 -M q35,hpet=off -accel kvm,kernel-irqchip=split -cpu host,+x2apic -smp 4 -nodefaults -name one \\
  -object memory-backend-ram,id=m0,size=1G -object sev-guest,id=sev0,cbitpos=47 -numa node,nodeid=0,memdev=m0 \\
  -numa cpu,node-id=0,socket-id=0 -numa dist,src=0,dst=0,val=10 \\
  -chardev socket,id=c0,path=/tmp/c -netdev tap,id=n0,queues=4 -device virtio-net-pci,netdev=n0,mq=on \\
  -nic user,model=virtio-net-pci -drive if=none,id=d0,file=a.img -device virtio-blk-pci,drive=d0 \\
  -device usb-tablet,id=t0 -device vfio-pci,host=01:00.0 -device intel-iommu,intremap=on \\
  -m size=1G,slots=2 -boot order=c,menu=on -display gtk,gl=on -smbios type=1,uuid=a -fsdev local,id=f,path=/a -overcommit mem-lock=on \\
  -global hpet.msi=on -virtfs local,path=/x,mount_tag=x,security_model=none -vga std -balloon virtio
`;

const READCONFIG = `[machine]
type = "q35"
accel = "kvm"

[smp-opts]
cpus = "4"

[device "disk"]
driver = "virtio-blk-pci"
`;

/** A property of the first option of a kind. */
const property = (option: string) =>
  behind(new RegExp(`(?<!^#[^\\n]*)\\s-${option} [a-z][^\\s\\\\]*`, 'm'), ',stranger=7');

export const qemu: Strangers = {
  texts: [SHELL, READCONFIG],
  places: [
    { what: 'an option', put: behind(/ -smp \S+/, ' -stranger 7'), becomes: 'warning' },
    { what: 'a property of -machine', put: property('(?:M|machine)'), becomes: 'warning' },
    { what: 'a member of -machine', put: behind(/ -M \S+/, ',smp.stranger=7'), becomes: 'warning' },
    ...['m', 'boot', 'display', 'smbios', 'fsdev', 'overcommit'].map((option) => ({
      what: `a property of -${option}`,
      put: property(option),
      becomes: 'note' as const,
    })),
    {
      what: 'a setting by -set',
      put: behind(/ -smp \S+/, ' -set device.stranger.mq=on'),
      becomes: 'warning',
    },
    { what: 'a property of -accel', put: property('accel'), becomes: 'warning' },
    { what: 'a flag of -cpu', put: behind(/ -cpu [^\s\\]+/, ',+stranger'), becomes: 'warning' },
    { what: 'an enlightenment', put: behind(/ -cpu [^\s\\]+/, ',hv_stranger'), becomes: 'warning' },
    { what: 'a flag with a value', put: behind(/ -cpu [^\s\\]+/, ',stranger=on'), becomes: 'warning' },
    { what: 'a key of -smp', put: behind(/ -smp \S+/, ',stranger=7'), becomes: 'refused' },
    { what: 'a property of -numa node', put: behind(/-numa node\S*/, ',stranger=7'), becomes: 'warning' },
    { what: 'a property of -numa cpu', put: behind(/-numa cpu\S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a property of -numa dist', put: behind(/-numa dist\S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a kind of -numa', put: behind(/-numa dist\S+/, ' -numa stranger,a=1'), becomes: 'warning' },
    { what: 'a device', put: behind(/ -smp \S+/, ' -device stranger,id=x'), becomes: 'warning' },
    {
      what: 'a device as JSON',
      put: behind(/ -smp \S+/, ` -device '{"driver":"stranger"}'`),
      becomes: 'warning',
    },
    {
      what: 'a property of a disk',
      put: behind(/-device virtio-blk-pci[^\s\\]*/, ',stranger=7'),
      becomes: 'warning',
    },
    {
      what: 'the queues of another kind',
      put: behind(/-device virtio-blk-pci[^\s\\]*/, ',stranger=7,num_queues=4'),
      becomes: 'warning',
    },
    {
      what: 'a property of a card',
      put: behind(/-device virtio-net-pci[^\s\\]*/, ',stranger=7'),
      becomes: 'warning',
    },
    {
      what: 'a property of an IOMMU',
      put: behind(/-device intel-iommu[^\s\\]*/, ',stranger=7'),
      becomes: 'warning',
    },
    {
      what: 'a property of a tablet',
      put: behind(/-device usb-tablet[^\s\\]*/, ',stranger=7'),
      becomes: 'note',
    },
    {
      what: 'a property of a host device',
      put: behind(/-device vfio-pci[^\s\\]*/, ',stranger=7'),
      becomes: 'note',
    },
    { what: 'a property of -netdev', put: property('netdev'), becomes: 'warning' },
    { what: 'a kind of -netdev', put: behind(/ -smp \S+/, ' -netdev stranger,id=x'), becomes: 'warning' },
    { what: 'a property of -nic', put: property('nic'), becomes: 'warning' },
    { what: 'a model of -nic', put: behind(/ -smp \S+/, ' -nic user,model=stranger'), becomes: 'warning' },
    {
      what: 'a property of -object',
      put: behind(/-object memory-backend-ram[^\s\\]*/, ',stranger=7'),
      becomes: 'note',
    },
    {
      what: 'a property of a confidential guest',
      put: behind(/-object sev-guest[^\s\\]*/, ',stranger=7'),
      becomes: 'warning',
    },
    { what: 'a kind of -object', put: behind(/ -smp \S+/, ' -object stranger,id=x'), becomes: 'warning' },
    { what: 'a property of -chardev', put: property('chardev'), becomes: 'note' },
    { what: 'a kind of -chardev', put: behind(/ -smp \S+/, ' -chardev stranger,id=x'), becomes: 'note' },
    { what: 'a property of -drive', put: property('drive'), becomes: 'note' },
    { what: 'a property of -virtfs', put: property('virtfs'), becomes: 'note' },
    { what: 'a driver of -global', put: behind(/ -smp \S+/, ' -global stranger.on=off'), becomes: 'warning' },
    {
      what: 'a property of -global',
      put: behind(/ -smp \S+/, ' -global virtio-blk-pci.stranger=off'),
      becomes: 'warning',
    },
    { what: 'a display', put: instead(/ -vga \S+/, ' -vga stranger'), becomes: 'warning' },
    { what: 'a kind of balloon', put: instead(/ -balloon \S+/, ' -balloon stranger'), becomes: 'warning' },
    { what: 'a word', put: behind(/ -smp \S+/, ' disk.img stranger'), becomes: 'note' },
    { what: 'a variable', put: behind(/ -smp \S+/, ' $stranger'), becomes: 'warning' },
    {
      what: 'a file of -readconfig',
      put: behind(/ -smp \S+/, ' -readconfig stranger.cfg'),
      becomes: 'warning',
    },
    { what: 'a CPU model', put: instead(/ -cpu [^\s,\\]+/, ' -cpu stranger'), becomes: 'refused' },
    { what: 'a machine type', put: instead(/ -M [^\s,\\]+/, ' -M stranger'), becomes: 'refused' },
    { what: 'a type of the i440FX', put: instead(/ -M [^\s,\\]+/, ' -M pc-stranger'), becomes: 'refused' },
    {
      what: 'a type of a distribution',
      put: instead(/ -M [^\s,\\]+/, ' -M pc-q35-stranger'),
      becomes: 'warning',
    },
    { what: 'a section', put: behind(/cpus = "\d+"\n/, '\n[stranger]\non = "yes"\n'), becomes: 'warning' },
    { what: 'a key of a section', put: behind(/\[machine\]\n/, 'stranger = "on"\n'), becomes: 'warning' },
    {
      what: 'a key of a device',
      put: behind(/\[device "[^"]+"\]\n(?=\s*driver = "virtio-(?:blk|net|scsi))/, '  stranger = "on"\n'),
      becomes: 'warning',
    },
    {
      what: 'a device of a file',
      put: behind(/cpus = "\d+"\n/, '\n[device "x"]\ndriver = "stranger"\n'),
      becomes: 'warning',
    },
  ],
};
