/** The rules about timers and crash kernels; apic_needs_pit() as the kernel tests it, in order. */
import { describe, expect, test } from 'vitest';
import { whyPitNeeded } from '../../../src/findings/rules/facts/timer-facts.ts';
import { analyzeFile, analyzeText } from '../../helpers.ts';

async function rules(text: string): Promise<string[]> {
  return (await analyzeText(text)).findings.map(({ rule, level }) => `${rule} ${level}`);
}

describe('apic_needs_pit()', () => {
  test.each([
    ['kvm-clock, ARAT and TSC-deadline', 'platform: kvm', null],
    ['no frequency', 'platform: kvm\ntimers: { kvmclock: off, knownFrequency: off }', /TSC frequency/],
    [
      'nopv hides kvm-clock',
      'platform: kvm\ncmdline: nopv\ntimers: { knownFrequency: off }',
      /TSC frequency/,
    ],
    ['no APIC', 'platform: kvm\ncmdline: nolapic', /local APIC is off/],
    ['no ARAT, whatever else there is', 'platform: kvm\ntimers: { arat: off }', /ARAT/],
    ['TSC-deadline needs no local APIC timer calibration', 'platform: kvm\ncmdline: nolapic_timer', null],
    [
      'no local APIC timer',
      'platform: vmware\ncmdline: noapictimer\ntimers: { tscDeadline: off }',
      /switches/,
    ],
    [
      'KVM tells no local APIC timer frequency',
      'platform: kvm\ntimers: { tscDeadline: off }',
      /has to be measured/,
    ],
    ['VMware does', 'platform: vmware\ntimers: { tscDeadline: off }', null],
    ['CPUID 0x15 does', 'timers: { tscDeadline: off, knownFrequency: on }', null],
    ['TCG has nothing', 'platform: tcg', /TSC frequency/],
  ])('%s', async (_, text, why) => {
    const found = whyPitNeeded(await analyzeText(`${text}\ntopology: { cores: 2 }\n`));
    if (why === null) expect(found).toBeNull();
    else expect(found).toMatch(why);
  });
});

describe('HPET', () => {
  const hpet = 'platform: kvm\nhpet: { present: on, msi: on }\n';

  test('message interrupts without ARAT: a warning only if high address bits are used', async () => {
    const low = `${hpet}extDestId: on\ntimers: { arat: off }\ntopology: { sockets: 200 }\n`;
    expect(await rules(low)).toEqual(['hpet-msi-in-use note']);
    const apart = low.replace(
      'topology: { sockets: 200 }',
      'cpus: [{ apicId: "0-3" }, { apicId: "256-259" }]',
    );
    expect(await rules(apart)).toEqual(['hpet-msi-in-use warning']);
    // The first 29 CPUs take all the channels there can be: none is left for those above 255.
    expect(await rules(low.replace('200', '300'))).toEqual(['hpet-msi-in-use note']);
    expect(await rules(low.replace('extDestId: on', 'extDestId: off'))).toEqual(['hpet-msi-in-use note']);
  });

  test.each([
    [3, null],
    [4, ['0', 'note', 'HPET message interrupts tick on CPU 0, all with APIC IDs up to 255']],
    [8, ['4', 'warning', 'HPET message interrupts tick on CPUs with APIC IDs above 255 (256)']],
    [10, ['4-6', 'warning', 'HPET message interrupts tick on CPUs with APIC IDs above 255 (256-258)']],
    [32, ['4-7', 'warning', 'HPET message interrupts tick on CPUs with APIC IDs above 255 (256-259)']],
  ])('%i channels: the finding names the CPUs that get one', async (channels, expected) => {
    const { findings } = await analyzeText(
      `kernel: "6.12"\nplatform: kvm\nextDestId: on\nhpet: { msi: on, channels: ${channels} }\ntimers: { arat: off }\ncpus: [{ apicId: "0-3" }, { apicId: "256-259" }]\n`,
    );
    const found = findings.find(({ rule }) => rule === 'hpet-msi-in-use');
    const said = found && [found.cpus?.toString(), found.level, found.message.split(':')[0]];
    expect(said ?? null).toEqual(expected);
  });

  test('none with ARAT, with hpet=disable, with remapping, or without message interrupts', async () => {
    const used = `${hpet}extDestId: on\ntopology: { sockets: 300 }\n`;
    const arat = 'timers: { arat: off }\n';
    expect(await rules(used)).toEqual(['hpet-not-needed note']);
    expect(await rules(`${used}${arat}cmdline: hpet=disable\n`)).toEqual([]);
    expect(await rules(used.replace('msi: on', 'msi: off') + arat)).toEqual([]);
    expect(await rules(`${used}${arat}remapping: on\n`)).not.toContain('hpet-msi-in-use warning');
  });

  test('Hyper-V and bare metal are not asked to remove theirs', async () => {
    expect(await rules('platform: hyperv\ntopology: { cores: 2 }\n')).not.toContain('hpet-not-needed note');
    expect(await rules('topology: { cores: 2 }\n')).not.toContain('hpet-not-needed note');
  });
});

