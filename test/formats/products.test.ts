/** What is known of each format is so: its reader, the products whose versions count, and where users read of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatList } from '../../src/cli/options/machine-options.ts';
import { FORMAT_NAMES, INPUT_FORMATS, type InputFormat } from '../../src/formats/formats.ts';
import { READERS, readerNamed, recognise } from '../../src/formats/index.ts';
import { NEWEST_KNOWN, STACK_PRODUCTS } from '../../src/formats/stack.ts';
import { parseVersion } from '../../src/formats/version.ts';
import { InputError } from '../../src/machine/locate.ts';
import { ROOT } from '../built.ts';
import { STRANGERS } from './strangers/table.ts';

/** A small input of each format, in the order in which readers are asked. */
const SAMPLES: Readonly<Record<InputFormat, string>> = {
  acpi: 'APIC @ 0x0000000000000000\n    0000: 41 50 49 43 34 00 00 00 03 00 42 4F 43 48 53 20\n    0010: 42 58 50 43 20 20 20 20 01 00 00 00 42 58 50 43\n    0020: 01 00 00 00 00 00 E0 FE 01 00 00 00 00 08 00 00\n    0030: 01 00 00 00\n',
  'kernel-log':
    '[    0.000000] Linux version 6.12.43 (a@b) (gcc) #1 SMP\n[    0.070000] CPU topo: Allowing 4 present CPUs plus 0 hotplug CPUs\n',
  'proc-interrupts': '           CPU0       CPU1\n  0:        130          0   IO-APIC   2-edge      timer\n',
  vmware: '.encoding = "UTF-8"\nconfig.version = "8"\nvirtualHW.version = "21"\nnumvcpus = "4"\n',
  opennebula: 'CPU = "2"\nVCPU = "4"\nMEMORY = "1024"\nDISK = [ IMAGE = "root", DEV_PREFIX = "vd" ]\n',
  'virt-install': 'virt-install --name one --vcpus 4 --memory 1024 --disk size=1,bus=virtio\n',
  kubevirt:
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: one }\nspec: { domain: { cpu: { cores: 4 }, devices: {} } }\n',
  'cloud-hypervisor': 'cloud-hypervisor --cpus boot=4 --kernel vmlinux\n',
  incus:
    'architecture: x86_64\nconfig:\n  limits.cpu: "4"\ndevices:\n  root: { path: /, pool: default, type: disk }\nprofiles: []\n',
  firecracker: '{ "machine-config": { "vcpu_count": 4, "mem_size_mib": 512 } }\n',
  kata: '[hypervisor.qemu]\nmachine_type = "q35"\ndefault_vcpus = 2\ndefault_maxvcpus = 8\n',
  xen: 'type = "hvm"\nvcpus = 4\nmemory = 512\n',
  bhyve: 'bhyve -c 4 -m 1G -A one\n',
  'vm-bhyve': 'loader="uefi"\ncpu=2\nmemory=1G\ndisk0_type="virtio-blk"\n',
  crosvm: 'crosvm run --cpus num-cores=4 vmlinux\n',
  propolis: '[main]\nname = "one"\ncpus = 4\nmemory = 512\n',
  'virtme-ng': 'vng -r ./bzImage --cpus 4 --disable-microvm\n',
  quickemu: '#!/usr/bin/quickemu --vm\nguest_os="linux"\ndisk_img="one/disk.qcow2"\ncpu_cores="4"\n',
  qemu: 'qemu-system-x86_64 -M q35 -smp 4\n',
  libvirt:
    "<domain type='kvm'><name>one</name><vcpu>4</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os><devices><disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk></devices></domain>",
  nova: "vcpus=4 hw:cpu_sockets='2', hw:cpu_cores='2'\n",
  proxmox: 'cores: 4\nmemory: 512\nscsihw: virtio-scsi-pci\nname: one\n',
  native: 'topology: { cores: 4 }\n',
};

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const IMPORTING = readFileSync(join(ROOT, 'docs/model/importing.md'), 'utf8');

test('readers are asked in the order of the list', () => {
  expect(READERS.map(({ name }) => name)).toEqual(FORMAT_NAMES);
});

test('the newest version of each product is one', () => {
  for (const product of STACK_PRODUCTS) expect(parseVersion(NEWEST_KNOWN[product])).toBeDefined();
});

describe.each(FORMAT_NAMES)('%s', (name) => {
  const { product, reads, stack } = INPUT_FORMATS[name];
  const bytes = new TextEncoder().encode(SAMPLES[name]);

  test('its reader is the first that recognises a text of it', async () => {
    expect(recognise(bytes, 'input').name).toBe(name);
    expect(await readerNamed(name).read({ bytes, file: 'input', stack: {} })).toHaveLength(1);
  });

  test.each(STACK_PRODUCTS)('the version of %s counts, or does not', async (asked) => {
    const read = readerNamed(name).read({ bytes, file: 'input', stack: { [asked]: 'none' } });
    const counts = (stack as readonly string[]).includes(asked);
    await (counts
      ? expect(read).rejects.toThrow(/"none" is no version/)
      : expect(read).resolves.toHaveLength(1));
  });

  test.each(['', '# nothing\n', 'echo nothing\n', '[]\n'])(
    'a text without a machine, %j, is an error or one',
    async (text) => {
      const nothing = new TextEncoder().encode(text);
      const count = await readerNamed(name)
        .read({ bytes: nothing, file: 'input', stack: {} })
        .then(
          (results) => results.length,
          (error) => error,
        );
      if (typeof count === 'number') expect(count).toBe(1);
      else expect(count).toBeInstanceOf(InputError);
    },
  );

  test('strangers are put into it', () => {
    expect(STRANGERS[name].texts).not.toEqual([]);
  });

  test('help, README and the page on importing name it', () => {
    expect(formatList()).toMatch(new RegExp(`^ {2}${name} +`, 'm'));
    expect(formatList()).toContain(reads);
    expect(README.toLowerCase()).toContain(product.toLowerCase());
    expect(IMPORTING.toLowerCase()).toContain(product.toLowerCase());
  });
});
