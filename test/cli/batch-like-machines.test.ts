/** Records of machines made of those of others are those that an analysis of their own would give. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/cli/batch/job.ts';
import { createLikeMachines } from '../../src/cli/batch/like-machines.ts';
import { processItem } from '../../src/cli/batch/process.ts';
import { NO_SETTINGS } from '../../src/findings/triage/judge.ts';

const JOB: Job = { changes: [], settings: NO_SETTINGS, reports: false, digest: '0'.repeat(16) };
const folder = mkdtempSync(join(tmpdir(), 'irqsim-like-'));

/** How many of these files were analysed; the record of each is compared with that of its own analysis. */
async function analysesOf(files: Readonly<Record<string, string>>, job = JOB): Promise<number> {
  const machines = createLikeMachines();
  let analyses = 0;
  const counted: typeof machines = {
    record: (source, place, given, analyse) =>
      machines.record(source, place, given, () => {
        analyses++;
        return analyse();
      }),
  };
  let index = 0;
  for (const [name, text] of Object.entries(files)) {
    const id = join(folder, name);
    writeFileSync(id, text);
    const item = { kind: 'path', id, index: index++ } as const;
    expect(await processItem(item, job, counted)).toEqual(await processItem(item, job));
  }
  return analyses;
}

const files = (ending: string, count: number, textOf: (n: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}${ending}`, textOf(n)]));

/** Names, identifiers, images and lines differ; 300 vCPUs raise findings, which have places. */
const domain = (n: number, vcpus: string, more = '') =>
  `${'\n'.repeat(n)}<domain type='kvm'><name>${'m'.repeat(1 + n)}</name><uuid>6f0bd9a4-0000-4000-8000-00000000000${n}</uuid>
<vcpu>${vcpus}</vcpu><os><type arch='x86_64' machine='pc-q35-8.2'>hvm</type></os><features><acpi/><apic/></features>
<devices><disk type='file' device='disk'><driver name='qemu' queues='4'/><source file='/srv/${n}.img'/>
<target dev='vda' bus='virtio'/></disk>${more}</devices></domain>`;

const native = (n: number, name: string, more = '') =>
  `# ${n}\nname: ${name}\ntopology: { sockets: 1, cores: 8 }\ndevices: [{ name: n, driver: nvme, queues: 4 }]\n${more}`;

describe('machines that are described alike but for their name', () => {
  it('are analysed twice, whatever else differs in their files, and have findings at their own places', async () => {
    expect(await analysesOf(files('.xml', 5, (n) => domain(n, '4')))).toBe(2);
    expect(await analysesOf(files('.xml', 5, (n) => domain(n, '300')))).toBe(2);
    expect(await analysesOf(files('.yaml', 5, (n) => native(n, `m${n}`)))).toBe(2);
    const changed = { ...JOB, changes: ['--kernel 5.14', 'topology.cores=300'] };
    expect(
      await analysesOf(
        files('.yaml', 5, (n) => native(n, `m${n}`)),
        changed,
      ),
    ).toBe(2);
  });

  it('are those of one kind: what an importer notes, comments that suppress, and versions tell them apart', async () => {
    const kinds = [
      domain(1, '4'),
      domain(2, '6'),
      domain(3, '4', "<hostdev mode='subsystem' type='pci'><source/></hostdev>"),
      domain(4, '300'),
      domain(5, '300').replace('<devices>', '<!-- irqsim: ignore hypervisor-refuses: known --><devices>'),
    ];
    expect(await analysesOf(files('.xml', 5, (n) => kinds[n]))).toBe(5);
    const texts = [native(0, 'a'), native(1, 'b', 'kernel: "5.14"\n'), native(2, 'c', 'suppress: []\n')];
    expect(await analysesOf(files('.yaml', 3, (n) => texts[n]))).toBe(3);
  });

  it('are analysed each while all have one name, where a number is no JSON, and where a project judges', async () => {
    expect(await analysesOf(files('.yaml', 3, (n) => native(n, 'same')))).toBe(3);
    const odd = (n: number) => native(n, `m${n}`, `notUnderstood: [{ part: "null" }]\n`);
    expect(await analysesOf(files('.yaml', 3, odd))).toBe(3);
    const project = { file: 'p', levels: [], suppress: [] } as never;
    const judged = { ...JOB, settings: { ...NO_SETTINGS, project } };
    expect(
      await analysesOf(
        files('.yaml', 3, (n) => native(n, `m${n}`)),
        judged,
      ),
    ).toBe(3);
  });

  it('are errors each where the description is wrong', async () => {
    expect(await analysesOf(files('.yaml', 3, (n) => native(n, `m${n}`, 'extra: 1\n')))).toBe(3);
  });
});
