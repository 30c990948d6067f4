/** The account of vectors for people. */
import type { Analysis } from '../../findings/analyze.ts';
import { errnoName } from '../../lib/errno.ts';
import { shortenList } from '../../lib/ids.ts';
import { grouped } from '../../machine/limits.ts';
import { type Budget, CPU_VECTORS } from '../../questions/budget/budget.ts';
import type { DeviceAccount } from '../../questions/budget/devices.ts';
import type { Fit } from '../../questions/budget/fits.ts';
import type { Cell, Column, Document, Fact, Headline, Section } from '../document/block.ts';
import { deviceNames } from '../wording/device-names.ts';
import { machineTitle } from '../wording/verdict-sentence.ts';
import { offlineFacts, suspendFact } from './offline.ts';

/** Rows of a table without -v. */
const ROWS = 24;

const numbers = { numbers: true } as const;
const counted = (n: number, noun: string) => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;

/** How many of something, or that there is none. */
const amount = (n: number): Cell => (n === 0 ? { text: '-', tone: 'aside' } : { text: grouped(n) });

function headline(analysis: Analysis, { perCpu, capacity, exhaustedBy, full, offline }: Budget): Headline {
  const base = { kind: 'headline', level: 2, title: machineTitle(analysis) } as const;
  if (!offline)
    return {
      ...base,
      verdict: 'FAIL',
      tone: 'bad',
      text: 'the kernel panics at boot: no vector is handed out',
    };
  const running = perCpu.filter(({ usable }) => usable);
  const cpus = running.reduce((sum, one) => sum + one.cpus.weight(), 0);
  const free = running.reduce((sum, one) => sum + one.free * one.cpus.weight(), 0);
  const room = `${grouped(free)} of ${counted(cpus * capacity, 'vector')} free on ${counted(cpus, 'online CPU')}`;
  if (exhaustedBy !== null)
    return { ...base, verdict: 'SHORT', tone: 'bad', text: `${room}, and ${exhaustedBy} got too few` };
  const used = full?.weight() ?? 0;
  return used > 0
    ? { ...base, verdict: 'FULL', tone: 'doubt', text: `${room}, and ${counted(used, 'CPU')} without any` }
    : { ...base, verdict: 'ROOM', tone: 'good', text: room };
}

const CPU_COLUMNS: readonly Column[] = [
  { title: 'CPUs' },
  { title: 'state' },
  ...['for devices', 'managed', 'of these in use', 'others', 'free'].map((title) => ({ title, ...numbers })),
];

function cpuSection({ perCpu, capacity }: Budget, verbose: boolean): Section {
  // The fullest say most, where not all are shown.
  const shown =
    verbose || perCpu.length <= ROWS ? perCpu : [...perCpu].sort((a, b) => a.free - b.free).slice(0, ROWS);
  const rows = shown.map(({ cpus, online, usable, managed, managedInUse, other, free }): Cell[] => [
    { text: `${shortenList(cpus.toString())}${cpus.weight() > 1 ? ` (${cpus.weight()})` : ''}` },
    online ? { text: usable ? 'online' : 'online, unused' } : { text: 'offline', tone: 'aside' },
    amount(capacity),
    ...[managed, managedInUse, other].map(amount),
    { text: grouped(free), tone: free === 0 ? 'bad' : 'neutral' },
  ]);
  const rest = perCpu.length - shown.length;
  const offline = perCpu.some(({ online }) => !online);
  return [
    { kind: 'table', columns: CPU_COLUMNS, rows },
    {
      kind: 'paragraph',
      tone: 'aside',
      text: [
        `figures are for each CPU; ${CPU_VECTORS - capacity} of its ${CPU_VECTORS} vectors are the system's`,
        'managed: reserved for queues whose driver spreads them, on every CPU of their masks',
        ...(offline ? ['offline CPUs hold reservations too; free: what they would have'] : []),
        ...(rest > 0 ? [`${rest} more rows (-v shows all)`] : []),
      ].join('; '),
    },
  ];
}

const DEVICE_COLUMNS: readonly Column[] = [
  { title: 'Devices as probed' },
  { title: 'driver' },
  ...['asked', 'got', 'took', 'left in all', 'fewest on a CPU'].map((title) => ({ title, ...numbers })),
];

const ALIKE = ['driver', 'asked', 'granted', 'took', 'fallback'] as const;

/** Devices that were probed one after the other and got the same. */
function runsOf(devices: readonly DeviceAccount[]): DeviceAccount[][] {
  const runs: DeviceAccount[][] = [];
  for (const device of devices) {
    const run = runs.at(-1);
    if (run && ALIKE.every((key) => run[0][key] === device[key])) run.push(device);
    else runs.push([device]);
  }
  return runs;
}

