import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runLifecycleCase } from '../../../src/linux/cases/lifecycle.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import { inGroups } from '../../budget.ts';

interface GoldenCase {
  readonly id: string;
  readonly boot: unknown;
  readonly ops: readonly (readonly [unknown, unknown])[];
  readonly final: unknown;
}

const golden: readonly string[] = gunzipSync(
  readFileSync(new URL('../../golden/irqlife.ndjson.gz', import.meta.url)),
)
  .toString()
  .trim()
  .split('\n');

describe('runLifecycleCase', () => {
  it('has every golden sequence', () => {
    expect(golden).toHaveLength(400);
  });

  it.each(inGroups(golden, 10))('equals golden sequences from number %i, op for op', (_, lines) => {
    for (const line of lines) {
      const { id, boot, ops, final, ...rest }: GoldenCase = JSON.parse(line);
      const input = { id, ...rest, ops: ops.map(([op]) => [op]) };
      expect(runLifecycleCase(input), id).toEqual({ id, boot, ops, final });
    }
  });
});

const cfg = {
  ncpus: 4,
  nodes: ['0-1', '2-3'],
  irqRemap: true,
  nrLegacy: 16,
  defaultAffinity: null,
  ia32: true,
  hkManaged: null,
};
type Result = { rc: number; log?: string[]; irqs?: Record<string, Record<string, unknown>>; g?: number[] };

function results(kernel: string, ops: readonly object[], change: object = {}): Result[] {
  const result = runLifecycleCase({
    id: 'x',
    kernel,
    cfg: { ...cfg, ...change },
    ops: ops.map((op) => [op]),
  });
  expect(result).not.toHaveProperty('error');
  return (result as { ops: [object, Result][] }).ops.map(([, each]) => each);
}

describe('differences between kernels', () => {
  const up = { op: 'cpuUp', cpu: 1 };
  const managed = { op: 'allocMsi', irq: 24, node: 0, aff: '0-1', managed: true };
  const request = { op: 'request', irq: 24 };

  it.each([
    ['6.1', 201, 33, -5],
    ['6.5', 201, 33, -5],
    ['6.6', 202, 32, -5],
    ['6.9', 202, 32, -5],
    ['6.10', 201, 32, -5],
    ['6.11', 201, 32, -5],
    ['6.12', 201, 32, -1],
    ['7.0', 201, 32, -1],
  ])(
    '%s: %i vectors a CPU, the first is %i, a managed mask refuses with %i',
    (kernel, perCpu, first, refusal) => {
      const [plugged, , requested, written] = results(kernel, [
        up,
        managed,
        request,
        { op: 'setAffinityUser', irq: 24, mask: '0' },
      ]);
      expect(plugged!.g![0]).toBe(2 * perCpu - 15);
      expect(requested!.irqs!['24']).toMatchObject({ vec: first, cpu: 1 });
      expect(written!.rc).toBe(refusal);
    },
  );

  it('has one vector more without PIC, and without 32-bit emulation', () => {
    const available = (change: object) => results('6.12', [up], change)[0]!.g![0];
    expect(available({ nrLegacy: 0 })).toBe(404);
    expect(available({ ia32: false })).toBe(389);
    expect(available({ nrLegacy: 0, ia32: false })).toBe(406);
  });

  /** CPU 0 full, one interrupt on CPU 1 with mask 0-1, room on CPU 2 only. */
  const cornered = (kernel: string, room: number, ...more: object[]) => {
    const fixed = { op: 'allocMsi', node: 0, maskable: false, aff: '0' };
    const ops = [
      up,
      { op: 'cpuUp', cpu: 2 },
      ...Array.from({ length: room }, (_, i) => ({ ...fixed, irq: 100 + i })),
      { op: 'allocMsi', irq: 24, node: 0, aff: '0-1' },
      request,
      { op: 'cpuDown', cpu: 1 },
      ...more,
    ];
    return results(kernel, ops).at(-1)!;
  };

  it.each([
    ['6.1', 186],
    ['6.6.44', 187],
    ['6.9', 187],
  ])('leaves an interrupt behind that finds no vector in its mask on %s', (kernel, room) => {
    const left = cornered(kernel, room);
    expect(left.log).toEqual(['IRQ24: set affinity failed(-28).']);
    expect(left.irqs).toBeUndefined();
    // It is tried again, in vain, whenever another CPU goes down.
    expect(cornered(kernel, room, { op: 'cpuDown', cpu: 2 }).log).toEqual([
      'Eff. affinity 1 of IRQ 24 contains only offline CPUs after offlining CPU 2',
      'IRQ24: set affinity failed(-28).',
    ]);
  });

  it.each([
    ['6.6.45', 187],
    ['6.10', 186],
    ['6.12', 186],
  ])('moves it to any online CPU on %s', (kernel, room) => {
    const moved = cornered(kernel, room);
    expect(moved.log).toBeUndefined();
    expect(moved.irqs!['24']).toMatchObject({ cpu: 2, aff: '0,2', eff: '2' });
  });

  it('refused to take a CPU down for its managed vectors, before 6.7', () => {
    // CPU 0 has 186 vectors, so 187 managed ones on CPU 1 are one too many: the old check counts them.
    const fill = Array.from({ length: 187 }, (_, i) => [
      { op: 'allocMsi', irq: 24 + i, node: 0, aff: '1', managed: true },
      { op: 'request', irq: 24 + i },
    ]).flat();
    const down = (kernel: string) => results(kernel, [up, ...fill, { op: 'cpuDown', cpu: 1 }]).at(-1)!;
    expect(down('6.1.62')).toEqual({
      rc: -28,
      log: ['CPU 1 has 187 vectors, 186 available. Cannot disable CPU'],
    });
    expect(down('6.1.63').rc).toBe(0);
    expect(down('6.12').rc).toBe(0);
  });

  it('prefers the rest of the node to the mask, before 5.10', () => {
    const ops = [
      up,
      { op: 'cpuUp', cpu: 2 },
      { op: 'allocIoapic', irq: 24, node: 0 },
      { op: 'setAffinity', irq: 24, mask: '2' },
      request,
    ];
    const vectorOf = (kernel: string) => results(kernel, ops).at(-1)!.irqs!['24'];
    expect(vectorOf('5.4')).toMatchObject({ cpu: 2, prevCpu: 1 });
    expect(vectorOf('5.10')).toMatchObject({ cpu: 2 });
    expect(vectorOf('5.10')).not.toHaveProperty('prevCpu');
  });

  it('obeys an override of the kernel', () => {
    const input = { id: 'x', kernel: '6.12', cfg, ops: [[up], [managed], [request]] };
    const result = runLifecycleCase(input, kernelProfile('6.1')) as { ops: [object, Result][] };
    expect(result.ops[2]![1].irqs!['24']).toMatchObject({ vec: 33 });
  });
});

