/** Real configurations of libvirt, QEMU and Proxmox, where the corpus lies beside the project. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { libvirt } from '../../src/formats/libvirt/reader.ts';
import { proxmox } from '../../src/formats/proxmox/reader.ts';
import { qemu } from '../../src/formats/qemu/reader.ts';
import { formatList, parseCpuList } from '../../src/lib/cpumask.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { CORPUS, hasCorpus, importOne } from './qemu-import.ts';

interface Expected {
  error?: string;
  accel: string;
  possible: number;
  present_cpu_index: string;
  apic_ids: string;
  irqchip: string;
  ext_dest_id: boolean;
  x2apic_cpu_flag: boolean | null;
  iommu: { model: string; interrupt_remapping: boolean; eim: boolean } | null;
  hpet: boolean;
  hpet_msi_capable: boolean;
  acpi: boolean;
  devices: { kind: string; id: string; queues: number; msix_vectors: number; queues_from: string }[];
  numa: Record<string, string> | null;
  warnings: string[];
}

const KINDS: Record<string, string> = { 'vhost-user-fs': 'virtio-fs' };

const read = (name: string) => readFileSync(join(CORPUS, name), 'utf8');

const readerOf = (name: string) =>
  name.endsWith('.xml') ? libvirt : name.endsWith('.conf') ? proxmox : qemu;

function numaOf({ cpus }: Machine): Record<string, string> {
  const nodes = new Map<number, number[]>();
  for (const [index, { node }] of cpus.entries()) nodes.set(node, [...(nodes.get(node) ?? []), index]);
  return Object.fromEntries([...nodes].map(([node, list]) => [String(node), formatList(list)]));
}

const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);

const multiQueue = ({ devices }: Machine) =>
  devices
    .filter(({ driver }) => driver !== 'generic')
    .map(({ name, driver, queues, vectors }) => ({ name, driver, queues, vectors }));

describe.skipIf(!hasCorpus)('corpus/EXPECTED.json', () => {
  const text = hasCorpus ? read('EXPECTED.json') : '{"expected":{}}';
  const { expected } = JSON.parse(text) as { expected: Record<string, Expected> };
  const entries = Object.entries(expected).filter(([name]) => /^(?:libvirt|qemu|proxmox|incus)\//.test(name));
  test.each(entries)('%s', async (name, wanted) => {
    // The command lines of 7.2 have options that newer QEMUs refuse.
    const stack = name.includes('7.2.0') ? { qemu: '7.2' } : {};
    const { machine, refusals } = await importOne(readerOf(name), read(name), stack);
    const errors = refusals.filter(({ level }) => level === 'error').map(({ message }) => message);
    if (wanted.error) {
      expect(errors.map((message) => message.replace(/^[a-zA-Z ]+: (?=IOMMU|Exactly)/, ''))).toEqual([
        wanted.error,
      ]);
      return;
    }
    expect(errors).toEqual([]);
    expect(machine.platform).toBe(wanted.accel);
    expect(machine.cpus.length).toBe(wanted.possible);
    const ids = machine.cpus.map(({ apicId }) => apicId ?? -1);
    const wantedIds = parseCpuList(wanted.apic_ids).flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    expect(ids).toEqual(wantedIds);
    const present = [...machine.cpus.keys()].filter((index) => machine.cpus[index].state === 'online');
    expect(formatList(present)).toBe(wanted.present_cpu_index);
    expect(machine.extDestId).toBe(wanted.ext_dest_id);
    if (wanted.x2apic_cpu_flag !== null) expect(machine.x2apic.supported).toBe(wanted.x2apic_cpu_flag);
    expect(machine.remapping.enabled).toBe(wanted.iommu?.interrupt_remapping ?? false);
    expect(machine.remapping.eim).toBe(wanted.iommu?.eim ?? false);
    expect(machine.hpet).toEqual({
      present: wanted.hpet,
      msi: wanted.hpet_msi_capable,
      channels: wanted.hpet ? 3 : 32,
    });
    expect(numaOf(machine)).toEqual(wanted.numa ?? { 0: formatList([...machine.cpus.keys()]) });
    // virtiofs is listed for the command line only; the two forms are compared below.
    const listed = multiQueue(machine).filter(
      ({ driver }) => driver !== 'virtio-fs' || !name.endsWith('.xml'),
    );
    // They are listed as the file has them; qemu-devices.test.ts checks the order in which Linux finds them.
    expect(listed.sort(byName)).toEqual(
      wanted.devices
        .map(({ kind, id, queues, msix_vectors: vectors }) => ({
          name: id,
          driver: KINDS[kind] ?? kind,
          queues,
          vectors,
        }))
        .sort(byName),
    );
    expect(refusals.map(({ message }) => message)).toEqual(wanted.warnings);
  });
});

describe.skipIf(!hasCorpus)('the same machine in two forms', () => {
  const same = (machine: Machine) => ({
    // Linux numbers CPUs the same; which are plugged over QMP is only in the XML.
    cpus: machine.cpus.map(({ apicId, node }) => ({ apicId, node })),
    platform: machine.platform,
    remapping: machine.remapping,
    extDestId: machine.extDestId,
    hpet: machine.hpet,
    x2apic: machine.x2apic,
    // The XML may lack addresses that the command line has, and with them the order.
    devices: multiQueue(machine)
      .map(({ driver, queues, vectors }) => `${driver} ${queues} ${vectors}`)
      .sort(),
  });
  const files = (folder: string) => (hasCorpus ? readdirSync(join(CORPUS, folder)) : []);
  const pairs = files('libvirt').flatMap((name) => {
    const match = /^(.*)\.x86_64-[\w.]+?(\.abi-update)?\.args$/.exec(name);
    return match ? [[`libvirt/${match[1]}.xml`, `libvirt/${name}`] as const] : [];
  });
  test.each([
    ...pairs,
    ...files('proxmox')
      .filter((name) => name.endsWith('.cmd'))
      .map((name) => [`proxmox/${name.replace('.cmd', '')}`, `proxmox/${name}`] as const),
  ])('%s and %s', async (one, other) => {
    const stack = other.includes('7.2.0') ? { qemu: '7.2' } : {};
    const first = await importOne(readerOf(one), read(one), stack);
    const second = await importOne(qemu, read(other), stack);
    expect(same(first.machine)).toEqual(same(second.machine));
  });
});

describe.skipIf(!hasCorpus)('-readconfig files', () => {
  test.each(['qemu/q35-emulated.cfg', 'qemu/q35-virtio-graphical.cfg', 'incus/qemu.conf-machine-q35.cfg'])(
    '%s',
    async (name) => {
      expect(qemu.recognises(new TextEncoder().encode(read(name)), name)).toBe(true);
      const { machine, refusals } = await importOne(qemu, read(name));
      expect(refusals).toEqual([]);
      expect(machine.platform).toBe('kvm');
      expect(machine.hpet.present).toBe(true);
    },
  );

  test('incus/qemu.conf-smp-4c2t.cfg', async () => {
    const { machine } = await importOne(qemu, read('incus/qemu.conf-smp-4c2t.cfg'));
    expect(machine.shape).toBe('1 x 4 x 2');
  });
});

describe.skipIf(!hasCorpus)('recognised by their content', () => {
  const files = (hasCorpus ? ['libvirt', 'proxmox', 'incus'] : []).flatMap((folder) =>
    readdirSync(join(CORPUS, folder)).map((name) => `${folder}/${name}`),
  );
  test.each(files.filter((name) => !name.endsWith('.err')))('%s', async (name) => {
    const { recognise } = await import('../../src/formats/index.ts');
    const reader = recognise(new TextEncoder().encode(read(name)), name);
    expect(reader.name).toBe(readerOf(name).name);
  });
});
