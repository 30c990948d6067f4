/** Cause chains: what they say, and that every value has its place in the input or is named a default. */
import { describe, expect, test } from 'vitest';
import type { Origin, Why } from '../../../src/questions/why/chain.ts';
import { askWhy, type SubjectKind } from '../../../src/questions/why/why.ts';
import { documentWriter } from '../../../src/report/document/writer.ts';
import { WHY_LAYOUT, whyDocument } from '../../../src/report/why.ts';
import { analyzeFile, analyzeText } from '../../helpers.ts';

const writer = await documentWriter('text');

const GUEST = `kernel: "6.12"
platform: kvm
topology: { sockets: 512, present: 384 }
extDestId: false
devices:
  - { name: disk, driver: virtio-blk, queues: 16 }
`;

async function ask(text: string, kind: SubjectKind, id: string, set: readonly string[] = []): Promise<Why> {
  const asked = askWhy(await analyzeText(text, set), kind, id);
  if ('problem' in asked) throw new Error(asked.problem);
  return asked.why;
}

const said = (why: Why) => why.because.map(({ text }) => text);
const step = (why: Why, topic: string) => why.steps.find((one) => one.topic === topic);
const line = (origin: Origin | undefined) => (origin && 'line' in origin ? origin.line : origin?.defaultOf);

describe('a CPU', () => {
  test('above the limit: place, APIC ID, entry, number, mode, refusal, queues', async () => {
    const why = await ask(GUEST, 'cpu', '300');
    expect(why).toMatchObject({ subject: 'CPU 300', works: false });
    expect(why.verdict).toContain('refuses to bring it up');
    expect(said(why)).toEqual([
      'its APIC ID 300 (0x12c) is above the limit 255',
      'there is no interrupt remapping',
      'the hypervisor offers no extended destination ID',
    ]);
    expect(why.because.map(({ origin }) => line(origin))).toEqual([undefined, 'remapping', 4]);
    expect(why.steps.map(({ topic }) => topic)).toEqual([
      'described',
      'APIC ID',
      'entry',
      'number',
      'APIC mode',
      '',
      '',
      'bring-up',
    ]);
    expect(line(step(why, 'described')?.origin)).toBe(3);
    expect(step(why, 'entry')).toMatchObject({ by: 'acpi_parse_x2apic' });
    expect(step(why, 'bring-up')).toEqual({
      topic: 'bring-up',
      text: 'refused with EINVAL: "smpboot: CPU 300 has invalid APIC ID 12c. Aborting bringup" (twice at boot)',
      by: 'native_kick_ap',
    });
    expect(why.consequences[0]).toBe('disk: in the mask of queue 12; dead: 12; I/O mapped to queue 12');
  });

  test('is found by its APIC ID, in decimal and hexadecimal', async () => {
    const byNumber = await ask(GUEST, 'cpu', '300');
    expect(await ask(GUEST, 'apic', '300')).toEqual(byNumber);
    expect(await ask(GUEST, 'apic', '0x12C')).toEqual(byNumber);
  });

  test('the topology formula shows the holes', async () => {
    const why = askWhy(await analyzeFile('scenarios/240-vcpus-of-5-cores.yaml'), 'apic', '297');
    expect('why' in why && step(why.why, 'APIC ID')?.text).toBe(
      'socket 37 << 3 | core 1 = 297 (0x129); 5 cores take 3 bits',
    );
    const dies = await ask(
      'topology: { sockets: 2, dies: 3, cores: 3, threads: 2 }\nkernel: "6.12"\n',
      'cpu',
      '23',
    );
    expect(step(dies, 'APIC ID')?.text).toBe(
      'socket 1 << 5 | die 0 << 3 | core 2 << 1 | thread 1 = 37 (0x25); 3 cores take 2 bits; 3 dies take 2 bits',
    );
  });

  test('a list of CPUs names the entry', async () => {
    const why = await ask(
      'kernel: "6.12"\ncpus:\n  - { apicId: "0-3" }\n  - { apicId: 8, node: 1, state: offline }\n',
      'cpu',
      '4',
    );
    expect(why.works).toBe(true);
    expect(line(step(why, 'described')?.origin)).toBe(4);
    expect(said(why)).toEqual(['it is described as offline']);
    expect(why.because.map(({ origin }) => line(origin))).toEqual([4]);
  });

  test('healthy, not plugged, unknown, taken offline, ignored', async () => {
    expect((await ask(GUEST, 'cpu', '0')).verdict).toContain('every device interrupt can reach it');
    expect((await ask(GUEST, 'cpu', '400')).verdict).toContain('could never come online');
    expect((await ask(GUEST, 'cpu', '400', ['kernel="6.1"'])).verdict).toBe('cannot be judged yet');
    const taken = await ask(`${GUEST}events:\n  - { offline: 3 }\n`, 'cpu', '3');
    expect(said(taken)).toEqual(['an event took it offline']);
    expect(taken.because.map(({ origin }) => line(origin))).toEqual([8]);
    const ignored = await ask(GUEST, 'apic', '300', ['cmdline="nr_cpus=8"']);
    expect(ignored.verdict).toContain('ignored');
    expect(said(ignored)[0]).toContain('limit of 8 CPUs');
  });

  test('kernels before 6.5 refuse in another function, once', async () => {
    const bringUp = step(await ask(GUEST, 'cpu', '300', ['kernel="6.1"']), 'bring-up');
    expect(bringUp).toEqual({
      topic: 'bring-up',
      text: 'refused with EINVAL: "smpboot: native_cpu_up: bad cpu 300"',
      by: 'native_cpu_up',
    });
  });

  test('a kernel that panics', async () => {
    const text = 'kernel: "6.12"\ncpus:\n  - { apicId: 300, boot: true }\n  - { apicId: "0-3" }\n';
    const why = await ask(text, 'cpu', '0');
    expect(why.verdict).toBe('never runs: the kernel panics at boot');
    expect(step(why, 'APIC mode')?.text).toContain('Cannot disable x2apic, id: 0000012c');
  });
});