describe('what no golden case has', () => {
  it('keeps the last CPU, and takes no notice of what is so already', () => {
    expect(
      results('6.12', [
        { op: 'cpuDown', cpu: 0 },
        { op: 'cpuUp', cpu: 0 },
        { op: 'cpuDown', cpu: 3 },
      ]),
    ).toEqual([{ rc: -16 }, { rc: 0 }, { rc: 0 }]);
  });

  it('refuses empty masks and second requests', () => {
    const rcs = results('6.12', [
      { op: 'allocMsi', irq: 24, node: -1, aff: '', managed: true },
      { op: 'allocMsi', irq: 24, node: -1 },
      { op: 'setAffinityUser', irq: 24, mask: '' },
      { op: 'request', irq: 24 },
      { op: 'request', irq: 24 },
    ]).map(({ rc }) => rc);
    expect(rcs).toEqual([-22, 0, -22, 0, -16]);
  });
});

describe('runLifecycleCase, unreadable input', () => {
  const withOp = (op: unknown) => ({ id: 'x', kernel: '6.12', cfg, ops: [[op]] });
  const withCfg = (change: object) => ({ id: 'x', kernel: '6.12', cfg: { ...cfg, ...change }, ops: [] });
  it.each<[string, unknown, string]>([
    ['not an object', 'case', 'a case must be an object, not "case"'],
    ['no id', { cfg, ops: [] }, 'id must be a string, not nothing'],
    ['no cfg', { id: 'x', ops: [] }, 'cfg must be an object, not nothing'],
    ['no ops', { id: 'x', cfg }, 'ops must be an array, not nothing'],
    ['ops of the wrong type', { id: 'x', cfg, ops: {} }, 'ops must be an array, not {}'],
    [
      'a kernel that never was',
      { id: 'x', kernel: '5.20', cfg, ops: [] },
      'kernel 5.20 does not exist: 5.19 was the last 5.x release',
    ],
    [
      'a billion CPUs',
      withCfg({ ncpus: 1e9 }),
      'cfg.ncpus must be a whole number from 1 to 32768, not 1000000000',
    ],
    ['half a CPU', withCfg({ ncpus: 1.5 }), 'cfg.ncpus must be a whole number from 1 to 32768, not 1.5'],
    ['no nodes', withCfg({ nodes: [] }), 'cfg.nodes must be 1 to 1024 lists'],
    ['too many nodes', withCfg({ nodes: Array(1025).fill('') }), 'cfg.nodes must be 1 to 1024 lists'],
    ['a node with CPUs out of range', withCfg({ nodes: ['0-4'] }), 'cfg.nodes[0]: CPU 4 is outside 0-3'],
    ['a legacy count that is none', withCfg({ nrLegacy: 8 }), 'cfg.nrLegacy must be 16 or 0'],
    ['a flag that is none', withCfg({ irqRemap: 'yes' }), 'cfg.irqRemap must be true or false, not "yes"'],
    [
      'a default affinity out of range',
      withCfg({ defaultAffinity: '9' }),
      'cfg.defaultAffinity: CPU 9 is outside 0-3',
    ],
    ['an op that is none', withOp('tick'), 'ops[0] must be an object, not "tick"'],
    ['an unknown op', withOp({ op: 'explode' }), 'ops[0]: unknown op "explode"'],
    ['a name from Object.prototype', withOp({ op: 'toString' }), 'ops[0]: unknown op "toString"'],
    ['an op without name', withOp({}), 'op of ops[0] must be a string, not nothing'],
    ['an irq nobody allocated', withOp({ op: 'request', irq: 24 }), 'ops[0]: there is no irq 24'],
    [
      'an irq that is none',
      withOp({ op: 'allocMsi', irq: '24', node: 0 }),
      'irq of ops[0] must be a whole number from 0 to 2147483646, not "24"',
    ],
    [
      'an irq out of range',
      withOp({ op: 'allocMsi', irq: 2 ** 31, node: 0 }),
      'irq of ops[0] must be a whole number from 0 to 2147483646, not 2147483648',
    ],
    [
      'a node out of range',
      withOp({ op: 'allocMsi', irq: 24, node: 2 }),
      'node of ops[0] must be a whole number from -1 to 1, not 2',
    ],
    [
      'the cascade',
      withOp({ op: 'allocLegacy', irq: 2, preActivated: false }),
      'ops[0]: irq 2 is no legacy interrupt of this machine',
    ],
    [
      'a CPU out of range',
      withOp({ op: 'cpuUp', cpu: 4 }),
      'cpu of ops[0] must be a whole number from 0 to 3, not 4',
    ],
    ['no CPU', withOp({ op: 'cpuDown' }), 'cpu of ops[0] must be a whole number from 0 to 3, not nothing'],
    [
      'an affinity out of range',
      withOp({ op: 'allocMsi', irq: 24, node: 0, aff: '0-1000000000' }),
      'aff of ops[0]: CPU 1000000000 is outside 0-3',
    ],
    ['three parts', { id: 'x', cfg, ops: [[{ op: 'tick' }, {}, {}]] }, 'ops[0] must be [op] or [op, result]'],
    ['housekeeping CPUs out of range', withCfg({ hkManaged: '7' }), 'cfg.hkManaged: CPU 7 is outside 0-3'],
    [
      'a pin beyond the PIC',
      withOp({ op: 'allocLegacy', irq: 16, preActivated: false }),
      'ops[0]: irq 16 is no legacy interrupt of this machine',
    ],
    ['a mask that is no list', withOp({ op: 'setAffinity', irq: 24, mask: 3 }), 'ops[0]: there is no irq 24'],
    [
      'managed that is no flag',
      withOp({ op: 'allocMsi', irq: 24, node: 0, managed: 1 }),
      'managed of ops[0] must be true or false, not 1',
    ],
    [
      'a text that is long',
      withOp('x'.repeat(39)),
      'ops[0] must be an object, not "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…',
    ],
  ])('%s', (_, input, error) => {
    const id = typeof input === 'object' && input !== null && 'id' in input ? 'x' : null;
    expect(runLifecycleCase(input)).toEqual({ id, error });
  });

  it('an irq that exists', () => {
    const alloc = { op: 'allocIoapic', irq: 24, node: 0 };
    expect(runLifecycleCase({ id: 'x', cfg, ops: [[alloc], [alloc]] })).toHaveProperty('error');
  });
});
