/** Products with small configurations. */
import type { Grammar } from '../grammar.ts';
import type { Random } from '../random.ts';
import { COMMON, topologyOf } from './common.ts';

export const KUBEVIRT_DOMAIN: Grammar = {
  domain: ['{ cpu: { <cpu> }, devices: { <kdev> }<more?> }'],
  cpu(random: Random) {
    const { sockets, cores, threads } = topologyOf(random);
    return random.pick([
      `cores: ${cores}`,
      `sockets: ${sockets}, cores: ${cores}, threads: ${threads}`,
      `sockets: ${sockets}, maxSockets: 8`,
      `cores: ${cores}, dedicatedCpuPlacement: true`,
      `cores: ${cores}, model: host-passthrough, numa: { guestMappingPassthrough: {} }`,
    ]);
  },
  kdev: [
    'disks: [ <kdisk> ]',
    'disks: [ <kdisk>, { name: b, disk: { bus: virtio } } ], interfaces: [ { name: default, masquerade: {} } ]',
    'blockMultiQueue: <bool>, disks: [ <kdisk> ], networkInterfaceMultiqueue: <bool>',
    'rng: {}, gpus: [ { name: g, deviceName: x } ]',
    '',
  ],
  kdisk: [
    '{ name: a, disk: { bus: virtio } }',
    '{ name: a, disk: { bus: <kbus> }, dedicatedIOThread: true }',
    '{ name: a, cdrom: { bus: sata } }',
    '{ name: a, lun: { bus: scsi } }',
  ],
  kbus: ['virtio', 'scsi', 'sata'],
  more: [
    ', ioThreadsPolicy: auto',
    ', features: { kvm: { hidden: <bool> }, hyperv: { relaxed: {} } }',
    ', machine: { type: q35 }',
    ', resources: { requests: { cpu: "2", memory: 1Gi }, limits: { cpu: 500m } }',
    ', clock: { timer: { hpet: { present: <bool> } } }',
    ', firmware: { bootloader: { efi: {} } }',
    ', launchSecurity: { sev: {} }',
  ],
};

export const KUBEVIRT: Grammar = {
  ...COMMON,
  ...KUBEVIRT_DOMAIN,
  start: [
    '<object>',
    '<object>',
    '<object>---\n<object>---\n<object>',
    'cat <<EOF | kubectl apply -f -\n<object>EOF\n',
    'apiVersion: v1\nkind: List\nitems:\n- <item>- <item>',
    '```yaml\n<object>```\n',
  ],
  object: [
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: <name>, namespace: <name> }\nspec: { runStrategy: Always, template: { spec: { domain: <domain>, volumes: [ { name: a, containerDisk: { image: x } } ] } } }\n',
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: <name> }\nspec: { domain: <domain> }\n',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: b }\nspec: { domain: <domain> }\n',
  ],
  item: [
    '{ apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, metadata: { name: <name> }, spec: { domain: <domain> } }\n',
  ],
};

export const CLOUD_HYPERVISOR: Grammar = {
  ...COMMON,
  start: [
    'cloud-hypervisor --cpus boot=<n> --kernel vmlinux<opt*>',
    'cloud-hypervisor --cpus boot=2,max=4,topology=2:2:1:1<opt*>',
    '{"cpus": {"boot_vcpus": <n>, "max_vcpus": 32}, "payload": {"kernel": "a"}<key*>}',
    '{"config": {"cpus": {"boot_vcpus": <n>, "max_vcpus": 64}, "disks": [{"path": "a"}]}, "state": "Running"}',
  ],
  opt: [
    ' --disk path=a,num_queues=<n>',
    ' --disk path=a path=b',
    ' --net tap=,mac=,num_queues=4',
    ' --memory size=1G',
    ' --cmdline "console=ttyS0"',
    ' --iommu',
    ' --numa guest_numa_id=0,cpus=[0]',
    ' --fs tag=a,socket=s,num_queues=1',
    ' --device path=/sys/bus/pci',
    ' --rng src=/dev/urandom',
    ' --serial tty',
    ' --console off',
    ' --platform num_pci_segments=2,iommu_segments=1',
    ' --vsock cid=3,socket=s',
  ],
  key: [
    ', "disks": [{"path": "a", "num_queues": <n>}]',
    ', "net": [{"id": "n", "num_queues": 2}]',
    ', "iommu": <bool>',
    ', "memory": {"size": 1}',
    ', "rng": {"src": "/dev/urandom"}',
    ', "numa": [{"guest_numa_id": 0, "cpus": [0]}]',
  ],
};