describe('a queue', () => {
  test.each([
    ['5.10', 'irq_create_affinity_masks, irq_build_affinity_masks'],
    ['6.1.90', 'irq_create_affinity_masks, irq_build_affinity_masks'],
    ['6.1.192', 'irq_create_affinity_masks, group_cpus_evenly'],
    ['6.3', 'irq_create_affinity_masks, group_cpus_evenly'],
  ])('names functions as Linux %s calls them', async (kernel, by) => {
    const why = await ask(GUEST, 'queue', 'disk:12', [`kernel=${kernel}`]);
    expect(step(why, 'mask')?.by).toBe(by);
  });

  test('that can never start', async () => {
    const why = await ask(GUEST, 'queue', 'disk:12');
    expect(why.verdict).toBe('can never start: every CPU of its mask is unreachable');
    expect(said(why)[0]).toBe('CPUs 288-311,480-487 of its mask have APIC IDs above 255');
    expect(line(step(why, 'described')?.origin)).toBe(6);
    expect(step(why, 'asks')?.text).toContain('17 vectors');
    expect(step(why, 'mask')).toMatchObject({
      text: '288-311,480-487: one of 16 groups; stage 1, plugged CPUs, gave 288-311; stage 2, the others, gave 480-487',
      by: 'irq_create_affinity_masks, group_cpus_evenly',
    });
    expect(step(why, 'reserved')?.text).toContain('(32)');
    expect(step(why, 'message')?.text).toBe(
      'parked on shutdown vector 0xef of CPU 0, masked: address 0x00000000 0xfee00000, data 0x000000ef',
    );
    expect(why.consequences[0]).toContain('effective_affinity shows CPU 0');
  });

  test('that runs: the message that is written', async () => {
    const why = await ask(GUEST, 'queue', 'disk:15', ['extDestId=true']);
    expect(why.works).toBe(true);
    const runs = step(why, 'runs')?.text ?? '';
    const [, cpu, vector] = /on CPU (\d+), vector (\d+)/.exec(runs)?.map(Number) ?? [];
    const lo = (0xfee00000 | ((cpu & 0xff) << 12) | ((cpu >> 8) << 5)) >>> 0;
    expect(step(why, 'message')?.text).toBe(
      `address 0x00000000 0x${lo.toString(16)}, data 0x000000${vector.toString(16)}`,
    );
  });

  test('behind an IOMMU: the table entry', async () => {
    const why = await ask(GUEST, 'queue', 'disk:12', ['remapping=on']);
    expect(step(why, 'message')?.text).toMatch(
      /^the message holds a table index; table entry 0x[0-9a-f]{16}$/,
    );
    expect(step(why, 'message')?.by).toContain('Intel');
    const amd = await ask(GUEST, 'queue', 'disk:12', ['remapping={"enabled":true,"vendor":"amd"}']);
    expect(step(amd, 'message')?.by).toContain('AMD');
  });

  test('before 5.11 edge data has bit 14 set', async () => {
    const why = await ask(GUEST, 'queue', 'disk:0', ['kernel="5.10"']);
    expect(step(why, 'message')?.text).toMatch(/data 0x000040/);
  });

  test('shut down by an event: the entry is all zero', async () => {
    const text =
      'kernel: "6.12"\ntopology: { cores: 4 }\ndevices:\n  - { name: d, driver: virtio-blk, queues: 4 }\nevents:\n  - { offline: 3 }\n';
    const why = await ask(text, 'queue', 'd:3');
    expect(why.verdict).toContain('waits');
    expect(step(why, 'event')).toMatchObject({ text: 'shut down: the last online CPU of its mask left' });
    expect(line(step(why, 'event')?.origin)).toBe(6);
    expect(step(why, 'message')).toMatchObject({ text: 'the MSI-X entry is all zero and masked' });
  });

  test('without a vector', async () => {
    const why = askWhy(await analyzeFile('scenarios/vector-exhaustion.yaml'), 'queue', 'nvme209:1');
    expect('why' in why && why.why).toMatchObject({
      works: false,
      verdict: expect.stringContaining('no interrupt'),
    });
  });

  test('ordinary interrupts follow hints or the default affinity', async () => {
    const text =
      'kernel: "6.12"\ntopology: { cores: 4 }\ndevices:\n  - { name: nic, driver: virtio-net, queues: 2 }\n  - { name: g, driver: generic, vectors: 2 }\n';
    expect(step(await ask(text, 'queue', 'nic:1'), 'mask')?.by).toBe('virtnet_set_affinity');
    expect(step(await ask(text, 'queue', 'g:1'), 'mask')?.by).toBe('irq_setup_affinity');
  });
});

