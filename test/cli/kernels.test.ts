/** `irqsim kernels`, and `analyze` with several kernels. */
import { describe, expect, test } from 'vitest';
import { BEHAVIOURS } from '../../src/machine/behaviours.ts';
import { NEWEST_KERNEL } from '../../src/machine/kernel.ts';
import { differingRows } from '../../src/report/compare-kernels.ts';
import { analyzeText } from '../helpers.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const EXT = 'scenarios/guest-with-extended-destination-id.yaml';

describe('kernels', () => {
  test('lists every release with a change and every behaviour with its evidence', async () => {
    const { code, out } = await irqsim(['kernels']);
    expect(code).toBe(0);
    expect(out).toMatch(/^4\.19 \(oldest\)$/m);
    expect(out).toContain(`\n${NEWEST_KERNEL} (newest, the default)\n`);
    expect(out).toContain('+ guest-apic-limit (5.4.86, from 5.11)');
    expect(out).toContain('guest-apic-limit: since 5.11; also in 5.4.86, 5.10.4');
    for (const { name, where } of BEHAVIOURS) {
      expect(out).toContain(`${name}: `);
      expect(out.replace(/\s+/g, ' ')).toContain(where.replace(/\s+/g, ' '));
    }
  });

  test('as JSON, in release order', async () => {
    const { kernels, behaviours, oldest, newest } = JSON.parse(
      (await irqsim(['kernels', '--format', 'json'])).out,
    );
    const releases: string[] = kernels.map((one: { kernel: string }) => one.kernel);
    expect([releases[0], releases.at(-1)]).toEqual([oldest, newest]);
    const rank = (release: string) => Number(release.split('.')[0]) * 1000 + Number(release.split('.')[1]);
    expect(releases.map(rank)).toEqual(releases.map(rank).sort((a, b) => a - b));
    expect(behaviours).toHaveLength(BEHAVIOURS.length);
    const of = (release: string) => kernels.find((one: { kernel: string }) => one.kernel === release);
    expect(of('5.11').changes).toContainEqual({ release: '5.11', kind: 'begins', behaviour: 'ext-dest-id' });
    expect(of('5.10').behaviours).not.toContain('ext-dest-id');
    expect(of('5.11').behaviours).toContain('ext-dest-id');
  });

  test('a behaviour older than the name of its function names both', async () => {
    const { behaviours } = JSON.parse((await irqsim(['kernels', '--format', 'json'])).out);
    const where = (wanted: string) => behaviours.find(({ name }: { name: string }) => name === wanted).where;
    expect(where('spread-by-ratio')).toBe('alloc_nodes_groups; alloc_nodes_vectors before 6.3 (6.1.192)');
    expect(where('msi-high-address')).toContain('; irq_msi_compose_msg before 5.11');
    expect(where('spread-partial-groups')).toBe('group_cpus_evenly, commit b6139a6abf67');
  });

  test('as Markdown: the same releases and behaviours', async () => {
    const { code, out } = await irqsim(['kernels', '--format', 'markdown']);
    expect(code).toBe(0);
    expect(out).toMatch(/^- \*\*4\.19 \(oldest\)\*\*$/m);
    expect(out).toMatch(/^ {2}- `\+` guest-apic-limit \(5\.4\.86, from 5\.11\)$/m);
    for (const { name } of BEHAVIOURS) expect(out).toContain(`- **${name}: `);
  });

  test('help has examples', async () => {
    expect((await irqsim(['kernels', '--help'])).out).toContain('Examples:');
  });
});

