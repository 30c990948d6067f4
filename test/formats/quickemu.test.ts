/** quickemu: the .conf of a guest, as bash reads it. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { importOne, reportsOf } from './importers.ts';

async function analysed(text: string, defines: Readonly<Record<string, string>> = {}) {
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'vm.conf', defines });
  expect(source.format).toBe('quickemu');
  return analyze(machineOf(source));
}

const unread = (analysis: ReturnType<typeof analyze>): string[] =>
  analysis.machine.notUnderstood.map(({ part }) => part);

const UBUNTU = `#!/usr/bin/quickemu --vm
guest_os="linux"
disk_img="ubuntu-24.04/disk.qcow2"
iso="ubuntu-24.04/ubuntu-24.04-desktop-amd64.iso"
cpu_cores="12"
ram="16G"
port_forwards=("8123:8123" "2222:22")
`;

describe('what quickemu makes of a configuration', () => {
  test('CPUs of one socket with threads, a disk, a network adapter', async () => {
    const analysis = await analysed(UBUNTU);
    expect(analysis.machine).toMatchObject({ platform: 'kvm', shape: '1 x 6 x 2' });
    expect(unread(analysis)).toEqual([]);
    expect(analysis.summary.verdict).not.toBe('fail');
    const queues = analysis.run.devices.map(({ driver, queues: all }) => [driver, all.length]);
    expect(queues).toContainEqual(['virtio-blk', 12]);
    expect(queues).toContainEqual(['virtio-net', 1]);
  });

  test('arguments for QEMU, with variables of the file', async () => {
    const analysis = await analysed(
      `${UBUNTU}QUEUES=3\nnetwork="none"\nextra_args="-device virtio-blk-pci,id=data,num-queues=$QUEUES"\nextra_args+=" -device nvme,max_ioqpairs=2"\n`,
    );
    expect(analysis.machine.devices.find(({ name }) => name === 'data')).toMatchObject({ queues: 3 });
    expect(analysis.machine.devices.find(({ driver }) => driver === 'nvme')).toMatchObject({ queues: 2 });
    expect(analysis.machine.devices.some(({ driver }) => driver === 'virtio-net')).toBe(false);
    expect(unread(analysis)).toEqual(['QUEUES=']);
    const note = analysis.findings.find(({ rule }) => rule === 'input-not-understood');
    expect(note?.level).toBe('note');
  });

  test('without cpu_cores the host decides', async () => {
    const bare = UBUNTU.replace(/cpu_cores.*\n/, '');
    expect(unread(await analysed(bare)).join()).toMatch(/without cpu_cores/);
    for (const [host, guest] of [
      ['3', '0'],
      ['4', '0-1'],
      ['24', '0-7'],
      ['128', '0-15'],
    ]) {
      const analysis = await analysed(bare, { nproc: host });
      expect(analysis.enumeration.possible.toString()).toBe(guest);
      expect(unread(analysis)).toEqual([]);
    }
  });

  test.each([
    ['cpu_cores="7"', /cpu_cores="7"/],
    ['cpu_cores="200"', /cpu_cores="200"/],
    ['cpu_cores="$CORES"', /cpu_cores="\$CORES"/],
    ['extra_args="$MORE"', /extra_args="\$MORE"/],
    ['extra_args="-warp 9"', /-warp 9/],
    ['network="$BRIDGE"', /network="\$BRIDGE"/],
    ['guest_os="haiku"', /guest_os="haiku"/],
    ['turbo="on"', /turbo=/],
    ['source ~/common.conf', /source/],
    ['start_it now', /start_it/],
  ])('%s does not pass', async (line, part) => {
    const analysis = await analysed(`${UBUNTU}${line}\n`);
    expect(unread(analysis).join('\n')).toMatch(part);
    expect(analysis.summary.verdict).not.toBe('pass');
  });

  test('guests that are not Linux are told', async () => {
    const analysis = await analysed(UBUNTU.replace('"linux"', '"windows"'));
    expect(analysis.findings.map(({ rule }) => rule)).toContain('guest-is-not-linux');
    expect(analysis.machine.hpet.present).toBe(false);
  });

  test('values that cannot be have their place', async () => {
    await expect(analysed(UBUNTU.replace('"12"', '"many"'))).rejects.toThrow(/vm\.conf:5:12: cpu_cores=/);
    await expect(analysed(UBUNTU.replace('"12"', '"0"'))).rejects.toThrow(/vm\.conf:5:12: cpu_cores: 0 CPUs/);
    await expect(analysed(`${UBUNTU}arch="aarch64"\n`)).rejects.toThrow(/only x86/);
  });
});

test('the description that import writes gives the same report', async () => {
  const { source, written } = await reportsOf(await importOne(UBUNTU));
  expect(written).toEqual(source);
});

test('a script that starts QEMU itself is none', async () => {
  const text = 'disk_img=a.qcow2\nram=4G\nqemu-system-x86_64 -smp 4 -m $ram $disk_img\n';
  const [source] = await readSources({ bytes: new TextEncoder().encode(text), file: 'run.sh' });
  expect(source.format).toBe('qemu');
});
