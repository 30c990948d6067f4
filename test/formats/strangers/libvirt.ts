import { before, behind, instead, type Strangers } from './place.ts';

const DOMAIN = `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>one</name>
  <metadata><x:anything xmlns:x='urn:x'><x:at-all a='1'/></x:anything></metadata>
  <memory unit='GiB'>4</memory>
  <memoryBacking><hugepages><page size='1' unit='GiB'/></hugepages></memoryBacking>
  <cputune><vcpupin vcpu='0' cpuset='1'/></cputune>
  <numatune><memory mode='strict' nodeset='0'/></numatune>
  <sysinfo type='smbios'><bios><entry name='vendor'>a</entry></bios></sysinfo>
  <vcpu placement='static' current='2'>4</vcpu>
  <vcpus><vcpu id='0' enabled='yes' hotpluggable='no'/><vcpu id='1' enabled='yes' hotpluggable='no'/></vcpus>
  <os firmware='efi'><type arch='x86_64' machine='pc-q35-9.2'>hvm</type><boot dev='hd'/></os>
  <features><acpi/><apic/><ioapic driver='qemu'/><kvm><hidden state='off'/></kvm><hyperv><relaxed state='on'/></hyperv></features>
  <cpu mode='custom' match='exact'>
    <model fallback='forbid'>EPYC</model>
    <topology sockets='4' dies='1' cores='1' threads='1'/>
    <feature policy='require' name='x2apic'/>
    <numa><cell id='0' cpus='0-3' memory='4' unit='GiB'/></numa>
  </cpu>
  <clock offset='utc'><timer name='hpet' present='no'/></clock>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' queues='4'/>
      <source file='/a'/>
      <target dev='vda' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </disk>
    <controller type='scsi' index='0' model='virtio-scsi'><driver queues='4'/></controller>
    <controller type='usb' index='0' model='qemu-xhci'/>
    <controller type='pci' index='1' model='pcie-root-port'/>
    <interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/><model type='virtio'/><driver name='vhost' queues='4'/></interface>
    <hostdev mode='subsystem' type='pci' managed='yes'><source/></hostdev>
    <filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='a'/></filesystem>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <console type='pty'><target type='serial' port='0'/></console>
    <serial type='unix'><source mode='bind' path='/a'/><target type='isa-serial' port='0'><model name='isa-serial'/></target></serial>
    <graphics type='spice' autoport='yes'><listen type='address' address='::1'/></graphics>
    <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
    <watchdog model='itco' action='reset'/>
    <input type='tablet' bus='usb'/>
    <sound model='ich9'/>
    <video><model type='virtio' heads='1'/></video>
    <memballoon model='virtio'/>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <iommu model='intel'><driver intremap='on' caching_mode='on'/></iommu>
    <memory model='virtio-mem'><target><size>1</size></target></memory>
    <shmem name='a'><model type='ivshmem-plain'/></shmem>
    <vsock model='virtio'/>
  </devices>
  <launchSecurity type='sev'><policy>1</policy></launchSecurity>
  <qemu:commandline><qemu:arg value='-device'/><qemu:arg value='virtio-rng-pci,id=r'/></qemu:commandline>
</domain>
`;

/** Elements whose inside is looked at; none of these is known in it. */
const ELEMENTS = [
  'os',
  'features',
  'cpu',
  'numa',
  'clock',
  'devices',
  'disk',
  'interface',
  'hostdev',
  'filesystem',
  'video',
  'iommu',
  'kvm',
];
/** Elements with attributes that decide. */
const ATTRIBUTES = [
  'vcpu',
  'type',
  'ioapic',
  'cpu',
  'topology',
  'feature',
  'cell',
  'disk',
  'controller',
  'interface',
  'hostdev',
  'filesystem',
  'iommu',
  'memballoon',
  'rng',
  'vsock',
  'launchSecurity',
  'sound',
];
/** Elements without bearing, looked into all the same: what nobody knows of them is a note. */
const IDLE =
  `memory memoryBacking hugepages page cputune vcpupin numatune sysinfo bios entry relaxed hidden source mac graphics
listen serial tpm backend watchdog policy emulator`.split(/\s+/);
/** Those of them with children. */
const IDLE_PARENTS =
  `memoryBacking hugepages cputune numatune sysinfo bios source graphics serial tpm backend`.split(' ');
/** Children of devices: the element, and what stands in front of it. */
const INNER = ['driver', 'target', 'model', 'address'];
/** Attributes whose values are known. */
const VALUES: readonly [element: string, attribute: string][] = [
  ['cpu', 'mode'],
  ['feature', 'policy'],
  ['ioapic', 'driver'],
  ['launchSecurity', 'type'],
  ['disk', 'type'],
  ['disk', 'device'],
  ['target', 'bus'],
  ['interface', 'type'],
  ['hostdev', 'type'],
  ['input', 'bus'],
  ['sound', 'model'],
  ['memory', 'model'],
  ['iommu', 'model'],
  ['controller', 'model'],
  ['vsock', 'model'],
  ['feature', 'name'],
];

