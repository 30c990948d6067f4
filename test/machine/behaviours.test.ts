/**
 * Each kernel behaviour has a case that comes out otherwise without it: a scenario, a case of the golden data, whose
 * results other tests hold the engine to, or a small description.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readMachines } from '../../src/cli/input/input.ts';
import { analyze } from '../../src/findings/analyze.ts';
import { runLifecycleCase } from '../../src/linux/cases/lifecycle.ts';
import { runSpreadCase, spreadCaseKernel } from '../../src/linux/cases/spread.ts';
import { virtioBlk } from '../../src/linux/drivers/virtio-blk.ts';
import { composeMsi, physical } from '../../src/linux/model/msi-message.ts';
import { BEHAVIOURS } from '../../src/machine/behaviours.ts';
import { type BehaviourName, type Kernel, kernelProfile } from '../../src/machine/kernel.ts';
import { cpulistParse } from '../../src/machine/kparam.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { jsonReport } from '../../src/report/json.ts';
import { ROOT } from '../built.ts';
import { readText } from '../helpers.ts';

/** A case on a kernel: what comes of it, in a form that can be compared. */
interface Case {
  readonly kernel: Kernel;
  readonly run: () => unknown;
}

const golden = new Map<string, readonly string[]>();

/** A line of the golden data. */
function goldenCase(file: string, id: string): Readonly<Record<string, unknown>> {
  const packed = () => gunzipSync(readFileSync(join(ROOT, `test/golden/${file}.ndjson.gz`)));
  const lines = golden.get(file) ?? packed().toString('utf8').split('\n');
  golden.set(file, lines);
  return JSON.parse(lines.find((line) => line.startsWith(`{"id":"${id}"`)) ?? 'null');
}

const reported = (machine: Machine): Case => ({
  kernel: machine.kernel,
  run: () => jsonReport(analyze(machine), '', { vectors: true }),
});

const scenario = (name: string) => async (): Promise<Case> => {
  const [machine] = await readMachines(join(ROOT, 'scenarios', name), { set: [] });
  return reported(machine);
};

const machine = (text: string) => async (): Promise<Case> => reported(await readText(text));

const spread = (id: string) => (): Case => ({
  kernel: spreadCaseKernel('6.12'),
  run: () => runSpreadCase({ ...goldenCase('spread', id), kernel: '6.12' }),
});

const lifecycle = (id: string) => (): Case => {
  const given = goldenCase('irqlife', id);
  return { kernel: kernelProfile(String(given.kernel)), run: () => runLifecycleCase(given) };
};

const BLK = 'devices: [{ name: blk, driver: virtio-blk, queues: 4 }]\n';

