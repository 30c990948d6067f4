/** What an element without bearing may hold, so that what it may not hold is named. */
import { names } from '../../lib/names.ts';

export interface IdlePart {
  readonly attributes: ReadonlySet<string>;
  /** Elements; each is held against the part of its own name. */
  readonly children: ReadonlySet<string>;
}

/** A part from names as text. */
export const part = (attributes: string, children = ''): IdlePart => ({
  attributes: names(attributes),
  children: names(children),
});

/** An amount: `<size unit='KiB'>`. */
export const AMOUNT = part('unit');

const RATES = ['total', 'read', 'write'].flatMap((what) =>
  ['bytes', 'iops'].flatMap((unit) =>
    ['sec', 'sec_max', 'sec_max_length'].map((end) => `${what}_${unit}_${end}`),
  ),
);

/** Children of `<iotune>` and of a throttle group. */
export const LIMITS_OF_DISKS = ['group_name size_iops_sec', ...RATES].join(' ');
