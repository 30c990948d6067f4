/** The libvirt reader: what a domain means, what libvirt adds and refuses. */
import { describe, expect, test } from 'vitest';
import { libvirt } from '../../src/formats/libvirt/reader.ts';
import { InputError } from '../../src/machine/locate.ts';
import { importAll, importOne } from './qemu-import.ts';

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

  test('libvirt 12.8 adds an IOMMU, 10.5 refuses', async () => {
    const now = await importOne(libvirt, domain('<vcpu>288</vcpu>'));
    expect(now.refusals).toEqual([]);
    expect(now.machine.remapping).toMatchObject({ enabled: true, eim: true, vendor: 'intel' });
    expect(now.machine.extDestId).toBe(true);
    expect(now.assumptions.map(({ text }) => text)).toContain(
      'libvirt 12.8: adds intel-iommu with intremap=on,eim=on for more than 255 vCPUs',
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

describe('what libvirt adds or names by itself', () => {
  const devicesOf = async (devices: string, vcpus = '<vcpu>6</vcpu>', stack = {}) =>
    (await importOne(libvirt, domain(vcpus, '', devices), stack)).machine.devices.map(
      ({ name, driver, queues }) => [name, driver, queues],
    );

  test.each([
    ["<disk><target dev='vdc'/></disk>", [['vdc', 'virtio-blk', 6]]],
    ["<disk><target dev='hda'/></disk>", []],
    ["<disk device='floppy'><target dev='fda'/></disk>", []],
    ["<disk><target dev='sda' bus='nvme'/></disk>", [['nvme0', 'nvme', 64]]],
    ["<console type='pty'><target type='virtio'/></console>", [['virtio-serial0', 'generic', undefined]]],
    ["<channel type='pty'><target type='guestfwd'/></channel>", []],
    [
      "<channel><target type='virtio'/><address type='virtio-serial' controller='1'/></channel>",
      [['virtio-serial1', 'generic', undefined]],
    ],
    [
      "<controller type='scsi' model='VirtIO-SCSI'/><disk><target dev='sdp'/></disk>",
      [
        ['scsi0', 'virtio-scsi', 6],
        ['scsi1', 'virtio-scsi', 6],
      ],
    ],
    [
      "<controller type='scsi' model='virtio-scsi'><driver queues='0'/></controller>",
      [['scsi0', 'virtio-scsi', 6]],
    ],
    ["<hostdev type='scsi_host'><source protocol='vhost'/></hostdev>", [['hostdev0', 'virtio-scsi', 6]]],
    ["<interface type='vhostuser'/>", [['net0', 'virtio-net', 1]]],
    ["<interface type='network'/>", []],
    ["<interface type='bridge'><model type='VIRTIO-transitional'/></interface>", [['net0', 'virtio-net', 1]]],
    ["<filesystem><driver type='mtp'/></filesystem>", []],
    ["<filesystem><driver type='virtiofs'/></filesystem>", [['fs0', 'virtio-fs', 1]]],
  ])('%s', async (devices, expected) => {
    expect(await devicesOf(devices)).toEqual(expected);
  });

  test('devices are found in the order of their PCI addresses, behind bridges last', async () => {
    const at = (bus: number, slot: number) =>
      `<address type='pci' bus='${bus}' slot='0x0${slot}' function='0'/>`;
    const disk = (dev: string, bus: number, slot: number) =>
      `<disk><target dev='${dev}' bus='virtio'/>${at(bus, slot)}</disk>`;
    const port = (index: number, slot: number) =>
      `<controller type='pci' index='${index}' model='pcie-to-pci-bridge'>${at(0, slot)}</controller>`;
    const found = await devicesOf(
      [
        disk('vda', 2, 1),
        disk('vdb', 0, 9),
        disk('vdc', 1, 1),
        port(1, 4),
        port(2, 3),
        disk('vdd', 0, 2),
      ].join(''),
    );
    expect(found.map(([name]) => name)).toEqual(['vdd', 'vdb', 'vda', 'vdc']);
  });

  test('vCPUs that no NUMA cell names are in node 0, without a warning', async () => {
    const { machine, refusals } = await importOne(
      libvirt,
      domain('<vcpu>6</vcpu>', "<cpu><numa><cell id='0' cpus='0'/><cell id='1' cpus='1-2'/></numa></cpu>"),
    );
    expect(refusals).toEqual([]);
    expect(machine.cpus.map(({ node }) => node)).toEqual([0, 1, 1, 0, 0, 0]);
  });
});

describe('refusals about CPUs and IOMMUs', () => {
  const kvm = (vcpus: string, rest = '', devices = '', machine = 'q35') =>
    domain(vcpus, rest, devices, 'kvm', machine);
  test.each([
    [kvm("<vcpu current='9'>8</vcpu>"), 'maximum vCPU count must not be less than current vCPU count'],
    [kvm("<vcpu>2</vcpu><vcpus><vcpu id='0' enabled='no'/></vcpus>"), "vcpu 0 can't be offline"],
    [
      kvm("<vcpu>2</vcpu><vcpus><vcpu id='0' enabled='yes' hotpluggable='yes'/></vcpus>"),
      "vcpu0 can't be hotpluggable",
    ],
    [
      kvm(
        "<vcpu>2</vcpu><vcpus><vcpu id='0' enabled='yes'/><vcpu id='1' enabled='no' hotpluggable='no'/></vcpus>",
      ),
      "vcpu '1' is both offline and not hotpluggable",
    ],
    [
      kvm('<vcpu>2</vcpu>', "<cpu><topology sockets='1' cores='2' threads='0'/></cpu>"),
      "attribute 'threads' in element 'topology': Zero is not permitted",
    ],
    [
      kvm('<vcpu>2</vcpu>', "<cpu><numa><cell cpus='0-3'/></numa></cpu>"),
      'Number of CPUs in <numa> exceeds the <vcpu> count',
    ],
    [
      kvm('<vcpu>4</vcpu>', "<cpu><numa><cell cpus='0-2'/><cell cpus='2-3'/></numa></cpu>"),
      'NUMA cells 1 and 0 have overlapping vCPU ids',
    ],
    [
      domain('<vcpu>2</vcpu>', "<cpu mode='host-passthrough'/>", '', 'qemu'),
      "CPU mode 'host-passthrough' for x86_64 qemu domain",
    ],
    [
      kvm('<vcpu>2</vcpu>', '', "<iommu model='virtio'/>", 'pc'),
      "'virtio' is only supported with Q35 and ARM Virt machines",
    ],
    [
      kvm('<vcpu>2</vcpu>', '', "<iommu model='intel'><driver eim='on'/></iommu>"),
      'IOMMU eim requires interrupt remapping to be enabled',
    ],
    [
      kvm('<vcpu>2</vcpu>', '', "<disk><target dev='hdb'/><driver queues='2'/></disk>"),
      'queues attribute in disk driver element',
    ],
  ])('%#', async (text, message) => {
    const found = messages(await importOne(libvirt, text));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  test.each([
    ['12.8', "<iommu model='intel'><driver intremap='on' eim='off'/></iommu>", []],
    ['12.8', "<iommu model='virtio'/>", []],
    ['12.2', "<iommu model='virtio'/>", [EIM]],
    ['11.0', "<iommu model='intel'><driver eim='on'/></iommu>", []],
  ])('libvirt %s, 300 vCPUs, %s', async (version, device, refused) => {
    const result = await importOne(libvirt, kvm('<vcpu>300</vcpu>', '', device), { libvirt: version });
    expect(messages(result)).toEqual(refused);
  });
});

describe('domains in other text', () => {
  const one = (vcpus: number) => domain(`<vcpu>${vcpus}</vcpu>`).replace(/^<\?.*\n<!--.*\n/, '');
  test.each([
    ['several', `${one(3)}\n${one(5)}`],
    ['Markdown', `# A\n\n\`\`\`xml\n${one(3)}\`\`\`\n\nthen\n\n\`\`\`xml\n${one(5)}\`\`\`\n`],
    ['a terminal', `$ virsh dumpxml a\n${one(3)}\n$ virsh dumpxml b\n${one(5)}\n$ \n`],
    ['a list of domains', `<domains>\n${one(3)}<!-- <domain> -->${one(5)}</domains>`],
  ])('%s', async (_, text) => {
    expect(libvirt.recognises(new TextEncoder().encode(text), 'x')).toBe(true);
    const found = await importAll(libvirt, text);
    expect(found.map(({ machine }) => machine.cpus.length)).toEqual([3, 5]);
    const lines = text.split('\n').flatMap((line, index) => (line.includes('<vcpu>') ? [index + 1] : []));
    expect(found.map(({ raw }) => raw.locate(['topology', 'max'])?.line)).toEqual(lines);
  });

  test.each([
    ['<vcpu>4</vcpu>\n<cpu/>', '<vcpu> is a part of a libvirt domain'],
    ['<topology version="2.0"/>', 'the topology of a host'],
  ])('%s is told for what it is', async (text, message) => {
    await expect(importOne(libvirt, text)).rejects.toThrow(message);
  });
});

describe('parts that are not known', () => {
  test('are named, with what they may hold', async () => {
    const { machine } = await importOne(
      libvirt,
      domain(
        "<vcpu spare='2'>4</vcpu><turbo/>",
        '<cpu><clusters/></cpu><clock><nonsense/></clock>',
        "<accelerator/><interface><model type='ionic'/></interface><disk><target dev='vda'/><driver lanes='4'/></disk>",
      ),
    );
    expect(machine.notUnderstood.map(({ part }) => part).sort()).toEqual([
      '<accelerator> in <devices>',
      '<clusters> in <cpu>',
      '<nonsense> in <clock>',
      '<turbo> in <domain>',
      'the attribute lanes= of <driver>',
      'the attribute spare= of <vcpu>',
      'the model "ionic" of <interface>',
    ]);
    expect(machine.notUnderstood.find(({ part }) => part.includes('clock'))?.mayHold).toEqual([]);
  });

  test.each([
    ['http://microsoft.com/win/2k22', 'Windows'],
    ['http://freebsd.org/freebsd/14.1', 'FreeBSD'],
    ['http://debian.org/debian/13', null],
  ])('libosinfo %s: %s', async (id, name) => {
    const metadata = `<metadata><l:libosinfo xmlns:l='http://libosinfo.org/xmlns/libvirt/domain/1.0'><l:os id='${id}'/></l:libosinfo></metadata>`;
    expect((await importOne(libvirt, domain('<vcpu>2</vcpu>', metadata))).machine.guestOs).toBe(name);
  });
});
