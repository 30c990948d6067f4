/** A running machine, or what was captured of one → a description. */
import { HPET_CHANNELS } from '../../machine/limits.ts';
import { inputError } from '../../machine/locate.ts';
import { type AcpiTables, describeFirmware } from '../acpi/firmware.ts';
import { madtCpus } from '../acpi/madt.ts';
import { describeTables, tablesInFolder } from '../acpi/reader.ts';
import { type AcpiTable, openTable } from '../acpi/table.ts';
import { type DescribedDevice, type DescriptionBuilder, describedBy } from '../description-builder.ts';
import { logOf } from '../kernel-log/log.ts';
import { describeLog } from '../kernel-log/reader.ts';
import { describedDevices } from '../proc-interrupts/devices.ts';
import { HPET_CHIP } from '../proc-interrupts/lines.ts';
import type { ReadResult } from '../reader.ts';
import { deviceCoverage, isBehindVmd, vmdControllers } from './coverage.ts';
import { CPUINFO, type CpuInfo, cpuInfo } from './cpuinfo.ts';
import { describeRunningCpus } from './cpus.ts';
import { findDevices } from './devices.ts';
import { INTERRUPTS, interruptLines } from './interrupts.ts';
import { describeKdump } from './kdump.ts';
import { describeKernel } from './kernel.ts';
import { kernelLog, kernelLogIn } from './kernel-log.ts';
import { type ListedDevice, listedDevices } from './lspci.ts';
import { describeMemoryNodes, nodesByApicId } from './nodes.ts';
import { describeOffline } from './offline.ts';
import { type Place, placesIn } from './place.ts';
import { describeExtDestId, describePlatform, describeX2apic, type Evidence } from './platform.ts';
import { remappingProof } from './proof.ts';
import { iommuFacts } from './remapping.ts';
import { machineAt, machineRoots, packedMachines, rootsOfOne, severalMachines } from './roots.ts';
import { describeSections } from './supportconfig.ts';
import { describePackages, describeThreads, l2Sharing } from './topology.ts';
import { baseName, numberOf, type Tree, textOf } from './tree.ts';

const TABLES = 'sys/firmware/acpi/tables';
const CLOCKS = 'sys/devices/system/clocksource/clocksource0/available_clocksource';
const VMD_REMEDY =
  'say behind: the name of the controller, or keep the links of sys/bus/pci/devices in the capture';
const COVERAGE_REMEDY =
  'say remapped: on or off of the device, or keep the configuration of the bridges (sys/bus/pci/devices/*/config, as root)';
const WANTED = ['APIC', 'FACP', 'DMAR', 'IVRS', 'SRAT', 'HPET'];

/** The tables that the tree holds. Throws InputError for one that cannot be. */
function readTables(tree: Tree, place: Place): AcpiTables {
  const tables = new Map<string, AcpiTable>();
  for (const name of WANTED) {
    const path = `${TABLES}/${name}`;
    const bytes = tree.read(path);
    // Without root rights the file is listed and cannot be read, or reads as empty.
    if (!bytes || bytes.length === 0) continue;
    const table = openTable(bytes, place(path).file);
    if (table.signature !== name) throw table.error(0, `this is a ${table.signature} table, not ${name}`);
    tables.set(name, table);
  }
  return tables;
}

function describeDevices(sheet: DescriptionBuilder, tree: Tree, tables: AcpiTables, place: Place): void {
  const most = highestNode(sheet.result());
  const nodeOf = ({ node }: DescribedDevice) => (node !== undefined && node <= most ? node : undefined);
  const coverageOf = deviceCoverage(tree, tables, place);
  const controllerOf = vmdControllers(tree);
  const unknown = new Set<string>();
  const add = (found: ListedDevice, bdf: string, irqs: readonly number[]) => {
    const { device, linuxDriver, path, line } = found;
    const at = place(path, line);
    const { remapped, at: said } = coverageOf(bdf, irqs);
    const outside = remapped === false && { remapped };
    const places = { interrupts: at, queues: at, vectors: at, node: at, remapped: said };
    const behind = isBehindVmd(bdf) ? controllerOf(bdf) : undefined;
    const way = behind === undefined ? outside : { behind, interrupts: undefined };
    sheet.device({ ...device, node: nodeOf(device), ...way }, at, places);
    if (remapped === null)
      sheet.notUnderstood(`whether an IOMMU covers ${bdf}`, at, ['devices'], COVERAGE_REMEDY);
    if (isBehindVmd(bdf) && behind === undefined)
      sheet.notUnderstood(`which VMD controller ${bdf} is behind`, at, ['devices'], VMD_REMEDY);
    if (device.driver === 'generic' && linuxDriver !== '') unknown.add(linuxDriver);
  };
  const found = findDevices(tree);
  for (const { bdf, device, linuxDriver, irqs } of found)
    add({ device, linuxDriver, path: `sys/bus/pci/devices/${bdf}` }, bdf, irqs);
  const listed = tree.list('sys/bus/pci/devices').length === 0 ? listedDevices(tree) : [];
  for (const one of listed) add(one, one.device.name, []);
  if (listed.length === 0) describeLined(sheet, tree, new Set(found.map(({ bdf }) => bdf)), place);
  if (unknown.size > 0) {
    const names = [...unknown].sort().join(', ');
    sheet.assume(`drivers that irqsim has no profile of are taken to spread nothing themselves: ${names}`, [
      'devices',
    ]);
  }
}