describe('a device', () => {
  test('counts its queues by health, the worst first, and names one to follow', async () => {
    const why = await ask(GUEST, 'device', 'disk');
    expect(why.verdict).toMatch(/^has 16 queues: \d+ dead \(/);
    expect(said(why)).toContain('there is no interrupt remapping');
    expect(why.consequences[0]).toMatch(/^irqsim why INPUT queue disk:\d+ follows one dead queue$/);
  });

  test('healthy', async () => {
    const why = await ask(GUEST, 'device', 'disk', ['remapping=on']);
    expect(why).toMatchObject({ works: expect.any(Boolean) });
    const small = await ask(
      'topology: { cores: 2 }\ndevices:\n  - { name: d, driver: nvme }\n',
      'device',
      'd',
    );
    expect(small).toMatchObject({ works: true, verdict: 'works: all 2 queues are healthy' });
  });
});

test('a device without queues', async () => {
  const text =
    'topology: { cores: 2 }\ndevices:\n  - { name: g, driver: generic, vectors: 2, preVectors: 2 }\n';
  const why = await ask(text, 'device', 'g');
  expect(why.verdict).toBe('has 2 interrupts and no queues');
  expect(said(why)).toEqual(['generic as described has no queues; 2 of 2 vectors were granted']);
});

describe('unknown subjects', () => {
  test.each([
    ['cpu', '600', 'there is no CPU 600; the possible CPUs are 0-511'],
    ['cpu', 'x', 'there is no CPU x; the possible CPUs are 0-511'],
    ['apic', '900', 'no CPU has APIC ID 900; they go up to 511, the nearest is 511 (0x1ff)'],
    ['apic', 'abc', '"abc" is not an APIC ID; write a number such as 291 or 0x123'],
    ['queue', 'disk:16', 'there is no queue disk:16; disk has queues 0-15'],
    ['queue', 'disk', '"disk" is not a queue; write DEVICE:INDEX such as nvme0:7'],
    ['queue', 'disc:1', 'there is no device "disc", did you mean "disk"?'],
    ['device', 'nvme', 'there is no device "nvme"; known devices: disk'],
  ] as const)('%s %s', async (kind, id, problem) => {
    expect(askWhy(await analyzeText(GUEST), kind, id)).toEqual({ problem });
  });
});

describe('any scenario', () => {
  test.each([
    'scenarios/six-cpus-native-6.12.yaml',
    'scenarios/kubevirt-64-vcpus-256-possible.yaml',
    'scenarios/queue-of-absent-cpus.yaml',
    'scenarios/one-present-of-128.yaml',
  ])('%s: every CPU, device and queue has an answer, the same each time', async (path) => {
    const [one, other] = [await analyzeFile(path), await analyzeFile(path)];
    const subjects: [SubjectKind, string][] = [
      ...one.enumeration.cpus.map(({ cpu }): [SubjectKind, string] => ['cpu', String(cpu)]),
      ...one.run.devices.flatMap((device): [SubjectKind, string][] => [
        ['device', device.name],
        ...device.queues.map(({ index }): [SubjectKind, string] => ['queue', `${device.name}:${index}`]),
      ]),
    ];
    for (const [kind, id] of subjects) {
      const asked = askWhy(one, kind, id);
      expect('why' in asked && asked.why.because.length, `${kind} ${id}`).toBeGreaterThan(0);
      expect(askWhy(other, kind, id)).toEqual(asked);
      if ('why' in asked) {
        const document = whyDocument(asked.why, '6.12');
        const text = writer.whole(document, { width: 100, colour: 0 }, WHY_LAYOUT);
        expect(text).not.toMatch(/undefined|null|NaN|\[object/);
        for (const one of text.split('\n')) expect(one.length).toBeLessThanOrEqual(100);
      }
    }
  });
});
