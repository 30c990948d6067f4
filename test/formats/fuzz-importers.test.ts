/** Importers on text that is nearly right: a machine or an InputError, never anything else, and soon. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { READERS } from '../../src/formats/index.ts';
import type { Reader } from '../../src/formats/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import { cpuClock, runs } from '../budget.ts';
import { normaliseResult } from './importers.ts';

const SEEDS: Readonly<Record<string, readonly string[]>> = {
  kubevirt: [
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nspec:\n  template:\n    spec:\n      domain:\n        cpu:\n          sockets: 4\n          cores: 2\n        devices:\n          blockMultiQueue: true\n          disks:\n            - name: a\n              disk: { bus: virtio }\n---\n',
  ],
  'cloud-hypervisor': [
    'cloud-hypervisor --cpus boot=2,max=4,topology=2:2:1:1 --disk path=a,num_queues=2 --numa guest_numa_id=1,cpus=[0-1]',
    '{"cpus": {"boot_vcpus": 2, "max_vcpus": 4}, "disks": [{"num_queues": 2}], "net": [{"id": "n"}]}',
  ],
  incus: [
    'architecture: x86_64\nconfig:\n  limits.cpu: "0-3"\n  raw.qemu: -device nvme,id=n\ndevices:\n  eth0: { type: nic, network: a }\n  root: { type: disk, path: / }\nprofiles: [default]\n',
    '[{"name":"a","type":"virtual-machine","expanded_config":{"limits.cpu":"4"},"expanded_devices":{}}]',
  ],
  nova: [
    "vcpus=8 hw:cpu_sockets='2', hw:numa_nodes='2' hw_vif_multiqueue_enabled=true",
    '{"vcpus": 8, "properties": {"hw:cpu_max_sockets": "2"}}',
    "| Field | Value |\n| vcpus | 4 |\n| properties | hw:cpu_cores='2', hw_disk_bus='scsi' |\n",
  ],
  firecracker: ['{"machine-config": {"vcpu_count": 2, "smt": true}, "drives": []}'],
  xen: [
    'type = "hvm"\nvcpus = 4\nmaxvcpus = 8\nvnuma = [ [ "vcpus=0-3" ], [ "vcpus=4-7" ] ]\npci = [ "a" ]\n',
  ],
  bhyve: [
    'bhyve -c cpus=4,cores=2,threads=2 -x -s 3:0,virtio-blk,/a -s 4,nvme,/n,maxq=4 -o x86.x2apic=true vm',
  ],
  crosvm: ['crosvm run --cpus num-cores=4 --block path=a,num-queues=4 --net vq-pairs=2 -p x'],
  'virtme-ng': [
    'vng -vr ./bzImage --cpus 4,sockets=2 --disable-microvm --disk a --numa 1G,cpus=0-3 --qemu-opts="-M q35 -device nvme"',
    'virtme-run --kdir . --net loop --blk-disk a=b -a quiet --qemu-opts -smp 4,maxcpus=8 -device virtio-blk-pci',
  ],
  quickemu: [
    'guest_os="linux"\ndisk_img="a/disk.qcow2"\ncpu_cores="4"\nnetwork="br0"\nextra_args="-device nvme -smp maxcpus=8"\nport_forwards=("1:2" "3:4")\n',
  ],
  kata: [
    '[hypervisor.qemu]\nmachine_type = "q35"\ndefault_vcpus = 2.5\ndefault_maxvcpus = 8\nmachine_accelerators="hpet=off"\ncpu_features="pmu=off"\nenable_iommu = true\nkernel_params = "quiet"\n[runtime]\nenable_debug = true\n',
  ],
  'vm-bhyve': [
    'loader="uefi"\ncpu=4\ncpu_cores=2\ncpu_threads=2\nmemory=1G\nnetwork0_type="virtio-net"\ndisk0_type="nvme"\npassthru0="6/0/0"\n',
    'jname="a"\nvm_cpus="4"\nvm_ram="1g"\nvirtio_type="ahci-hd"\nbhyve_x2apic_mode="1"\n',
  ],
  propolis: ['[main]\ncpus = 4\n[dev.a]\ndriver = "pci-nvme"\n[dev.b]\ndriver = "x"\n'],
};

const TOKENS = [
  ...['0', '-1', '1', '3', '255', '256', '40000', '4294967296', '1e9', '99999999999999999999', 'x', ''],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    '=',
    '\n',
    '\\',
    ' ',
    '#',
    '---\n',
    '- ',
    '\0',
    '\u00e9',
    '&a ',
    '*a',
  ],
  ...[
    '__proto__',
    'constructor',
    'null',
    'true',
    '[[',
    '0-',
    '5-2',
    '0-99999999',
    'cpus',
    'kind: List\nitems: ',
  ],
];

/** Replaces parts of a text by tokens. */
const mutated = (seeds: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(6), fc.constantFrom(...TOKENS)), {
        minLength: 1,
        maxLength: 5,
      }),
    )
    .map(([seed, edits]) =>
      edits.reduce((text, [where, length, token]) => {
        const at = Math.floor(where * text.length);
        return text.slice(0, at) + token + text.slice(at + length);
      }, seed),
    );

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Every reader is asked whether a text is one of its own. */
function recognise(bytes: Uint8Array): void {
  for (const one of READERS) one.recognises(bytes, 'f');
}

