/** The libvirt reader: what a domain means, what libvirt adds and refuses. */
import { describe, expect, test } from 'vitest';
import { libvirt } from '../../src/formats/libvirt/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import { importOne } from './qemu-import.ts';

function domain(vcpus: string, rest = '', devices = '', type = 'kvm', machine = 'q35'): string {
  return `<?xml version='1.0'?>
<!-- a guest -->
<domain type='${type}' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>web &amp; mail</name>
  ${vcpus}
  <os><type arch='x86_64' machine='${machine}'>hvm</type></os>
  <features><acpi/></features>
  ${rest}
  <devices>${devices}<memballoon model='none'/></devices>
</domain>
`;
}

const EIM =
  'unsupported configuration: more than 255 vCPUs require extended interrupt mode enabled on the iommu device';
const messages = (result: { refusals: readonly { message: string }[] }) =>
  result.refusals.map((one) => one.message);

describe('a domain', () => {
  test('names, flags, timers, devices, with places', async () => {
    const { machine, raw, refusals } = await importOne(
      libvirt,
      domain(
        "<vcpu current='4'>8</vcpu>",
        `<cpu mode='host-passthrough'>
          <topology sockets='2' dies='1' cores='2' threads='2'/>
          <feature policy='disable' name='x2apic'/>
        </cpu>
        <clock><timer name='hpet' present='no'/><timer name='kvmclock' present='no'/></clock>`,
        `<disk><target dev='vda' bus='virtio'/><driver queues='3'/></disk>
         <disk><target dev='sda' bus='scsi'/></disk>
         <controller type='scsi' index='1' model='virtio-scsi'/>
         <interface type='network'><model type='virtio'/><driver queues='4'/></interface>
         <hostdev mode='subsystem' type='pci'/>`,
      ),
    );
    expect(refusals).toEqual([]);
    expect(machine.name).toBe('web & mail');
    expect(machine.shape).toBe('2 x 2 x 2');
    expect(machine.x2apic.supported).toBe(false);
    expect(machine.hpet.present).toBe(false);
    expect(machine.timers.kvmclock).toBe(false);
    expect(
      machine.devices.map(({ name, driver, queues, vectors }) => [name, driver, queues, vectors]),
    ).toEqual([
      ['vda', 'virtio-blk', 3, 4],
      ['scsi1', 'virtio-scsi', 4, 7],
      ['net0', 'virtio-net', 4, 10],
      // The disk hangs on controller 0, which libvirt adds with the model of the other.
      ['scsi0', 'virtio-scsi', 4, 7],
    ]);
    expect(raw.locate(['name'])).toMatchObject({ line: 4, column: 9 });
    expect(raw.locate(['topology', 'cores'])).toMatchObject({ line: 9, column: 42 });
    expect(raw.locate(['hpet', 'present'])).toMatchObject({ line: 12, column: 35 });
    expect(raw.locate(['devices', 0, 'queues'])).toMatchObject({ line: 13, column: 58 });
  });

  test('hot-pluggable vCPUs are present, but no queue is made for them', async () => {
    const vcpus = [0, 1, 2, 3].map(
      (id) =>
        `<vcpu id='${id}' enabled='${id === 1 ? 'no' : 'yes'}' hotpluggable='${id === 0 ? 'no' : 'yes'}'/>`,
    );
    const { machine } = await importOne(
      libvirt,
      domain(
        `<vcpu current='3'>4</vcpu><vcpus>${vcpus.join('')}</vcpus>`,
        '',
        "<disk><target dev='vda' bus='virtio'/></disk>",
      ),
    );
    expect(machine.cpus.map(({ state }) => state)).toEqual(['online', 'absent', 'online', 'online']);
    expect(machine.devices).toMatchObject([{ queues: 1, vectors: 2 }]);
  });

  test('qemu:commandline counts last', async () => {
    const { machine, raw } = await importOne(
      libvirt,
      domain(
        '<vcpu>2</vcpu>',
        `<features><ioapic driver='qemu'/></features>
         <q:commandline><q:arg value='-cpu'/><q:arg value='host,kvm-msi-ext-dest-id=off'/>
         <q:arg value='-global'/><q:arg value='hpet.msi=on'/></q:commandline>`,
      ).replace('<acpi/>', "<acpi/><ioapic driver='qemu'/>"),
    );
    expect(machine.extDestId).toBe(false);
    expect(machine.hpet.msi).toBe(true);
    expect(raw.locate(['extDestId'])).toMatchObject({ line: 9, column: 65 });
  });

  test('NUMA cells, in any order', async () => {
    const { machine } = await importOne(
      libvirt,
      domain(
        '<vcpu>4</vcpu>',
        "<cpu><numa><cell id='1' cpus='0-3,^1-2'/><cell id='0' cpus='1-2'/></numa></cpu>",
      ),
    );
    expect(machine.cpus.map(({ node }) => node)).toEqual([1, 0, 0, 1]);
  });

  test.each(['domainsnapshot', 'domstatus'])('inside %s', async (root) => {
    const text = `<${root}><name>s</name>${domain('<vcpu>3</vcpu>').replace(/<\?.*\?>\n<!--.*-->/, '')}</${root}>`;
    expect(libvirt.recognises(new TextEncoder().encode(text), 'x')).toBe(true);
    expect((await importOne(libvirt, text)).machine.cpus.length).toBe(3);
  });
});

