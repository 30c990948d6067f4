/** The document and the JSON of `irqsim kernels`: releases, and what each does otherwise than the one before. */
import { lookup } from '../lib/lookup.ts';
import { BEHAVIOURS } from '../machine/behaviours.ts';
import { enterpriseNames } from '../machine/enterprise.ts';
import { decidedBy, otherNamesIn } from '../machine/function-names.ts';
import {
  type Behaviour,
  type BehaviourName,
  kernelProfile,
  NEWEST_KERNEL,
  OLDEST_KERNEL,
} from '../machine/kernel.ts';
import type { Document, Inline } from './document/block.ts';

/** One change of behaviour in one release. */
interface Change {
  readonly release: string;
  readonly kind: 'begins' | 'ends';
  readonly behaviour: string;
  /** The mainline release, where this is a stable release that took the change over. */
  readonly backportOf?: string;
}

/** A release series and what it does; a bare series is its newest stable release. */
interface Profile {
  readonly kernel: string;
  readonly changes: readonly Change[];
  readonly behaviours: readonly string[];
}

const series = (release: string): string => release.split('.').slice(0, 2).join('.');

function byRelease(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => text.split('.').map(Number));
  return one[0] - other[0] || one[1] - other[1] || (one[2] ?? 0) - (other[2] ?? 0);
}

function stable(patches: Readonly<Record<string, number>> | undefined): string[] {
  return Object.entries(patches ?? {})
    .map(([of, patch]) => `${of}.${patch}`)
    .sort(byRelease);
}

function changesOf({ name, since, until, backports, endedIn }: Behaviour): Change[] {
  const began = stable(backports).map((release) => ({ release, backportOf: since }));
  const ended = stable(endedIn).map((release) => ({ release, backportOf: until }));
  return [
    ...(since === undefined ? [] : [{ release: since }])
      .concat(began)
      .map((one) => ({ ...one, kind: 'begins' as const })),
    ...(until === undefined ? [] : [{ release: until }])
      .concat(ended)
      .map((one) => ({ ...one, kind: 'ends' as const })),
  ].map((one) => ({ ...one, behaviour: name }));
}

/** The series in which something changes, the oldest and the newest that are modelled among them. */
function profiles(): Profile[] {
  const changes = BEHAVIOURS.flatMap(changesOf).sort((a, b) => byRelease(a.release, b.release));
  const names = new Set([OLDEST_KERNEL, ...changes.map(({ release }) => series(release)), NEWEST_KERNEL]);
  return [...names].sort(byRelease).map((kernel) => ({
    kernel,
    changes: changes.filter(({ release }) => series(release) === kernel),
    behaviours: BEHAVIOURS.filter(({ name }) => kernelProfile(kernel).has(name)).map(({ name }) => name),
  }));
}

/** The series in which a modelled behaviour changes, oldest first. */
export function kernelSeries(): string[] {
  return profiles().map(({ kernel }) => kernel);
}

function rangeText({ since, until, backports, endedIn }: Behaviour): string {
  const also = stable(backports);
  const early = stable(endedIn);
  return [
    since === undefined ? `up to ${OLDEST_KERNEL} and before` : `since ${since}`,
    ...(also.length > 0 ? [`also in ${also.join(', ')}`] : []),
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(early.length > 0 ? [`gone from ${early.join(', ')}`] : []),
  ].join('; ');
}

/** Every series and every point release in which something changes. */
function releasesOf(changes: readonly Change[]): string[] {
  return [...new Set([...kernelSeries(), ...changes.map(({ release }) => release)])];
}

/** "before 6.3; new in 6.1.192": which kernels call a function by its former name. */
function formerRange(decidedBy: Behaviour): string {
  const { since, until, backports, endedIn } = decidedBy;
  const stables = stable(backports ?? endedIn);
  return `before ${since ?? until}${stables.length === 0 ? '' : ` (${stables.join(', ')})`}`;
}

/** The functions a behaviour is known from, with the names they had in kernels that behave so. */
function whereOf(behaviour: Behaviour & { readonly name: BehaviourName }): string {
  const kernels = releasesOf(BEHAVIOURS.flatMap(changesOf))
    .map(kernelProfile)
    .filter((kernel) => kernel.has(behaviour.name));
  const former = otherNamesIn(behaviour.where, kernels).map((row) => {
    const range = BEHAVIOURS.find(({ name }) => name === decidedBy(row));
    return `${row.formerly} ${range === undefined ? '' : formerRange(range)}`;
  });
  return [behaviour.where, ...former].join('; ');
}

const NOTES = {
  [OLDEST_KERNEL]: ' (oldest)',
  [NEWEST_KERNEL]: ' (newest, the default)',
} as const;

/** "+ guest-apic-limit (5.4.86, from 5.11)". */
function changeText({ release, kind, behaviour, backportOf }: Change, kernel: string): Inline {
  const from = backportOf === undefined ? '' : `, from ${backportOf}`;
  const where = release === kernel ? '' : ` (${release}${from})`;
  return [{ code: kind === 'begins' ? '+' : '-' }, ` ${behaviour}${where}`];
}

/** Releases with their changes, then each behaviour with its releases and evidence. */
export function kernelsDocument(): Document {
  const releases = profiles().map(({ kernel, changes }) => ({
    term: `${kernel}${lookup(NOTES, kernel) ?? ''}`,
    texts: changes.map((change) => changeText(change, kernel)),
  }));
  const behaviours = BEHAVIOURS.map((one) => ({
    term: `${one.name}: ${rangeText(one)}`,
    texts: [one.summary, `${whereOf(one)} [${one.evidence}]`],
  }));
  return [
    [{ kind: 'heading', level: 2, text: 'Releases in which a modelled behaviour begins (+) or ends (-)' }],
    [{ kind: 'entries', entries: releases }],
    [
      {
        kind: 'heading',
        level: 2,
        text: 'Kernels of enterprise distributions, by name or by their own release',
      },
    ],
    [
      {
        kind: 'entries',
        entries: enterpriseNames().map(({ name, product, about }) => ({
          term: `${name}: ${product}`,
          texts: [about],
        })),
      },
    ],
    [{ kind: 'heading', level: 2, text: 'Behaviours' }],
    [{ kind: 'entries', entries: behaviours }],
  ];
}

/** The list on a terminal. */
export const KERNELS_LAYOUT = { maxWidth: 120, indent: 4 } as const;

/** The series that `irqsim kernels` lists, the oldest first. */
export const kernelNames = (): readonly string[] => profiles().map(({ kernel }) => kernel);

/** `{oldest, newest, kernels: [...], enterprise: [...], behaviours: [...]}`. */
export function kernelsObject(): object {
  return {
    oldest: OLDEST_KERNEL,
    newest: NEWEST_KERNEL,
    kernels: profiles(),
    enterprise: enterpriseNames(),
    behaviours: BEHAVIOURS.map((one) => ({ ...one, where: whereOf(one) })),
  };
}
