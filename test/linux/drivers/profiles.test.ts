/** What is known of each driver is where users and captures look for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CpuMask } from '../../../src/lib/cpumask.ts';
import { DRIVERS, profileOf } from '../../../src/linux/drivers/index.ts';
import {
  DRIVER_FACTS,
  DRIVER_NAMES,
  type DriverFacts,
  driverOfLinux,
  driverOfVirtio,
} from '../../../src/machine/driver-names.ts';
import { whyDevice } from '../../../src/questions/why/device.ts';
import { ROOT } from '../../built.ts';
import { analyzeText } from '../../helpers.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const PAGE = readFileSync(join(ROOT, 'docs/model/interrupt-life.md'), 'utf8');

test('all are there', () => {
  expect(Object.keys(DRIVERS)).toEqual(DRIVER_NAMES);
  // @ts-expect-error A driver without a profile has no name that may be asked for.
  expect(profileOf('floppy')).toBeUndefined();
});

test('what has no profile of its own is generic', () => {
  expect(driverOfLinux('e1000e')).toBe('generic');
  expect(driverOfLinux('')).toBe('generic');
  expect(driverOfVirtio('1045')).toBeUndefined();
});

describe.each(DRIVER_NAMES)('%s', (name) => {
  const profile = profileOf(name);
  const { linux, virtio }: DriverFacts = DRIVER_FACTS[name];

  test('goes by its name', () => expect(profile.name).toBe(name));

  test('is recognised by what Linux shows', () => {
    if (linux !== null) expect(driverOfLinux(linux)).toBe(name);
    for (const id of virtio) expect(driverOfVirtio(id)).toBe(name);
    expect(virtio.length > 0).toBe(name.startsWith('virtio-'));
  });

  test('README and the page on interrupts name it', () => {
    const [, list = ''] = /Drivers known by their own formula:([^.]*)\./.exec(README) ?? [];
    expect(list.split(/[\s,;`]+/)).toContain(name);
    if (name !== 'generic') expect(PAGE).toContain(`| ${name} |`);
  });

  test('why tells its formula, and its hints where it gives any', async () => {
    const analysis = await analyzeText(
      `topology: { cores: 4 }\ndevices: [{ name: one, driver: ${name}, queues: 2 }]\n`,
    );
    const [device] = analysis.run.devices;
    const asks = whyDevice(analysis, device).steps.find(({ topic }) => topic === 'asks');
    expect(asks?.text).toContain(profile.formula.text);
    expect(asks?.by).toBe(profile.formula.by);
    // Without a hint an ordinary interrupt has the default affinity, which is all CPUs.
    const [{ managed, affinity }] = device.queues;
    expect(profile.hintedBy !== null).toBe(
      !managed && !CpuMask.and(affinity, analysis.run.online).equals(analysis.run.online),
    );
  });
});
