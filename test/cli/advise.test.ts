/** `irqsim advise` as a user runs it: forms, --fix, --patch, exit codes. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { irqsim } from './irqsim.ts';

const folder = mkdtempSync(join(tmpdir(), 'irqsim-advise-'));

/** A file in a folder of its own. */
function file(name: string, text: string): string {
  const path = join(mkdtempSync(join(folder, 'case-')), name);
  writeFileSync(path, text);
  return path;
}

const GUEST = `# 300 vCPUs for the build farm
kernel: "6.12"   # the LTS
platform: kvm
topology: { sockets: 60, cores: 5 }  # as bought
extDestId: false   # nobody asked for it

devices:
  - { name: nvme, driver: nvme, queues: 64 }   # fast
`;

const WHOLE = 'topology: { cores: 4 }\n';

const HOPELESS = `platform: kvm
topology: { sockets: 1, cores: 2 }
devices:
  - { name: hba, driver: generic, managed: true, vectors: 2, count: 300 }
`;

/** It makes four times the sockets possible, and its libvirt refuses more than 255 vCPUs. */
const OLD_KUBEVIRT = ['--stack', 'kubevirt=1.4'];

const VM = (name: string) => `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: ${name} }
spec:
  template:
    spec:
      domain:
        cpu:
          sockets: 64   # one a core
        devices: {}
`;

const DOMAIN = `<domain type='kvm'>
  <!-- the database -->
  <name>orders</name>
  <memory unit='GiB'>64</memory>
  <vcpu>240</vcpu>
  <os><type arch='x86_64' machine='pc-q35-9.0'>hvm</type></os>
  <features>
    <acpi/>
  </features>
  <cpu mode='host-passthrough'>
    <topology sockets='48' dies='1' cores='5' threads='1'/>
  </cpu>
</domain>
`;

const hasPatch = spawnSync('patch', ['--version']).status === 0;

