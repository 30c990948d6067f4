/** Formats that people paste: VMware, OpenNebula, virt-install; and what is no input, told in one line. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { recognise } from '../../src/formats/index.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';

async function analysed(text: string, file = 'input') {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file });
  return { source, analysis: analyze(machineOf(source)) };
}

const rules = (analysis: ReturnType<typeof analyze>): string[] => analysis.findings.map(({ rule }) => rule);
const unread = (analysis: ReturnType<typeof analyze>): string[] =>
  analysis.machine.notUnderstood.map(({ part }) => part);

describe('VMware', () => {
  const VMX = `.encoding = "UTF-8"
virtualHW.version = "21"
displayName = "db1"
numvcpus = "48"
cpuid.coresPerSocket = "24"
nvme0.present = "TRUE"
ethernet0.present = "TRUE"
ethernet0.virtualDev = "vmxnet3"
ethernet1.present = "FALSE"
ethernet1.virtualDev = "vmxnet3"
scsi0.virtualDev = "pvscsi"
`;

  test('sockets, cores, devices and the virtual IOMMU', async () => {
    const { source, analysis } = await analysed(VMX);
    expect(source.format).toBe('vmware');
    expect(analysis.machine).toMatchObject({ name: 'db1', platform: 'vmware', shape: '2 x 24 x 1' });
    expect(analysis.machine.remapping.enabled).toBe(false);
    expect(analysis.machine.devices.map(({ name }) => name)).toEqual(['nvme0', 'ethernet0', 'scsi0']);
    const remapped = await analysed(`${VMX}vvtd.enable = "TRUE"\n`);
    expect(remapped.analysis.machine.remapping).toMatchObject({ enabled: true, eim: true });
  });

  test('vectors of adapters and controllers', async () => {
    const more = 'scsi1.virtualDev = "lsisas1068"\nethernet2.virtualDev = "e1000e"\n';
    const { analysis } = await analysed(VMX + more);
    expect(analysis.machine.devices.map(({ name, vectors }) => [name, vectors])).toEqual([
      ['nvme0', undefined],
      ['ethernet0', 25],
      ['scsi0', 1],
      ['scsi1', 1],
      ['ethernet2', 5],
    ]);
  });

  test('numbers of vCPUs that cannot be, and cores that do not divide them', async () => {
    const vcpus = (count: string, cores = '1') =>
      analysed(
        VMX.replace('numvcpus = "48"', `numvcpus = "${count}"`).replace(
          'Socket = "24"',
          `Socket = "${cores}"`,
        ),
      );
    await expect(vcpus('0')).rejects.toThrow('numvcpus: 0 vCPUs are not possible');
    await expect(vcpus('32769')).rejects.toThrow('numvcpus: 32769 vCPUs are not possible');
    expect((await vcpus('1')).analysis.machine.shape).toBe('1 x 1 x 1');
    expect((await vcpus('4', '4')).analysis.machine.shape).toBe('1 x 4 x 1');
    for (const cores of ['3', '0']) {
      const { analysis } = await vcpus('4', cores);
      expect(analysis.machine.shape).toBe('4 x 1 x 1');
      expect(analysis.findings.map(({ message }) => message).join('\n')).toContain(
        `The number of virtual CPUs (4) is no multiple of the cores per socket (${cores})`,
      );
    }
  });

  test('what cannot be known is a warning', async () => {
    const { analysis } = await analysed(
      `${VMX}vcpu.hotadd = "TRUE"\npciPassthru0.present = "TRUE"\nethernet2.virtualDev = "next"\n`,
    );
    expect(analysis.summary.verdict).toBe('warn');
    expect(unread(analysis).join('\n')).toMatch(/vcpu\.hotadd[\s\S]*pcipassthru0[\s\S]*next/);
  });
});

describe('OpenNebula', () => {
  const TEMPLATE = `# made by hand
NAME = "web"
VCPU = "6"
VCPU_MAX = "12"
MEMORY = 2048
TOPOLOGY = [ SOCKETS = 2, CORES = 3, THREADS = 2 ]
OS = [ MACHINE = "q35", ARCH = "x86_64" ]
FEATURES = [ VIRTIO_SCSI_QUEUES = "auto",
  VIRTIO_BLK_QUEUES = "3" ]
DISK = [ IMAGE_ID = "3", DEV_PREFIX = "vd" ]
DISK = [ IMAGE_ID = "4", DEV_PREFIX = "sd" ]
NIC = [ NETWORK_ID = "0", MODEL = "virtio", VIRTIO_QUEUES = "4" ]
`;

  test('vCPUs, topology and queues', async () => {
    const { source, analysis } = await analysed(TEMPLATE);
    expect(source.format).toBe('opennebula');
    expect(analysis.enumeration.possible.toString()).toBe('0-11');
    expect(analysis.enumeration.present.toString()).toBe('0-5');
    expect(analysis.run.devices.map(({ driver, queues }) => [driver, queues.length])).toEqual([
      ['virtio-blk', 3],
      ['virtio-scsi', 6],
      ['virtio-net', 4],
      ['generic', 2],
    ]);
    expect(rules(analysis)).not.toContain('input-not-understood');
  });

  test('raw libvirt XML and host devices are named', async () => {
    const { analysis } = await analysed(
      `${TEMPLATE}RAW = [ TYPE = "kvm", DATA = "<devices><iommu model='intel'/></devices>" ]\nPCI = [ VENDOR = "8086" ]\nBLINK = "x"\n`,
    );
    expect(
      analysis.findings.filter(({ rule }) => rule === 'input-not-understood').map(({ level }) => level),
    ).toEqual(['warning', 'warning', 'note']);
  });

  test('a mistake has its place', async () => {
    await expect(analysed(`${TEMPLATE}NIC = [ MODEL "virtio" ]\n`)).rejects.toThrow(
      /input:13:\d+: "=" after MODEL/,
    );
  });
});

describe('virt-install', () => {
  test('vCPUs, the IOMMU, queues', async () => {
    const { source, analysis } = await analysed(
      `sudo virt-install -n big --vcpus=300,maxvcpus=320,sockets=4,cores=80,threads=1 --machine q35 \\
  --iommu model=intel,driver.intremap=on,driver.eim=on --features ioapic.driver=qemu \\
  --disk size=10,bus=virtio,driver.queues=7 --controller type=scsi,model=virtio-scsi,driver.queues=5 \\
  --network bridge=br0,model.type=virtio,driver.queues=3 --memory 4096 --import
`,
    );
    expect(source.format).toBe('virt-install');
    expect(analysis.enumeration.possible.toString()).toBe('0-319');
    expect(analysis.machine.remapping).toMatchObject({ enabled: true, eim: true });
    expect(analysis.run.devices.map(({ driver, queues }) => [driver, queues.length])).toEqual([
      ['virtio-blk', 7],
      ['virtio-scsi', 5],
      ['virtio-net', 3],
      ['generic', 2],
    ]);
  });

  test('an option that is not known is named', async () => {
    const { analysis } = await analysed('virt-install --vcpus 4 --quantum fast --memory 1024\n');
    expect(unread(analysis)).toEqual(['--quantum fast']);
    expect(analysis.summary.verdict).toBe('warn');
  });
});

describe('what is no input is told in one line', () => {
  test.each([
    ['[    0.000000] Linux version 6.12.1\n[    0.1] x2apic enabled\n', /a kernel log.*irqsim explain/],
    ['Vagrant.configure("2") do |config|\n  config.vm.box = "x"\nend\n', /a Vagrantfile.*virsh dumpxml/],
    ['resource "libvirt_domain" "vm" {\n  vcpu = 4\n}\n', /Terraform/],
    ['#cloud-config\nusers: []\n', /cloud-init/],
    ['apiVersion: v1\nkind: Pod\nmetadata: { name: x }\n', /no virtual machine/],
    ['I wrote: some words\n  - and: more\n words', /no format that irqsim reads.*--from NAME/],
  ])('%j', async (text, message) => {
    await expect(analysed(text, 'file.txt')).rejects.toThrow(message);
    await expect(analysed(text, 'file.txt')).rejects.toThrow(/^\S+:1:1: [^\n]*$/);
  });

  test('a comment that speaks of the kernel makes no kernel log of a script', async () => {
    const { source } = await analysed('# guest kernel: 6.1\nqemu-system-x86_64 -smp 4\n', 'run.sh');
    expect(source.format).toBe('qemu');
  });

  test.each([
    'Nov 29 08:00:01 host kernel: Linux version 6.12.1',
    '2026-11-29T08:00:01+0000 host kernel: x2apic enabled',
    '<6>[    0.000000] Command line: qemu-system-x86_64 -smp 4',
  ])('%s begins a kernel log', async (line) => {
    await expect(analysed(`${line}\n`, 'boot.txt')).rejects.toThrow(/a kernel log/);
  });

  test('a description with a mistake keeps the words of the parser', async () => {
    await expect(analysed('kernel: "6.12"\ncpus: [1, 2\n', 'file.txt')).rejects.not.toThrow(/no format/);
  });
});

test.each([
  [
    'native',
    "# <domain type='kvm'><vcpu>2</vcpu></domain>\nname: \"<domain type='kvm'>\"\ntopology: { sockets: 3 }\n",
  ],
  ['native', '# virt-install --name x --vcpus 2\nplatform: kvm\n'],
  ['native', '# qemu-system-x86_64 -smp 2\nplatform: kvm\ntopology: { sockets: 3 }\n'],
  ['proxmox', '# qemu-system-x86_64 -smp 2\ncores: 3\nmemory: 1024\nscsi0: local:vm-1-disk-0\n'],
  [
    'libvirt',
    "#!/bin/sh\n# qemu-system-x86_64 -smp 2\nvirsh define /dev/stdin <<X\n<domain type='kvm'><name>a</name><vcpu>3</vcpu></domain>\nX\n",
  ],
  [
    'incus',
    'architecture: x86_64\nconfig:\n  limits.cpu: "3"\n  user.user-data: |\n    cat <<X\n    apiVersion: kubevirt.io/v1\n    X\ndevices: {}\nname: a\ntype: virtual-machine\n',
  ],
  ['qemu', 'As root:\n\n# qemu-system-x86_64 -smp 3\n'],
  ['kubevirt', 'Note: this is applied\n\n```\napiVersion: kubevirt.io/v1\n```\n'],
])('%s: comments and texts that a machine writes do not decide what is read', (format, text) => {
  expect(recognise(new TextEncoder().encode(text), 'input').name).toBe(format);
});
