/** Kata Containers: configuration.toml becomes the QEMU command line of a sandbox. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { importOne, reportsOf } from './importers.ts';

async function analysed(text: string, defines: Readonly<Record<string, string>> = {}) {
  const [source] = await readSources({
    bytes: new TextEncoder().encode(text),
    file: 'configuration.toml',
    defines,
  });
  expect(source.format).toBe('kata');
  return analyze(machineOf(source));
}

const unread = (analysis: ReturnType<typeof analyze>): string[] =>
  analysis.machine.notUnderstood.map(({ part }) => part);

const CONFIG = `# Kata Containers
[hypervisor.qemu]
path = "/opt/kata/bin/qemu-system-x86_64"
kernel = "/opt/kata/share/kata-containers/vmlinux.container"
image = "/opt/kata/share/kata-containers/kata-containers.img"
machine_type = "q35"
enable_annotations = ["enable_iommu", "virtio_fs_extra_args"]
kernel_params = "agent.log=debug"
machine_accelerators = ""
cpu_features = "pmu=off"
default_vcpus = 3
default_maxvcpus = 24
block_device_driver = "virtio-scsi"
shared_fs = "virtio-fs"
#enable_iommu = true
pcie_root_port = 0
[agent.kata]
kernel_modules = []
[runtime]
internetworking_model = "tcfilter"
`;

const line = (key: string, value: string): string =>
  CONFIG.replace(new RegExp(`^#?${key} = .*$`, 'm'), `${key} = ${value}`);

describe('the sandbox of a configuration', () => {
  test('vCPUs, of which the most are absent, and queues of the vCPUs at start', async () => {
    const analysis = await analysed(CONFIG);
    expect(unread(analysis)).toEqual([]);
    expect(analysis.machine).toMatchObject({ platform: 'kvm', shape: '24 x 1 x 1' });
    expect(analysis.enumeration.possible.toString()).toBe('0-23');
    expect(analysis.enumeration.present.toString()).toBe('0-2');
    expect(analysis.machine.cmdline.text).toBe('nr_cpus=24 agent.log=debug');
    const queues = analysis.run.devices.map(({ driver, queues: all }) => [driver, all.length]);
    expect(queues).toContainEqual(['virtio-scsi', 3]);
    expect(queues).toContainEqual(['virtio-net', 3]);
    expect(queues).toContainEqual(['virtio-fs', 1]);
  });

  test('the IOMMU comes with the split irqchip and parameters of the kernel', async () => {
    const analysis = await analysed(line('enable_iommu', 'true'));
    expect(analysis.machine.remapping).toMatchObject({ enabled: true, eim: true });
    expect(analysis.machine.cmdline.text).toBe('nr_cpus=24 intel_iommu=on iommu=pt agent.log=debug');
    const refused = await analysed(line('enable_iommu', 'true').replace('"q35"', '"pc"'));
    expect(refused.findings.map(({ message }) => message).join('\n')).toContain('does not support vIOMMU');
  });

  test('lists for QEMU are read word for word', async () => {
    const analysis = await analysed(line('machine_accelerators', '"kernel_irqchip=split,hpet=off"'));
    expect(analysis.machine.extDestId).toBe(true);
    expect(analysis.machine.hpet.present).toBe(false);
    const without = await analysed(line('cpu_features', '"pmu=off,-x2apic"'));
    expect(without.machine.x2apic.supported).toBe(false);
  });

  test('what the host decides is not known until it is said', async () => {
    for (const text of [line('default_maxvcpus', '0'), CONFIG.replace(/default_maxvcpus.*\n/, '')]) {
      const analysis = await analysed(text);
      expect(unread(analysis).join()).toMatch(/default_maxvcpus .*as many as the host has/);
      expect(analysis.summary.verdict).toBe('warn');
      expect(analysis.enumeration.possible.toString()).toBe('0-239');
      const said = await analysed(text, { nproc: '48' });
      expect(unread(said)).toEqual([]);
      expect(said.enumeration.possible.toString()).toBe('0-47');
    }
    const all = await analysed(line('default_vcpus', '-1'), { nproc: '6' });
    expect(all.enumeration.present.toString()).toBe('0-5');
    expect(unread(await analysed(line('default_vcpus', '-1'))).join()).toMatch(/default_vcpus below 0/);
  });

  test.each([
    ['2.5', '8', '0-2', '0-7'],
    ['0', '8', '0', '0-7'],
    ['1', '500', '0', '0-239'],
    ['16', '4', '0-15', '0-15'],
  ])('default_vcpus = %s, default_maxvcpus = %s', async (vcpus, max, present, possible) => {
    const text = line('default_vcpus', vcpus).replace('default_maxvcpus = 24', `default_maxvcpus = ${max}`);
    const { enumeration } = await analysed(text);
    expect(enumeration.present.toString()).toBe(present);
    expect(enumeration.possible.toString()).toBe(possible);
  });

  test.each([
    [line('block_device_driver', '"virtio-warp"'), /block_device_driver = "virtio-warp"/],
    [line('shared_fs', '"constructor"'), /shared_fs = "constructor"/],
    [`${CONFIG}static_sandbox_resource_mgmt = true\n`, /static_sandbox_resource_mgmt/],
    [`${CONFIG}warp = true\n`, /^warp =/],
    [line('pcie_root_port', '0\nturbo_queues = 9'), /turbo_queues/],
    [line('pcie_root_port', '0\nconfidential_guest = true'), /confidential_guest/],
    [`${CONFIG}[hypervisor.clh]\npath = "x"\n`, /\[hypervisor\.clh\]/],
    [`${CONFIG}[quantum]\nbits = 2\n`, /\[quantum\]/],
  ])('what is not known does not pass (%#)', async (text, part) => {
    const analysis = await analysed(text);
    expect(unread(analysis).join('\n')).toMatch(part);
    expect(analysis.summary.verdict).not.toBe('pass');
  });

  test('values and hypervisors that cannot be have their place', async () => {
    await expect(analysed(line('default_vcpus', '"many"'))).rejects.toThrow(/toml:11:\d+: default_vcpus/);
    await expect(analysed(line('machine_type', '"virt"'))).rejects.toThrow(/toml:6:\d+: .*only x86/);
    await expect(analysed('[hypervisor.dragonball]\npath = "x"\n')).rejects.toThrow(
      /found \[hypervisor\.dragonball\]/,
    );
  });
});

test('the description that import writes gives the same report', async () => {
  const { source, written } = await reportsOf(await importOne(CONFIG));
  expect(written).toEqual(source);
});

describe('Cloud Hypervisor', () => {
  const CLH = `[hypervisor.clh]
path = "/opt/kata/bin/cloud-hypervisor"
kernel = "/opt/kata/vmlinux"
image = "/opt/kata/image"
kernel_params = "quiet"
default_vcpus = 2
default_maxvcpus = 6
shared_fs = "virtio-fs"
`;

  test('its CPUs, parameters and devices', async () => {
    const analysis = await analysed(CLH);
    expect(unread(analysis)).toEqual([]);
    expect(analysis.enumeration.possible.toString()).toBe('0-5');
    expect(analysis.enumeration.present.toString()).toBe('0-1');
    expect(analysis.machine.cmdline.text).toBe('quiet');
    expect(analysis.run.devices.map(({ driver }) => driver)).toEqual([
      'virtio-fs',
      'generic',
      'generic',
      'generic',
    ]);
  });

  test('the table of QEMU counts where both are there', async () => {
    expect(unread(await analysed(`${CONFIG}${CLH}`))).toEqual(['[hypervisor.clh]']);
  });
});

describe('files of config.d', () => {
  test('by themselves they say that the rest is missing', async () => {
    const analysis = await analysed('[hypervisor.qemu]\ndefault_vcpus = 4\ndefault_maxvcpus = 8\n');
    expect(unread(analysis)).toEqual(['the configuration.toml that this file of config.d is laid over']);
    expect(analysis.summary.verdict).toBe('warn');
  });

  test('behind the configuration their keys count', async () => {
    const analysis = await analysed(`${CONFIG}\n[hypervisor.qemu]\ndefault_vcpus = 5\n`);
    expect(unread(analysis)).toEqual([]);
    expect(analysis.enumeration.present.toString()).toBe('0-4');
  });
});

test('values of --define that nothing asks for are said', async () => {
  const { machine } = await analysed(CONFIG, { nproc: '32', other: '1' });
  const texts = machine.imported?.assumptions.map(({ text }) => text);
  expect(texts).toContain('Kata Containers: nothing asks for the other of --define');
});
