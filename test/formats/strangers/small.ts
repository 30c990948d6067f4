import { behind, instead, type Strangers } from './place.ts';

export const firecracker: Strangers = {
  texts: [
    `{
  "boot-source": { "kernel_image_path": "/k", "boot_args": "quiet" },
  "drives": [ { "drive_id": "d", "path_on_host": "/d" } ],
  "network-interfaces": [ { "iface_id": "n", "host_dev_name": "t" } ],
  "machine-config": { "vcpu_count": 2, "mem_size_mib": 512 }
}
`,
  ],
  places: [
    { what: 'a key', put: behind(/^\s*\{/, ' "stranger": { "a": 1 },'), becomes: 'warning' },
    { what: 'a CPU template', put: behind(/^\s*\{/, ' "cpu-stranger": { "a": 1 },'), becomes: 'warning' },
    ...['boot-source', 'drives', 'network-interfaces', 'machine-config'].map((key) => ({
      what: `a key in ${key}`,
      put: behind(new RegExp(`"${key}"\\s*:\\s*(?:\\[\\s*)?\\{`), ' "stranger": 7,'),
      becomes: 'warning' as const,
    })),
  ],
};

export const crosvm: Strangers = {
  texts: [
    'crosvm run --disable-sandbox --cpus num-cores=4 --mem 1024 --block path=/d,ro --net tap-name=t -p quiet vmlinux\n',
    '{ "kernel": "/k", "cpus": { "num-cores": 4 }, "block": [ { "path": "/d" } ], "net": [ { "tap-name": "t" } ] }\n',
  ],
  places: [
    { what: 'an option', put: behind(/--mem \S+/, ' --stranger a=1'), becomes: 'warning' },
    { what: 'an option with a value', put: behind(/--mem \S+/, ' --stranger=1'), becomes: 'warning' },
    { what: 'a variable', put: behind(/--mem \S+/, ' $stranger'), becomes: 'warning' },
    { what: 'a part of --cpus', put: behind(/--cpus \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a part of --block', put: behind(/--block \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a part of --net', put: behind(/--net \S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a key', put: behind(/^\s*\{/, ' "stranger": 7,'), becomes: 'warning' },
    ...['cpus', 'block', 'net'].map((key) => ({
      what: `a key in ${key}`,
      put: behind(new RegExp(`"${key}"\\s*:\\s*(?:\\[\\s*)?\\{`), ' "stranger": 7,'),
      becomes: 'warning' as const,
    })),
  ],
};

export const propolis: Strangers = {
  texts: [
    `[main]
name = "one"
cpus = 4
memory = 1024
bootrom = "/b"

[block_dev.a]
type = "file"
path = "/d"

[dev.block0]
driver = "pci-virtio-block"
block_dev = "a"
pci-path = "0.4.0"
`,
  ],
  places: [
    { what: 'a table', put: behind(/^/, '[stranger]\na = 1\n\n'), becomes: 'warning' },
    { what: 'a key of main', put: behind(/^cpus = \d+\n/m, 'stranger = 7\n'), becomes: 'warning' },
    { what: 'a key of a device', put: behind(/^driver = .+\n/m, 'stranger = 7\n'), becomes: 'warning' },
    {
      what: 'a driver',
      put: instead(/^driver = "pci-virtio-[^"]*"/m, 'driver = "stranger"'),
      becomes: 'warning',
    },
  ],
};

export const xen: Strangers = {
  texts: [
    'type = "hvm"\nname = "one"\nvcpus = 4\nmemory = 1024\ndisk = [ "/d,raw,xvda,rw" ]\nvif = [ "bridge=xenbr0" ]\n',
  ],
  places: [
    { what: 'a setting', put: behind(/^vcpus *= *\d+\n/m, 'stranger = 7\n'), becomes: 'warning' },
    {
      what: 'arguments of the device model',
      put: behind(/^vcpus *= *\d+\n/m, 'device_model_args = [ "-stranger" ]\nstranger = 1\n'),
      becomes: 'warning',
    },
  ],
};

export const bhyve: Strangers = {
  texts: [
    'bhyve -A -H -c cpus=4,sockets=1,cores=4 -m 2G -s 0,hostbridge -s 3,virtio-blk,/d -s 4,virtio-net,tap0 -l com1,stdio one\n',
    'cpus=4\nmemory.size=2G\nx86.x2apic=true\nacpi_tables=true\nname=one\npci.0.3.0.device=virtio-blk\npci.0.3.0.path=/d\n',
  ],
  places: [
    { what: 'an option', put: behind(/-m \S+/, ' --stranger'), becomes: 'warning' },
    { what: 'an option with a value', put: behind(/-m \S+/, ' -n stranger'), becomes: 'warning' },
    { what: 'a configuration file', put: behind(/-m \S+/, ' -k /stranger.conf'), becomes: 'warning' },
    { what: 'a setting by -o', put: behind(/-m \S+/, ' -o stranger=7'), becomes: 'warning' },
    { what: 'a device', put: behind(/-m \S+/, ' -s 7,stranger'), becomes: 'warning' },
    { what: 'a part of a device', put: behind(/-s \d+,virtio-blk,\S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a switch of a device', put: behind(/-s \d+,virtio-blk,\S+/, ',stranger'), becomes: 'warning' },
    { what: 'a part of -c', put: behind(/-c cpus=\S+/, ',stranger=7'), becomes: 'warning' },
    { what: 'a variable', put: behind(/-m \S+/, ' $stranger'), becomes: 'warning' },
    { what: 'a key', put: behind(/^cpus=\d+\n/m, 'stranger=7\n'), becomes: 'warning' },
    { what: 'a key of x86', put: behind(/^cpus=\d+\n/m, 'x86.stranger=7\n'), becomes: 'warning' },
    { what: 'a key of a device', put: behind(/^cpus=\d+\n/m, 'pci.0.3.0.stranger=7\n'), becomes: 'warning' },
    {
      what: 'a device of a file',
      put: behind(/^cpus=\d+\n/m, 'pci.0.9.0.device=stranger\n'),
      becomes: 'warning',
    },
  ],
};

export const vmBhyve: Strangers = {
  texts: [
    'loader="uefi"\ncpu=4\nmemory=2G\nnetwork0_type="virtio-net"\nnetwork0_switch="public"\ndisk0_type="virtio-blk"\ndisk0_name="disk0"\n',
    'jname="one"\nvm_cpus="4"\nvm_ram="2g"\nvm_os_type="linux"\nvirtio_type="virtio-blk"\n',
  ],
  places: [
    { what: 'a setting', put: behind(/^(?:cpu|vm_cpus)=.+\n/m, 'stranger="7"\n'), becomes: 'warning' },
    { what: 'a setting of a disk', put: behind(/^cpu=.+\n/m, 'disk0_stranger="7"\n'), becomes: 'warning' },
    { what: 'a device', put: instead(/^(disk0_type|virtio_type)=.+/m, '$1="stranger"'), becomes: 'warning' },
    {
      what: 'options for bhyve',
      put: behind(/^cpu=.+\n/m, 'bhyve_options="-stranger"\nstranger=1\n'),
      becomes: 'warning',
    },
  ],
};

export const vmware: Strangers = {
  texts: [
    `.encoding = "UTF-8"
config.version = "8"
virtualHW.version = "21"
displayName = "one"
guestOS = "ubuntu-64"
numvcpus = "4"
cpuid.coresPerSocket = "4"
memSize = "4096"
ethernet0.present = "TRUE"
ethernet0.virtualDev = "vmxnet3"
ethernet0.addressType = "generated"
scsi0.present = "TRUE"
scsi0.virtualDev = "pvscsi"
scsi0:0.fileName = "one.vmdk"
scsi0:0.present = "TRUE"
tools.syncTime = "TRUE"
`,
  ],
  places: [
    { what: 'a key', put: behind(/^numvcpus = .+\n/m, 'stranger = "7"\n'), becomes: 'note' },
    {
      what: 'a device',
      put: behind(/^numvcpus = .+\n/m, 'stranger0.present = "TRUE"\n'),
      becomes: 'warning',
    },
    ...['cpuid', 'numa', 'apic', 'chipset', 'hypervisor', 'vcpu'].map((key) => ({
      what: `a key of ${key}`,
      put: behind(/^numvcpus = .+\n/m, `${key}.stranger = "7"\n`),
      becomes: 'warning' as const,
    })),
    { what: 'a network adapter', put: instead(/"vmxnet3"/, '"stranger"'), becomes: 'warning' },
    { what: 'a SCSI adapter', put: instead(/"pvscsi"/, '"stranger"'), becomes: 'warning' },
  ],
};

export const opennebula: Strangers = {
  texts: [
    `NAME = "one"
CPU = "4"
VCPU = "4"
MEMORY = "4096"
OS = [ ARCH = "x86_64", MACHINE = "q35" ]
FEATURES = [ ACPI = "yes", VIRTIO_BLK_QUEUES = "auto" ]
TOPOLOGY = [ SOCKETS = "1", CORES = "4", THREADS = "1" ]
CPU_MODEL = [ MODEL = "host-passthrough" ]
DISK = [ IMAGE = "root", DEV_PREFIX = "vd" ]
NIC = [ NETWORK = "lan", MODEL = "virtio" ]
VIDEO = [ TYPE = "virtio" ]
`,
  ],
  places: [
    { what: 'an attribute', put: behind(/^CPU = .+\n/m, 'STRANGER = "stranger"\n'), becomes: 'note' },
    ...['OS', 'FEATURES', 'TOPOLOGY', 'CPU_MODEL', 'DISK', 'NIC', 'VIDEO'].map((key) => ({
      what: `a part of ${key}`,
      put: behind(new RegExp(`^${key} = \\[`, 'm'), ' STRANGER = "stranger",'),
      becomes: 'warning' as const,
    })),
    { what: 'a bus', put: instead(/DEV_PREFIX = "vd"/, 'DEV_PREFIX = "stranger"'), becomes: 'warning' },
    { what: 'a card', put: instead(/MODEL = "virtio"/, 'MODEL = "stranger"'), becomes: 'warning' },
    {
      what: 'raw XML',
      put: behind(/^CPU = .+\n/m, 'RAW = [ TYPE = "kvm", DATA = "<devices><stranger/></devices>" ]\n'),
      becomes: 'warning',
    },
    { what: 'a machine type', put: instead(/MACHINE = "q35"/, 'MACHINE = "stranger"'), becomes: 'refused' },
  ],
};