describe('more than 255 vCPUs', () => {
  const intel = (driver: string) => `<iommu model='intel'>${driver}</iommu>`;

  test('libvirt 11 adds an IOMMU, 10.5 refuses', async () => {
    const now = await importOne(libvirt, domain('<vcpu>288</vcpu>'));
    expect(now.refusals).toEqual([]);
    expect(now.machine.remapping).toMatchObject({ enabled: true, eim: true, vendor: 'intel' });
    expect(now.machine.extDestId).toBe(true);
    expect(now.assumptions.map(({ text }) => text)).toContain(
      'libvirt 11.0: adds intel-iommu with intremap=on,eim=on for more than 255 vCPUs',
    );
    const before = await importOne(libvirt, domain('<vcpu>288</vcpu>'), { libvirt: '10.5' });
    expect(messages(before)).toEqual([EIM]);
    expect(before.refusals[0]).toMatchObject({ by: 'libvirt 10.5', level: 'error', location: { line: 5 } });
    expect(before.machine.remapping.enabled).toBe(false);
  });

  test.each([
    ['11.0', intel(''), true, []],
    ['11.0', intel("<driver eim='off'/>"), false, [EIM]],
    ['11.0', "<iommu model='virtio'/>", false, [EIM]],
    ['11.0', "<iommu model='amd'><driver intremap='on'/></iommu>", true, [EIM]],
    ['12.2', "<iommu model='amd'/>", true, []],
    ['10.5', intel(''), false, [EIM]],
  ])('libvirt %s with %s', async (version, device, remaps, refused) => {
    const result = await importOne(libvirt, domain('<vcpu>256</vcpu>', '', device), { libvirt: version });
    expect(messages(result)).toEqual(refused);
    expect(result.machine.remapping.enabled).toBe(remaps);
  });

  test('on pc the machine type is too small', async () => {
    const result = await importOne(libvirt, domain('<vcpu>256</vcpu>', '', '', 'kvm', 'pc'));
    expect(messages(result)).toEqual([
      'unsupported configuration: Maximum CPUs greater than specified machine type limit 255',
    ]);
  });

  test('255 sparse vCPUs pass', async () => {
    const topology = "<cpu><topology sockets='85' cores='3' threads='1'/></cpu>";
    const { refusals, machine } = await importOne(libvirt, domain('<vcpu>255</vcpu>', topology));
    expect(refusals).toEqual([]);
    expect(machine.cpus.at(-1)?.apicId).toBe(338);
  });
});

describe('refused', () => {
  test.each([
    [
      domain('<vcpu>6</vcpu>', "<cpu><topology sockets='2' cores='2' threads='1'/></cpu>"),
      "unsupported configuration: CPU topology doesn't match maximum vcpu count",
    ],
    [
      domain('<vcpu>1</vcpu>', '', "<iommu model='intel'/>", 'kvm', 'pc'),
      "unsupported configuration: IOMMU device: 'intel' is only supported with Q35 machines",
    ],
  ])('by libvirt', async (text, message) => {
    expect(messages(await importOne(libvirt, text))).toEqual([message]);
  });

  test.each([
    [
      '<!DOCTYPE d [<!ENTITY a "b">]><domain type="kvm"/>',
      'a DOCTYPE is not accepted: entities are not expanded',
    ],
    ['<domain type="kvm"><vcpu>&x;</vcpu></domain>', 'undefined entity.'],
    ['<domain type="kvm"><vcpu></domain>', 'unexpected close tag.'],
    ['<domain type="xen"/>', '<domain type="xen">: only kvm, qemu and hvf domains are read'],
    ['<domain type="kvm"><vcpu>0</vcpu></domain>', '0 vCPUs; from 1 to 32,768 are possible'],
    [
      '<domain type="kvm"><os><type arch="aarch64"/></os></domain>',
      'arch="aarch64": only x86 machines are simulated',
    ],
    ['<domainsnapshot/>', '<domainsnapshot> holds no <domain>'],
    ['<domain type="kvm"', 'unexpected end.'],
  ])('%s', async (text, message) => {
    const failure = await importOne(libvirt, text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as InputError).problems[0].message).toBe(message);
  });
});