/** Devices that only the lines of their interrupts show: without msi_irqs and lspci -vv nothing else tells of them. */
function describeLined(sheet: DescriptionBuilder, tree: Tree, told: ReadonlySet<string>, place: Place): void {
  const all = describedDevices([...interruptLines(tree).values()]);
  const lined = all.filter(({ address }) => !told.has(address));
  for (const { device, line } of lined) {
    const at = place(INTERRUPTS, line);
    sheet.device(device, at, { queues: at, vectors: at, remapped: at });
  }
  if (lined.length === 0) return;
  const names = lined.map(({ device }) => device.name).join(', ');
  sheet.assume(
    `only ${INTERRUPTS} tells of ${names}: taken to offer the queues and vectors that are in use`,
    ['devices'],
  );
}

/**
 * Channels by the kernel log: the table of firmware does not follow what the emulator was given. Without a log there
 * are at least those that have a line of their own.
 */
function describeHpetMsi(sheet: DescriptionBuilder, { tree, log, place }: Evidence): void {
  const timers = [...interruptLines(tree).values()].filter(({ chip }) => HPET_CHIP.test(chip));
  const [first] = timers;
  if (first) sheet.set(['hpet', 'msi'], true, place(INTERRUPTS, first.line));
  const said = log.find(/hpet0: (\d+) comparators/);
  const path = ['hpet', 'channels'];
  const { least, most } = HPET_CHANNELS;
  if (said) {
    const channels = Math.min(Math.max(Number(said[1]), least), most);
    sheet.set(path, channels, place(log.path, log.lineOf(said[0])));
  } else if (first) {
    const shown = Math.max(...timers.map(({ irq }) => numberOf(tree, `sys/kernel/irq/${irq}/hwirq`) ?? 0));
    const channels = Math.min(Math.max(shown + 1, timers.length + least), most);
    sheet.set(path, channels, place(INTERRUPTS, first.line));
    sheet.assume(
      `nothing tells how many channels the HPET has: ${channels} are taken, as that many are in use`,
      path,
    );
  }
}

function describeTimers(sheet: DescriptionBuilder, { tree, info, place }: Evidence): void {
  const { flags, flagsLine } = info;
  if (flags.size === 0) return;
  const at = place(CPUINFO, flagsLine);
  sheet.set(['timers', 'tscDeadline'], flags.has('tsc_deadline_timer'), at);
  sheet.set(['timers', 'arat'], flags.has('arat'), at);
  const clocks = textOf(tree, CLOCKS);
  if (clocks !== undefined) sheet.set(['timers', 'kvmclock'], clocks.includes('kvm-clock'), place(CLOCKS));
}

/** The highest node that CPUs or memory are on, which devices may name. */
function highestNode(sheet: ReadResult): number {
  const { cpus, memoryNodes } = sheet.raw.value as {
    cpus?: readonly { node?: number }[];
    memoryNodes?: string;
  };
  const last = memoryNodes === undefined ? 0 : Number(memoryNodes.split(/[-,]/).at(-1));
  return Math.max(last, ...(cpus ?? []).map(({ node = 0 }) => node));
}

/** Threads per core as described so far. */
function smtOf(sheet: ReadResult): number {
  return (sheet.raw.value as { smt?: number }).smt ?? 1;
}

/** The highest APIC ID that firmware lists, or of a CPU that runs. */
function highestId(tables: AcpiTables, { apicIds }: CpuInfo): number {
  const madt = tables.get('APIC');
  const listed = madt ? madtCpus(madt).map(({ apicId }) => apicId) : [];
  return [...listed, ...apicIds.values()].reduce((highest, id) => Math.max(highest, id), 0);
}

