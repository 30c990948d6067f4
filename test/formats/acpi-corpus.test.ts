/** ACPI tables and trees of real machines and of QEMU, where they are at hand: what they are known to hold. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../../src/cli/input/tree.ts';
import { analyze } from '../../src/findings/analyze.ts';
import { RULE_NAMES } from '../../src/findings/rules/index.ts';
import { madtCpus } from '../../src/formats/acpi/madt.ts';
import { dmarFacts, fadtVersion, ivrsFacts } from '../../src/formats/acpi/platform-tables.ts';
import { acpi } from '../../src/formats/acpi/reader.ts';
import { sratNodes } from '../../src/formats/acpi/srat.ts';
import { openTable } from '../../src/formats/acpi/table.ts';
import { readMachineTree } from '../../src/formats/linux-capture/machine.ts';
import { POLICY_NAMES } from '../../src/linux/policy/index.ts';
import { normalise } from '../../src/machine/normalise.ts';
import { apicIdOf } from '../../src/machine/topology.ts';
import { acpidump } from './acpi-tables.ts';
import { memoryTree } from './memory-tree.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const KNOWN = { policies: POLICY_NAMES, rules: RULE_NAMES };
const bytesOf = (path: string) => new Uint8Array(readFileSync(join(CORPUS, path)));
const tableOf = (path: string) => openTable(bytesOf(path), path);

/** "0-9,16-25" → numbers. */
const numbers = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, n) => from + n);
  });

const analyzeRaw = ({ raw }: ReturnType<typeof readMachineTree>, kernel: string) =>
  analyze(normalise({ ...(raw.value as object), kernel }, 'x', raw.locate, KNOWN));

describe.skipIf(!existsSync(join(CORPUS, 'linuxhw-acpi')))('a PowerEdge R820', () => {
  const dir = 'linuxhw-acpi/dell-r820';
  const ENABLED = '0-9,16-25,32-41,48-57,64-73,80-89,96-105,112-121';

  test('MADT: 80 enabled CPUs and 16 disabled ones', () => {
    const table = tableOf(`${dir}/APIC`);
    const cpus = madtCpus(table);
    const ids = (enabled: boolean) =>
      cpus
        .filter((cpu) => cpu.enabled === enabled)
        .map(({ apicId }) => apicId)
        .sort((a, b) => a - b);
    expect(table.revision).toBe(1);
    expect(table.checksumHolds).toBe(true);
    expect(cpus).toHaveLength(96);
    expect(ids(true)).toEqual(numbers(ENABLED));
    expect(ids(false)).toEqual(numbers('208-223'));
    expect(cpus.some(({ onlineCapable }) => onlineCapable)).toBe(false);
  });

  test('DMAR: remapping, and x2APIC opted out', () => {
    expect(dmarFacts(tableOf(`${dir}/DMAR`))).toMatchObject({ remapping: true, optOut: true });
  });

  test('SRAT: every CPU has one of four nodes', () => {
    const nodes = sratNodes(tableOf(`${dir}/SRAT`));
    expect(numbers(ENABLED).every((id) => nodes.has(id))).toBe(true);
    expect([...new Set(nodes.values())].sort()).toEqual([0, 1, 2, 3]);
  });

  test.each([
    ['6.12', 80, 80],
    ['5.10', 96, 80],
  ])('Linux %s: %i possible, %i present, remapping in xAPIC mode', (kernel, possible, present) => {
    const names = ['APIC', 'FACP', 'DMAR', 'SRAT', 'HPET'];
    const files = names.map((name) => [`sys/firmware/acpi/tables/${name}`, bytesOf(`${dir}/${name}`)]);
    const analysis = analyzeRaw(readMachineTree(memoryTree(Object.fromEntries(files)), 'r820'), kernel);
    expect(analysis.enumeration.possible.weight()).toBe(possible);
    expect(analysis.enumeration.present.weight()).toBe(present);
    expect(analysis.apic.remapping).toBe('xapic');
    expect(analysis.machine.hpet.present).toBe(true);
  });

  test.each(['dell-r820', 'hp-dl360g7'])('%s: acpidump text and bytes are the same', async (name) => {
    const path = `linuxhw-acpi/${name}/APIC`;
    const [text] = await acpi.read({ bytes: bytesOf(`${path}.acpidump.txt`), file: 'a', stack: {} });
    const [bytes] = await acpi.read({ bytes: bytesOf(path), file: 'b', stack: {} });
    const [again] = await acpi.read({ bytes: acpidump([bytesOf(path)]), file: 'c', stack: {} });
    expect(text.raw.value).toEqual(bytes.raw.value);
    expect(again.raw.value).toEqual(bytes.raw.value);
  });

  test('a ProLiant DL360 G7: opt-out without remapping', () => {
    expect(dmarFacts(tableOf('linuxhw-acpi/hp-dl360g7/DMAR'))).toMatchObject({
      remapping: false,
      optOut: true,
    });
    expect(fadtVersion(tableOf('linuxhw-acpi/hp-dl360g7/FACP'))).toMatch(/^\d[.]0$/);
  });
});

