/** The verdicts of policies are theorems: "safe" is what is proved on a family of machines, "unsafe" what has a counterexample. */
import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../../src/linux/policy/index.ts';
import { proved } from '../../../src/linux/proof/answer.ts';
import { prove } from '../../../src/linux/proof/prove.ts';
import { subjectOf } from '../../../src/linux/proof/subject.ts';
import { type AskedProperty, parseProperty } from '../../../src/machine/property-names.ts';
import { readText } from '../../helpers.ts';

/** What makes a policy safe: each device gets and keeps queues, and no I/O hangs. */
const SAFETY = ['no-io-hangs', 'every-device-works', 'probe-order-free'].map(
  (text) => parseProperty(text) as AskedProperty,
);

const CPUS = {
  'the machine of the mail': [{ apicId: '0-1' }, { apicId: '256-257' }],
  'slots on both sides of the limit': [
    { apicId: '0-3' },
    { apicId: '4-5,256-257', state: 'absent' },
    { apicId: 300, state: 'absent' },
  ],
  'two nodes, one of them out of reach': [{ apicId: '0-3' }, { apicId: '256-259', node: 1 }],
} as const;

const DEVICES = {
  'two queues': [{ name: 'disk', driver: 'nvme', queues: 2 }],
  'a queue a CPU': [{ name: 'disk', driver: 'virtio-blk', queues: 8 }],
  'several devices': [
    { name: 'disk', driver: 'nvme', queues: 3 },
    { name: 'nic', driver: 'generic', vectors: 4 },
    { name: 'host', driver: 'virtio-scsi', queues: 2 },
  ],
} as const;

const FAMILY = ['6.12', '7.3'].flatMap((kernel) =>
  Object.entries(CPUS).flatMap(([cpus, list]) =>
    Object.entries(DEVICES).map(([devices, specs]) => ({
      name: `${kernel}, ${cpus}, ${devices}`,
      description: { kernel, cpus: list, devices: specs },
    })),
  ),
);

const OPTIONS = { offlineAtMost: null, among: null, keep: null, plug: true, budget: 600 };

describe.each(POLICIES)('$name', ({ name, verdict }) => {
  test(`is ${verdict.slice(0, verdict.search(/[ :;]/))}`, async () => {
    const broken: string[] = [];
    for (const { name: machine, description } of FAMILY) {
      const subject = subjectOf(await readText(JSON.stringify({ ...description, policy: name })));
      for (const asked of SAFETY) {
        const { answer, counterexample } = proved(prove(subject, asked, OPTIONS));
        if (verdict.startsWith('safe')) expect(answer, `${machine}: ${asked.text}`).toBe('holds');
        if (counterexample) broken.push(`${machine}: ${asked.text}: ${counterexample.shows}`);
      }
    }
    expect(verdict).toMatch(/^(?:safe|unsafe)\b/);
    if (verdict.startsWith('safe')) expect(broken).toEqual([]);
    else expect(broken).not.toEqual([]);
  });
});
