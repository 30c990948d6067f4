/** libvirt's domains, and what becomes one: virt-install, OpenNebula, Nova. */
import type { Grammar } from '../grammar.ts';
import type { Random } from '../random.ts';
import { COMMON, topologyOf } from './common.ts';

/** `<vcpu>` and a topology that agrees with it. */
function vcpus(random: Random): string {
  const { sockets, cores, threads, cpus } = topologyOf(random);
  const current = random.pick(['', '', ` current='${Math.max(1, cpus - 1)}'`, " placement='static'"]);
  const mode = random.pick([
    "mode='host-passthrough'",
    "mode='host-model'",
    "mode='custom' match='exact'",
    '',
  ]);
  const inside = `<topology sockets='${sockets}' dies='1' cores='${cores}' threads='${threads}'/>`;
  const numa = random.oneIn(4)
    ? `<numa><cell id='0' cpus='0-${cpus - 1}' memory='1' unit='GiB'/></numa>`
    : '';
  const cpu = random.oneIn(3) ? '' : `<cpu ${mode}>${inside}${numa}</cpu>`;
  return `<vcpu${current}>${cpus}</vcpu>${cpu}`;
}

export const LIBVIRT: Grammar = {
  Name: COMMON.name,
  N: COMMON.n,
  Id: COMMON.id,
  OnOff: COMMON.onoff,
  Mac: COMMON.mac,
  start: [
    '<Domain>',
    '<Domain>',
    '<Domain>\n<Domain>',
    "<?xml version='1.0'?>\n<Domain>",
    '$ virsh dumpxml a\n<Domain>\n',
    '<!-- <Name> -->\n<Domain>',
    '```xml\n<Domain>\n```\n',
  ],
  Domain: [
    "<domain type='<Type>'><name><Name></name><memory unit='KiB'>1048576</memory><Vcpus><Os><Features?><Clock?><Part*><Devices></domain>",
  ],
  Type: ['kvm', 'kvm', 'kvm', 'qemu'],
  Vcpus: vcpus,
  Os: [
    "<os><type arch='x86_64' machine='<Machine>'>hvm</type></os>",
    '<os><type>hvm</type></os>',
    "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type><cmdline>quiet nr_cpus=2</cmdline></os>",
  ],
  Machine: ['q35', 'pc', 'pc-q35-6.2', 'pc-i440fx-4.2', 'pc-q35-rhel9.4.0', 'microvm'],
  Features: ['<features><acpi/><apic/><Feature*></features>'],
  Feature: [
    "<ioapic driver='<Ioapic>'/>",
    "<kvm><hidden state='<OnOff>'/></kvm>",
    "<hyperv><relaxed state='on'/><vpindex state='<OnOff>'/></hyperv>",
    '<pae/>',
    "<vmport state='off'/>",
  ],
  Ioapic: ['qemu', 'kvm'],
  Clock: [
    "<clock offset='utc'><timer name='hpet' present='<Yesno>'/><timer name='kvmclock' present='<Yesno>'/></clock>",
  ],
  Yesno: ['yes', 'no'],
  Part: [
    '<iothreads>2</iothreads>',
    "<cputune><vcpupin vcpu='0' cpuset='1'/></cputune>",
    '<on_crash>destroy</on_crash>',
    '<uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>',
    '<resource><partition>/machine</partition></resource>',
    "<metadata><a:b xmlns:a='x'/></metadata>",
    "<vcpus><vcpu id='0' enabled='yes' hotpluggable='no'/></vcpus>",
  ],
  Devices: [
    '<devices><emulator>/usr/bin/qemu-system-x86_64</emulator><Dev*><Dev*></devices>',
    '<devices><Dev></devices>',
    '<devices/>',
  ],
  Dev: [
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2' queues='<N>'/><target dev='vd<Letter>' bus='virtio'/></disk>",
    "<disk type='file' device='disk'><target dev='sd<Letter>' bus='<Bus>'/></disk>",
    "<disk type='nvme'><target dev='nvme0' bus='nvme'/></disk>",
    "<interface type='network'><model type='<Nic>'/><driver name='vhost' queues='<N>'/></interface>",
    "<interface type='bridge'><mac address='<Mac>'/><model type='virtio'/></interface>",
    "<controller type='scsi' model='virtio-scsi' index='<Id>'><driver queues='<N>'/></controller>",
    "<controller type='pci' index='0' model='pcie-root'/>",
    "<controller type='usb' model='qemu-xhci'/>",
    "<controller type='virtio-serial'/>",
    "<iommu model='intel'><driver intremap='<OnOff>' eim='<OnOff>'/></iommu>",
    "<iommu model='<Iommu>'/>",
    "<filesystem type='mount'><driver type='virtiofs' queue='<N>'/><target dir='t'/></filesystem>",
    "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev>",
    "<memballoon model='virtio'/>",
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
    "<channel type='unix'><target type='virtio' name='a'/></channel>",
    "<graphics type='vnc'/>",
    "<video><model type='<Video>'/></video>",
    "<input type='tablet' bus='usb'/>",
    "<serial type='pty'/>",
    "<watchdog model='itco'/>",
    "<vsock model='virtio'><cid auto='yes'/></vsock>",
    "<tpm model='tpm-crb'/>",
  ],
  Letter: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  Bus: ['sata', 'scsi', 'ide', 'usb', 'virtio'],
  Nic: ['virtio', 'e1000', 'e1000e', 'rtl8139', 'virtio-non-transitional'],
  Iommu: ['intel', 'amd', 'virtio'],
  Video: ['virtio', 'qxl', 'vga', 'none'],
};

