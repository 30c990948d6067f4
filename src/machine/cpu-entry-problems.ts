/** What an entry of the list of CPUs cannot say, or not of these CPUs. */
import { XAPIC_MAX_ID } from './apic-ids.ts';
import type { NumberRange } from './lists.ts';
import { type Locate, type Path, type Problems, pathText } from './locate.ts';
import type { CpuInput } from './schema.ts';
import { isOn } from './switch.ts';

/** What entry `index` says by itself; `ranges`: its APIC IDs. */
export function checkEntry(
  entry: CpuInput,
  ranges: readonly NumberRange[],
  index: number,
  problems: Problems,
): void {
  const path = ['cpus', index];
  refusePluggedCapable(entry, [...path, 'onlineCapable'], problems);
  refuseWideXapicEntry(entry, ranges, [...path, 'entry'], problems);
  refuseOfSlots(entry, path, problems);
}

/** An entry of type 0 holds eight bits, and 255 in it means no CPU. */
function refuseWideXapicEntry(
  { entry }: CpuInput,
  ranges: readonly NumberRange[],
  path: Path,
  problems: Problems,
): void {
  const beyond = ranges.find(([, last]) => last > XAPIC_MAX_ID);
  if (entry !== 'xapic' || beyond === undefined) return;
  problems.add(
    path,
    `${pathText(path)}: an xapic entry holds APIC IDs up to ${XAPIC_MAX_ID}, not ${beyond[1]}`,
  );
}

/** What only an APIC ID has: slots that are only counted have none. */
const OF_APIC_IDS = ['l2', 'duplicate', 'entry'] as const;

function refuseOfSlots(entry: CpuInput, path: Path, problems: Problems): void {
  if (entry.apicId !== undefined || entry.count === undefined) return;
  for (const key of OF_APIC_IDS) {
    if (entry[key] === undefined) continue;
    const message = `${key} goes with an apicId: nobody knows that of ${entry.count === 1 ? 'this slot' : 'these slots'}`;
    problems.add([...path, key], `${pathText(path)}: ${message}`, 'key');
  }
}

/** The flag says that a CPU which is not there can come; of one that is there it says nothing. */
function refusePluggedCapable(
  { onlineCapable, state = 'online' }: CpuInput,
  path: Path,
  problems: Problems,
): void {
  if (onlineCapable === undefined || state === 'absent') return;
  problems.add(
    path,
    `${pathText(path)}: the flag is for CPUs with "state: absent", these are ${state}`,
    'key',
  );
}

/** Each APIC ID may be listed once, but where `duplicate` says that firmware lists it again; one problem an entry. */
export function refuseDuplicates(
  entries: readonly CpuInput[],
  ranges: readonly NumberRange[][],
  locate: Locate,
  problems: Problems,
): void {
  const entryOf = new Map<number, number>();
  /** The first ID of the entry that is listed before, or that is not. */
  const first = (index: number, listed: boolean): number | undefined => {
    for (const [from, to] of ranges[index]) {
      for (let apicId = from; apicId <= to; apicId++) {
        if (entryOf.has(apicId) === listed) return apicId;
        if (!listed) continue;
        entryOf.set(apicId, index);
      }
    }
    return undefined;
  };
  for (const index of ranges.keys()) {
    const isAgain = isOn(entries[index].duplicate, false);
    const apicId = first(index, !isAgain);
    if (apicId === undefined) continue;
    if (isAgain) {
      problems.add(
        ['cpus', index, 'duplicate'],
        `cpus[${index}].duplicate: APIC ID ${apicId} is not listed before, so it is not listed a second time`,
      );
      continue;
    }
    const other = entryOf.get(apicId) ?? index;
    const place = locate(['cpus', other, 'apicId']);
    const where = place ? ` (${place.file}:${place.line}:${place.column})` : '';
    problems.add(
      ['cpus', index, 'apicId'],
      `cpus[${index}]: APIC ID ${apicId} is listed twice, first in cpus[${other}]${where}`,
    );
  }
}
