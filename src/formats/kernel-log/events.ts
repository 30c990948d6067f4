/** What happened to CPUs after the boot, as events: those that went offline and did not come back. */
import { formatList } from '../../lib/cpumask.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { LogEvidence } from './evidence.ts';
import { lastWords } from './says.ts';

/** Sets events. `gone`: CPUs of the log that /proc/interrupts has no column of. */
export function describeLoggedEvents(
  sheet: DescriptionBuilder,
  { log, at }: LogEvidence,
  gone: readonly number[] = [],
): void {
  const said = [...lastWords(log)].flatMap(([cpu, word]) => (word === 'taken offline' ? [cpu] : []));
  const offline = [...new Set([...said, ...gone])];
  if (offline.length > 0) {
    const list = formatList(offline.sort((a, b) => a - b));
    const place = at(log.lineOf(`CPU ${offline[0]} is now offline`) ?? 1);
    sheet.set(['events'], [], place);
    sheet.set(['events', 0], {}, place);
    sheet.set(['events', 0, 'offline'], list, place);
    const shown = gone.length === 0 ? 'the log shows' : 'the columns of /proc/interrupts show';
    sheet.assume(`CPUs ${list} were taken offline after the boot, as ${shown}`, ['events']);
  }
  const added = log.lineOf('has been hot-added');
  if (added !== undefined)
    sheet.notUnderstood(
      'CPUs that were plugged after the boot (the machine is taken as it booted)',
      at(added),
      ['CPUs'],
      '--event plug=APICID and --event online=N say it',
    );
}