/** Describes the machine whose `/` the tree is. `source` names the tree in locations. */
export function describeMachine(tree: Tree, source: string): ReadResult {
  const place = placesIn(source, tree.sections);
  if (tree.list('proc').length === 0 && !tree.list('sys/devices/system').includes('cpu')) {
    const alone = readTables(tree, place);
    if (alone.has('APIC')) return describeTables(alone, source);
  }
  const sheet = describedBy('captured machine');
  const info = cpuInfo(tree);
  const log = kernelLog(tree);
  const evidence = { tree, info, log, place };
  const iommu = iommuFacts(tree, log, place);
  const tables = readTables(tree, place);
  describeSections(sheet, tree);
  describeKernel(sheet, tree, place);
  describeKdump(sheet, tree, place);
  const provenX2apic = remappingProof(info, describePlatform(sheet, evidence), place);
  const complete = tables.has('APIC');
  describeThreads(sheet, evidence);
  const l2Of = l2Sharing(evidence, smtOf(sheet.result()));
  if (!complete) describeRunningCpus(sheet, evidence, l2Of);
  const nodeOf = nodesByApicId(tree, info);
  const bootApicId = info.apicIds.get(0);
  describeFirmware(sheet, tables, { ...iommu, bootApicId, nodeOf, provenX2apic, complete, l2Of });
  describeMemoryNodes(sheet, evidence);
  describePackages(sheet, evidence, highestId(tables, info));
  if (!complete && iommu.remapped) sheet.set(['remapping', 'enabled'], true, place(INTERRUPTS));
  describeX2apic(sheet, evidence);
  describeExtDestId(sheet, evidence, iommu.remapped || provenX2apic !== undefined);
  describeOffline(sheet, evidence);
  describeHpetMsi(sheet, evidence);
  describeTimers(sheet, evidence);
  describeDevices(sheet, tree, tables, place);
  if (numberOf(tree, 'sys/devices/system/cpu/kernel_max') === undefined)
    sheet.assume(
      'there is no sys/devices/system/cpu/kernel_max: the kernel is taken to be built for 8192 CPUs',
      ['kernelConfig'],
    );
  return sheet.result();
}

/** A supportconfig without CPUs' APIC IDs is no more than its kernel log. */
function describeRoot(tree: Tree, root: string, source: string): ReadResult {
  const machine = machineAt(tree, root);
  const log = machine.sections && !machine.sections.shown.includes(CPUINFO) && kernelLogIn(tree, source);
  if (!log) return describeMachine(machine, source);
  const read = describeLog(logOf(log.text, `${source}/${baseName(log.path)}`));
  const text = `supportconfig: no section holds /proc/cpuinfo, so of ${machine.sections?.total} sections the kernel log alone is read`;
  return { ...read, assumptions: [{ text }, ...read.assumptions] };
}

/** What to do about archives that lie in a tree. */
function packedText(packed: readonly string[], source: string): string {
  const shown = packed.slice(0, 8).map((path) => `${source.replace(/\/$/, '')}/${path}`);
  const list = `${shown.join(', ')}${packed.length > 8 ? ' ...' : ''}`;
  return packed.length === 1
    ? `${list} in it is packed: give that archive by itself`
    : `${packed.length} packed sosreports or supportconfigs are in it: give one of them by itself: ${list}`;
}

/** Says what lies beside the machine, unread. */
function withPacked(result: ReadResult, packed: readonly string[]): ReadResult {
  if (packed.length === 0) return result;
  const text = `beside it lie packed sosreports or supportconfigs, which are other machines: ${packed.slice(0, 8).join(', ')}`;
  return { ...result, assumptions: [{ text }, ...result.assumptions] };
}

/** A machine of a tree that may hold several. */
export interface TreeMachine {
  /** What to give to read it alone. */
  readonly source: string;
  /** Throws InputError. */
  readonly read: () => ReadResult;
}

/** Every machine in a directory or archive: of a must-gather each sosreport. */
export function machinesOfTree(tree: Tree, source: string): readonly TreeMachine[] {
  const roots = severalMachines(tree);
  if (!roots) return [{ source, read: () => readMachineTree(tree, source) }];
  return roots.map((root) => {
    const own = `${source.replace(/\/$/, '')}/${root}`;
    return { source: own, read: () => describeRoot(tree, root, own) };
  });
}

/** The ACPI tables that lie in a directory by themselves; undefined if there are none. */
const tablesOf = (tree: Tree, source: string) =>
  tablesInFolder(tree.list(''), (name) => tree.read(name) ?? undefined, source);

/** Whether a directory is a captured machine, has some below it, or has ACPI tables: not a folder of machine files. */
export const holdsMachine = (tree: Tree): boolean =>
  machineRoots(tree).length > 0 || packedMachines(tree).length > 0 || tablesOf(tree, '') !== undefined;

/** The machine in a directory or archive; of a capture with stages the first one. Throws InputError. */
export function readMachineTree(tree: Tree, source: string): ReadResult {
  const roots = rootsOfOne(tree, source);
  const tables = roots.length > 0 ? undefined : tablesOf(tree, source);
  if (tables) return describeTables(tables, source);
  const packed = packedMachines(tree);
  if (roots.length === 0 && packed.length > 0) throw inputError(source, packedText(packed, source));
  if (roots.length === 0) {
    throw inputError(
      source,
      'this is not a captured machine: it has no proc/ and sys/ that irqsim can read; irqsim analyze and irqsim batch read a folder of machine files',
    );
  }
  const [root] = roots;
  const read = describeRoot(tree, root, root === '' ? source : `${source}/${root}`);
  const result = withPacked(read, packed);
  if (roots.length === 1) return result;
  const stages = `${roots.length} stages of a capture: "${root}" is analysed; irqsim verify looks at all of them`;
  return { ...result, assumptions: [{ text: stages }, ...result.assumptions] };
}
