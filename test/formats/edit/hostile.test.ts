/** Damaged texts that a reader still takes: an editor answers, and never throws. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../src/formats/intent.ts';
import { InputError } from '../../../src/machine/locate.ts';
import { runs } from '../../budget.ts';
import { edit } from './editing.ts';

const TEXTS: readonly string[] = [
  'name: a\ntopology: {sockets: 2, cores: 2}\nremapping:\n  eim: off # no\ncmdline: >\n  ro\n  quiet\ndevices:\n- name: d\n  driver: nvme\n',
  '{"topology": {"sockets": 2}, "devices": [{"name": "d", "driver": "nvme"}], "cmdline": "ro"}',
  "<domain type='kvm'><vcpu>4</vcpu><os><type machine='q35'>hvm</type><kernel>k</kernel><cmdline>ro</cmdline></os>\n<features><acpi/></features><devices><disk><target dev='vda' bus='virtio'/></disk></devices></domain>",
  'kvm -M q35 -smp 4 -cpu host \\\n -kernel k -append "ro quiet" -device \'{"driver":"nvme","id":"d"}\' -device virtio-blk-pci,id=e',
  'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nspec:\n  domain:\n    cpu: { sockets: 2 }\n    devices: { disks: [{ name: d, disk: { bus: virtio } }] }\n',
  'cores: 4\nmachine: q35\nnet0: virtio=AA:BB\nscsi0: a,size=1G\nscsihw: virtio-scsi-single\n',
  '{"cpus": {"boot_vcpus": 2}, "payload": {"cmdline": "ro"}, "disks": [{"path": "/a"}]}',
  'cloud-hypervisor --cpus boot=2,max=4 --cmdline "ro" --disk path=/a num_queues=2 --net tap=t',
];

const INTENTS: readonly Intent[] = [
  { kind: 'ext-dest-id' },
  { kind: 'remapping', vendor: 'intel' },
  { kind: 'remapping', vendor: 'amd' },
  { kind: 'kernel', release: '6.12' },
  { kind: 'parameters', add: ['a="b c"', 'nr_cpus=2'], remove: ['ro'] },
  { kind: 'kernel-config', key: 'x2apic', value: false },
  {
    kind: 'topology',
    topology: { sockets: 1, dies: 1, modules: 1, cores: 4, threads: 2, max: 8, present: 4 },
  },
  { kind: 'x2apic', setting: 'enabled' },
  { kind: 'queues', device: ['devices', 0], name: 'd', queues: 2 },
  { kind: 'vectors', device: ['devices', 0], name: 'd', vectors: 2 },
  { kind: 'value', path: ['cpus', 1, 'apicId'], value: { deep: [1] } },
];

const scraps = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\r\n',
  "'",
  '"',
  '{',
  '}',
  ',',
  ':',
  '#',
  '&a ',
  '*a',
  '- ',
  '<',
  '/>',
  '\\',
  '=',
  '0',
  '<!-- x -->',
  '~',
);

describe('editors', () => {
  test('answer for damaged texts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TEXTS),
        fc.constantFrom(...INTENTS),
        fc.array(fc.tuple(fc.nat(400), fc.nat(3), scraps), { maxLength: 3 }),
        async (text, intent, cuts) => {
          const damaged = cuts.reduce((now, [at, length, scrap]) => {
            const start = at % (now.length + 1);
            return now.slice(0, start) + scrap + now.slice(start + length);
          }, text);
          try {
            const after = await edit(damaged, intent);
            expect(after === null || typeof after === 'string').toBe(true);
          } catch (error) {
            // The reader refused the damaged text itself.
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
