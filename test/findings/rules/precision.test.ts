/** Cases near the edge of a rule: what is raised, and what is not. */
import { describe, expect, test } from 'vitest';
import { analyzeText } from '../../helpers.ts';

const SIX = 'cpus: [{ apicId: "0-1,0xfe-0x100" }, { apicId: 0x123 }]\nhpet: off\n';

/** Names of the rules that find an error or a warning, without those about sparse APIC IDs. */
async function loud(text: string): Promise<string[]> {
  const { findings } = await analyzeText(text);
  const names = findings.filter((one) => one.level !== 'note').map((one) => one.rule);
  return [...new Set(names)].filter((name) => name !== 'sparse-apic-ids').sort();
}

async function finding(text: string, rule: string) {
  const { findings } = await analyzeText(text);
  return findings.find((one) => one.rule === rule);
}

describe('who is to blame for CPUs above the limit', () => {
  test.each([
    ['KVM without the offer', 'platform: kvm\n', ['apic-id-above-limit']],
    ['KVM with the offer', 'platform: kvm\nextDestId: true\n', []],
    [
      'an old Xen guest',
      'platform: xen-hvm\nkernel: "5.16"\nextDestId: true\n',
      ['kernel-too-old-for-ext-dest'],
    ],
    ['a newer Xen guest', 'platform: xen-hvm\nkernel: "5.17"\nextDestId: true\n', []],
    [
      '5.10.3 under KVM',
      'platform: kvm\nkernel: "5.10.3"\nextDestId: true\n',
      ['old-kernel-disables-x2apic'],
    ],
    ['5.10.3 under KVM with remapping', 'platform: kvm\nkernel: "5.10.3"\nremapping: on\n', []],
    [
      'bhyve without its option',
      'platform: bhyve\nkernel: "7.2"\n',
      ['bare-metal-apic-limit', 'bhyve-not-detected'],
    ],
    ['QEMU without KVM', 'platform: tcg\n', ['bare-metal-apic-limit']],
    ['ACRN', 'platform: acrn\n', ['apic-id-above-limit', 'platform-without-ext-dest']],
    [
      'firmware in xAPIC mode alone',
      'platform: kvm\nextDestId: true\nx2apic: supported\n',
      ['firmware-in-xapic-mode'],
    ],
    ['nox2apic, not firmware', 'cmdline: nox2apic\nremapping: on\n', ['nox2apic-with-high-ids']],
    [
      'a kernel without x2APIC, not firmware',
      'kernelConfig: { x2apic: false }\nx2apic: supported\n',
      ['kernel-without-x2apic'],
    ],
  ])('%s', async (_, text, rules) => {
    expect(await loud(text + SIX)).toEqual(rules);
  });
});

describe('a setting is blamed only if another would help', () => {
  test.each([
    ['intremap=off without an IOMMU', 'cmdline: intremap=off\n', ['bare-metal-apic-limit']],
    [
      'intremap=off with an IOMMU without EIM',
      'cmdline: intremap=off\nremapping: { eim: false }\n',
      ['bare-metal-apic-limit'],
    ],
    [
      'intremap=off in a guest that does not need it',
      'cmdline: intremap=off\nplatform: kvm\nextDestId: true\nremapping: on\n',
      [],
    ],
    ['amd_iommu=off on Intel', 'cmdline: amd_iommu=off\nremapping: on\n', []],
    ['nopv on bare metal', 'cmdline: nopv\nremapping: on\n', []],
    ['nopv where remapping works', 'cmdline: nopv\nplatform: kvm\nremapping: on\n', []],
    ['possible_cpus= as large as the machine', 'cmdline: possible_cpus=6\nremapping: on\n', []],
  ])('%s', async (_, text, rules) => {
    expect(await loud(text + SIX)).toEqual(rules);
  });

  test('an opt-out or a missing EIM that costs nothing is a note', async () => {
    const small = 'topology: { sockets: 16 }\nremapping: ';
    expect((await finding(`${small}{ optOut: true }`, 'x2apic-opt-out'))?.level).toBe('note');
    expect((await finding(`${small}{ eim: false }`, 'remapping-without-eim'))?.level).toBe('note');
    expect(
      (await finding(`${small}{ optOut: true }\nx2apic: unsupported`, 'x2apic-opt-out'))?.level,
    ).toBeUndefined();
  });
});

describe('a finding points at the line that causes it, or says default', () => {
  test.each([
    ['cpus-over-count-limit', 'platform: kvm\ncmdline: nr_cpus=2\ntopology: { sockets: 4 }', 2],
    ['cpus-over-count-limit', 'platform: kvm\nkernelConfig: { nrCpus: 2 }\ntopology: { sockets: 4 }', 2],
    ['remapping-without-eim', 'remapping:\n  eim: off\ntopology: { sockets: 300 }', 2],
    ['apic-id-above-limit', 'platform: kvm\ntopology: { sockets: 300 }', undefined],
    [
      'kernel-too-old-for-ext-dest',
      'platform: kvm\nextDestId: on\nkernel: "5.10"\ntopology: { sockets: 300 }',
      3,
    ],
    [
      'slots-need-hypervisor',
      'platform: kvm\ncmdline: nopv\nfirmware: { fadt: "3.0" }\ntopology: { sockets: 4, present: 2 }',
      2,
    ],
  ])('%s', async (rule, text, line) => {
    const found = await finding(text, rule);
    expect(found).toBeDefined();
    expect(found?.location?.line).toBe(line);
  });
});

test('older kernels find CPUs that firmware hid in xAPIC mode, but too late', async () => {
  const text = `kernel: "6.1"\nplatform: kvm\nextDestId: true\nx2apic: supported\n${SIX.replace(' }]', ' }, { count: 3, state: absent }]')}`;
  const found = await finding(text, 'firmware-in-xapic-mode');
  expect(found?.message).toContain('too late to start at boot');
  expect(found?.cpus?.toString()).toBe('3-5');
});

test('a refused hot-plug slot is counted with the vectors reserved on it', async () => {
  const devices = 'devices: [{ name: disk, driver: virtio-blk, queues: 4 }]';
  const text = `platform: kvm\ntopology: { sockets: 258, present: 4 }\nhpet: off\n${devices}`;
  expect((await finding(text, 'slots-above-apic-limit'))?.message).toMatch(
    /^2 hot-plug slots above APIC ID 255 \(256-257\) .*; 2 managed vectors are reserved there$/,
  );
});

test('nr_cpus= that keeps unreachable CPUs away is not to be raised', async () => {
  const found = await finding(`cmdline: nr_cpus=3\n${SIX}`, 'cpus-over-count-limit');
  expect(found?.cause.join()).toContain('never come online');
  expect(found?.fix.join()).not.toContain('nr_cpus');
});
