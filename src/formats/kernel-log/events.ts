/** What happened to CPUs after the boot, as events: those that went offline and did not come back. */
import { formatList } from '../../lib/cpumask.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import type { LogEvidence } from './evidence.ts';
import { lastWords } from './says.ts';

/** Sets events. */
export function describeLoggedEvents(sheet: DescriptionBuilder, { log, at }: LogEvidence): void {
  const offline = [...lastWords(log)].flatMap(([cpu, word]) => (word === 'taken offline' ? [cpu] : []));
  if (offline.length > 0) {
    const list = formatList(offline.sort((a, b) => a - b));
    const place = at(log.lineOf(`CPU ${offline[0]} is now offline`) ?? 1);
    sheet.set(['events'], [], place);
    sheet.set(['events', 0], {}, place);
    sheet.set(['events', 0, 'offline'], list, place);
    sheet.assume(`CPUs ${list} were taken offline after the boot, as the log shows`, ['events']);
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
