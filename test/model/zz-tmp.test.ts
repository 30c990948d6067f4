import { test } from 'vitest';
import { enumerate } from '../../src/model/enumerate.ts';
import { decideApic } from '../../src/model/apic.ts';
import { bringUpCpus } from '../../src/model/bringup.ts';
import { domainReach } from '../../src/model/irqdomain.ts';
import { spreadNodes } from '../../src/model/numa.ts';
import { kernelProfile } from '../../src/machine/kernel.ts';
import { buildMachine, cpus } from './build-machine.ts';
// @ts-expect-error not a behaviour
kernelProfile('6.1').has('bogus');
test('t', () => {
  for (const kernel of ['6.1.176', '7.2']) for (const n of [8192, 16384, 32768]) {
    const m = buildMachine({ kernel, platform: 'kvm', cpus: [...cpus(`0-${n / 2 - 1}`), ...cpus(`${n / 2}-${n - 1}`, 'absent', 1)], kernelConfig: { nrCpus: 32768 }, hpet: { msi: true }, remapping: { enabled: true, eim: false } });
    const best = [1e9, 1e9, 1e9, 1e9];
    for (let i = 0; i < 15; i++) {
      let t = performance.now(); const e = enumerate(m); best[0] = Math.min(best[0], performance.now() - t);
      t = performance.now(); const d = decideApic(m, e); bringUpCpus(m, e, d); best[1] = Math.min(best[1], performance.now() - t);
      t = performance.now(); domainReach(m, e, d); best[2] = Math.min(best[2], performance.now() - t);
      t = performance.now(); spreadNodes(m, e); best[3] = Math.min(best[3], performance.now() - t);
    }
    console.log(kernel, n, best.map((x) => x.toFixed(2)).join(' '));
  }
});