describe.skipIf(!existsSync(join(CORPUS, 'qemu/acpi-golden')))('tables of QEMU', () => {
  const shape = (sockets: number, dies: number, cores: number, threads: number) => ({
    sockets,
    dies,
    modules: 1,
    cores,
    threads,
  });

  test.each([
    ['type4-count', shape(5, 2, 4, 3), 100, 120],
    ['core-count', shape(2, 3, 3, 3), 54, 54],
    ['core-count2', shape(1, 2, 130, 1), 260, 260],
    ['thread-count', shape(2, 3, 3, 3), 15, 54],
    ['thread-count2', shape(1, 2, 65, 2), 210, 260],
    ['xapic', shape(1, 1, 288, 1), 1, 288],
    ['cphp', shape(2, 1, 3, 1), 2, 6],
  ])('MADT %s: APIC IDs of the topology, in its order', (name, topology, present, possible) => {
    const cpus = madtCpus(tableOf(`qemu/acpi-golden/q35.APIC.${name}`));
    expect(cpus.map(({ apicId }) => apicId)).toEqual(
      Array.from({ length: possible }, (_, index) => apicIdOf(index, topology)),
    );
    expect(cpus.filter(({ enabled }) => enabled)).toHaveLength(present);
    expect(cpus.every(({ type, apicId }) => type === (apicId < 255 ? 0 : 9))).toBe(true);
  });

  test('DMAR, IVRS, SRAT and HPET', async () => {
    expect(dmarFacts(tableOf('qemu/acpi-golden/q35.DMAR.dmar'))).toMatchObject({
      remapping: true,
      optOut: false,
      units: 1,
    });
    expect(ivrsFacts(tableOf('qemu/acpi-golden/q35.IVRS.ivrs')).ioapics).toEqual(new Map([[0, 0xa0]]));
    const nodes = sratNodes(tableOf('qemu/acpi-golden/q35.SRAT.xapic'));
    // One socket holds all of them, and sockets are dealt to nodes.
    expect(nodes.size).toBe(288);
    expect(new Set(nodes.values())).toEqual(new Set([0]));
    expect(tableOf('qemu/acpi-golden/q35.HPET').signature).toBe('HPET');
    await expect(
      acpi.read({ bytes: bytesOf('qemu/acpi-golden/q35.HPET'), file: 'h', stack: {} }),
    ).rejects.toThrow('there is no APIC table');
  });
});

describe.skipIf(!existsSync(join(CORPUS, 'util-linux')))('trees of real machines', () => {
  test.each([
    ['hwloc/offline-cpu0-node0', 192, 24],
    ['util-linux/x86_64-64cpu', 80, 64],
    ['util-linux/x86_64-dell_e4310', 8, 4],
    ['util-linux/vmware_fpe', 32, 16],
    ['util-linux/x86_64-epyc_7451', 96, 96],
    ['hwloc/96em64t-4no4pa3ca2co', 96, 96],
  ])('%s: %i possible, %i present, the others with unknown ID', async (path, possible, present) => {
    const tree = await treeOf(join(CORPUS, path));
    if (!tree) throw new Error(`${path} is no directory`);
    for (const kernel of ['5.10', '6.12']) {
      const { enumeration, domains } = analyzeRaw(readMachineTree(tree, path), kernel);
      expect(enumeration.possible.weight()).toBe(possible);
      expect(enumeration.present.weight()).toBe(present);
      expect(enumeration.cpus.filter(({ apicId }) => apicId === null)).toHaveLength(possible - present);
      expect(domains[0].unknown.weight()).toBe(possible - present);
    }
  });
});
