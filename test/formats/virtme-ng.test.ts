/** virtme-ng: command lines of vng and virtme-run. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/findings/analyze.ts';
import { machineOf, readSources } from '../../src/questions/source.ts';
import { importOne, reportsOf } from './importers.ts';

async function analysed(text: string, defines: Readonly<Record<string, string>> = {}) {
  const sources = await readSources({ bytes: new TextEncoder().encode(text), file: 'input', defines });
  expect(sources[0].format).toBe('virtme-ng');
  return { sources, analysis: analyze(machineOf(sources[0])) };
}

const unread = (analysis: ReturnType<typeof analyze>): string[] =>
  analysis.machine.notUnderstood.map(({ part }) => part);

describe('a scheduler is tested on many CPUs', () => {
  const line = (chip: string) =>
    `$ virtme-run --kdir . --mods=auto --disable-microvm --memory 64G --cpus 384 --kopt quiet \\
  --qemu-opts -machine q35,kernel-irqchip=${chip} -smp 384,maxcpus=512\n`;

  test('the CPUs above APIC ID 255 stay offline without the extended destination ID', async () => {
    const { analysis } = await analysed(line('on'));
    expect(unread(analysis)).toEqual([]);
    expect(analysis.enumeration.possible.toString()).toBe('0-511');
    expect(analysis.enumeration.present.toString()).toBe('0-383');
    expect(analysis.machine.cmdline.text).toBe('quiet');
    expect(analysis.summary.verdict).toBe('fail');
  });

  test('the split irqchip offers it', async () => {
    const { analysis } = await analysed(line('split'));
    expect(analysis.machine.extDestId).toBe(true);
    expect(analysis.summary.verdict).not.toBe('fail');
  });
});

describe('vng', () => {
  test('microvm is taken, whose devices have one line interrupt', async () => {
    const { analysis } = await analysed('vng -vr ./bzImage -p 8 -m 4G --disk root.img -n user -- uname -r\n');
    expect(analysis.enumeration.possible.toString()).toBe('0-7');
    expect(analysis.machine.devices).toEqual([]);
    expect(unread(analysis)).toEqual([]);
  });

  test('more CPUs than microvm has are refused', async () => {
    const { analysis } = await analysed('vng --cpus=320\n');
    expect(analysis.findings.map(({ message }) => message).join('\n')).toContain('microvm');
    expect(analysis.summary.verdict).toBe('fail');
  });

  test('devices of a guest that is no microvm', async () => {
    const { analysis } = await analysed(
      `vng --cpus 8 --disable-microvm --disk a.img --disk b.img --network loop --balloon --rwdir /src --qemu-opts='-M q35 -device "virtio-blk-pci,num-queues=3"' -e 'stress-ng -j 4'\n`,
    );
    expect(analysis.machine.devices.map(({ driver, queues }) => [driver, queues])).toEqual([
      ['virtio-fs', 1],
      ['virtio-scsi', 8],
      ['virtio-net', 1],
      ['virtio-net', 1],
      ['generic', undefined],
      ['virtio-fs', 1],
      ['virtio-blk', 3],
    ]);
    expect(unread(analysis)).toEqual([]);
  });

  test('the CPUs of the host are not known until they are said', async () => {
    const { analysis } = await analysed('vng -r\n');
    expect(unread(analysis).join()).toMatch(/as many as the host has/);
    expect(analysis.summary.verdict).toBe('warn');
    const said = await analysed('vng -r\n', { nproc: '24' });
    expect(said.analysis.enumeration.possible.toString()).toBe('0-23');
    expect(unread(said.analysis)).toEqual([]);
  });

  test.each([
    ['vng --cpus 4 --disable-microvm\n', /the machine type that virtme-ng chooses/],
    ['vng --cpus $N\n', /--cpus \$N/],
    ['vng --cpus 4 $EXTRA\n', /\$EXTRA/],
    ['vng --cpus 4 --warp-drive\n', /--warp-drive/],
    ['vng --cpus 4 --qemu-opts="-warp 9 -M q35"\n', /-warp 9/],
    ['vng --cpus 4 --qemu-opts="-device $DEV"\n', /\$DEV/],
    ['vng --cpus 4 --network tap7\n', /--network tap7/],
    ['vng --cpus 4 --nvgpu 01:00.0 --qemu-opts "-M q35"\n', /--nvgpu/],
    ['vng --cpus 4 --arch arm64\n', /--arch arm64/],
    ['vng --pin 2-5\n', /--pin 2-5/],
    ['vng --cpus 4 --graphics --disable-microvm --qemu-opts "-M q35"\n', /--graphics/],
  ])('%j does not pass', async (text, part) => {
    const { analysis } = await analysed(text);
    expect(unread(analysis).join('\n')).toMatch(part);
    expect(analysis.summary.verdict).not.toBe('pass');
  });

  test('variables of the script, nodes, several guests, and commands that only build', async () => {
    const { sources } = await analysed(
      `#!/bin/sh
CPUS=6
vng --build --commit HEAD
sudo vng --cpus "$CPUS" --append 'isolcpus=managed_irq,1-5' -a quiet
timeout 60 vng --cpus 4,sockets=2 --numa 2G,cpus=0-1 --numa 2G,cpus=2-3 --qemu-opts="-machine pc"
`,
    );
    expect(sources).toHaveLength(2);
    const [first, second] = sources.map((source) => machineOf(source));
    expect(first.cmdline.text).toBe('isolcpus=managed_irq,1-5 quiet');
    expect(analyze(first).enumeration.possible.toString()).toBe('0-5');
    expect(second.cpus.map(({ node }) => node)).toEqual([0, 0, 1, 1]);
  });

  test('a text in which no guest starts is refused', async () => {
    await expect(analysed('vng --build\n')).rejects.toThrow('no command of virtme-ng that starts a guest');
  });
});

test('the description that import writes gives the same report', async () => {
  const one = await importOne(
    'vng --cpus 300 --disable-microvm --disk a --qemu-opts "-M q35,kernel-irqchip=split"\n',
  );
  const { source, written } = await reportsOf(one);
  expect(written).toEqual(source);
});
