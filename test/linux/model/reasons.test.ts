/** Why the kernel does what it does with APIC and CPUs, word for word, and which key of the description decides it. */
import { describe, expect, test } from 'vitest';
import { decideApic } from '../../../src/linux/model/apic.ts';
import { enumerate } from '../../../src/linux/model/enumerate.ts';
import { type Handover, handOver } from '../../../src/linux/model/handover.ts';
import { housekeepingSetup } from '../../../src/linux/model/housekeeping.ts';
import { detectHypervisor } from '../../../src/linux/model/hypervisor.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

const HIGH = cpus('0-1,0x100');

describe('the mode in which firmware hands over', () => {
  const OFF: Partial<Handover> = {
    apicEnabled: false,
    x2apicOn: false,
    x2apicSupported: false,
    driver: 'flat',
  };
  const noConfig = { kernelConfig: { x2apic: false } };

  test.each<[Wanted, Partial<Handover>, string | null, readonly string[]]>([
    [{ cmdline: 'nolapic' }, OFF, 'nolapic on the command line switches the local APIC off', ['cmdline']],
    [
      { cmdline: 'disableapic' },
      OFF,
      'disableapic on the command line switches the local APIC off',
      ['cmdline'],
    ],
    [
      { cmdline: 'nox2apic' },
      { apicEnabled: true, x2apicOn: false, x2apicSupported: false },
      'nox2apic on the command line forbids x2APIC',
      ['cmdline'],
    ],
    [
      { x2apic: { supported: false } },
      { apicEnabled: true, x2apicOn: false, x2apicSupported: false },
      'the CPU offers no x2APIC',
      ['x2apic'],
    ],
    [
      noConfig,
      { apicEnabled: true, x2apicOn: false, x2apicSupported: false },
      'the kernel is built without x2APIC support (CONFIG_X86_X2APIC)',
      ['kernelConfig', 'x2apic'],
    ],
    [
      { ...noConfig, x2apic: { firmware: true } },
      OFF,
      'the kernel is built without x2APIC support (CONFIG_X86_X2APIC)',
      ['kernelConfig', 'x2apic'],
    ],
    [{}, { apicEnabled: true, x2apicOn: false, x2apicSupported: true, fatal: null }, null, []],
    [
      { x2apic: { firmware: true } },
      { apicEnabled: true, x2apicOn: true, x2apicSupported: true, driver: 'cluster x2apic' },
      null,
      [],
    ],
    [
      { x2apic: { firmware: true }, cmdline: 'x2apic_phys' },
      { x2apicOn: true, driver: 'physical x2apic' },
      null,
      [],
    ],
  ])('%j', (wanted, facts, text, path) => {
    const start = handOver(buildMachine(wanted));
    expect(start).toMatchObject(facts);
    expect(start.because).toEqual(text === null ? null : { text, path });
  });

  test('nox2apic cannot be obeyed by a boot CPU above 254, nor where x2APIC is locked', () => {
    const on: Wanted = { cmdline: 'nox2apic', x2apic: { firmware: true } };
    const said = (wanted: Wanted) => {
      const { x2apicOn, messages, fatal } = handOver(buildMachine({ ...on, ...wanted }));
      return { x2apicOn, first: messages.slice(0, 2), fatal: fatal?.message ?? null };
    };
    expect(said({})).toEqual({
      x2apicOn: false,
      first: ['x2apic already enabled.', 'x2apic disabled'],
      fatal: null,
    });
    expect(said({ cpus: cpus('0xff') })).toEqual({
      x2apicOn: true,
      first: [
        'Apicid: 000000ff, cannot enforce nox2apic',
        'x2apic: enabled by BIOS, switching to x2apic ops',
      ],
      fatal: null,
    });
    expect(said({ cpus: cpus('0xfe') })).toMatchObject({ x2apicOn: false });
    const locked = { x2apic: { firmware: true, locked: true } };
    expect(said({ ...locked, kernel: '6.12' })).toMatchObject({
      x2apicOn: true,
      first: [
        "APIC locked in x2apic mode, can't disable",
        'x2apic: enabled by BIOS, switching to x2apic ops',
      ],
    });
    expect(said({ ...locked, kernel: '5.10' })).toEqual({
      x2apicOn: false,
      first: ['x2apic already enabled.'],
      fatal: 'general protection fault in __x2apic_disable',
    });
  });
});

