/** Suppressions in comments: where comments are, what each is about, and what is said of those that are wrong. */
import { describe, expect, test } from 'vitest';
import { readerNamed } from '../../src/formats/index.ts';
import { InputError } from '../../src/machine/locate.ts';
import type { Suppression } from '../../src/machine/machine.ts';
import { readSources } from '../../src/questions/source.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Of each machine: rule, and the lines that it is about ("all": the whole machine). */
async function ignored(text: string, from: string): Promise<string[][]> {
  const sources = await readSources({ bytes: bytes(text), file: 'f', from });
  const one = ({ rule, comment }: Suppression) =>
    `${rule} ${comment?.lines ? comment.lines.join('-') : 'all'}${comment?.isShared ? ' shared' : ''}`;
  return sources.map(({ result }) => (result.ignored ?? []).map(one));
}

const message = (text: string, from = 'native') =>
  ignored(text, from).then(
    () => undefined,
    (error: unknown) => (error instanceof InputError ? error.format() : error),
  );

/** In scripts, not in templates of TypeScript. */
const DOLLAR = '$';
const IGNORE = 'irqsim: ignore expectation -- known';

describe('YAML', () => {
  test('head, line, value and list entry', async () => {
    const text = [
      `# ${IGNORE}`,
      'platform: kvm',
      `name: "# ${IGNORE}" # ${IGNORE}`,
      `# ${IGNORE}`,
      'devices:',
      '- name: a # not for irqsim',
      '  driver: nvme',
      '  queues: 4',
      `# ${IGNORE}`,
      '- { name: b, driver: nvme, queues: 4 }',
      'topology:',
      `  # ${IGNORE}`,
      '',
      '  cores: 4',
      'cmdline: |',
      `  # ${IGNORE}`,
      'expect: {}',
      `# ${IGNORE}`,
      '',
    ].join('\n');
    expect(await ignored(text, 'native')).toEqual([
      [
        'expectation all',
        'expectation 3-3',
        'expectation 5-10',
        'expectation 10-10',
        'expectation 14-14',
        'expectation 18-18',
      ],
    ]);
  });

  const VMI = (name: string) =>
    `apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: ${name} }\nspec:\n  # ${IGNORE}\n  domain:\n    cpu: { cores: 4 }\n`;

  test('each document has its head; a comment at the head of a list is about all in it', async () => {
    const two = `# ${IGNORE}\n${VMI('a')}---\n${VMI('b')}`;
    expect(await ignored(two, 'kubevirt')).toEqual([
      ['expectation all', 'expectation 7-8'],
      ['expectation 15-16'],
    ]);
    const item = (name: string) =>
      `  # ${IGNORE}\n  - apiVersion: kubevirt.io/v1\n    kind: VirtualMachineInstance\n    metadata: { name: ${name} }\n    spec: { domain: { cpu: { cores: 4 } } }\n`;
    const list = `# ${IGNORE}\napiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`;
    expect(await ignored(list, 'kubevirt')).toEqual([
      ['expectation all shared', 'expectation all'],
      ['expectation all shared', 'expectation all'],
    ]);
  });
});

test('XML: elements, the whole domain, no CDATA; a colon for those who heed that XML has no "--" in comments', async () => {
  const text = [
    '<?xml version="1.0"?>',
    '<!-- irqsim: ignore expectation: known -->',
    "<domain type='kvm'>",
    `  <name>a</name> <!-- ${IGNORE} -->`,
    `  <description><![CDATA[<!-- ${IGNORE} -->]]></description>`,
    '  <vcpu>4</vcpu>',
    '  <!--',
    '    irqsim: ignore expectation, sparse-apic-ids -- known',
    '      and accepted until 2027-03-31',
    '  -->',
    '  <devices>',
    "    <controller type='scsi' model='virtio-scsi'/>",
    `    <!-- ${IGNORE} --> <memballoon model='none'/>`,
    '  </devices>',
    '</domain>',
  ].join('\n');
  expect(await ignored(text, 'libvirt')).toEqual([
    ['expectation all', 'expectation 4-4', 'expectation 11-14', 'sparse-apic-ids 11-14', 'expectation 13-13'],
  ]);
  const [{ result }] = await readSources({ bytes: bytes(text), file: 'f', from: 'libvirt' });
  expect(result.ignored?.[2]).toMatchObject({ reason: 'known and accepted', until: '2027-03-31' });
  expect(result.assumptions.map((one) => one.text).join()).toContain('comments for irqsim that hold "--"');
});