describe('analyze with several kernels', () => {
  test('one column a kernel, only rows that differ', async () => {
    const { code, out } = await irqsim(['analyze', '--kernel', '5.4,6.1,6.12', EXT]);
    expect(code).toBe(1);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual([EXT, 'Linux 5.4', 'Linux 6.1', 'Linux 6.12']);
    expect(lines).toContainEqual(['APIC ID limit', '255', '32767', '32767']);
    expect(lines).toContainEqual(['unreachable', '256-383', 'none', 'none']);
    expect(out).toContain('kernel-too-old-for-ext-dest');
    expect(out).toContain('nvme0 queues (+3)');
    expect(lines.map(([name]) => name)).not.toContain('possible');
  });

  test('says so when nothing differs', async () => {
    const { code, out } = await irqsim([
      'analyze',
      '--kernel',
      '6.11,6.12',
      'scenarios/guest-with-extended-destination-id.yaml',
    ]);
    expect(code).toBe(0);
    const [said, ...note] = out.split('\n');
    expect(said).toBe(`${EXT}: nothing differs between Linux 6.11, 6.12`);
    expect(note.join(' ')).toMatch(
      /^6\.11 is 6\.11\.11 or newer, 6\.12 is 6\.12\.117 or newer; older point releases differ/,
    );
  });

  test('names the point releases that bare series stand for, as far as they differ', async () => {
    const { out } = await irqsim(['analyze', '--kernel', '5.4,6.1,6.8', EXT]);
    expect(out).toContain('\n5.4 is 5.4.261 or newer, 6.1 is 6.1.192 or newer; older point releases differ');
    const exact = await irqsim(['analyze', '--kernel', '5.4.85,6.8', EXT]);
    expect(exact.out).not.toContain('or newer');
    const compared = JSON.parse(
      (await irqsim(['analyze', '--format', 'json', '--kernel', '5.4,6.1.10', EXT])).out,
    );
    expect(compared.oldestPointReleases).toEqual(['5.4.261', null]);
  });

  test('as Markdown: a column a kernel', async () => {
    const { code, out } = await irqsim(['analyze', '--format', 'markdown', '--kernel', '5.4,6.1,6.12', EXT]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe(`| ${EXT} | Linux 5.4 | Linux 6.1 | Linux 6.12 |`);
    expect(out).toContain('| unreachable | 256-383 | none | none |');
  });

  test('as JSON: kernels, what differs, and the reports', async () => {
    const compared = JSON.parse(
      (await irqsim(['analyze', '--format', 'json', '--kernel', '5.4, 6.12', EXT])).out,
    );
    expect(compared.kernels).toEqual(['5.4', '6.12']);
    expect(compared.differs['APIC ID limit']).toEqual(['255', '32767']);
    expect(compared.reports.map((one: { machine: { kernel: string } }) => one.machine.kernel)).toEqual([
      '5.4',
      '6.12',
    ]);
    const single = JSON.parse((await irqsim(['analyze', '--format', 'json', '--kernel', '6.12', EXT])).out);
    expect(compared.reports[1]).toEqual(single);
  });

  test('several inputs, standard input, ndjson', async () => {
    const input = 'platform: kvm\ntopology: { sockets: 300 }\nextDestId: true\n';
    const { out } = await irqsim(['analyze', '--format', 'ndjson', '--kernel', '5.10,5.11', '-', EXT], {
      input,
    });
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines[0].differs.unreachable).toEqual(['256-299', 'none']);
  });

  test('a release that is not modelled is named', async () => {
    const { code, err } = await irqsim(['analyze', '--kernel', '5.4,9.9', EXT]);
    expect(code).toBe(2);
    expect(err).toContain('9.9');
    expect((await irqsim(['analyze', '--kernel', '5.4,,6.1', EXT])).code).toBe(2);
    expect((await irqsim(['analyze', '--kernel', '6.1,6.12', 'nowhere.yaml'])).code).toBe(2);
  });

  test('a place in the input that --kernel decides is named after it', async () => {
    const file = scratchFile('guest.yaml', 'platform: kvm\ntopology: { sockets: 300 }\nextDestId: true\n');
    const { reports } = JSON.parse(
      (await irqsim(['analyze', '--format', 'json', '--kernel', '5.10,6.1', file])).out,
    );
    const [finding] = reports[0].findings;
    expect(finding).toMatchObject({ rule: 'kernel-too-old-for-ext-dest' });
    expect(finding.location.file).toBe('--kernel 5.10');
  });

  test('masks that differ are shown by the first queue that differs', async () => {
    const text =
      'topology: { sockets: 128, present: 1 }\nplatform: kvm\ndevices:\n  - { name: d, driver: generic, managed: true, vectors: 2 }\n';
    const analyses = await Promise.all(
      ['5.4', '6.12', '7.0'].map((kernel) => analyzeText(text, [`kernel="${kernel}"`])),
    );
    for (const { values } of differingRows(analyses)) expect(new Set(values).size).toBeGreaterThan(1);
  });
});