const nameOf = (run: readonly DeviceAccount[]) => deviceNames(run.map(({ name }) => name));

function deviceRow(run: readonly DeviceAccount[]): Cell[] {
  const { driver, asked, granted, took } = run[0];
  const { lowestCpu, cpu, total } = run[run.length - 1].freeAfter;
  return [
    { text: nameOf(run) },
    { text: driver },
    amount(asked),
    { text: String(granted), tone: granted < asked ? 'bad' : 'neutral' },
    amount(took),
    { text: grouped(total) },
    { text: cpu === null ? '-' : `${lowestCpu} (CPU ${cpu})`, tone: lowestCpu === 0 ? 'bad' : 'neutral' },
  ];
}

function remarkOf(run: readonly DeviceAccount[]): string[] {
  const [{ fallback, fullCpu }] = run;
  if (fallback === null) return [];
  return [`${nameOf(run)}: ${fallback}${fullCpu === null ? '' : ` (CPU ${fullCpu} is full)`}`];
}

/** Runs of like devices: the first, those that got too few, and the last. */
function deviceSection({ devices }: Budget, verbose: boolean): Section {
  if (devices.length === 0)
    return [{ kind: 'facts', facts: [{ name: 'Devices', texts: ['none described'] }] }];
  const runs = runsOf(devices);
  const short = new Set(runs.filter(([{ shortOf }]) => shortOf).slice(0, ROWS / 2));
  const room = verbose ? runs.length : ROWS - short.size;
  const shown = runs.filter((run, n) => short.has(run) || n < room || n === runs.length - 1);
  const rest = runs.length - shown.length;
  const several = runs.some(({ length }) => length > 1);
  return [
    { kind: 'table', columns: DEVICE_COLUMNS, rows: shown.map(deviceRow) },
    {
      kind: 'list',
      items: [...shown.flatMap(remarkOf), ...(rest > 0 ? [`and ${rest} more rows (-v shows all)`] : [])],
    },
    ...(several
      ? [
          {
            kind: 'paragraph',
            tone: 'aside',
            text: 'of several devices: what each got and took, and what the last of them left',
          } as const,
        ]
      : []),
  ];
}

function nextText({ next, asks }: Fit): string {
  if (next === null) return 'a description holds no more';
  const got = next.granted === 0 ? 'none' : `${next.granted} of ${asks}`;
  return `the next would get ${got}${next.fullCpu === null ? '' : `, as CPU ${next.fullCpu} is full`}`;
}

/** "nic (generic, 64 vectors, 4 there): 1,503 more, the next would get none; each of the 4 could have 201". */
function fitText(fit: Fit): string {
  const { name, driver, asks, more, count, atLeast, each } = fit;
  const there = count === 0 ? '' : `, ${grouped(count)} there`;
  const could =
    each === null || each === asks
      ? ''
      : `; ${count === 1 ? 'it' : `each of the ${count}`} could have ${each === 0 ? 'none' : grouped(each)}`;
  return `${name} (${driver}, ${counted(asks, 'vector')}${there}): ${atLeast ? 'at least ' : ''}${grouped(more)} more, ${nextText(fit)}${could}`;
}

function fitFact({ fits }: Budget): Fact {
  const alone = fits.length > 1 ? ['each kind by itself, probed behind the others at boot'] : [];
  return { name: 'Fit', texts: [...fits.map(fitText), ...alone] };
}

function whoFact({ devices, exhaustedBy }: Budget): Fact[] {
  if (exhaustedBy === null) return [];
  const biggest = [...devices].sort((a, b) => b.took - a.took).slice(0, 3);
  const short = devices.filter(({ shortOf }) => shortOf);
  return [
    {
      name: 'Short',
      texts: [
        `${exhaustedBy} is the first for which vectors ran out${short.length > 1 ? `, and ${short.length - 1} more after it` : ''} (${errnoName(28)})`,
        `most were taken by ${biggest.map(({ name, took }) => `${name} (${grouped(took)})`).join(', ')}`,
      ],
    },
  ];
}

export function budgetDocument(analysis: Analysis, budget: Budget, verbose: boolean): Document {
  const { offline, suspend } = budget;
  if (!offline || !suspend) return [[headline(analysis, budget)]];
  const facts: Fact[] = [
    ...whoFact(budget),
    ...(budget.fits.length > 0 ? [fitFact(budget)] : []),
    ...offlineFacts(offline),
    suspendFact(suspend, offline),
  ];
  return [
    [headline(analysis, budget)],
    cpuSection(budget, verbose),
    deviceSection(budget, verbose),
    [{ kind: 'facts', facts }],
  ];
}