describe('the report', () => {
  test('text: verdicts, words to paste, cost, proof', async () => {
    const { code, out } = await irqsim(['advise', file('guest.yaml', GUEST)]);
    expect(code).toBe(0);
    expect(out).toMatch(/^FAIL → PASS {2}\S+ {2}with 1 change$/m);
    expect(out).toMatch(/^1 {2}cost 2$/m);
    expect(out).toContain('QEMU      -machine q35,kernel-irqchip=split');
    expect(out).toContain("libvirt   <features><ioapic driver='qemu'/></features>");
    expect(out).toContain('whatif    --set extDestId=true');
    expect(out).toMatch(/proved +analysed again: no error is left/);
  });

  test('text fits in 80 columns but for what is to be pasted', async () => {
    const { out } = await irqsim(['advise', '--width', '80', 'scenarios/hotplug-above-the-limit.yaml']);
    const long = out.split('\n').filter((line) => line.length > 80);
    expect(long.filter((line) => !/^ +(?:QEMU|libvirt|whatif)? +[<-]/.test(line))).toEqual([]);
  });

  test('--quiet: the headline alone', async () => {
    const { out } = await irqsim(['advise', '--quiet', file('guest.yaml', GUEST)]);
    expect(out).toMatch(/^FAIL → PASS {2}\S+ {2}with 1 change\n$/);
  });

  test('the commands that it names show what it says', async () => {
    const path = file('guest.yaml', GUEST);
    const { answers } = JSON.parse((await irqsim(['advise', '--format', 'json', path])).out);
    for (const { sets } of answers) {
      const args = sets.flatMap((set: string) => ['--set', set]);
      expect((await irqsim(['analyze', path, ...args])).code).toBe(0);
    }
  });

  test('json', async () => {
    const { code, out } = await irqsim(['advise', '--format', 'json', file('guest.yaml', GUEST)]);
    expect(code).toBe(0);
    const { schemaVersion, tool, machine, level, status, before, inTheWay, answers, nearest, cutShort } =
      JSON.parse(out);
    expect([schemaVersion, tool.name, level, status, cutShort, nearest]).toEqual([
      1,
      'irqsim',
      'error',
      'advised',
      false,
      null,
    ]);
    expect([machine.format, machine.kernel, before.verdict]).toEqual(['native', '6.12', 'fail']);
    expect(inTheWay.map(({ rule }: { rule: string }) => rule)).toEqual(['apic-id-above-limit']);
    expect(answers[0]).toMatchObject({
      cost: 2,
      sets: ['extDestId=true'],
      setsProve: true,
      changes: [
        { family: 'extended-destination-id', cost: 2, givesUp: null, intents: [{ kind: 'ext-dest-id' }] },
      ],
      after: { verdict: 'pass', errors: 0 },
      brings: { cpus: { gained: 140, lost: 0 } },
      file: { written: ['let the hypervisor offer the extended destination ID'], elsewhere: [] },
    });
  });

  test('json of several machines is an array', async () => {
    const { out } = await irqsim([
      'advise',
      '--format',
      'json',
      file('vms.yaml', `${VM('a')}---\n${VM('b')}`),
    ]);
    expect(JSON.parse(out).map(({ machine }: { machine: { name: string } }) => machine.name)).toEqual([
      'a',
      'b',
    ]);
  });

  test('markdown', async () => {
    const { out } = await irqsim(['advise', '--format', 'markdown', file('guest.yaml', GUEST)]);
    expect(out).toMatch(/^### FAIL → PASS `[^`]+` with 1 change$/m);
    expect(out).toContain('| 1 | let the hypervisor offer the extended destination ID | 2 | nothing |');
    expect(out).toContain('```\n-machine q35,kernel-irqchip=split\n```');
  });

  test('nothing to fix', async () => {
    const { code, out } = await irqsim(['advise', file('whole.yaml', WHOLE)]);
    expect(code).toBe(0);
    expect(out).toMatch(/^PASS {2}\S+ {2}nothing to fix: no finding of level error$/m);
  });

  test('no change helps: what stays, why, and what was tried', async () => {
    const { code, out } = await irqsim(['advise', '--width', '200', file('hopeless.yaml', HOPELESS)]);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}\S+ {2}no change helps$/m);
    expect(out).toMatch(/because +300 devices want a vector on every CPU each, .*: take devices away/);
    expect(out).toMatch(/tried +queues and interrupts of devices \(\d+\); \d+ analys[ei]s/);
  });

  test('a budget that ends the search is said, and no answer is no success', async () => {
    const old = file('old.yaml', 'platform: xen-hvm\nkernel: "5.4"\ntopology: { sockets: 300 }\n');
    const { code, out } = await irqsim(['advise', '--budget', '1', '--width', '200', old]);
    expect(code).toBe(1);
    expect(out).toContain('no answer found in 1 analysis; whether there is one is not known');
    expect(out).toContain('the search ended at its budget');
  });

  test('CPUs that nobody knows are no success', async () => {
    const path = file('slots.yaml', 'cpus: [{ apicId: 0-3 }, { count: 4, state: absent }]\nplatform: kvm\n');
    const { out } = await irqsim(['advise', '--width', '200', path]);
    expect(out).toContain('nothing to fix: no finding of level error; 4 CPUs unknown');
    expect(out).toMatch(/unknown +4 CPUs \(4-7\): their APIC IDs are not known before they are plugged/);
    expect(JSON.parse((await irqsim(['advise', '--format', 'json', path])).out).unknown).toBe('4-7');
  });

  test('says how each answer is written', async () => {
    const { out } = await irqsim(['advise', file('guest.yaml', GUEST)]);
    expect(out).toContain('file      irqsim advise --fix writes it, --patch shows it');
    expect(out).toContain('file      irqsim advise --fix --choose 2 writes it, --patch --choose 2 shows it');
  });

  test('--fail-on warning wants warnings gone as well', async () => {
    const path = 'scenarios/rules/slots-above-apic-limit.bad.yaml';
    expect((await irqsim(['advise', '--fail-on', 'error', path])).out).toContain('nothing to fix');
    expect((await irqsim(['advise', '--fail-on', 'warning', path])).out).toMatch(/^WARN → PASS/);
    expect((await irqsim(['advise', path])).out).toMatch(/^WARN → PASS/);
  });

  test('suppressed findings do not have to go', async () => {
    const text = `${GUEST}suppress:\n  - { rule: apic-id-above-limit, reason: known }\n`;
    expect((await irqsim(['advise', '--fail-on', 'error', file('guest.yaml', text)])).out).toContain(
      'nothing to fix',
    );
  });
});