describe('crash kernels', () => {
  const server = 'kernel: "6.12"\nremapping: on\nhpet: off\ntopology: { sockets: 300 }\n';

  test('no crash kernel, no finding', async () => {
    expect(await rules(`${server}cmdline: nothing\n`)).toEqual([]);
    expect(await rules(`${server}cmdline: crashkernel=0M\n`)).toEqual([]);
  });

  test('one that inherits remapping is fine, one that is told to do without panics', async () => {
    expect(await rules(`${server}cmdline: crashkernel=auto\n`)).toEqual([]);
    const { findings } = await analyzeText(`${server}cmdline: crashkernel=1G\nkdump: nr_cpus=1 nointremap\n`);
    expect(findings.map(({ rule }) => rule)).toEqual(['crash-kernel-panics']);
    expect(findings[0].message).toBe(
      'the crash kernel panics if the crash happens on one of 45 CPUs (255-299, APIC IDs 255-299): Cannot disable x2apic, id: 0000012b',
    );
    expect(findings[0].cpus?.toString()).toBe('255-299');
    expect(findings[0].location?.line).toBe(6);
  });

  test('below APIC ID 255 it may do without', async () => {
    const small = server.replace('300', '255');
    expect(await rules(`${small}kdump: nr_cpus=1 intremap=off\n`)).toEqual([]);
  });

  test('Hyper-V without the extended ID: no line interrupts above 255', async () => {
    const { findings } = await analyzeFile('scenarios/rules/crash-kernel-without-ioapic.bad.yaml');
    const found = findings.find(({ rule }) => rule === 'crash-kernel-without-ioapic');
    expect(found?.cpus?.toString()).toBe('256-299');
  });

  test('the real boot CPU is left out from 6.9 on', async () => {
    const few = 'hpet: off\ntopology: { cores: 8 }\ncmdline: crashkernel=1G\nkdump: nr_cpus=8\n';
    expect(await rules(`kernel: "6.12"\n${few}`)).toContain('crash-kernel-loses-boot-cpu note');
    expect(await rules(`kernel: "6.8"\n${few}`)).not.toContain('crash-kernel-loses-boot-cpu note');
    const { findings } = await analyzeText(`kernel: "6.12"\n${few}`);
    expect(findings[findings.length - 1].message).toContain('it can have 7 CPUs');
  });
});

test('resume: kernels with the fix of 2026 switch x2APIC off again', async () => {
  const machine =
    'x2apic: enabled\nhpet: off\ntopology: { cores: 4 }\nevents:\n  - { suspend: on }\n  - { resume: on }\n';
  expect(await rules(`kernel: "6.12.43"\n${machine}`)).toContain('resume-turns-x2apic-on warning');
  expect(await rules(`kernel: "7.2"\n${machine}`)).not.toContain('resume-turns-x2apic-on warning');
});

test('the boot CPU beyond the IO-APIC: KVM does not even test it', async () => {
  const guest =
    'kernel: "6.12"\nextDestId: off\nhpet: off\ncpus:\n  - { apicId: 300, boot: true }\n  - { apicId: "0-3" }\n';
  const kvm = await rules(`platform: kvm\n${guest}`);
  expect(kvm).toContain('timer-interrupt-unreachable error');
  expect(kvm).toContain('timer-check-skipped warning');
  const none = await rules(`platform: kvm\nlegacyIrqs: off\n${guest}`);
  expect(none).not.toContain('timer-interrupt-unreachable error');
});

test.each(['xen-pvh', 'xen-hvm', 'hyperv'])('%s ticks by itself: no timer is missing', async (platform) => {
  const { findings } = await analyzeText(
    `platform: ${platform}\nlegacyIrqs: false\nhpet: off\ntimers: { knownFrequency: false }\ntopology: { cores: 2 }\n`,
  );
  expect(findings.map(({ rule }) => rule)).not.toContain('timer-source-missing');
});
