/** A running machine, or what was captured of one → a description. */
import { inputError, type Location } from '../../machine/locate.ts';
import { type AcpiTables, describeFirmware } from '../acpi/firmware.ts';
import { type AcpiTable, openTable } from '../acpi/table.ts';
import { type Draft, draft } from '../draft.ts';
import type { ReadResult } from '../reader.ts';
import { cpuInfo } from './cpuinfo.ts';
import { describeRunningCpus, threadsPerCore } from './cpus.ts';
import { findDevices } from './devices.ts';
import { interruptLines } from './interrupts.ts';
import { describeKernel } from './kernel.ts';
import { kernelLog } from './kernel-log.ts';
import { describeExtDestId, describePlatform, describeX2apic } from './platform.ts';
import { iommuFacts } from './remapping.ts';
import { machineRoots } from './roots.ts';
import { numberOf, subtree, type Tree } from './tree.ts';

const TABLES = 'sys/firmware/acpi/tables';
const WANTED = ['APIC', 'FACP', 'DMAR', 'IVRS', 'SRAT', 'HPET'];

/** The tables that the tree holds. Throws InputError for one that cannot be. */
function readTables(tree: Tree, place: (path: string) => Location): AcpiTables {
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

function describeDevices(
  sheet: Draft,
  tree: Tree,
  place: (path: string) => Location,
  highestNode: number,
): void {
  const unknown = new Set<string>();
  for (const { bdf, device, linuxDriver } of findDevices(tree)) {
    const at = place(`sys/bus/pci/devices/${bdf}`);
    const node = device.node !== undefined && device.node <= highestNode ? device.node : undefined;
    sheet.device({ ...device, node }, at, { queues: at, vectors: at, node: at });
    if (device.driver === 'generic' && linuxDriver !== '') unknown.add(linuxDriver);
  }
  if (unknown.size > 0) {
    const names = [...unknown].sort().join(', ');
    sheet.assume(`drivers that irqsim has no profile of are taken to spread nothing themselves: ${names}`, [
      'devices',
    ]);
  }
}

function describeHpetMsi(sheet: Draft, tree: Tree): void {
  const chips = [...interruptLines(tree).values()].map(({ chip }) => chip);
  if (chips.some((chip) => /HPET.MSI/.test(chip))) sheet.set(['hpet', 'msi'], true);
}

function describeTimers(sheet: Draft, tree: Tree, flags: ReadonlySet<string>): void {
  if (flags.size === 0) return;
  sheet.set(['timers', 'tscDeadline'], flags.has('tsc_deadline_timer'));
  sheet.set(['timers', 'arat'], flags.has('arat'));
  const bytes = tree.read('sys/devices/system/clocksource/clocksource0/available_clocksource');
  if (bytes) sheet.set(['timers', 'kvmclock'], new TextDecoder().decode(bytes).includes('kvm-clock'));
}

/** The highest node that CPUs are on, which devices may name. */
function highestNode(sheet: ReadResult): number {
  const { cpus } = sheet.raw.value as { cpus?: readonly { node?: number }[] };
  return Math.max(0, ...(cpus ?? []).map(({ node = 0 }) => node));
}

/** Describes the machine whose `/` the tree is. `source` names the tree in locations. */
export function describeMachine(tree: Tree, source: string): ReadResult {
  const place = (path: string): Location => ({ file: `${source}/${path}`, line: 1, column: 1 });
  const sheet = draft('captured machine');
  const info = cpuInfo(tree);
  const log = kernelLog(tree);
  const iommu = iommuFacts(tree, log);
  const tables = readTables(tree, place);
  describeKernel(sheet, tree, place);
  describePlatform(sheet, tree, info, log);
  const complete = tables.has('APIC');
  if (!complete) describeRunningCpus(sheet, tree, info, place);
  describeFirmware(sheet, tables, { ...iommu, bootApicId: info.apicIds.get(0), complete });
  if (!complete && iommu.remapped) sheet.set(['remapping', 'enabled'], true, place('proc/interrupts'));
  const smt = threadsPerCore(tree, info.apicIds.keys());
  if (smt !== undefined && smt > 1) sheet.set(['smt'], Math.min(smt, 1024), place('sys/devices/system/cpu'));
  describeX2apic(sheet, info, log);
  describeExtDestId(sheet, tree, info, iommu.remapped);
  describeHpetMsi(sheet, tree);
  describeTimers(sheet, tree, info.flags);
  describeDevices(sheet, tree, place, highestNode(sheet.result()));
  if (numberOf(tree, 'sys/devices/system/cpu/kernel_max') === undefined)
    sheet.assume('there is no sys/devices/system/cpu: the kernel is taken to be built for 8192 CPUs', [
      'kernelConfig',
    ]);
  return sheet.result();
}

/** The machine in a directory or archive; of a capture with stages the first one. Throws InputError. */
export function readMachineTree(tree: Tree, source: string): ReadResult {
  const roots = machineRoots(tree);
  if (roots.length === 0) {
    throw inputError(source, 'this is not a captured machine: it has no proc/ and sys/ that irqsim can read');
  }
  const [root] = roots;
  const result = describeMachine(subtree(tree, root), root === '' ? source : `${source}/${root}`);
  if (roots.length === 1) return result;
  const stages = `${roots.length} stages of a capture: "${root}" is analysed; irqsim verify looks at all of them`;
  return { ...result, assumptions: [{ text: stages }, ...result.assumptions] };
}