describe('shell', () => {
  test('lines with what continues them, no quotes, here-documents or expansions', async () => {
    const text = [
      '#!/bin/sh',
      `# ${IGNORE}`,
      'set -e; echo "$(echo "a # b")" \'',
      `# ${IGNORE}`,
      `' ${DOLLAR}{1#x} ${DOLLAR}#`,
      'cat <<EOF >x',
      `# ${IGNORE}`,
      'EOF',
      'args=(',
      `  -m 1 # ${IGNORE}`,
      `  # ${IGNORE}`,
      '  -smp 4',
      ')',
      `# ${IGNORE}`,
      `qemu-system-x86_64 -accel kvm "${DOLLAR}{args[@]}" \\`,
      '  -device virtio-scsi-pci',
    ].join('\n');
    expect(await ignored(text, 'qemu')).toEqual([
      ['expectation all', 'expectation 10-10', 'expectation 12-12', 'expectation all'],
    ]);
  });

  test('a command is a machine, though a variable above it says how many CPUs it has', async () => {
    const text = `set -e\nCPUS=4\n# ${IGNORE}\nqemu-system-x86_64 -accel kvm \\\n  -smp $CPUS -device virtio-scsi-pci\n`;
    expect(await ignored(text, 'qemu')).toEqual([['expectation all']]);
  });

  test('of several guests each has the comment above it', async () => {
    const text = `# ${IGNORE}\nqemu-system-x86_64 -smp 2\n# ${IGNORE}\nqemu-system-x86_64 -smp 4 \\\n -m 1\n`;
    expect(await ignored(text, 'qemu')).toEqual([['expectation all'], ['expectation all']]);
  });
});

test('a comment at the head of one document is not about the machine in another', async () => {
  const guest =
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nspec:\n  domain: { cpu: { cores: 4 } }\n';
  expect(await ignored(`# ${IGNORE}\nkind: ConfigMap\n---\n${guest}`, 'kubevirt')).toEqual([
    ['expectation 2-2'],
  ]);
  expect(await ignored(`${guest}---\n# ${IGNORE}\nkind: ConfigMap\n`, 'kubevirt')).toEqual([
    ['expectation 7-7'],
  ]);
});

describe('texts in other texts', () => {
  test('manifests in a script', async () => {
    const manifest = `# ${IGNORE}\napiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nspec:\n  # ${IGNORE}\n  domain: { cpu: { cores: 4 } }\n`;
    const script = `#!/bin/sh\n# ${IGNORE}\nkubectl apply -f - <<EOF\n${manifest}EOF\n`;
    expect(await ignored(script, 'kubevirt')).toEqual([
      ['expectation all', 'expectation all', 'expectation all'],
    ]);
  });

  test('domains in a script', async () => {
    const xml = `<domain type='kvm'>\n  <name>a</name>\n  <!-- ${IGNORE} -->\n  <vcpu>4</vcpu>\n</domain>\n`;
    const script = `# ${IGNORE}\nvirsh define /dev/stdin <<EOF\n${xml}EOF\n`;
    expect(await ignored(script, 'libvirt')).toEqual([['expectation all', 'expectation 6-6']]);
  });

  test('scripts in prose with apostrophes, and batch files', async () => {
    const prose = `It's a guest:\n\n\`\`\`sh\n# ${IGNORE}\nqemu-system-x86_64 -smp 4\n\`\`\`\n\nIt doesn't work.\n`;
    expect(await ignored(prose, 'qemu')).toEqual([['expectation all']]);
    const batch = `@echo off\nrem ${IGNORE}\nqemu-system-x86_64.exe -smp 4\n`;
    expect(await ignored(batch, 'qemu')).toEqual([['expectation all']]);
  });
});

