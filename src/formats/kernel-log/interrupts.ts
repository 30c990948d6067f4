/** /proc/interrupts in the text of a log: the CPUs that are online now, and every device that has vectors. */
import { formatList } from '../../lib/cpumask.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { describedDevices, type LinedDevice } from '../proc-interrupts/devices.ts';
import { describeRows, type InterruptRows, rowsOf } from '../proc-interrupts/rows.ts';
import type { CpuFacts } from './cpu-facts.ts';
import { pluggedCount } from './cpus.ts';
import { describeUntold, isTold, type LoggedDevice, setLogged } from './devices.ts';
import type { LogEvidence } from './evidence.ts';

/** The table behind or before a log; undefined: there is none. Throws InputError where its head makes no sense. */
export function loggedInterrupts({ log }: LogEvidence): InterruptRows | undefined {
  return log.interrupts && rowsOf(log.interrupts, log.path);
}

/** CPU numbers that the table has columns of count where no line of the log says how many CPUs there are. */
export function withColumns(facts: CpuFacts, rows: InterruptRows | undefined): CpuFacts {
  const { madt, present, broughtUp, nrCpuIds } = facts;
  if (!rows || present || broughtUp || nrCpuIds || madt.some(({ enabled }) => enabled)) return facts;
  const last = rows.cpus[rows.cpus.length - 1];
  return { ...facts, broughtUp: { value: last + 1, line: rows.line } };
}

/**
 * CPUs that came up by the log and have no column in the table: they were taken offline in between. Columns of CPUs that
 * the log does not have are named.
 */
export function withoutColumn(
  sheet: DescriptionBuilder,
  { log, at }: LogEvidence,
  facts: CpuFacts,
  rows: InterruptRows,
): readonly number[] {
  const { madt, refused, silent } = facts;
  const enabled = madt.filter((entry) => entry.enabled).length;
  const count = enabled > 0 ? enabled : pluggedCount(facts, log.path);
  const columns = new Set(rows.cpus);
  const strange = rows.cpus.filter((cpu) => cpu >= count || refused.has(cpu) || silent.has(cpu));
  if (strange.length > 0)
    sheet.notUnderstood(
      `columns of CPUs ${formatList(strange)} in /proc/interrupts, which did not come up in the log: it may be of another boot or machine`,
      at(rows.line),
      ['CPUs'],
      'both of the same boot: journalctl -k -b; cat /proc/interrupts',
    );
  const up = Array.from({ length: count }, (_, cpu) => cpu).filter(
    (cpu) => cpu > 0 && !refused.has(cpu) && !silent.has(cpu),
  );
  return strange.length > 0 ? [] : up.filter((cpu) => !columns.has(cpu));
}

/** "mpt2sas_cm0" of a log is "mpt2sas0" in the table. */
const sameName = (logged: string, lined: LinedDevice): boolean =>
  logged === lined.address || logged.replace('_cm', '') === lined.device.name;

/** Sets devices by the table, in its order, with what the log tells of them; then those that only the log has. */
export function describeTabledDevices(
  sheet: DescriptionBuilder,
  evidence: LogEvidence,
  devices: readonly LoggedDevice[],
  rows: InterruptRows,
): void {
  const { at } = evidence;
  describeRows(sheet, rows, at);
  const lined = describedDevices(rows.lines);
  const ofTable = (one: LoggedDevice) => lined.find((other) => sameName(one.name, other));
  for (const one of lined) {
    const logged = devices.find(({ name }) => sameName(name, one));
    if (logged && isTold(logged)) setLogged(sheet, logged, at, one.device.remapped);
    else {
      const place = at(one.line);
      // The table may name no queues of a driver that the log names.
      const driver = one.device.driver === 'generic' && logged ? logged.driver : one.device.driver;
      sheet.device({ ...one.device, driver }, place, { queues: place, vectors: place, remapped: place });
    }
  }
  const others = devices.filter((one) => ofTable(one) === undefined);
  for (const one of others.filter(isTold)) setLogged(sheet, one, at);
  describeUntold(
    sheet,
    evidence,
    devices.filter((one) => !isTold(one)),
    (name) => lined.some((one) => sameName(name, one)),
  );
}