export const INCUS: Grammar = {
  ...COMMON,
  start: [
    'architecture: x86_64\nconfig:\n  limits.cpu: "<limit>"\n<config*>devices:\n<device*>  root: { type: disk, path: /, pool: default }\nprofiles: [ default ]\n',
    '[{"name":"a","type":"virtual-machine","expanded_config":{"limits.cpu":"<limit>"},"expanded_devices":{}}]',
  ],
  limit: ['1', '2', '4', '8', '0-3', '0,2', '16'],
  config: [
    '  limits.memory: 1GiB\n',
    '  raw.qemu: -device nvme,serial=a\n',
    '  security.secureboot: "<bool>"\n',
    '  image.os: <name>\n',
    '  volatile.uuid: a\n',
    '  user.x: <name>\n',
    '  x.y: z\n',
  ],
  device: [
    '  eth<id>: { type: nic, network: a }\n',
    '  d<id>: { type: disk, source: /a, path: /b }\n',
    '  g<id>: { type: gpu }\n',
    '  p<id>: { type: pci, address: "01:00.0" }\n',
    '  u<id>: { type: unknown }\n',
  ],
};

export const FIRECRACKER: Grammar = {
  ...COMMON,
  start: ['{"machine-config": {"vcpu_count": <n>, "mem_size_mib": 512<smt?>}, "drives": [<drive>]<key?>}'],
  smt: [', "smt": <bool>'],
  drive: ['', '{"drive_id": "r", "path_on_host": "a"}', '{"drive_id": "a"}, {"drive_id": "b"}'],
  key: [
    ', "network-interfaces": [{"iface_id": "e"}]',
    ', "boot-source": {"kernel_image_path": "k", "boot_args": "nr_cpus=2"}',
    ', "vsock": {"guest_cid": 3}',
    ', "balloon": {"amount_mib": 0}',
    ', "x": 1',
  ],
};

export const KATA: Grammar = {
  ...COMMON,
  start: [
    '[hypervisor.qemu]\nmachine_type = "q35"\ndefault_vcpus = <n>\ndefault_maxvcpus = <max>\n<key*>[runtime]\nenable_debug = <bool>\n',
  ],
  max: ['0', '8', '16', '32', '240'],
  key: [
    'machine_accelerators = "hpet=<onoff>"\n',
    'cpu_features = "pmu=off"\n',
    'enable_iommu = <bool>\n',
    'kernel_params = "quiet"\n',
    'block_device_driver = "<driver>"\n',
    'shared_fs = "virtio-fs"\n',
    'network_queues = <n>\n',
    'default_bridges = 1\n',
    '# <name>\n',
    'unknown = [ 1, 2 ]\n',
    'confidential_guest = <bool>\n',
  ],
  driver: ['virtio-scsi', 'virtio-blk', 'nvdimm'],
};

export const XEN: Grammar = {
  ...COMMON,
  start: [
    'type = "<type>"\nvcpus = <n>\nmemory = 512\n<key*>',
    "name = '<name>'\nbuilder = 'hvm'\nvcpus = 2\nmaxvcpus = <n>\n<key*>",
  ],
  type: ['hvm', 'pvh'],
  key: [
    'vnuma = [ [ "pnode=0", "size=1", "vcpus=0", "vdistances=10" ] ]\n',
    'pci = [ "01:00.0" ]\n',
    'disk = [ "a,raw,xvda,rw" ]\n',
    'vif = [ "bridge=a" ]\n',
    'viridian = 1\n',
    'hpet = <bit>\n',
    'cpus = "0-3"\n',
    'acpi = <bit>\n',
    '# <name>\n',
    'x = y\n',
  ],
  bit: ['0', '1'],
};

