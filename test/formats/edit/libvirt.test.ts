/** Intents written into libvirt domain XML. */
import { describe, expect, test } from 'vitest';
import type { Intent, TopologyIntent } from '../../../src/formats/intent.ts';
import { changedLines, edit, machineIn } from './editing.ts';

const XML = `<domain type='kvm'>
  <name>db</name>
  <vcpu placement='static' current='4'>8</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-9.0'>hvm</type>
  </os>
  <features>
    <acpi/>  <!-- needed -->
  </features>
  <cpu mode='host-passthrough'>
    <topology sockets='8' cores='1' threads='1'/>
    <feature policy='disable' name='x2apic'/>
  </cpu>
  <devices>
    <!-- the root disk -->
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <controller type='scsi' index='0' model='virtio-scsi'/>
    <interface type='bridge'>
      <model type='virtio'/>
    </interface>
    <memballoon model='none'/>
  </devices>
</domain>
`;

const eight: TopologyIntent = { sockets: 1, dies: 1, modules: 1, cores: 2, threads: 2, max: 4, present: 4 };
const queues = (device: number, name: string, count: number): Intent => ({
  kind: 'queues',
  device: ['devices', device],
  name,
  queues: count,
});

const CASES: readonly (readonly [string, Intent, readonly string[]])[] = [
  ['ext-dest-id', { kind: 'ext-dest-id' }, ["+    <ioapic driver='qemu'/>"]],
  [
    'no HPET',
    { kind: 'hpet', present: false },
    ["+  <clock offset='utc'>", "+    <timer name='hpet' present='no'/>", '+  </clock>'],
  ],
  [
    'x2apic',
    { kind: 'x2apic', setting: 'supported' },
    ["-    <feature policy='disable' name='x2apic'/>", "+    <feature policy='require' name='x2apic'/>"],
  ],
  [
    'topology',
    { kind: 'topology', topology: eight },
    [
      "-  <vcpu placement='static' current='4'>8</vcpu>",
      ...XML.split('\n')
        .slice(3, 10)
        .map((line) => `-${line}`),
      "-    <topology sockets='8' cores='1' threads='1'/>",
      "+  <vcpu placement='static'>4</vcpu>",
      ...XML.split('\n')
        .slice(3, 10)
        .map((line) => `+${line}`),
      "+    <topology sockets='1' cores='2' threads='2'/>",
    ],
  ],
  [
    'queues of a disk',
    queues(0, 'vda', 3),
    ["-      <driver name='qemu' type='qcow2'/>", "+      <driver name='qemu' type='qcow2' queues='3'/>"],
  ],
  [
    'queues of a controller',
    queues(1, 'scsi0', 3),
    [
      "-    <controller type='scsi' index='0' model='virtio-scsi'/>",
      "+    <controller type='scsi' index='0' model='virtio-scsi'>",
      "+      <driver queues='3'/>",
      '+    </controller>',
    ],
  ],
  ['queues of a network card', queues(2, 'net0', 3), ["+      <driver queues='3'/>"]],
  ['vectors', { kind: 'vectors', device: ['devices', 0], name: 'vda', vectors: 3 }, ['null']],
  ['kernel', { kind: 'kernel', release: '6.12' }, ['null']],
  ['parameters without a kernel', { kind: 'parameters', add: ['nr_cpus=4'], remove: [] }, ['null']],
  ['the name of another device', queues(0, 'vdb', 3), ['null']],
  ['modules', { kind: 'topology', topology: { ...eight, cores: 1, modules: 2 } }, ['null']],
  ['slots that no topology has', { kind: 'topology', topology: { ...eight, max: 3, present: 3 } }, ['null']],
];