test('settings by line', async () => {
  const xen = [
    'name = "a # irqsim: ignore expectation -- known"',
    `vcpus = 4 # ${IGNORE}`,
    `# ${IGNORE}`,
    'disk = [',
    '  "phy:/dev/vg/a,xvda,w",',
    ']',
    'type = "hvm"',
  ].join('\n');
  expect(await ignored(xen, 'xen')).toEqual([['expectation 2-2', 'expectation 4-6']]);
  const proxmox = `#irqsim%3A ignore expectation -- known\ncores: 4\nname: a # ${IGNORE}\nscsihw: virtio-scsi-pci\n`;
  expect(await ignored(proxmox, 'proxmox')).toEqual([['expectation all']]);
});

describe('wrong comments are named', () => {
  test.each([
    ['irqsim: ignore', '1:3: no rule is named: expected "irqsim: ignore RULE -- reason"'],
    ['irqsim: ignore -- known', '1:3: no rule is named'],
    ['irqsim: ignore expectation', '1:3: no reason is given: expected "irqsim: ignore RULE -- reason"'],
    ['irqsim: ignore expectation --', '1:3: no reason is given'],
    ['irqsim: ignore expectation -- until 2027-03-31', '1:3: no reason is given'],
    ['irqsim: ignore expectation because', '1:3: no reason is given'],
    ['irqsim: ignore expectatoin -- known', '1:18: unknown rule "expectatoin", did you mean "expectation"?'],
    ['irqsim: ignore expectation, foo -- known', '1:31: unknown rule "foo"; known rules'],
    ['irqsim: ignore expectation -- known until 2027-02-30', '1:45: "2027-02-30" is no day'],
    ['irqsim: ignore expectation -- known until spring', '1:45: "spring" is no day'],
    ['irqsim: ignore expectation -- known until 2027-03-31 or so', '1:39: the day stands at the end'],
    ['irqsim: ingore expectation -- known', '1:3: "ingore": expected "irqsim: ignore'],
    ['irqsim: ignore-line expectation -- known', '1:3: "ignore-line": expected'],
    [
      'irqsim ignore expectation -- known',
      '1:3: expected "irqsim: ignore RULE -- reason": the colon is missing',
    ],
  ])('%s', async (comment, expected) => {
    expect(await message(`# ${comment}\nplatform: kvm\n`)).toContain(`f:${expected}`);
  });

  test.each([
    ['known until 2027-03-31.', 'known', '2027-03-31'],
    ['known, until 2027-03-31', 'known', '2027-03-31'],
    ['known (until: 2027-03-31)', 'known', '2027-03-31'],
    ['known [until 2027-03-31]', 'known', '2027-03-31'],
    ['until the hosts are replaced, ', 'until the hosts are replaced,', undefined],
  ])('but not: %s', async (written, reason, until) => {
    const text = `# irqsim: ignore expectation, expectation -- ${written}\nplatform: kvm\n`;
    const [{ result }] = await readSources({ bytes: bytes(text), file: 'f', from: 'native' });
    expect(result.ignored).toMatchObject([{ rule: 'expectation', reason, until }]);
  });

  test('all of them', async () => {
    const found = await message(
      '# irqsim: ignore\n# irqsim: ignore x -- y\nplatform: kvm # irqsim: ignore\n',
    );
    expect(String(found).split('\n')).toHaveLength(3);
  });

  test("what says something else is nobody's business", async () => {
    const text = '# irqsim: 4 CPUs are enough\n# irqsim reads this\n# see irqsim: ignore\nplatform: kvm\n';
    expect(await ignored(text, 'native')).toEqual([[]]);
  });
});

test.each([
  ['native', '# irqsim\n', 'a: |\n'],
  ['native', '"# irqsim\n', "'"],
  ['libvirt', '<!-- irqsim ', '<a "'],
  ['libvirt', '<![CDATA[', '<?<a>'],
  ['qemu', '"$(', '`$((${'],
  ['qemu', '# irqsim\n( ', "<<E '"],
  ['xen', '# irqsim\n', '"""[\n'],
])('hostile texts take no long: %s %j', async (format, one, other) => {
  const find = readerNamed(format).comments;
  const texts = [one, other, one + other].map((part) => `irqsim ${part.repeat(50_000 / part.length)}`);
  const before = process.cpuUsage();
  for (const text of texts) await find?.(text);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
});

test('a machine of very many parts is no trouble', async () => {
  const text = `# ${IGNORE}\ndevices: [${'0,'.repeat(130_000)}0]\n`;
  expect(await ignored(text, 'native')).toEqual([['expectation all']]);
});
