/** `irqsim import`: analysing the description it writes gives the same report as analysing the source. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/machine/locate.ts';
import { descriptionText } from '../../src/report/description.ts';
import { corpusText, hasCorpus, importAll, importOne, reportsOf } from './importers.ts';

const SOURCES: Readonly<Record<string, string>> = {
  native:
    'name: "on: #1"\nkernel: 6.10\nplatform: kvm\ntopology: { cores: 4, present: "0-1,3" }\nevents: [{ offline: "1" }]\n',
  kubevirt:
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: on }\nspec:\n  domain: { cpu: { sockets: 64 }, devices: { blockMultiQueue: true, disks: [{ name: d, disk: { bus: virtio } }] } }\n',
  'cloud-hypervisor':
    'cloud-hypervisor --cpus boot=8,max=312 --disk path=a,num_queues=8 path=b --net num_queues=4 --cmdline "a \\"b\\" \\\\ c"',
  incus:
    'architecture: x86_64\nname: one\nconfig: { limits.cpu: "6", security.iommu: "true" }\ndevices: { eth0: { type: nic, network: a }, root: { type: disk, path: /, io.bus: virtio-blk } }\nprofiles: [default]\n',
  nova: "name=a vcpus=12 hw:cpu_threads='2', hw_machine_type='q35', hw:viommu_model='intel', hw:numa_nodes='2'",
  firecracker: '{"machine-config": {"vcpu_count": 4, "smt": true}, "boot-source": {"boot_args": "quiet"}}',
  xen: 'type = "hvm"\nname = "a\'b"\nvcpus = 4\nmaxvcpus = 128\nvnuma = [ [ "vcpus=0-63" ], [ "vcpus=64-127" ] ]\n',
  bhyve: 'bhyve -c cpus=4,cores=4 -x -s 3,virtio-blk,/a -s 4,nvme,/b vm',
  crosvm: 'crosvm run --cpus num-cores=8 --block path=a --net vq-pairs=4 kernel',
  propolis: '[main]\ncpus = 4\n[dev.a]\ndriver = "pci-nvme"\n',
  qemu: 'qemu-system-x86_64 -machine q35,accel=kvm -smp 3,maxcpus=300,cores=3,threads=2,sockets=50 -device virtio-blk-pci,id=a -device nvme,id=n',
};

describe.each(Object.entries(SOURCES))('%s', (format, text) => {
  test('the same report', async () => {
    const one = await importOne(text);
    expect(one.reader.name).toBe(format);
    const { source, written } = await reportsOf(one);
    expect(written).toEqual(source);
  });

  test('names the source, and every assumption and refusal', async () => {
    const one = await importOne(text);
    const written = descriptionText(one.result.raw.value, one.machine);
    expect(written.split('\n')[0]).toMatch(/^# Written by irqsim import from input/);
    for (const { text: assumption } of one.result.assumptions)
      expect(written).toContain(`# assumed: ${assumption}`);
    for (const { message } of one.result.refusals) expect(written).toContain(message);
  });
});

test('text that YAML would take for something else is quoted', async () => {
  const one = await importOne(
    '{"name": "no", "cmdline": "1.0", "cpus": [{"apicId": "0x10"}], "kernel": "6.10"}',
  );
  const { source, written } = await reportsOf(one);
  expect(written).toEqual(source);
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  const FOLDER = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
  const folders = [
    'kubevirt',
    'cloud-hypervisor',
    'firecracker',
    'libvirt-xl',
    'libvirt-bhyve',
    'propolis',
    'xen',
    'proxmox',
    'libvirt',
    'incus',
  ];
  const names = (hasCorpus ? folders : []).flatMap((folder) =>
    readdirSync(FOLDER + folder).map((name) => `${folder}/${name}`),
  );

  test.each(names)('%s', async (name) => {
    const found = await importAll(corpusText(name), {}, name).catch((error: unknown) => {
      if (error instanceof InputError) return [];
      throw error;
    });
    for (const one of found) {
      const { source, written } = await reportsOf(one);
      expect(written).toEqual(source);
    }
  });
});