describe('libvirt', () => {
  test.each(CASES)('%s', async (_, intent, changed) => {
    expect(changedLines(XML, await edit(XML, intent))).toEqual(changed);
  });

  test('remapping brings the split interrupt chip and an IOMMU', async () => {
    const after = await edit(XML, { kind: 'remapping', vendor: 'intel' });
    const iommu = "    <iommu model='intel'>\n      <driver intremap='on' eim='on'/>\n    </iommu>\n";
    expect(after).toBe(
      XML.replace('<!-- needed -->\n', "<!-- needed -->\n    <ioapic driver='qemu'/>\n").replace(
        "<memballoon model='none'/>\n",
        `<memballoon model='none'/>\n${iommu}`,
      ),
    );
    const machine = await machineIn(after ?? '');
    expect(machine.remapping).toEqual({
      enabled: true,
      eim: true,
      optOut: false,
      vendor: 'intel',
      ioapics: true,
      mixedXt: false,
    });
    expect(machine.imported?.refusals).toEqual([]);
  });

  test('an IOMMU that is there is completed, one of another kind stays', async () => {
    const text = XML.replace(
      "<memballoon model='none'/>",
      '<memballoon model=\'none\'/>\n    <iommu model="intel"/>',
    );
    const after = await edit(text, { kind: 'remapping', vendor: 'intel' });
    expect(after).toContain(
      '    <iommu model="intel">\n      <driver intremap="on" eim="on"/>\n    </iommu>\n',
    );
    expect(await edit(text, { kind: 'remapping', vendor: 'amd' })).toBeNull();
    const amd = await edit(XML, { kind: 'remapping', vendor: 'amd' });
    expect(amd).toContain("<driver intremap='on' xtsup='on'/>");
  });

  test('an HPET timer that is there is switched, and other timers stay', async () => {
    const clock =
      "  <clock offset='utc'>\n    <timer name='rtc'/>\n    <timer name='hpet' present='no'/>\n  </clock>\n";
    const text = XML.replace('  <devices>', `${clock}  <devices>`);
    expect(changedLines(text, await edit(text, { kind: 'hpet', present: true }))).toEqual([
      "-    <timer name='hpet' present='no'/>",
      "+    <timer name='hpet' present='yes'/>",
    ]);
  });

  test('ACPI where there is none', async () => {
    const text = XML.replace('<acpi/>  <!-- needed -->', '<pae/>');
    expect(changedLines(text, await edit(text, { kind: 'acpi' }))).toEqual(['+    <acpi/>']);
    expect((await machineIn(XML)).imported?.refusals).toEqual([]);
    expect(await edit(XML, { kind: 'acpi' })).toBe(XML);
  });

  test('KVM is shown to a guest that it hides from, and used for one that is emulated', async () => {
    const hidden = "    <kvm>\n      <hidden state='on'/>\n    </kvm>\n";
    const text = XML.replace('  </features>', `${hidden}  </features>`);
    expect(changedLines(text, await edit(text, { kind: 'kvm-signature' }))).toEqual([
      "-      <hidden state='on'/>",
      "+      <hidden state='off'/>",
    ]);
    const emulated = XML.replace("<domain type='kvm'>", "<domain type='qemu'>");
    expect(await edit(emulated, { kind: 'kvm-signature' })).toBe(XML);
  });

  test('a comment beside a count that stays is no obstacle', async () => {
    const text = XML.replace(" current='4'>8<", '>4<!-- as bought --><').replace(
      "sockets='8'",
      "sockets='4'",
    );
    expect(changedLines(text, await edit(text, { kind: 'topology', topology: eight }))).toEqual([
      "-    <topology sockets='4' cores='1' threads='1'/>",
      "+    <topology sockets='1' cores='2' threads='2'/>",
    ]);
  });

  test('without q35 there is no IOMMU', async () => {
    const text = XML.replace('pc-q35-9.0', 'pc-i440fx-9.0');
    expect(await edit(text, { kind: 'remapping', vendor: 'intel' })).toBeNull();
    expect(await edit(text, { kind: 'ext-dest-id' })).not.toBeNull();
  });

  test('what QEMU is too old for is null', async () => {
    expect(await edit(XML, { kind: 'ext-dest-id' }, { stack: { qemu: '5.2' } })).toBeNull();
    expect(await edit(XML.replace('q35-9.0', 'q35-5.1'), { kind: 'ext-dest-id' })).toBeNull();
  });

  test('missing elements are made, indented as their neighbours', async () => {
    const text = XML.replace(/ {2}<features>[\s\S]*<\/features>\n/, '').replaceAll('  ', '\t');
    const after = await edit(text, { kind: 'ext-dest-id' });
    expect(changedLines(text, after)).toEqual([
      '+\t<features>',
      "+\t\t<ioapic driver='qemu'/>",
      '+\t</features>',
    ]);
    const bare = XML.replace(/ {2}<cpu[\s\S]*<\/cpu>\n/, '');
    expect(
      changedLines(bare, await edit(bare, { kind: 'topology', topology: { ...eight, max: 4 } })),
    ).toContain("+    <topology sockets='1' cores='2' threads='2'/>");
  });

  test('a domain on one line stays on one line', async () => {
    const text = XML.replace(/<!--[^>]*-->/g, '').replace(/\n\s*/g, '');
    const after = await edit(text, { kind: 'remapping', vendor: 'intel' });
    expect(after).toBe(
      text
        .replace('<acpi/>', "<acpi/><ioapic driver='qemu'/>")
        .replace(
          "<memballoon model='none'/>",
          "<memballoon model='none'/><iommu model='intel'><driver intremap='on' eim='on'/></iommu>",
        ),
    );
  });

  test('parameters of a kernel that is booted directly', async () => {
    const boot = (cmdline: string) =>
      XML.replace('  </os>', `    <kernel>/boot/vmlinuz</kernel>\n${cmdline}  </os>`);
    const intent: Intent = { kind: 'parameters', add: ['nr_cpus=4'], remove: ['intremap=off'] };
    const text = boot('    <cmdline>ro intremap=off &#113;uiet</cmdline>\n');
    expect(await edit(text, intent)).toBeNull();
    const plain = text.replace('&#113;', 'q');
    expect(await edit(plain, intent)).toBe(plain.replace('intremap=off', 'nr_cpus=4'));
    const minified = plain.replace(/\n\s*/g, '');
    expect(await edit(minified, intent)).toBe(minified.replace('intremap=off', 'nr_cpus=4'));
    const none = boot('');
    expect(await edit(none, { ...intent, remove: [] })).toBe(
      none.replace('</kernel>\n', '</kernel>\n    <cmdline>nr_cpus=4</cmdline>\n'),
    );
  });
});
