/** Of devices behind VMD nothing is proved. */
import { expect, test } from 'vitest';
import { proved } from '../../../src/linux/proof/answer.ts';
import { prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import { type AskedProperty, PROPERTY_NAMES, parseProperty } from '../../../src/machine/property-names.ts';
import { readText } from '../../helpers.ts';

const OPTIONS = { offlineAtMost: 2, among: null, keep: null, plug: false, budget: 10_000 };

test('what holds of devices is unknown where one is behind VMD', async () => {
  const machine = await readText(`kernel: "6.12"
topology: { cores: 4 }
devices:
  - { name: vmd, driver: generic, vectors: 4 }
  - { name: disk, driver: nvme, queues: 4, behind: vmd }
`);
  const subject = subjectOf(machine);
  const holds = PROPERTY_NAMES.filter((name) => {
    const { answer } = proved(prove(subject, parseProperty(name) as AskedProperty, OPTIONS));
    expect(answer, name).not.toBe('fails');
    return answer === 'holds';
  });
  // What fails of others does so whatever these do.
  const lacks = proved(prove(subject, parseProperty('every-device-works=9') as AskedProperty, OPTIONS));
  expect(lacks.answer).toBe('fails');
  expect(holds).toEqual(['offline-accepted', 'vectors-left', 'reachable-after-plug']);
});
