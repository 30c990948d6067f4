/** CPUs that go and come back as if nothing had happened: everything that anybody looks at is as it was. */
import { describe, expect, test } from 'vitest';
import { bringToLife } from '../../../src/linux/proof/live.ts';
import { placeOfNow, stepOffline } from '../../../src/linux/proof/walk.ts';
import type { Stage } from '../../../src/linux/sim/events/stage.ts';
import { readText } from '../../helpers.ts';

const TIMERS = 'platform: kvm\nhpet: { msi: on, channels: 8 }\ntimers: { arat: off }\n';

const MACHINES = {
  'managed queues and timers of CPUs': `${TIMERS}topology: { cores: 4 }\ndevices: [{ name: disk, driver: nvme, queues: 2 }]\n`,
  'hints of a driver': `hpet: off\nremapping: on\ntopology: { cores: 4 }\ndevices: [{ name: net, driver: virtio-net, queues: 2 }]\n`,
  'moves that wait': `hpet: off\ntopology: { cores: 4 }\ndevices: [{ name: nic, driver: generic, managed: false, vectors: 3 }]\nevents: [{ setAffinity: { device: nic, queue: 0, cpus: 3 } }]\n`,
  'CPUs that interrupts cannot use': `hpet: off\npolicy: P1\ncpus: [{ apicId: "0-2" }, { apicId: "0x100-0x101" }]\ndevices: [{ name: nic, driver: generic, managed: false, vectors: 3 }]\n`,
  'too few vectors': `hpet: off\ntopology: { cores: 3 }\ndevices: [{ name: nic, driver: generic, managed: false, vectors: 390 }]\n`,
} as const;

/** All that later steps go by. */
function stateOf({ system, crashed, frozen }: Stage): unknown {
  const { life, spread, hpet } = system;
  const { matrix } = life;
  return {
    crashed,
    frozen,
    online: `${system.online} ${life.online.bits} ${life.nodeOnline.map(({ bits }) => `${bits}`)}`,
    matrix: Object.entries(matrix).map(([name, value]) =>
      ArrayBuffer.isView(value) ? [name, [...(value as Uint32Array)].join()] : [name, `${value}`],
    ),
    vectorTable: life.vectorTable.join(),
    irqs: [...life.irqs.values()].map((d) => ({
      ...d,
      affinity: `${d.affinity}`,
      pendingMask: `${d.pendingMask}`,
    })),
    sets: [[...life.unsettled], [...life.shutDown]].map((set) => set.map(({ irq }) => irq)),
    counts: [life.unusableVectors, life.cleanupLists.size, life.log.length],
    siblings: [[...spread.siblings], [...spread.clusters]],
    hpet: hpet.map(({ cpu }) => cpu),
  };
}

describe.each(Object.entries(MACHINES))('%s', (_, text) => {
  test.each([
    [[[1]]],
    [[[2], [1]]],
    [[[1, 2]]],
    // The boot CPU is refused.
    [[[0]]],
    [[[1], [0]]],
  ])('%j', async (events) => {
    const { stage } = bringToLife(await readText(`kernel: "6.12"\n${text}`));
    if (!stage) throw new Error('the kernel panics');
    const before = stateOf(stage);
    const place = placeOfNow(stage);
    const { undo, touched, outcomes } = stepOffline(stage, place, events);
    expect(outcomes).toHaveLength(events.length);
    if (!outcomes[0].refused) expect(stateOf(stage)).not.toEqual(before);
    // What changed is among what is said to be touched.
    const numbers = new Set(touched.map(({ irq }) => irq));
    for (const d of stage.watch.interrupts.keys()) expect(numbers).toContain(d.irq);
    undo();
    expect(stateOf(stage)).toEqual(before);
  });
});