/** CPU seconds that a text may take: less than what takes a time that grows with the square of a flood. */
const MAX_CPU_SECONDS = 1.5;

async function read(reader: Reader, bytes: Uint8Array): Promise<void> {
  const cpuSeconds = cpuClock();
  try {
    for (const result of await reader.read({ bytes, file: 'f', stack: {} })) normaliseResult(result, 'f');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { line, column } of error.problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(column).toBeGreaterThanOrEqual(1);
    }
  }
  expect(cpuSeconds()).toBeLessThan(MAX_CPU_SECONDS);
}

async function attempt(reader: Reader, text: string): Promise<void> {
  const bytes = encoded(text);
  recognise(bytes);
  await read(reader, bytes);
}

const FLOODS: readonly (readonly [name: string, text: string])[] = [
  ['brackets', '['.repeat(100_000)],
  ['quotes', '"\\"'.repeat(100_000)],
  ['commas', ','.repeat(250_000)],
  ['keys', Array.from({ length: 8_000 }, (_, n) => `k${n} = ${n}`).join('\n')],
  ['dots', `${'a.'.repeat(100_000)}b = 1`],
  ['sections', '[main]\n'.repeat(2000)],
  ['options', ' --disk a=b -s 3,virtio-blk -o a.b=c'.repeat(4_000)],
  ['blanks', ' '.repeat(500_000)],
  ['bytes', '\ufffd\u0001'.repeat(1000)],
];

const readers = READERS.filter(({ name }) => Object.hasOwn(SEEDS, name)).map(
  (one) => [one.name, one] as const,
);

describe.each(readers)('%s', (name, reader) => {
  test('nearly right text', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(SEEDS[name]), (text) => attempt(reader, text)),
      { numRuns: runs(80) },
    );
  });

  test('any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...TOKENS, ...SEEDS[name])), (parts) =>
        attempt(reader, parts.join('')),
      ),
      { numRuns: runs(40) },
    );
  });

  test.each(FLOODS)('much of one thing: %s', async (_, flood) => {
    const [seed] = SEEDS[name];
    await attempt(reader, seed + flood);
    await read(reader, encoded(flood));
  });
});

test.each(FLOODS)('no reader takes long to recognise much of one thing: %s', (_, flood) => {
  const cpuSeconds = cpuClock();
  recognise(encoded(flood));
  expect(cpuSeconds()).toBeLessThan(MAX_CPU_SECONDS);
});