describe('the hypervisor', () => {
  const like = 'so it treats the machine as bare metal, where x2APIC is not offered without remapping';

  test.each<[Wanted, readonly [boolean, boolean, boolean], RegExp | null, readonly string[]]>([
    [{}, [false, false, false], /^x2APIC is not offered without remapping on bare metal$/, ['platform']],
    [
      { platform: 'bhyve', kernel: '6.12' },
      [false, false, false],
      /^Linux 6\.12 does not recognise bhyve, so it /,
      ['kernel'],
    ],
    [
      { platform: 'bhyve', kernel: '7.2' },
      [false, false, false],
      /^the kernel is built without bhyve support \(CONFIG_BHYVE_GUEST\), so it /,
      ['kernelConfig', 'bhyveGuest'],
    ],
    [
      { platform: 'kvm', cmdline: 'nopv' },
      [false, false, false],
      /^nopv hides KVM from Linux, so it /,
      ['cmdline'],
    ],
    [
      { platform: 'vmware', x2apic: { supported: false } },
      [true, false, false],
      /^VMware does not offer x2APIC here$/,
      ['x2apic'],
    ],
    [
      { platform: 'kvm' },
      [true, true, false],
      /^the hypervisor offers no extended destination ID$/,
      ['extDestId'],
    ],
    [
      { platform: 'kvm', extDestId: true, kernel: '5.10' },
      [true, true, false],
      /^Linux 5\.10 does not use the extended destination ID that KVM offers$/,
      ['kernel'],
    ],
    [{ platform: 'vmware' }, [true, true, false], /has no extended destination ID$/, ['platform']],
    [{ platform: 'kvm', extDestId: true }, [true, true, true], null, []],
  ])('%j', (wanted, [detected, x2apicAvailable, extDestId], text, path) => {
    const seen = detectHypervisor(buildMachine(wanted));
    expect(seen).toMatchObject({ detected, x2apicAvailable, extDestId });
    if (text === null) expect(seen.because).toBeNull();
    else {
      expect(seen.because?.text).toMatch(text);
      expect(seen.because?.path).toEqual(path);
      if (seen.because?.text.includes(', so it ')) expect(seen.because.text.endsWith(like)).toBe(true);
    }
  });
});

describe('the decision', () => {
  const decided = (wanted: Wanted) => {
    const machine = buildMachine(wanted);
    const start = handOver(machine);
    return decideApic(machine, start, enumerate(machine, start)).because;
  };
  const IR_OFF = { text: 'there is no interrupt remapping', path: ['remapping'] };
  const SKIPPED = 'the command line skips the IO-APIC set-up, so ';

  test.each<[Wanted, readonly object[]]>([
    [{ platform: 'kvm' }, [IR_OFF, { path: ['extDestId'] }]],
    [
      { platform: 'kvm', extDestId: true },
      [
        IR_OFF,
        { text: 'the hypervisor offers the extended destination ID, 15 bits wide', path: ['extDestId'] },
      ],
    ],
    [
      { platform: 'kvm', kernel: '5.10.3' },
      [
        IR_OFF,
        {
          text: 'Linux 5.10.3 sets no limit in a guest whose plugged CPUs all have APIC IDs up to 255',
          path: ['kernel'],
        },
      ],
    ],
    [
      { platform: 'kvm', kernel: '5.10.3', cpus: HIGH },
      [
        IR_OFF,
        {
          text: 'a plugged CPU has APIC ID 256, and Linux 5.10.3 then uses no x2APIC without remapping',
          path: ['kernel'],
        },
      ],
    ],
    [{}, [IR_OFF, { path: ['platform'] }]],
    [{ cmdline: 'nolapic' }, [{ path: ['cmdline'] }]],
    [
      { cmdline: 'noapic' },
      [
        {
          text: `${SKIPPED}interrupt remapping stays off and the APIC in xAPIC mode`,
          path: ['cmdline'],
        },
      ],
    ],
    [
      { cmdline: 'noapic', x2apic: { firmware: true } },
      [{ text: `${SKIPPED}x2APIC stays on without remapping and without a limit`, path: ['cmdline'] }],
    ],
    [{ cmdline: 'nox2apic' }, [{ path: ['cmdline'] }]],
    [{ remapping: { enabled: true } }, [{ path: ['remapping'] }]],
  ])('%j', (wanted, because) => {
    const given = decided(wanted);
    expect(given).toMatchObject(because);
    expect(given).toHaveLength(because.length);
  });
});

describe('isolation that is ignored', () => {
  const ignored = (cmdline: string, kernel = '6.12') => {
    const machine = buildMachine({ cmdline, kernel, cpus: cpus('0-3') });
    return housekeepingSetup(machine, enumerate(machine, handOver(machine))).ignored;
  };

  test('a list that the kernel cannot read', () => {
    // N is the highest CPU since 5.12.
    const why = 'the kernel cannot read its CPU list';
    expect(ignored('isolcpus=1-N', '5.4')).toEqual([{ parameter: 'isolcpus=1-N', why }]);
    expect(ignored('isolcpus=1-N')).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'nohz_full=1 isolcpus=nohz,2',
      'isolcpus=nohz,2',
      'an earlier parameter isolates other CPUs from the same',
    ],
  ])('%s', (cmdline, parameter, why) => {
    expect(ignored(cmdline)).toEqual([{ parameter, why }]);
  });

  test('none where all can be obeyed', () => {
    expect(ignored('isolcpus=managed_irq,domain,1-2 nohz_full=1-2')).toEqual([]);
  });
});
