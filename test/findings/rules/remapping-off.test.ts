/** remapping-off-on-cmdline: told where the parameter costs CPUs, and only there. */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

/** 260 threads: without x2APIC the ID 255 is every CPU's, so that five are lost. */
const found = async (more: string, topology = '{ sockets: 1, cores: 130, threads: 2 }') => {
  const { findings } = await analyzeText(`kernel: "6.12"\nhpet: off\ntopology: ${topology}\n${more}`);
  return findings
    .filter(({ rule }) => rule === 'remapping-off-on-cmdline')
    .map(({ message, level, cause, location }) => ({ message, level, cause, line: location?.line }));
};

describe('remapping-off-on-cmdline', () => {
  test.each(['intremap=off', 'nointremap'])('%s: the CPUs that it costs, by APIC ID', async (parameter) => {
    expect(await found(`remapping: on\ncmdline: quiet ${parameter}\n`)).toEqual([
      {
        message:
          'switching interrupt remapping off on the command line costs 5 plugged CPUs (APIC IDs 255-259)',
        level: 'warning',
        cause: ['the machine has interrupt remapping, and intremap=off or nointremap switches it off'],
        line: 5,
      },
    ]);
  });

  test('hot-plug slots count too', async () => {
    const slots = '{ sockets: 260, cores: 1, present: 2 }';
    expect(await found('remapping: on\ncmdline: intremap=off\n', slots)).toMatchObject([
      { message: expect.stringMatching(/ costs 5 hot-plug slots \(APIC IDs 255-259\)$/) },
    ]);
  });

  test.each([
    ['without the parameter', 'remapping: on\n'],
    ['without remapping that it could switch off', 'remapping: off\ncmdline: intremap=off\n'],
    ['without EIM, which the CPUs need', 'remapping: { enabled: true, eim: false }\ncmdline: intremap=off\n'],
  ])('not %s', async (_, more) => {
    expect(await found(more)).toEqual([]);
  });
});
