/** OpenStack Nova: texts of flavors and images, the topology that Nova chooses, devices, and parts that are named. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { chooseShape } from '../../src/formats/nova/cpus.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { failureOf } from './importers.ts';

async function all(text: string) {
  const sources = await readSources({ bytes: new TextEncoder().encode(text), file: 'input' });
  return sources.map((source) => ({ source, analysis: analyze(machineOf(source)) }));
}

const one = async (text: string) => (await all(text))[0];

async function unread(text: string) {
  const { analysis } = await one(text);
  return analysis.machine.notUnderstood.map(({ part, mayHold }) => [part, mayHold.length > 0]);
}

async function queues(text: string) {
  const { analysis } = await one(text);
  return analysis.run.devices.map(({ name, driver, queues: own }) => [name, driver, own.length]);
}

const PROPERTIES = { 'hw:cpu_cores': '4', 'hw:cpu_threads': '2' };

const FLAVOR = {
  'OS-FLV-DISABLED:disabled': false,
  'OS-FLV-EXT-DATA:ephemeral': 0,
  access_project_ids: null,
  disk: 40,
  id: '7',
  name: 'c16',
  'os-flavor-access:is_public': true,
  properties: PROPERTIES,
  ram: 8192,
  rxtx_factor: 1.0,
  swap: '',
  vcpus: 16,
};

describe('texts', () => {
  const LIST = "hw:cpu_cores='4', hw:cpu_threads='2'";
  const texts = {
    json: JSON.stringify(FLAVOR),
    'json with a list of properties': JSON.stringify({ ...FLAVOR, properties: LIST }),
    'json of the API': JSON.stringify({ flavor: { name: 'c16', vcpus: 16, extra_specs: PROPERTIES } }),
    yaml: `OS-FLV-DISABLED:disabled: false\nname: c16\nproperties:\n  hw:cpu_cores: '4'\n  hw:cpu_threads: '2'\nvcpus: 16\n`,
    'yaml with a list of properties': `name: c16\nproperties: ${LIST}\nvcpus: 16\n`,
    table: `+------------+-----------------+
| Field      | Value           |
+------------+-----------------+
| name       | c16             |
| properties | hw:cpu_cores='4', hw:cpu_thr |
|            | eads='2'        |
| vcpus      | 16              |
+------------+-----------------+
`,
    shell: `name="c16"\nproperties="hw:cpu_cores='4', hw:cpu_threads='2'"\nvcpus="16"\n`,
    list: `name=c16 vcpus=16 ${LIST}`,
    lines: 'name=c16\n# all of it\nvcpus=16\nhw:cpu_cores=4\nhw_cpu_threads="2"\n',
    commands: `$ openstack flavor create --vcpus 16 --ram 8192 \\\n    --property name=c16 --property hw:cpu_cores=4 c16\nopenstack image set --property hw_cpu_threads=2 IMAGE\n`,
  };

  test.each(Object.entries(texts))('%s', async (_, text) => {
    const { source, analysis } = await one(text);
    expect(source.format).toBe('nova');
    expect(analysis.machine).toMatchObject({ name: 'c16', shape: '2 x 4 x 2' });
    expect(analysis.machine.notUnderstood).toEqual([]);
    expect(analysis.machine.imported?.assumptions.length).toBeGreaterThan(3);
  });

  test('an image counts for each flavor, and after it', async () => {
    const image = { disk_format: 'qcow2', properties: { hw_machine_type: 'q35', hw_cpu_cores: '2' } };
    const found = await all(
      JSON.stringify([FLAVOR, { ...FLAVOR, name: 'c6', vcpus: 6, properties: {} }, image]),
    );
    expect(found.map(({ analysis }) => analysis.machine.shape)).toEqual(['2 x 4 x 2', '3 x 2 x 1']);
  });

  test('what is no setting is named, and a table of many flavors is refused', async () => {
    expect(await unread("vcpus=4 hw:cpu_cores='2' stray")).toEqual([['"stray"', true]]);
    expect(await failureOf('| ID | hw:cpu_cores=2 |\n')).toMatch(/^input:1:1: a table of fields and values/);
  });

  test('unknown properties, by what they may be about', async () => {
    expect(await unread('vcpus=4 hw:cpu_warp=1 hw_sound_model=virtio colour=blue')).toEqual([
      ['"hw:cpu_warp"', true],
      ['"hw_sound_model"', true],
      ['"colour"', false],
    ]);
    const [[part, bears]] = await unread('vcpus=4 hw:cpu_cores=2 pci_passthrough:alias=gpu:2');
    expect([part, bears]).toEqual([
      'pci_passthrough:alias="gpu:2" (a host device, which decides how many queues it has)',
      true,
    ]);
  });

  test('a command that makes a flavor has one vCPU unless it says more', async () => {
    const { analysis } = await one(
      'openstack flavor create --ram 512 --property hw:cpu_policy=shared tiny\n',
    );
    expect(analysis.machine.shape).toBe('1 x 1 x 1');
    expect(analysis.machine.notUnderstood).toEqual([]);
  });

  test('properties without a flavor', async () => {
    const { analysis } = await one('hw:cpu_sockets=2 hw:cpu_cores=3');
    expect(analysis.machine.shape).toBe('2 x 3 x 1');
    expect(analysis.machine.notUnderstood).toMatchObject([{ mayHold: ['CPUs'], remedy: 'add vcpus=N' }]);
  });
});

describe('topology', () => {
  const FREE = { sockets: 65_536, cores: 65_536, threads: 65_536 };
  const NONE = { sockets: 0, cores: 0, threads: 0 };
  const shape = (count: number, wanted: object, most: object = {}) => {
    const found = chooseShape(count, { ...NONE, ...wanted }, { ...FREE, ...most });
    return found && [found.sockets, found.cores, found.threads];
  };

  test('most wanted numbers, then fewest threads, then most sockets', () => {
    expect(shape(8, {})).toEqual([8, 1, 1]);
    expect(shape(8, { sockets: 2 })).toEqual([2, 4, 1]);
    expect(shape(8, { cores: 4 })).toEqual([2, 4, 1]);
    expect(shape(8, { threads: 2 })).toEqual([4, 1, 2]);
    expect(shape(8, { sockets: 1, threads: 2 })).toEqual([1, 4, 2]);
    expect(shape(8, { sockets: 3 })).toEqual([8, 1, 1]);
    expect(shape(12, {}, { sockets: 2 })).toEqual([2, 6, 1]);
    expect(shape(12, {}, { sockets: 2, cores: 3 })).toEqual([2, 3, 2]);
    expect(shape(7, {}, { sockets: 2, cores: 2, threads: 2 })).toBeUndefined();
  });

  test('of the limits of a flavor and an image the lower one counts', async () => {
    const image = { disk_format: 'raw', properties: { hw_cpu_max_sockets: '2', hw_cpu_max_cores: '9' } };
    const flavor = { vcpus: 24, properties: { 'hw:cpu_max_sockets': '4', 'hw:cpu_max_cores': '6' } };
    const { analysis } = await one(JSON.stringify([flavor, image]));
    expect(analysis.machine.shape).toBe('2 x 6 x 2');
  });

  test('limits that no topology keeps are refused', async () => {
    const { analysis } = await one('vcpus=7 hw:cpu_max_sockets=2 hw:cpu_max_cores=2 hw:cpu_max_threads=2');
    expect(analysis.findings.map(({ message }) => message).join('\n')).toContain(
      'Requested vCPU limits 2:2:2 are impossible to satisfy for the expected vcpus count 7',
    );
  });

  test('numbers that cannot be', async () => {
    expect(await failureOf('vcpus=0 hw:cpu_cores=2')).toContain('0 vCPUs; from 1 to');
    expect(await failureOf('vcpus=four hw:cpu_cores=2')).toContain(
      'vcpus="four": a whole number is expected',
    );
    expect(await failureOf('vcpus=2 hw:numa_nodes=3')).toContain('hw:numa_nodes: 3 nodes for 2 vCPUs');
    expect(await failureOf('vcpus=2 hw_architecture=aarch64')).toContain('only x86 machines are simulated');
  });

  test('pinned vCPUs are named where a topology of the host may have APIC IDs from 255', async () => {
    expect(await unread('vcpus=16 hw:cpu_policy=dedicated')).toEqual([]);
    expect(await unread('vcpus=200 hw:cpu_policy=dedicated')).toHaveLength(1);
    expect(await unread('vcpus=200 hw:cpu_policy=dedicated hw:cpu_thread_policy=isolate')).toEqual([]);
    expect(await unread('vcpus=200 hw:cpu_policy=shared')).toEqual([]);
  });

  test('nodes', async () => {
    const nodes = async (text: string) => {
      const { analysis } = await one(text);
      return analysis.machine.cpus.map(({ node }) => node).join('');
    };
    expect(await nodes('vcpus=6 hw:numa_nodes=2')).toBe('000111');
    expect(await nodes('vcpus=6 hw:numa_nodes=2 hw:numa_cpus.0=0-3 hw:numa_cpus.1=4,5')).toBe('000011');
    const { analysis } = await one('vcpus=5 hw:numa_nodes=2');
    expect(analysis.findings.map(({ rule }) => rule)).toContain('hypervisor-refuses');
  });
});

describe('devices', () => {
  test('one disk and one adapter; queues of multi-queue', async () => {
    const plain = [
      ['video0', 'generic', 3],
      ['balloon0', 'generic', 2],
    ];
    expect(await queues('vcpus=6 hw:cpu_cores=2')).toEqual([
      ['root', 'virtio-blk', 6],
      ['net0', 'virtio-net', 1],
      ...plain,
    ]);
    expect(
      await queues('vcpus=6 hw_disk_bus=scsi hw_scsi_model=virtio-scsi hw:vif_multiqueue_enabled=true'),
    ).toEqual([['scsi0', 'virtio-scsi', 6], ['net0', 'virtio-net', 6], ...plain]);
    expect(await queues('vcpus=6 hw_disk_bus=sata hw_vif_model=e1000e hw_video_model=vga')).toEqual([
      ['net0', 'generic', 5],
      ['balloon0', 'generic', 2],
    ]);
    expect((await queues('vcpus=300 hw_machine_type=q35 hw_vif_multiqueue_enabled=yes'))[1]).toEqual([
      'net0',
      'virtio-net',
      256,
    ]);
  });

  test('disks of the flavor, and devices that properties ask for', async () => {
    const text =
      'vcpus=2 ephemeral=10 swap=512 hw_rng_model=virtio hw_qemu_guest_agent=yes hw_input_bus=virtio';
    expect((await queues(text)).map(([name]) => name)).toEqual([
      'root',
      'ephemeral',
      'swap',
      'net0',
      'input0',
      'input1',
      'video0',
      'rng0',
      'virtio-serial0',
      'balloon0',
    ]);
    const names = (await queues('vcpus=2 hw_rng_model=virtio hw_rng:allowed=False')).map(([name]) => name);
    expect(names).not.toContain('rng0');
  });

  test('models that nobody knows are named', async () => {
    expect(await unread('vcpus=2 hw_disk_bus=warp')).toEqual([['hw_disk_bus=warp', true]]);
    expect(await unread('vcpus=2 hw_disk_bus=scsi hw_scsi_model=warp')).toEqual([
      ['hw_scsi_model=warp', true],
    ]);
    expect(await unread('vcpus=2 hw_vif_model=warp')).toEqual([['-device "warp"', true]]);
    expect(await unread('vcpus=2 hw:viommu_model=smmuv3')).toEqual([['hw:viommu_model=smmuv3', true]]);
  });
});

describe('the platform', () => {
  test('virtual IOMMUs', async () => {
    const remapping = async (text: string) => (await one(text)).analysis.machine.remapping;
    expect(await remapping('vcpus=8 hw_machine_type=q35 hw:viommu_model=intel')).toMatchObject({
      enabled: true,
    });
    expect(await remapping('vcpus=8 hw_machine_type=q35 hw_viommu_model=auto')).toMatchObject({
      enabled: false,
    });
    const { analysis } = await one('vcpus=8 hw_viommu_model=intel');
    expect(analysis.findings.map(({ rule }) => rule)).toContain('hypervisor-refuses');
  });

  test('libvirt decides above 255 vCPUs', async () => {
    const text = 'vcpus=288 hw_machine_type=q35';
    expect((await one(text)).analysis.machine.remapping).toMatchObject({ enabled: true, eim: true });
    const { analysis } = await one('vcpus=288 hw:cpu_cores=2');
    expect(analysis.findings.map(({ message }) => message).join('\n')).toContain(
      'Maximum CPUs greater than specified machine type limit 255',
    );
  });

  test('the HPET, a hidden hypervisor, Windows', async () => {
    const machine = async (text: string) => (await one(text)).analysis.machine;
    expect((await machine('vcpus=2 hw:cpu_cores=1')).hpet.present).toBe(false);
    expect((await machine('vcpus=2 hw_time_hpet=true')).hpet.present).toBe(true);
    expect((await machine('vcpus=2 hw:hide_hypervisor_id=true')).platform).toBe('other');
    expect((await machine('vcpus=2 hw_disk_bus=virtio os_type=windows')).guestOs).toBe('Windows');
  });
});