const opening = (element: string) => new RegExp(`<${element}(?:\\s[^>]*[^/])?>`);
const attributeOf = (element: string) => new RegExp(`<${element}(?=[\\s/>])`);

export const libvirt: Strangers = {
  texts: [DOMAIN],
  places: [
    { what: 'an element', put: before(/<\/domain>/, '<stranger/>\n'), becomes: 'warning' },
    { what: 'a text', put: behind(/<devices>/, ' {% for stranger %} '), becomes: 'warning' },
    { what: 'a text in a device', put: behind(/<disk(?:\s[^>]*[^/])?>/, ' stranger '), becomes: 'warning' },
    {
      what: 'a second list of devices',
      put: behind(/<\/devices>/, '<!-- stranger --><devices/>'),
      becomes: 'warning',
      called: 'a second <devices>',
    },
    { what: 'an attribute', put: behind(/<domain(?=[\s>])/, " stranger='7'"), becomes: 'warning' },
    ...ELEMENTS.map((element) => ({
      what: `an element in <${element}>`,
      put: behind(opening(element), '<stranger/>'),
      becomes: element === 'clock' ? ('note' as const) : ('warning' as const),
    })),
    ...ATTRIBUTES.map((element) => ({
      what: `an attribute of <${element}>`,
      put: behind(attributeOf(element), " stranger='7'"),
      becomes: 'warning' as const,
    })),
    ...IDLE.map((element) => ({
      what: `an attribute of an idle <${element}>`,
      put: behind(attributeOf(element), " stranger='7'"),
      becomes: 'note' as const,
    })),
    ...IDLE_PARENTS.map((element) => ({
      what: `an element in an idle <${element}>`,
      put: instead(
        new RegExp(`<${element}((?:\\s[^>]*?)?)(?:/>|>([\\s\\S]*?)</${element}>)`),
        `<${element}$1><stranger/>$2</${element}>`,
      ),
      becomes: 'note' as const,
    })),
    ...INNER.map((element) => ({
      what: `an attribute of <${element}> of a device`,
      put: behind(
        new RegExp(
          `<(?:disk|interface|controller|video)[^>]*[^/]>(?:(?!</(?:disk|interface|controller|video)>)[\\s\\S])*?<${element}`,
        ),
        " stranger='7'",
      ),
      becomes: 'warning' as const,
    })),
    ...VALUES.map(([element, attribute]) => ({
      what: `a value of ${attribute}= of <${element}>`,
      put: instead(new RegExp(`(<${element}\\s[^>]*?\\b${attribute}=)(['"])[^'"]*\\2`), '$1$2stranger$2'),
      becomes: 'warning' as const,
    })),
    {
      what: 'a model of a card',
      put: instead(/(<interface(?![^>]*\/>)(?:(?!<\/interface>)[\s\S])*?<model type=')\w+/, '$1stranger'),
      becomes: 'warning',
    },
    { what: 'a display', put: instead(/(<video>\s*<model type=')\w+/, '$1stranger'), becomes: 'warning' },
    {
      what: 'shared memory',
      put: instead(/(<shmem[^>]*>\s*<model type=')[\w-]+/, '$1stranger'),
      becomes: 'warning',
    },
    {
      what: 'a timer',
      put: behind(/<clock(?:\s[^>]*[^/])?>/, "<timer name='stranger' present='no'/>"),
      becomes: 'note',
    },
    {
      what: 'an enlightenment',
      put: behind(/<hyperv>/, "<stranger state='on'/>"),
      becomes: 'warning',
    },
    { what: 'a namespace', put: before(/<\/domain>/, "<x:stranger xmlns:x='urn:x'/>\n"), becomes: 'warning' },
    { what: 'an override', put: before(/<qemu:commandline>/, '<qemu:stranger/>\n'), becomes: 'warning' },
    {
      what: 'a part of the command line',
      put: behind(/<qemu:commandline>/, '<qemu:stranger/>'),
      becomes: 'warning',
    },
    {
      what: 'an option',
      put: behind(/<qemu:commandline>/, "<qemu:arg value='-stranger'/>"),
      becomes: 'warning',
    },
    {
      what: 'a device of the command line',
      put: behind(/<qemu:commandline>/, "<qemu:arg value='-device'/><qemu:arg value='stranger'/>"),
      becomes: 'warning',
    },
    {
      what: 'a property in the command line',
      put: instead(/virtio-rng-pci,id=r/, 'virtio-rng-pci,stranger=7'),
      becomes: 'warning',
    },
    { what: 'a CPU model', put: instead(/(<model fallback='forbid'>)\w+/, '$1stranger'), becomes: 'warning' },
    { what: 'a kind of guest', put: instead(/>hvm</, '>stranger<'), becomes: 'refused' },
    { what: 'a machine type', put: instead(/machine='[^']*'/, "machine='stranger'"), becomes: 'refused' },
  ],
};
