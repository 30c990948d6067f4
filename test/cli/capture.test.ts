/** `irqsim capture`: complete enough to analyse, and without secrets; command and script do the same. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../../src/cli/input/tree.ts';
import { LOG_PATTERNS } from '../../src/formats/linux-capture/kernel-log.ts';
import { type Tree, textOf } from '../../src/formats/linux-capture/tree.ts';
import { MODELLED_PARAMETERS, parseCmdline } from '../../src/machine/cmdline.ts';
import { runs } from '../budget.ts';
import { fakeRoot, SECRET, writeTree } from './fake-root.ts';
import { irqsim, scratchFile } from './irqsim.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqsim-capture-'));
const script = scratchFile('capture.sh', (await irqsim(['capture', '--script'])).out);
const runScript = (archive: string, root: string) =>
  spawnSync('sh', [script, archive, root], { encoding: 'utf8', cwd: folder });

async function openArchive(file: string): Promise<Tree> {
  const tree = await treeOf(file);
  if (!tree) throw new Error(`${file} is no archive`);
  return tree;
}

describe('a machine with secrets', async () => {
  const root = fakeRoot();
  const byCommand = join(folder, 'command.tar.gz');
  const byScript = join(folder, 'script.tar.gz');
  const command = await irqsim(['capture', '--verbose', '--root', root, '-o', byCommand]);
  const files = command.err.trimEnd().split('\n').slice(0, -1);
  const shell = runScript('script.tar.gz', root);

  test('both work, and list the files on standard error', () => {
    expect(command).toMatchObject({ code: 0, out: '' });
    expect(shell).toMatchObject({ status: 0, stdout: '' });
    expect(`${files.join('\n')}\n`).toBe(shell.stderr);
    expect(command.err).toContain('collected ./sys/firmware/acpi/tables/APIC\n');
    expect(command.err).toContain('collected ./sys/bus/pci/devices/0000:00:04.0/driver\n');
    expect(command.err).not.toMatch(/serial|notes|sys_vendor|version_signature/);
  });

  test('without --verbose one line is enough, and with --quiet none', async () => {
    const args = ['capture', '--root', root, '-o', join(folder, 'short.tar.gz')];
    const line = `${args[4]} is written: ${files.length} files; irqsim analyze ${args[4]} reports on it\n`;
    expect(await irqsim(args)).toMatchObject({ code: 0, out: '', err: line });
    expect(command.err.endsWith(line.replaceAll('short', 'command'))).toBe(true);
    expect(await irqsim([...args, '-q'])).toMatchObject({ code: 0, out: '', err: '' });
  });

  test.each([byCommand, byScript])('no secret is in %s', async (file) => {
    const bytes = gunzipSync(readFileSync(file)).toString('latin1');
    expect(bytes).not.toContain(SECRET);
    expect(bytes).not.toContain('BOOT_IMAGE');
    const tree = await openArchive(file);
    expect(textOf(tree, 'proc/cmdline')).toBe('nr-cpus=8 "crashkernel=256M"');
    expect(textOf(tree, 'extra/left-out.txt')).toBe('kernel parameters left out: 7');
    expect(tree.read('sys/bus/pci/devices/0000:00:04.0/config')).toHaveLength(256);
    expect(textOf(tree, 'dmesg.txt')?.split('\n')).toEqual([
      '[    0.000000] Linux version 6.12.41',
      '[    0.000000] Hypervisor detected: KVM',
      '[    0.200000] x2apic: enabled by BIOS',
      '[    0.300000] Switched APIC routing to: physical x2apic',
      '[   12.345678] irqsim capture: 4 lines of the kernel log left out',
    ]);
  });

  test('both archives and the machine itself give the same analysis', async () => {
    const analysis = async (input: string) => {
      const { code, out } = await irqsim(['analyze', '--format', 'json', input]);
      expect(code).toBe(0);
      return JSON.parse(out.replaceAll(input, 'INPUT'));
    };
    const one = await analysis(byCommand);
    const other = await analysis(byScript);
    const machine = await analysis(root);
    expect(one).toEqual(other);
    expect(one.cpus).toEqual(machine.cpus);
    expect(one.devices).toEqual(machine.devices);
    expect(one.cpus).toMatchObject({ possible: '0-2', present: '0-1' });
  });

  test('the report says that parameters are missing, and where values come from', async () => {
    const { out } = await irqsim(['analyze', byCommand]);
    expect(out).toContain('irqsim capture left 7 kernel parameters out');
    const written = (await irqsim(['import', byCommand])).out;
    expect(written).toContain('platform: kvm');
    expect(written).toContain('x2apic: enabled');
  });

  test('verify takes the archive', async () => {
    expect(await irqsim(['verify', byCommand])).toMatchObject({ code: 0 });
  });
});

test('nothing to collect, and no such directory', async () => {
  const empty = writeTree({ 'home/user/notes': SECRET });
  const archive = join(folder, 'none.tar.gz');
  expect(await irqsim(['capture', '--root', empty, '-o', archive])).toMatchObject({ code: 2, out: '' });
  expect((await irqsim(['capture', '--root', empty, '-o', archive])).err).toContain('has no proc/ and sys/');
  expect((await irqsim(['capture', '--root', join(empty, 'none'), '-o', archive])).code).toBe(2);
  expect((await irqsim(['capture', '--root', fakeRoot(), '-o', join(empty, 'no/such/x.tar.gz')])).code).toBe(
    2,
  );
});

describe('the kernel command line', () => {
  const words = [
    ...MODELLED_PARAMETERS.flatMap((name) => [name, `${name}=1`, `${name.replaceAll('_', '-')}=off`]),
    ...['isolcpus=managed_irq,1-3', 'irqaffinity="0-1"', '"nr_cpus=3"', '"nr_cpus', 'x="', '"', '--', '-'],
    ...['quiet', 'root=/dev/sda', 'a="b c"', '"nr_cpus maxcpus"', 'nr_cpus"=2', '=', 'my.nr_cpus=2', '\t'],
  ];
  const modelled = ({ text: _, notModelled, ...values }: ReturnType<typeof parseCmdline>) => ({
    ...values,
    notModelled: notModelled.filter((raw) => {
      const bare = raw.startsWith('"') ? raw.slice(1).replace(/"(?: \(.*)?$/, '') : raw;
      const name = bare.replace(/(?:=| \().*/s, '').replaceAll('-', '_');
      return MODELLED_PARAMETERS.includes(name);
    }),
  });

  test('cut down, it means the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 12 }), async (chosen) => {
        const text = chosen.join(' ');
        const archive = join(folder, 'cmdline.tar.gz');
        const root = writeTree({ 'proc/cmdline': `${text}\n` });
        expect(runScript(archive, root).status).toBe(0);
        const kept = textOf(await openArchive(archive), 'proc/cmdline') ?? '';
        expect(modelled(parseCmdline(kept))).toEqual(modelled(parseCmdline(text)));
        expect(kept).not.toMatch(/quiet|sda|my[.]/);
      }),
      { numRuns: runs(40) },
    );
  });
});

test.each([
  '[    0.0] Hypervisor detected: Microsoft Hyper-V',
  '[    0.0] Booting paravirtualized kernel on KVM',
  '[    0.0] smpboot: CPU0: AMD QEMU TCG CPU version 2.5+ (family: 0x6)',
  '[    0.0] x2apic: locked in x2apic mode. Aborting',
  '[    0.0] Cannot disable locked x2apic, cmdline',
  '[    0.0] x2apic: x2apic already enabled.',
  '[    0.0] Setting APIC routing to physical flat.',
  '[    0.0] smpboot: CPU 300 has invalid APIC ID 12c. Aborting bringup',
  '[    0.0] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap d2008c22260206 ecap f00f5e',
  '[    0.0] DMAR-IR: Enabled IRQ remapping in x2apic mode',
  '[    0.0] AMD-Vi: Interrupt remapping enabled',
  '[    0.0] AMD-Vi: X2APIC enabled',
])('the log keeps %s', (line) => {
  expect(line).toMatch(new RegExp(LOG_PATTERNS.join('|')));
});