const CASES: Readonly<Record<BehaviourName, () => Case | Promise<Case>>> = {
  'managed-flag-per-vector': spread('s0000'),
  'spread-affinity-sets': spread('s0005'),
  'calc-sets-callback': spread('s1168'),
  'spread-by-ratio': spread('s0038'),
  'spread-node-intersection': spread('s1175'),
  'spread-in-library': scenario('four-cpus-four-queues.yaml'),
  'spread-empty-set-is-null': spread('s1168'),
  'spread-warns-on-surplus-groups': spread('s0005'),
  'spread-partial-groups': spread('s0005'),
  'spread-clusters': spread('s0002'),
  'blk-mq-maps-by-groups': async () => {
    const machine = await readText(
      `kernel: "6.12"\ntopology: { cores: 8 }\ncmdline: nvme.poll_queues=3\ndevices: [{ name: disk, driver: nvme, queues: 8 }]\n`,
    );
    const maps = () => analyze(machine).run.devices[0].maps.flatMap(({ entries }) => entries);
    return { kernel: machine.kernel, run: () => maps().map(({ queue, cpus }) => `${queue}: ${cpus}`) };
  },
  'sort-two-at-a-time': spread('s0513'),
  'move-cleanup-vector': lifecycle('l0000'),
  'posted-msi-vector': lifecycle('l0000'),
  'unplug-check-skips-managed': lifecycle('l0026'),
  'migrate-retries-any-online': lifecycle('l0108'),
  'assign-any-mask-before-node': lifecycle('l0000'),
  'managed-affinity-eperm': lifecycle('l0000'),
  'cpulist-last-cpu': scenario('rules/isolation-ignored.ok.yaml'),
  'cpulist-all': () => {
    const kernel = kernelProfile('6.1');
    return { kernel, run: () => cpulistParse(kernel, 'all', 4)?.toString() ?? null };
  },
  'isolation-keeps-a-cpu': machine(
    'kernel: "6.19"\ntopology: { cores: 4 }\ncmdline: isolcpus=0-1 nohz_full=2-3\n',
  ),
  'last-housekeeping-cpu-stays': machine(
    'kernel: "6.12"\ntopology: { cores: 2 }\ncmdline: isolcpus=0\nevents: [{ offline: 1 }]\n',
  ),
  'cpu0-hotplug': machine(
    'kernel: "6.1"\ntopology: { cores: 2 }\ncmdline: cpu0_hotplug\nevents: [{ offline: 0 }]\n',
  ),
  'smt-on-skips-offline-cores': machine(
    'kernel: "6.18"\ntopology: { cores: 2, threads: 2 }\nevents: [{ offline: 2 }, { smt: off }, { smt: on }]\n',
  ),
  'topology-fixed-at-boot': scenario('rules/possible-cpus-ignored.bad.yaml'),
  'madt-xapic-entries-first': scenario('rules/madt-order-changes-numbers.bad.yaml'),
  'x2apic-entries-shadowed': scenario('rules/x2apic-entries-ignored.bad.yaml'),
  'online-capable-by-madt': machine(
    'kernel: "6.1.22"\nfirmware: { fadt: "6.3", onlineCapable: false }\ncpus: [{ apicId: "0-1" }, { apicId: 2, state: absent }]\n',
  ),
  'online-capable-by-fadt': scenario('rules/slots-not-online-capable.bad.yaml'),
  'disabled-needs-hypervisor': scenario('rules/slots-need-hypervisor.bad.yaml'),
  'present-package-refused': machine(
    'kernel: "6.12"\nplatform: bare-metal\nfirmware: { fadt: "6.3", onlineCapable: true }\ntopology: { cores: 4, present: 2 }\n',
  ),
  'noapic-single-cpu': scenario('rules/firmware-cpus-ignored.ok.yaml'),
  disableapic: machine('kernel: "6.1"\ntopology: { cores: 2 }\ncmdline: disableapic\n'),
  'kick-ap': scenario('rules/suppression-expired.bad.yaml'),
  'hot-add-acpi-prefix': scenario('rules/hot-added-cpu-not-targetable.bad.yaml'),
  'guest-apic-limit': scenario('rules/guest-is-not-linux.bad.yaml'),
  'ext-dest-id': scenario('rules/suppression-unused.bad.yaml'),
  'ext-dest-id-xen': scenario('rules/xen-offers-no-ext-dest.bad.yaml'),
  'bhyve-guest': scenario('rules/bhyve-not-detected.bad.yaml'),
  'hyperv-x2apic-available': scenario('rules/crash-kernel-without-ioapic.ok.yaml'),
  'hyperv-remap-xapic': machine(
    'kernel: "6.6"\nplatform: hyperv\nx2apic: unsupported\ntopology: { cores: 2 }\n',
  ),
  'x2apic-lock-known': machine('kernel: "6.12"\nx2apic: locked\ncmdline: nox2apic\ntopology: { cores: 2 }\n'),
  'flat-apic': scenario('rules/physical-flat-used.bad.yaml'),
  'x2apic-needs-config-survives': scenario('rules/kernel-without-x2apic.bad.yaml'),
  'apic-routing-prefix': scenario('rules/guest-is-not-linux.bad.yaml'),
  'x2apic-lock-kept': scenario('rules/x2apic-locked.bad.yaml'),
  'x2apic-off-at-resume': scenario('rules/resume-turns-x2apic-on.bad.yaml'),
  'hyperv-iommu': scenario('rules/hyperv-ioapic-limit.bad.yaml'),
  'amd-intcapxt': scenario('rules/amd-iommu-off.ok.yaml'),
  'msi-level-assert': () => {
    const kernel = kernelProfile('5.10');
    return { kernel, run: () => composeMsi(kernel, physical(1), 0x41) };
  },
  'msi-high-address': scenario('rules/hot-added-cpu-not-targetable.bad.yaml'),
  'virtio-blk-poll-queues': machine(
    `kernel: "6.12"\ntopology: { cores: 4 }\ncmdline: virtio_blk.poll_queues=2\n${BLK}`,
  ),
  'virtio-queues-by-possible': async () => {
    const { kernel, cmdline, devices } = await readText(`kernel: "6.17"\ntopology: { cores: 4 }\n${BLK}`);
    const counts = { kernel, cmdline, nrCpuIds: 4, possible: 3, present: 3, online: 3 };
    return { kernel, run: () => virtioBlk.plan(devices[0], counts) };
  },
};

/** What a case comes to; with another answer of its kernel about one behaviour if one is named. */
function outcome({ kernel, run }: Case, other?: BehaviourName): string {
  const { has } = kernel;
  kernel.has = (name) => has(name) !== (name === other);
  try {
    return JSON.stringify(run());
  } finally {
    kernel.has = has;
  }
}

test.each(BEHAVIOURS)('$name has a case that shows it', async ({ name }) => {
  const shown = await CASES[name]();
  const without = outcome(shown, name);
  expect(without).not.toBe(outcome(shown));
});

test('flat logical destinations ended within 6.10.y and 6.11.y', () => {
  const flat = (release: string) => kernelProfile(release).has('flat-apic');
  expect(['6.9', '6.10.1', '6.10', '6.11.0', '6.11', '6.12.0', '6.12'].map(flat)).toEqual([
    true,
    true,
    false,
    true,
    false,
    false,
    false,
  ]);
});
