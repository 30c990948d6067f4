import { behind, instead, type Strangers } from './place.ts';

const LINE = `virt-install --name one --memory 4096 --vcpus 4,maxvcpus=8,sockets=8 --cpu host-passthrough,+x2apic \\
  --machine q35 --virt-type kvm --os-variant debian12 --features ioapic.driver=qemu,kvm.hidden.state=off \\
  --clock hpet_present=no --boot uefi --launchSecurity sev \\
  --disk size=10,bus=virtio,driver.queues=4 --controller type=scsi,model=virtio-scsi \\
  --network bridge=br0,model.type=virtio --hostdev pci_0000_01_00_0 --filesystem /a,b,driver.type=virtiofs \\
  --iommu model=intel,driver.intremap=on --memballoon model=virtio --rng /dev/urandom --sound ich9 --memdev model=virtio-mem,target.size=1 --video virtio \\
  --qemu-commandline="-device virtio-rng-pci,id=r" --import
`;

const PARTS = [
  'vcpus',
  'cpu',
  'machine',
  'features',
  'os-variant',
  'boot',
  'launchSecurity',
  'disk',
  'controller',
  'network',
  'hostdev',
  'filesystem',
  'iommu',
  'memballoon',
  'rng',
  'sound',
  'memdev',
  'video',
];
const VALUES: readonly [option: string, from: RegExp][] = [
  ['--iommu', /(--iommu model=)\w+/],
  ['--virt-type', /(--virt-type )\w+/],
  ['a bus', /(bus=)\w+/],
  ['--controller', /(--controller type=)\w+/],
  ['--sound', /(--sound )\w+/],
  ['--video', /(--video )\w+/],
  ['--launchSecurity', /(--launchSecurity )\w+/],
  ['--memdev', /(--memdev model=)[\w-]+/],
  ['--memballoon', /(--memballoon model=)\w+/],
  ['a card', /(model\.type=)\w+/],
];

export const virtInstall: Strangers = {
  texts: [LINE],
  places: [
    { what: 'an option', put: behind(/--import/, ' --stranger a=1'), becomes: 'warning' },
    { what: 'a word', put: behind(/--import/, ' stranger'), becomes: 'warning' },
    { what: 'a variable', put: behind(/--import/, ' $stranger'), becomes: 'warning' },
    {
      what: 'a value that only the shell knows',
      put: instead(/--vcpus \S+/, '--vcpus "$stranger"'),
      becomes: 'warning',
    },
    ...PARTS.map((option) => ({
      what: `a part of --${option}`,
      put: behind(new RegExp(`--${option} [^\\s\\\\]+`), ',stranger=7'),
      becomes: 'warning' as const,
    })),
    { what: 'a part of --clock', put: behind(/--clock \S+/, ',stranger=7'), becomes: 'note' },
    ...VALUES.map(([what, from]) => ({
      what: `a value of ${what}`,
      put: instead(from, '$1stranger'),
      becomes: 'warning' as const,
    })),
    { what: 'a flag of --cpu', put: behind(/--cpu [^\s\\]+/, ',+stranger'), becomes: 'warning' },
    { what: 'a machine type', put: instead(/--machine \S+/, '--machine stranger'), becomes: 'refused' },
    {
      what: 'an option for QEMU',
      put: behind(/-device virtio-rng-pci,id=r/, ' -stranger 7'),
      becomes: 'warning',
    },
    {
      what: 'a device for QEMU',
      put: behind(/-device virtio-rng-pci,id=r/, ' -device stranger'),
      becomes: 'warning',
    },
    {
      what: 'a property for QEMU',
      put: behind(/-device virtio-rng-pci,id=r/, ',stranger=7'),
      becomes: 'warning',
    },
  ],
};
