/** The contract of all editors: read again, the intent holds and nothing else is another, or the answer is null. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { editorOf } from '../../../src/formats/index.ts';
import type { Intent } from '../../../src/formats/intent.ts';
import { InputError } from '../../../src/machine/locate.ts';
import type { DeviceSpec, Machine } from '../../../src/machine/machine.ts';
import { apicIdOf } from '../../../src/machine/topology.ts';
import { type MachineSource, machineOf, readSources } from '../../../src/questions/source.ts';
import { expectEqual } from '../../helpers.ts';
import { changedLines } from './editing.ts';

const SCENARIOS = fileURLToPath(new URL('../../../scenarios', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const TEXTS = /\.(?:ya?ml|json|xml|args|conf|cmd|sh|cfg)$/;

function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXTS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const topology = (sockets: number, cores: number, threads: number, present: number): Intent => ({
  kind: 'topology',
  topology: { sockets, dies: 1, modules: 1, cores, threads, max: sockets * cores * threads, present },
});

/** What somebody might want of a machine. */
function intentsFor({ devices }: Machine): readonly Intent[] {
  const device = devices.find(({ driver }) => driver !== 'generic');
  return [
    { kind: 'ext-dest-id' },
    { kind: 'remapping', vendor: 'intel' },
    { kind: 'remapping', vendor: 'amd' },
    { kind: 'kernel', release: '6.12' },
    { kind: 'parameters', add: ['nr_cpus=5'], remove: [] },
    { kind: 'kernel-config', key: 'ia32', value: false },
    topology(2, 4, 1, 4),
    topology(3, 2, 2, 12),
    { kind: 'x2apic', setting: 'enabled' },
    ...(device
      ? [
          { kind: 'queues', device: device.path, name: device.name, queues: 3 } as const,
          { kind: 'vectors', device: device.path, name: device.name, vectors: 9 } as const,
        ]
      : []),
  ];
}

const HOLDS: Readonly<Record<string, (machine: Machine, intent: never) => void>> = {
  'ext-dest-id': ({ extDestId }) => expect(extDestId).toBe(true),
  // What firmware says of single units is not for this intent to change.
  remapping: ({ remapping }, { vendor }: { vendor: string }) => {
    const { ioapics, mixedXt } = remapping;
    expect(remapping).toEqual({ enabled: true, eim: true, optOut: false, vendor, ioapics, mixedXt });
  },
  kernel: ({ kernel }) => expect(kernel.text).toBe('6.12'),
  parameters: ({ cmdline }) => expect(cmdline.text.split(/\s+/)).toContain('nr_cpus=5'),
  'kernel-config': ({ kernelConfig }) => expect(kernelConfig.ia32).toBe(false),
  x2apic: ({ x2apic }) => expect(x2apic).toMatchObject({ supported: true, firmware: true }),
  topology({ cpus }, { topology: wanted }: Extract<Intent, { kind: 'topology' }>) {
    expect(cpus.map(({ apicId }) => apicId)).toEqual(
      Array.from({ length: wanted.max }, (_, index) => apicIdOf(index, wanted)),
    );
    expect(cpus.filter(({ state }) => state === 'online')).toHaveLength(wanted.present);
  },
  queues: ({ devices }, { name, queues }: Extract<Intent, { kind: 'queues' }>) =>
    expect(devices.find((one) => one.name === name)?.queues).toBe(queues),
  vectors: ({ devices }, { name, vectors }: Extract<Intent, { kind: 'vectors' }>) =>
    expect(devices.find((one) => one.name === name)?.vectors).toBe(vectors),
};

/** Fields of a machine that an intent may show in. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'ext-dest-id': ['extDestId'],
  remapping: ['remapping', 'extDestId'],
  kernel: ['kernel'],
  parameters: ['cmdline', 'kdump'],
  'kernel-config': ['kernelConfig'],
  topology: ['cpus', 'shape', 'smtShift', 'packageShift', 'bootIndex', 'x2apic', 'remapping', 'extDestId'],
  x2apic: ['x2apic'],
};

/** Fields that say where things are written, not what they are. */
const PLACES = ['cpuPath', 'locate', 'imported', 'source'];

function deviceFacts(machine: Machine, intent: Intent): unknown {
  const ofGroup = ({ path }: DeviceSpec) =>
    (intent.kind === 'queues' || intent.kind === 'vectors') && path.join() === intent.device.join();
  return machine.devices.map((device) => {
    // What nobody wrote follows the CPUs.
    const written = (key: string) => machine.locate([...device.path, key]) !== undefined;
    const { queues, vectors, ...rest } = device;
    if (ofGroup(device)) return rest;
    if (intent.kind !== 'topology') return device;
    return { ...rest, ...(written('queues') ? { queues } : {}), ...(written('vectors') ? { vectors } : {}) };
  });
}

function untouched(machine: Machine, intent: Intent): unknown {
  const left = Object.entries(machine).filter(
    // `given` is the description itself, and `eventWork` follows from CPUs and queues.
    ([key]) =>
      key !== 'devices' &&
      key !== 'given' &&
      key !== 'eventWork' &&
      !PLACES.includes(key) &&
      !FIELDS[intent.kind]?.includes(key),
  );
  return { ...Object.fromEntries(left), devices: deviceFacts(machine, intent) };
}

async function sourcesOf(text: string, file: string): Promise<readonly [MachineSource, Machine][]> {
  try {
    const sources = await readSources({ bytes: new TextEncoder().encode(text), file });
    return sources.map((source) => [source, machineOf(source)] as const);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

const FORMATS = ['native', 'libvirt', 'qemu', 'kubevirt', 'proxmox', 'cloud-hypervisor'];

/** Checks every `step`th intent, from number `first` on, on every machine of a file; how many were written. */
async function checkFile(file: string, first = 0, step = 1): Promise<number> {
  const text = readFileSync(file, 'utf8');
  let written = 0;
  for (const [index, [source, machine]] of (await sourcesOf(text, file)).entries()) {
    if (!FORMATS.includes(source.format)) continue;
    for (const intent of intentsFor(machine).filter((_, n) => n % step === first)) {
      const request = { text, raw: source.result.raw, index, intent };
      const after = await editorOf(source.format)?.edit(request);
      if (after === null || after === undefined || after === text) continue;
      written++;
      // A description may become one that is wrong elsewhere: an event of a CPU that is gone.
      const [, changed] = (await sourcesOf(after, file))[index] ?? [];
      if (!changed) continue;
      HOLDS[intent.kind](changed, intent as never);
      expectEqual(
        untouched(changed, intent),
        untouched(machine, intent),
        `${file}: ${JSON.stringify(intent)}`,
      );
      if (intent.kind !== 'topology' && intent.kind !== 'remapping') {
        expect(changedLines(text, after).length, after).toBeLessThanOrEqual(24);
      }
    }
  }
  return written;
}

describe('the contract', () => {
  test('on the scenarios', async () => {
    let written = 0;
    // Those of rules are many and alike: each is asked for a third of what somebody might want.
    for (const [n, file] of filesBelow(SCENARIOS).entries())
      written += await (file.includes('/rules/') ? checkFile(file, n % 3, 3) : checkFile(file));
    expect(written).toBeGreaterThan(300);
  });

  test.skipIf(!existsSync(CORPUS))('on configurations of other projects', async () => {
    let written = 0;
    for (const file of filesBelow(CORPUS)) written += await checkFile(file);
    expect(written).toBeGreaterThan(100);
  });
});