export const BHYVE: Grammar = {
  ...COMMON,
  start: [
    'bhyve -c <n> -m 1G -A<opt*> vm',
    'bhyve -c cpus=4,cores=2,threads=2<opt*> vm',
    'cpus=<n>\nmemory.size=1G\nx86.x2apic=<bool>\npci.0.3.0.device=virtio-blk\n',
  ],
  opt: [
    ' -H',
    ' -P',
    ' -x',
    ' -s 3:0,virtio-blk,/a',
    ' -s <id>,nvme,/n,maxq=<n>',
    ' -s 5,virtio-net,tap0',
    ' -l com1,stdio',
    ' -o x86.x2apic=<bool>',
    ' -s 0,hostbridge',
    ' -s 7,passthru,1/0/0',
    ' -n id=0,size=1G,cpus=0',
    ' -w',
    ' -u',
  ],
};

export const VM_BHYVE: Grammar = {
  ...COMMON,
  start: [
    'loader="uefi"\ncpu=<n>\nmemory=1G\n<key*>',
    'jname="a"\nvm_cpus="<n>"\nvm_ram="1g"\nvirtio_type="<disk>"\n',
  ],
  key: [
    'cpu_sockets=1\n',
    'network0_type="<net>"\n',
    'disk0_type="<disk>"\ndisk0_name="a"\n',
    'passthru0="6/0/0"\n',
    'bhyve_options="-x"\n',
    'uuid="a"\n',
    'guest="<name>"\n',
    '# x\n',
  ],
  net: ['virtio-net', 'e1000'],
  disk: ['virtio-blk', 'ahci-hd', 'nvme'],
};

export const CROSVM: Grammar = {
  ...COMMON,
  start: ['crosvm run --cpus <cpu><opt*> vmlinux', '{"cpus": {"num-cores": <n>}, "block": [{"path": "a"}]}'],
  cpu: ['<n>', 'num-cores=<n>', 'num-cores=<n>,clusters=[[0]]'],
  opt: [
    ' --block path=a,num-queues=<n>',
    ' --net vq-pairs=<n>',
    ' -p "quiet"',
    ' --mem 512',
    ' --serial type=stdout',
    ' --no-smt',
    ' --vfio /sys/a',
    ' --rwdisk a',
    ' --disable-sandbox',
  ],
};

export const PROPOLIS: Grammar = {
  ...COMMON,
  start: ['[main]\nname = "<name>"\ncpus = <n>\nmemory = 512\n<dev*>'],
  dev: [
    '[dev.b<id>]\ndriver = "pci-virtio-block"\npci-path = "0.4.0"\n',
    '[dev.n<id>]\ndriver = "pci-nvme"\n',
    '[dev.v<id>]\ndriver = "pci-virtio-viona"\n',
    '[block_dev.x<id>]\ntype = "file"\n',
  ],
};

export const VMWARE: Grammar = {
  ...COMMON,
  start: [
    '.encoding = "UTF-8"\nconfig.version = "8"\nvirtualHW.version = "<hw>"\nnumvcpus = "<n>"\n<key*><key*>',
  ],
  hw: ['11', '17', '19', '21'],
  key: [
    'cpuid.coresPerSocket = "1"\n',
    'scsi0.present = "TRUE"\nscsi0.virtualDev = "pvscsi"\n',
    'ethernet0.present = "TRUE"\nethernet0.virtualDev = "vmxnet3"\n',
    'nvme0.present = "TRUE"\n',
    'vvtd.enable = "<vbool>"\n',
    'guestOS = "<os>"\n',
    'vcpu.hotadd = "<vbool>"\n',
    'memsize = "1024"\n',
    'numa.vcpu.maxPerVirtualNode = "2"\n',
    'monitor.x = "y"\n',
    'displayName = "<name>"\n',
    'pciPassthru0.present = "TRUE"\n',
  ],
  vbool: ['TRUE', 'FALSE'],
  os: ['other5xlinux-64', 'windows2019srv-64', 'ubuntu-64'],
};
