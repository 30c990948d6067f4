/** Random machines of all kinds of domains, policies and events: a PASS holds interrupt by interrupt. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Analysis } from '../../src/findings/analyze.ts';
import { InputError } from '../../src/machine/locate.ts';
import { runs } from '../budget.ts';
import { analyzeText } from '../helpers.ts';

const device = fc.record({
  driver: fc.constantFrom('nvme', 'generic', 'virtio-net'),
  queues: fc.integer({ min: 1, max: 8 }),
  remapped: fc.boolean(),
  line: fc.boolean(),
  behind: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const cpu = fc.integer({ min: 1, max: 11 });
const parts = fc.record({
  kernel: fc.constantFrom('5.10', '6.1', '6.8', '6.12', '7.3'),
  platform: fc.constantFrom('bare-metal', 'kvm', 'hyperv'),
  remapping: fc.boolean(),
  ext: fc.boolean(),
  cores: fc.integer({ min: 1, max: 12 }),
  high: fc.integer({ min: 0, max: 2 }),
  absent: fc.integer({ min: 0, max: 2 }),
  policy: fc.constantFrom('P0', 'P1', 'P2', 'P3', 'P4', 'P5'),
  arat: fc.boolean(),
  devices: fc.array(device, { minLength: 1, maxLength: 4 }),
  events: fc.array(fc.oneof(fc.record({ offline: cpu }), fc.record({ online: cpu })), { maxLength: 5 }),
  limited: fc.constantFrom(undefined, 'pci-msi', 'ioapic', 'hpet-msi', 'vector', 'pci-msi-unremapped'),
  limit: fc.integer({ min: 0, max: 12 }),
  isolated: fc.boolean(),
});
type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

const idsFrom = (first: number, count: number) => `${first}-${first + count - 1}`;

function devicesOf({ devices }: Parts): object[] {
  const all = devices.map(({ driver, queues, remapped, line, behind }, index) => {
    const name = `d${index}`;
    if (behind) return { name, driver: 'nvme', queues, behind: 'vmd' };
    return driver === 'generic' && line
      ? { name, driver, interrupts: 'line' }
      : { name, driver, queues, remapped };
  });
  const vmd = { name: 'vmd', driver: 'generic', managed: false, vectors: 3 };
  return devices.some(({ behind }) => behind) ? [...all, vmd] : all;
}

function description(m: Parts): string {
  const cpus = [
    { apicId: idsFrom(0, m.cores) },
    ...(m.high > 0 ? [{ apicId: idsFrom(0x100, m.high) }] : []),
    ...(m.absent > 0 ? [{ apicId: idsFrom(0x200, m.absent), state: 'absent' }] : []),
  ];
  return JSON.stringify({
    kernel: m.kernel,
    platform: m.platform,
    remapping: m.remapping && m.platform !== 'hyperv' ? 'on' : 'off',
    extDestId: m.ext && m.platform !== 'bare-metal' ? 'on' : 'off',
    x2apic: 'enabled',
    cpus,
    packageCpus: 4,
    hpet: { msi: true, channels: 8 },
    timers: { arat: m.arat },
    devices: devicesOf(m),
    events: m.events,
    policy: m.policy,
    cmdline: m.isolated ? 'isolcpus=managed_irq,1-2' : '',
    ...(m.limited === undefined ? {} : { domains: { [m.limited]: { maxApicId: m.limit } } }),
  });
}

/** What a machine that passes has none of. */
function faultsOf({ run, domains }: Analysis): string[] {
  const devices = run.devices.flatMap(({ name, domain, health, behind, queues, interrupts }) => {
    const reach = domains.find((one) => one.name === domain)?.reachable;
    const started = [...queues.filter(({ state }) => state === 'started'), ...interrupts];
    return [
      ...(health === 'dead' || behind !== undefined ? [`${name} is ${health}`] : []),
      ...queues.flatMap((queue) => (queue.health === 'dead' ? [`${name} queue ${queue.index} is dead`] : [])),
      ...started.flatMap(({ lost, effective, vector }) => {
        if (lost !== undefined) return [`an interrupt of ${name} is lost`];
        if (vector === null || effective === null) return [];
        return run.online.test(effective) && reach?.test(effective) ? [] : [`${name} is on CPU ${effective}`];
      }),
    ];
  });
  const timers = run.hpet.flatMap(({ channel, lost }) =>
    lost === undefined ? [] : [`hpet${channel} is lost`],
  );
  return [...devices, ...timers, ...run.hangs.map((hang) => `I/O on ${hang.device} hangs`)];
}

test('no machine passes that has a dead queue, a lost interrupt, a hang, or a device of which nothing is known', async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (m) => {
      const text = description(m);
      try {
        const analysis = await analyzeText(text);
        if (analysis.summary.verdict === 'pass') expect(faultsOf(analysis), text).toEqual([]);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }),
    { numRuns: runs(150) },
  );
});
