/** What `isolcpus=` and `nohz_full=` keep free, and which interrupts go there all the same. */
import type { Analysis } from '../../findings/analyze.ts';
import {
  type IsolatedInterrupt,
  type IsolationFacts,
  isolationFacts,
} from '../../findings/rules/facts/isolation-facts.ts';
import { formatList } from '../../lib/cpumask.ts';
import { shortenList } from '../../lib/ids.ts';
import { listWords } from '../../lib/words.ts';
import type { IsolationFlag } from '../../machine/cmdline.ts';
import type { Fact } from '../document/block.ts';

/** What CPUs are set apart from. */
const FROM: Readonly<Record<IsolationFlag, string>> = {
  domain: "the scheduler's balancing",
  nohz: 'ticks',
  managed_irq: 'managed interrupts whose mask has another CPU',
};

const DEVICES_SHOWN = 4;

/** "nic0: irq 30-33 on CPUs 4-7". */
function byDevice(interrupts: readonly IsolatedInterrupt[]): string {
  const devices = [...new Set(interrupts.map(({ device }) => device))];
  const texts = devices.slice(0, DEVICES_SHOWN).map((device) => {
    const own = interrupts.filter((one) => one.device === device);
    const irqs = shortenList(formatList(own.map(({ irq }) => irq).sort((a, b) => a - b)));
    const cpus = [...new Set(own.map(({ cpu }) => cpu))].sort((a, b) => a - b);
    return `${device} irq ${irqs} on CPU${cpus.length === 1 ? '' : 's'} ${shortenList(formatList(cpus))}`;
  });
  const rest = devices.length - texts.length;
  return texts.join('; ') + (rest > 0 ? `; and ${rest} more devices` : '');
}

const KINDS = [
  ['movable', 'may be moved'],
  ['managed', 'managed: users cannot move them'],
  ['bound', 'can be nowhere else'],
] as const satisfies readonly (readonly [keyof IsolationFacts, string])[];

function interruptTexts(found: IsolationFacts): string[] {
  const texts = KINDS.flatMap(([kind, words]) => {
    const interrupts = found[kind];
    return interrupts.length === 0
      ? []
      : [
          `${interrupts.length} interrupt${interrupts.length === 1 ? '' : 's'} there ${words}: ${byDevice(interrupts)}`,
        ];
  });
  return texts.length === 0 ? ['no interrupt of a device goes there'] : texts;
}

/** The section; empty where no isolation parameter is given. */
export function isolationFact(analysis: Analysis): Fact[] {
  const found = isolationFacts(analysis);
  if (!found) return [];
  const { isolated, housekeeping, ignored, withoutHousekeeping, defaultAffinity } = found;
  const lists = new Map<string, string[]>();
  for (const flag of Object.keys(FROM) as IsolationFlag[]) {
    const list = isolated[flag]?.toString() ?? '';
    if (list !== '') lists.set(list, [...(lists.get(list) ?? []), FROM[flag]]);
  }
  const texts = [...lists].map(
    ([list, from]) =>
      `${/^\d+$/.test(list) ? `CPU ${list} is` : `CPUs ${shortenList(list)} are`} kept from ${listWords(from, 'and')}`,
  );
  const own = withoutHousekeeping.map(({ device, queues }) => {
    const list = shortenList(formatList(queues.map(({ index }) => index)));
    return `${device.name} ${queues.length === 1 ? 'queue' : 'queues'} ${list}`;
  });
  const shown = own.slice(0, DEVICES_SHOWN);
  const more = own.length > shown.length ? ` and those of ${own.length - shown.length} more devices` : '';
  return [
    {
      name: 'Isolation',
      texts: [
        ...texts,
        ...ignored.map(({ parameter, why }) => `${parameter} is ignored: ${why}`),
        `housekeeping: ${shortenList(housekeeping.toString()) || 'none'}; ordinary interrupts start on ${shortenList(defaultAffinity.toString())}${analysis.machine.cmdline.irqaffinity === undefined ? '' : ' (irqaffinity=)'}`,
        ...(found.all.isEmpty() ? [] : interruptTexts(found)),
        ...(own.length > 0
          ? [
              `no housekeeping CPU in the mask of ${shown.join(', ')}${more}: I/O of isolated CPUs interrupts them`,
            ]
          : []),
      ],
    },
  ];
}

/** The same for programs; null where no isolation parameter is given. */
export function isolationJson(analysis: Analysis): object | null {
  const found = isolationFacts(analysis);
  if (!found) return null;
  const list = (flag: IsolationFlag) => found.isolated[flag]?.toString() ?? '';
  return {
    isolated: { domain: list('domain'), managed_irq: list('managed_irq'), nohz: list('nohz') },
    housekeeping: found.housekeeping.toString(),
    defaultAffinity: found.defaultAffinity.toString(),
    ignored: found.ignored,
    onIsolated: { movable: found.movable, managed: found.managed, bound: found.bound },
    withoutHousekeeping: found.withoutHousekeeping.map(({ device, queues }) => ({
      device: device.name,
      queues: queues.map(({ index }) => index),
    })),
  };
}
