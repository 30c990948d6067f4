/** Sentences on CPUs that may go offline, and on suspend. */
import { formatList } from '../../lib/cpumask.ts';
import { errnoName } from '../../lib/errno.ts';
import { shortenList } from '../../lib/ids.ts';
import type { EventRun } from '../../linux/sim/run.ts';
import { grouped } from '../../machine/limits.ts';
import type { OfflineAnswer, Tried } from '../../questions/budget/offline.ts';
import type { Fact } from '../document/block.ts';

const listOf = (cpus: readonly number[]) => shortenList(formatList([...cpus].sort((a, b) => a - b)));
const plural = (n: number, noun: string) => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;

function saidOf({ reason, messages, errno, result }: EventRun): string {
  const said = messages.find((message) => message.includes('Cannot disable CPU')) ?? reason ?? '';
  if (result === 'crashed') return `the kernel crashes: ${reason}`;
  return `${errnoName(errno)}${said === '' ? '' : `: ${said}`}`;
}

function refusedText({ cpus, refused }: Tried): string {
  if (!refused) return '';
  const { cpu, run } = refused;
  return `${grouped(cpus.length)} may be too many, such as ${listOf(cpus)}: CPU ${cpu} stays, ${saidOf(run)}`;
}

/** How many may go, why not more, and how that is known. */
export function offlineFacts({
  atMost,
  exact,
  mayLeave,
  mustStay,
  confirmed,
  refused,
}: OfflineAnswer): Fact[] {
  if (mayLeave === 0)
    return [{ name: 'CPUs off', texts: ['none: the only online CPU is one that never goes offline'] }];
  const all = atMost === mayLeave;
  const how = all
    ? `all ${plural(mayLeave, 'CPU')} that the kernel ever takes offline may go, in any order`
    : `${exact ? 'any' : 'at least any'} ${grouped(atMost)} of ${plural(mayLeave, 'CPU')} may go, in any order`;
  return [
    {
      name: 'CPUs off',
      texts: [
        how,
        ...(all
          ? []
          : [`${plural(mustStay, 'unmanaged interrupt')} must have a vector on the CPUs that stay`]),
        ...(refused ? [refusedText(refused)] : []),
        ...(exact
          ? []
          : [
              'this is a lower bound: sets in between may be accepted or not, by their order and by what gets lost',
            ]),
        ...(confirmed
          ? ['confirmed in the model by taking the CPUs with most free vectors offline, one after the other']
          : []),
      ],
    },
  ];
}

/** Whether the machine can sleep, and what would help if not. */
export function suspendFact(run: EventRun, { mustStay, roomOfCpu0 }: OfflineAnswer): Fact {
  if (run.result === 'ok') return { name: 'Suspend', texts: ['works: all CPUs but the first go offline'] };
  const tooMany = mustStay - roomOfCpu0;
  const count =
    tooMany > 0
      ? [
          `CPU 0 has room for ${roomOfCpu0} of the ${plural(mustStay, 'interrupt')} that must stay: ${tooMany} too many`,
          'before a suspend: fewer queues on network devices (ethtool -L), or drivers unloaded',
        ]
      : [];
  return { name: 'Suspend', texts: [`refused, ${saidOf(run)}`, ...count] };
}