export const VIRT_INSTALL: Grammar = {
  ...COMMON,
  start: [
    'virt-install --name <name> --memory 1024 --vcpus <vcpus><vopt*><vopt*>',
    '#!/bin/sh\nvirt-install \\\n  --vcpus <vcpus> \\\n  --disk size=1,bus=virtio \\\n  --import\n',
  ],
  vcpus(random: Random) {
    const { sockets, cores, threads, cpus } = topologyOf(random);
    return random.pick([
      `${cpus}`,
      `${cpus},sockets=${sockets},cores=${cores},threads=${threads}`,
      `vcpus=1,maxvcpus=${cpus}`,
    ]);
  },
  vopt: [
    ' --disk size=<n>,bus=<bus>',
    ' --network network=default,model=virtio,driver.queues=<n>',
    ' --network bridge=br0',
    ' --cpu host-passthrough',
    ' --iommu model=intel,driver.intremap=on',
    ' --controller type=scsi,model=virtio-scsi',
    ' --osinfo <os>',
    ' --graphics none',
    ' --import',
    ' --machine q35',
    ' --boot uefi',
    ' --features kvm.hidden.state=on',
    ' --clock offset=utc',
    ' --hostdev 01:00.0',
    ' --rng /dev/urandom',
    ' --noautoconsole',
    ' --xml ./vcpu=4',
  ],
  bus: ['virtio', 'scsi', 'sata'],
  os: ['linux2022', 'fedora40', 'win11'],
};

export const OPENNEBULA: Grammar = {
  ...COMMON,
  start: ['CPU = "<n>"\nVCPU = "<n>"\nMEMORY = "1024"\n<one*><one*>'],
  one: [
    'DISK = [ IMAGE = "root", DEV_PREFIX = "<prefix>" ]\n',
    'NIC = [ NETWORK = "a", MODEL = "virtio", VIRTIO_QUEUES = "<n>" ]\n',
    'TOPOLOGY = [ SOCKETS = "1", CORES = "<n>", THREADS = "1" ]\n',
    'OS = [ ARCH = "x86_64", MACHINE = "q35" ]\n',
    'FEATURES = [ ACPI = "yes", VIRTIO_SCSI_QUEUES = "<n>" ]\n',
    'GRAPHICS = [ TYPE = "vnc" ]\n',
    'CONTEXT = [ NETWORK = "YES" ]\n',
    'CPU_MODEL = [ MODEL = "host-passthrough" ]\n',
    'RAW = [ TYPE = "kvm", DATA = "<cpu mode=\'host-model\'/>" ]\n',
    'PCI = [ SHORT_ADDRESS = "01:00.0" ]\n',
    '# <name>\n',
    'HYPERVISOR = "kvm"\n',
  ],
  prefix: ['vd', 'sd', 'hd'],
};

export const NOVA: Grammar = {
  ...COMMON,
  start: [
    "vcpus=<n> hw:cpu_sockets='1'<prop*>\n",
    '{"vcpus": <n>, "properties": {"hw:cpu_max_sockets": "2"<json*>}}',
    "| Field | Value |\n| vcpus | <n> |\n| ram | 1024 |\n| properties | hw:cpu_cores='1'<prop*> |\n",
    'openstack flavor create --vcpus <n> --ram 512 --property hw:numa_nodes=1 a\n',
  ],
  prop: [", <key>='<value>'", ' <key>=<value>', ", hw:mem_page_size='large'"],
  json: [', "<key>": "<value>"'],
  key: [
    'hw:cpu_policy',
    'hw:numa_nodes',
    'hw_vif_multiqueue_enabled',
    'hw_disk_bus',
    'hw_scsi_model',
    'hw_machine_type',
    'hw:viommu_model',
    'hw_time_hpet',
    'os_type',
    'hw:cpu_threads',
    'trait:A',
    'x:y',
  ],
  value: ['1', '2', 'true', 'dedicated', 'virtio', 'scsi', 'virtio-scsi', 'q35', 'intel', 'windows', 'linux'],
};