describe('--patch', () => {
  test('is a diff on standard output that keeps comments; the advice goes to standard error', async () => {
    const { code, out, err } = await irqsim([
      'advise',
      '--patch',
      '--stack',
      'kubevirt=1.4',
      'scenarios/imported/kubevirt-64-vcpus.yaml',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^--- a\/scenarios\/imported\/kubevirt-64-vcpus.yaml\n\+\+\+ b\/scenarios\/imported\/kubevirt-64-vcpus.yaml\n@@ /,
    );
    expect(out.split('\n').filter((line) => /^[+-](?![+-])/.test(line))).toEqual([
      '+          maxSockets: 255',
    ]);
    expect(err).toContain('FAIL → PASS');
  });

  test.skipIf(!hasPatch).each([
    ['guest.yaml', GUEST],
    ['vm.yaml', VM('orders')],
    ['domain.xml', DOMAIN],
    [
      'guest.sh',
      'exec qemu-system-x86_64 -machine q35 -accel kvm \\\n  -smp 288,sockets=2,cores=72,threads=2 # big\n',
    ],
  ])('applied to %s with patch -p1 it makes the machine whole', async (name, text) => {
    const path = file(name, text);
    expect((await irqsim(['analyze', '--quiet', ...OLD_KUBEVIRT, path])).code).toBe(1);
    const { out } = await irqsim(['advise', '--patch', ...OLD_KUBEVIRT, path]);
    // The names of the diff start at the root of the file system, as the path does.
    const applied = spawnSync('patch', ['-p1', '-d', '/'], { input: out, encoding: 'utf8' });
    expect([applied.status, applied.stderr]).toEqual([0, '']);
    expect((await irqsim(['analyze', '--quiet', ...OLD_KUBEVIRT, path])).code).toBe(0);
    const comments = (of: string) => of.match(/#.*|<!--.*-->/g);
    expect(comments(readFileSync(path, 'utf8'))).toEqual(comments(text));
  });

  test.skipIf(!hasPatch).each([
    ['vm.yaml', 'a/vm.yaml'],
    ['my vm.yaml', 'a/my vm.yaml\t'],
    ['ü "1".yaml', '"a/\\303\\274 \\"1\\".yaml"'],
    ['a\nb.yaml', '"a/a\\nb.yaml"'],
  ])('names %s from the folder that one is in, by whatever path it was given', async (name, written) => {
    const path = file(name, GUEST);
    const cwd = dirname(path);
    symlinkSync(name, join(cwd, 'link.yaml'));
    const inputs = [name, `./${name}`, path, join('..', basename(cwd), name), 'link.yaml'];
    const patches: string[] = [];
    for (const input of inputs)
      patches.push((await irqsim(['advise', '--patch', '--quiet', input], { cwd })).out);
    expect(patches[0].split('\n')[0]).toBe(`--- ${written}`);
    expect(new Set(patches).size).toBe(1);
    const applied = spawnSync('patch', ['-p1'], { cwd, input: patches[0], encoding: 'utf8' });
    expect([applied.status, applied.stderr]).toEqual([0, '']);
    expect((await irqsim(['analyze', '--quiet', path])).code).toBe(0);
  });

  test('of a file elsewhere says where it applies', async () => {
    const { err } = await irqsim(['advise', '--patch', file('guest.yaml', GUEST)]);
    expect(err).toContain('is not below this folder: apply the patch with patch -p1 -d /');
  });

  test('of a machine that is whole is empty', async () => {
    const { code, out } = await irqsim(['advise', '--patch', file('whole.yaml', WHOLE)]);
    expect([code, out]).toEqual([0, '']);
  });

  test('writes nothing', async () => {
    const path = file('guest.yaml', GUEST);
    await irqsim(['advise', '--patch', path]);
    expect(readFileSync(path, 'utf8')).toBe(GUEST);
  });
});

describe('--fix', () => {
  test('writes the cheapest answer in place: one line changes, the mode stays, nothing is left behind', async () => {
    const path = file('guest.yaml', GUEST);
    chmodSync(path, 0o640);
    const { code, out } = await irqsim(['advise', '--fix', path]);
    expect(code).toBe(0);
    expect(out).toContain('FAIL → PASS');
    expect(readFileSync(path, 'utf8')).toBe(GUEST.replace('extDestId: false ', 'extDestId: true '));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(path, '..'))).toEqual(['guest.yaml']);
    expect((await irqsim(['analyze', path])).code).toBe(0);
    expect((await irqsim(['advise', path])).out).toContain('nothing to fix');
  });

  test('--choose takes another answer', async () => {
    const path = file('domain.xml', DOMAIN);
    const { answers } = JSON.parse((await irqsim(['advise', '--format', 'json', path])).out);
    const wanted = answers.findIndex(
      ({ changes }: { changes: { family: string }[] }) => changes[0].family === 'topology',
    );
    expect(wanted).toBeGreaterThanOrEqual(0);
    expect((await irqsim(['advise', '--fix', '--choose', String(wanted + 1), path])).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(
      DOMAIN.replace("sockets='48' dies='1' cores='5'", "sockets='60' dies='1' cores='4'"),
    );
  });

  test('standard input: the changed text is standard output', async () => {
    const { code, out, err } = await irqsim(['advise', '--fix', '-'], { input: GUEST });
    expect([code, out]).toEqual([0, GUEST.replace('extDestId: false ', 'extDestId: true ')]);
    expect(err).toContain('FAIL → PASS');
    expect((await irqsim(['advise', '--fix', '--quiet', '-'], { input: GUEST })).err).toBe('');
  });

  test('-o writes there instead', async () => {
    const path = file('guest.yaml', GUEST);
    const other = join(path, '..', 'other.yaml');
    expect((await irqsim(['advise', '--fix', '-o', other, path])).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(GUEST);
    expect(readFileSync(other, 'utf8')).toContain('extDestId: true ');
    const { out, err } = await irqsim(['advise', '--fix', '-o', '-', path]);
    expect(out).toBe(readFileSync(other, 'utf8'));
    expect(err).toContain('FAIL → PASS');
  });

  test('follows a link to the file', async () => {
    const path = file('guest.yaml', GUEST);
    const link = join(path, '..', 'link.yaml');
    symlinkSync('guest.yaml', link);
    expect((await irqsim(['advise', '--fix', link])).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain('extDestId: true ');
  });

  test('every machine of a file', async () => {
    const path = file('vms.yaml', `${VM('a')}---\n${VM('b')}`);
    const { code, out } = await irqsim(['advise', '--fix', ...OLD_KUBEVIRT, path]);
    expect(code).toBe(0);
    expect(out.match(/FAIL → PASS/g)).toHaveLength(2);
    expect(readFileSync(path, 'utf8').match(/maxSockets: 255/g)).toHaveLength(2);
    expect((await irqsim(['analyze', '--quiet', ...OLD_KUBEVIRT, path])).code).toBe(0);
  });

  test('what the file has no place for is listed, and the rest is written', async () => {
    const guest = 'qemu-system-x86_64 -machine q35 -accel kvm -smp 300,sockets=300 # guest runs 5.4\n';
    const path = file('guest.sh', guest);
    const old = ['--set', 'kernel="5.4"'];
    const { answers } = JSON.parse((await irqsim(['advise', '--format', 'json', ...old, path])).out);
    const partly = answers.findIndex(
      ({ file: one }: { file: { elsewhere: string[] } | null }) => (one?.elsewhere.length ?? 0) > 0,
    );
    expect(partly).toBeGreaterThanOrEqual(0);
    const { code, err } = await irqsim(['advise', '--fix', '--choose', String(partly + 1), ...old, path]);
    expect(code).toBe(0);
    expect(err).toMatch(/not in this file: run Linux 5\.11 or newer/);
    expect(readFileSync(path, 'utf8')).toContain('kernel-irqchip=split');
  });

  test('nothing of the answer fits in the file: exit code 1, and the file stays', async () => {
    const path = file('vm.yaml', VM('orders'));
    const { code, err } = await irqsim(['advise', '--fix', ...OLD_KUBEVIRT, '--choose', '2', path]);
    expect(code).toBe(1);
    expect(err).toContain('nothing of answer 2 can be written into this input');
    expect(err).toContain('not in this file: run KubeVirt 1.8 or newer');
    expect(readFileSync(path, 'utf8')).toBe(VM('orders'));
  });

  test('says that the expectations are of the machine as it was', async () => {
    const path = file('guest.yaml', `${GUEST}expect: { verdict: fail }\n`);
    const { code, err } = await irqsim(['advise', '--fix', path]);
    expect(code).toBe(0);
    expect(err).toContain('`expect` describes the machine as it was');
  });

  test('a file that cannot be written is told, and there is no half of it', async () => {
    const missing = join(folder, 'no', 'such', 'folder', 'x.yaml');
    const { code, err } = await irqsim(['advise', '--fix', '-o', missing, file('guest.yaml', GUEST)]);
    expect(code).toBe(2);
    expect(err).toMatch(/cannot be written \(ENOENT\)/);
  });
});

describe('bad usage', () => {
  const path = file('guest.yaml', GUEST);

  test.each([
    [['--fix', '--patch'], /give one of them/],
    [['--choose', '1'], /--choose goes with --fix or --patch/],
    [['--fix', '--choose', '7'], /--choose 7, but --max 3/],
    [
      ['--fix', '--choose', '3', '--set', 'remapping=on', '--set', 'cmdline=intremap=off'],
      /there (?:is|are) \d answers? for/,
    ],
    [['--max', '0'], /A number from 1 to 20/],
    [['--budget', 'many'], /A number from 1 to 1000000/],
    [['--fail-on', 'never'], /Allowed choices are error, warning, note/],
    [['--set', 'topology.sockets=none'], /topology\.sockets/],
  ])('%j', async (options, message) => {
    const { code, err } = await irqsim(['advise', ...options, path]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(readFileSync(path, 'utf8')).toBe(GUEST);
  });

  test('an input that is not there, or wrong', async () => {
    expect((await irqsim(['advise', 'missing.yaml'])).code).toBe(2);
    const { code, err } = await irqsim(['advise', '-'], { input: 'platfrom: kvm\n' });
    expect(code).toBe(2);
    expect(err).toMatch(/^-:1:1: .*platform/);
  });
});
