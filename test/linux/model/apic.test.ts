import { describe, expect, test } from 'vitest';
import { refuseBringUp } from '../../../src/linux/model/apic.ts';
import { bringUpCpus } from '../../../src/linux/model/bringup.ts';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import { EXT_DEST_MAX_ID, NO_LIMIT } from '../../../src/machine/apic-ids.ts';
import { PLATFORMS } from '../../../src/machine/machine.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

const SIX = cpus('0,1,0xfe,0xff,0x100,0x123');

function boot(wanted: Wanted) {
  const machine = buildMachine({ cpus: SIX, ...wanted });
  const { enumeration, apic: decision } = earlyBoot(machine);
  const up = bringUpCpus(machine, enumeration, decision);
  const online = up.online.toArray().map((cpu) => enumeration.cpus[cpu].apicId?.toString(16));
  return { machine, enumeration, decision, up, online: online.join(',') };
}

const ALL = '0,1,fe,ff,100,123';
const KVM: Wanted = { platform: 'kvm' };
const EXT: Wanted = { platform: 'kvm', extDestId: true };
const IR: Wanted = { remapping: { enabled: true } };
const IR_XAPIC: Wanted = { remapping: { enabled: true, eim: false } };

describe('the measured matrix: APIC IDs online', () => {
  const cells: readonly (readonly [string, string, Wanted, string])[] = [
    ...['5.10', '6.1', '6.12', '7.2'].flatMap((kernel) => [
      [kernel, 'native, no IR', { platform: 'tcg' }, '0,1,fe'] as const,
      [kernel, 'KVM, no EXT', KVM, '0,1,fe,ff'] as const,
      [kernel, 'KVM, EXT', EXT, kernel === '5.10' ? '0,1,fe,ff' : ALL] as const,
    ]),
    ['6.12', 'bhyve', { platform: 'bhyve', extDestId: true }, '0,1,fe'],
    ['7.2', 'bhyve, config off', { platform: 'bhyve', extDestId: true }, '0,1,fe'],
    ['7.2', 'bhyve, config on', { platform: 'bhyve', kernelConfig: { bhyveGuest: true } }, '0,1,fe,ff'],
    ['7.2', 'bhyve, EXT', { platform: 'bhyve', kernelConfig: { bhyveGuest: true }, extDestId: true }, ALL],
    ['6.12', 'Intel IR + EIM', IR, ALL],
    ['6.12', 'Intel IR, no EIM, native', IR_XAPIC, '0,1,fe'],
    ['6.12', 'Intel IR, no EIM, KVM EXT', { ...IR_XAPIC, ...EXT }, ALL],
    [
      '6.12',
      'AMD IR no XT, KVM EXT',
      { ...EXT, remapping: { enabled: true, eim: false, vendor: 'amd' } },
      ALL,
    ],
    ['6.12', 'KVM + nopv', { ...EXT, cmdline: 'nopv' }, '0,1,fe'],
    ['6.12', 'intremap=off, native', { ...IR, cmdline: 'intremap=off' }, '0,1,fe'],
    ['6.12', 'noapic, native', { cmdline: 'noapic' }, ALL],
    ['6.12', 'nox2apic', { ...EXT, cmdline: 'nox2apic' }, '0,1,fe'],
  ];
  test.each(cells)('%s %s', (kernel, _what, wanted, online) => {
    expect(boot({ ...wanted, kernel }).online).toBe(online);
  });
});

describe('the decision and its results', () => {
  const rows: readonly (readonly [string, Wanted, string, number, string, boolean])[] = [
    ['0 nolapic', { cmdline: 'nolapic' }, 'off', 0, 'none', false],
    ['1 noapic, x2APIC', { ...IR, cmdline: 'noapic' }, 'x2apic-cluster', NO_LIMIT, 'none', false],
    ['1 noapic, x2apic_phys', { cmdline: 'noapic x2apic_phys' }, 'x2apic-physical', NO_LIMIT, 'none', false],
    ['1 noapic, xAPIC', { cpus: cpus('0-3'), cmdline: 'noapic' }, 'xapic-physical', 0xfe, 'none', false],
    ['1 nosmp', { ...IR, cmdline: 'nosmp' }, 'x2apic-cluster', NO_LIMIT, 'none', false],
    [
      '3 no x2APIC, no IR',
      { cpus: cpus('0-3'), x2apic: { supported: false } },
      'xapic-physical',
      0xfe,
      'none',
      false,
    ],
    [
      '5 no x2APIC, IR',
      { ...IR, cpus: cpus('0-3'), x2apic: { supported: false } },
      'xapic-physical',
      0xfe,
      'xapic',
      false,
    ],
    ['5 nox2apic, IR', { ...IR, cmdline: 'nox2apic' }, 'xapic-physical', 0xfe, 'xapic', false],
    ['6 IR', IR, 'x2apic-cluster', NO_LIMIT, 'x2apic', false],
    ['6 IR, guest with EXT', { ...IR, ...EXT }, 'x2apic-cluster', NO_LIMIT, 'x2apic', false],
    ['6 IR, x2apic_phys', { ...IR, cmdline: 'x2apic_phys' }, 'x2apic-physical', NO_LIMIT, 'x2apic', false],
    [
      '6 AMD XT',
      { remapping: { enabled: true, vendor: 'amd' } },
      'x2apic-cluster',
      NO_LIMIT,
      'x2apic',
      false,
    ],
    ['7 bare metal', {}, 'xapic-physical', 0xfe, 'none', false],
    ['7 IR without EIM', IR_XAPIC, 'xapic-physical', 0xfe, 'xapic', false],
    [
      '7 BIOS opt-out',
      { remapping: { enabled: true, optOut: true } },
      'xapic-physical',
      0xfe,
      'xapic',
      false,
    ],
    [
      '6 opt-out overridden',
      { remapping: { enabled: true, optOut: true }, cmdline: 'intremap=no_x2apic_optout' },
      'x2apic-cluster',
      NO_LIMIT,
      'x2apic',
      false,
    ],
    [
      '7 amd_iommu=off',
      { remapping: { enabled: true, vendor: 'amd' }, cmdline: 'amd_iommu=off' },
      'xapic-physical',
      0xfe,
      'none',
      false,
    ],
    ['6 intel_iommu=off', { ...IR, cmdline: 'intel_iommu=off' }, 'x2apic-cluster', NO_LIMIT, 'x2apic', false],
    ['7 nointremap', { ...IR, cmdline: 'nointremap' }, 'xapic-physical', 0xfe, 'none', false],
    [
      '7 CONFIG_IRQ_REMAP=n',
      { ...IR, kernelConfig: { irqRemap: false } },
      'xapic-physical',
      0xfe,
      'none',
      false,
    ],
    ['8 EXT', EXT, 'x2apic-physical', EXT_DEST_MAX_ID, 'none', true],
    ['8 EXT, IR without EIM', { ...EXT, ...IR_XAPIC }, 'x2apic-physical', EXT_DEST_MAX_ID, 'xapic', true],
    ['9 no EXT', KVM, 'x2apic-physical', 255, 'none', false],
    ['9 no EXT, IR without EIM', { ...KVM, ...IR_XAPIC }, 'x2apic-physical', 255, 'xapic', false],
    ['9 no EXT, firmware in xAPIC', { ...KVM, cpus: cpus('0-3') }, 'x2apic-physical', 255, 'none', false],
    ['Hyper-V stub', { platform: 'hyperv' }, 'x2apic-physical', NO_LIMIT, 'x2apic', false],
    [
      'Hyper-V EXT',
      { platform: 'hyperv', extDestId: true },
      'x2apic-physical',
      EXT_DEST_MAX_ID,
      'none',
      true,
    ],
    [
      'Hyper-V intremap=off',
      { platform: 'hyperv', cmdline: 'intremap=off' },
      'x2apic-physical',
      255,
      'none',
      false,
    ],
    [
      'Hyper-V without x2APIC',
      { platform: 'hyperv', cpus: cpus('0-3'), x2apic: { supported: false } },
      'xapic-physical',
      0xfe,
      'xapic',
      false,
    ],
    [
      'Hyper-V without x2APIC, 6.1',
      { platform: 'hyperv', kernel: '6.1', cpus: cpus('0-15'), x2apic: { supported: false } },
      'xapic-physical',
      0xfe,
      'none',
      false,
    ],
  ];
  test.each(rows)('%s', (_name, wanted, mode, limit, remapping, extDestId) => {
    const { decision } = boot(wanted);
    expect(decision).toMatchObject({ mode, limit, remapping, extDestId, fatal: null });
  });
});

describe('switching x2APIC off', () => {
  const high: Wanted = { cpus: [...cpus('0x12c'), ...cpus('0-3')] };
  test('boot CPU above 254: panic', () => {
    for (const kernel of ['5.10', '6.1', '6.12', '7.2']) {
      expect(boot({ ...high, kernel }).decision.fatal?.message).toBe('Cannot disable x2apic, id: 0000012c');
    }
    expect(boot({ ...high, ...IR }).decision.fatal).toBeNull();
    expect(boot({ ...high, ...KVM }).decision.fatal).toBeNull();
  });
  test.each([
    ['5.10', 'general protection fault in __x2apic_disable'],
    ['6.1', 'page fault in native_apic_mem_read'],
    ['6.12', 'Cannot disable locked x2apic, id: 00000000'],
    ['7.2', 'Cannot disable locked x2apic, id: 00000000'],
  ])('%s locked', (kernel, message) => {
    const locked: Wanted = { x2apic: { firmware: true, locked: true }, kernel };
    expect(boot(locked).decision.fatal?.message).toBe(message);
    expect(boot({ ...locked, ...IR }).decision.fatal).toBeNull();
    expect(boot({ ...locked, ...KVM }).decision.fatal).toBeNull();
    expect(boot({ ...locked, cmdline: 'noapic' }).decision).toMatchObject({ fatal: null, limit: NO_LIMIT });
  });
  test('nox2apic cannot be enforced on a high boot ID or a lock', () => {
    const highBoot = boot({ ...high, ...IR, cmdline: 'nox2apic' });
    expect(highBoot.enumeration.messages[0]).toBe('Apicid: 0000012c, cannot enforce nox2apic');
    expect(highBoot.decision.mode).toBe('x2apic-cluster');
    const locked = boot({ ...IR, x2apic: { firmware: true, locked: true }, cmdline: 'nox2apic' });
    expect(locked.enumeration.messages[0]).toBe("APIC locked in x2apic mode, can't disable");
    expect(locked.decision.mode).toBe('x2apic-cluster');
  });
  test('CONFIG_X86_X2APIC=n: 5.10 panics, 6.1 goes on without APIC', () => {
    const wanted: Wanted = { kernelConfig: { x2apic: false } };
    expect(boot({ ...wanted, kernel: '5.10' }).decision.fatal?.message).toMatch(/^BIOS has enabled x2apic/);
    expect(boot({ ...wanted, kernel: '6.1' }).decision).toMatchObject({ mode: 'off', fatal: null });
  });
});

describe('hypervisors', () => {
  test.each([
    ['bare-metal', '0,1,fe', '0,1,fe'],
    ['tcg', '0,1,fe', '0,1,fe'],
    ['other', '0,1,fe', '0,1,fe'],
    ['kvm', '0,1,fe,ff', ALL],
    ['hyperv', ALL, ALL],
    ['xen-hvm', '0,1,fe,ff', ALL],
    ['xen-pvh', '0,1,fe,ff', ALL],
    ['vmware', '0,1,fe,ff', '0,1,fe,ff'],
    ['acrn', '0,1,fe,ff', '0,1,fe,ff'],
    ['jailhouse', '0,1,fe,ff', '0,1,fe,ff'],
    ['bhyve', '0,1,fe', '0,1,fe'],
  ] as const)('%s', (platform, without, withExt) => {
    expect(boot({ platform }).online).toBe(without);
    expect(boot({ platform, extDestId: true }).online).toBe(withExt);
  });
  test('Xen uses the extended destination ID from 5.17', () => {
    expect(boot({ platform: 'xen-hvm', extDestId: true, kernel: '5.16' }).decision.limit).toBe(255);
    expect(boot({ platform: 'xen-hvm', extDestId: true, kernel: '5.17' }).decision.limit).toBe(
      EXT_DEST_MAX_ID,
    );
  });
  test('nopv and xen_nopv', () => {
    for (const platform of ['kvm', 'hyperv', 'vmware', 'acrn', 'xen-hvm'] as const) {
      expect(boot({ platform, extDestId: true, cmdline: 'nopv' }).decision.limit).toBe(0xfe);
    }
    expect(boot({ platform: 'xen-hvm', cmdline: 'xen_nopv' }).decision.limit).toBe(0xfe);
    expect(boot({ platform: 'kvm', cmdline: 'xen_nopv' }).decision.limit).toBe(255);
    expect(boot({ platform: 'jailhouse', cmdline: 'nopv' }).decision.limit).toBe(255);
  });
});

describe('by release', () => {
  test('flat up to 8 possible CPUs before 6.12', () => {
    const mode = (kernel: string, list: string) => boot({ kernel, cpus: cpus(list) }).decision.mode;
    expect(mode('6.1', '0-7')).toBe('xapic-flat');
    expect(mode('6.1', '0-8')).toBe('xapic-physical');
    expect(mode('6.12', '0-7')).toBe('xapic-physical');
  });
  test.each(['4.19', '5.4.85', '5.5', '5.10.3'])(
    '%s: one plugged ID above 255 turns x2APIC off',
    (kernel) => {
      expect(boot({ ...EXT, kernel })).toMatchObject({ online: '0,1,fe' });
      const low = boot({ ...EXT, kernel, cpus: cpus('0,255') }).decision;
      expect(low).toMatchObject({ mode: 'x2apic-physical', limit: NO_LIMIT, extDestId: false });
    },
  );
  test.each([
    ['5.4.86', 255],
    ['5.10.4', 255],
    ['5.10', 255],
    ['5.11', EXT_DEST_MAX_ID],
    ['6.4', EXT_DEST_MAX_ID],
  ])('%s: a guest with EXT has limit %i', (kernel, limit) => {
    expect(boot({ ...EXT, kernel }).decision.limit).toBe(limit);
  });
});

describe('A.5 refused bring-up', () => {
  const text = (kernel: string, cmdline = '') =>
    boot({ kernel, cmdline, cpus: cpus('0,0x100,0x123') }).up.messages;
  test.each([
    ['5.10', ['smpboot: native_cpu_up: bad cpu 1', 'smpboot: native_cpu_up: bad cpu 2']],
    ['6.4', ['smpboot: native_cpu_up: bad cpu 1', 'smpboot: native_cpu_up: bad cpu 2']],
    ['6.5', [1, 2, 1, 2].map((cpu) => `smpboot: native_kick_ap: bad cpu ${cpu}`)],
    ['6.8', [1, 2, 1, 2].map((cpu) => `smpboot: native_kick_ap: bad cpu ${cpu}`)],
    [
      '6.9',
      [
        '1 has invalid APIC ID 100',
        '2 has invalid APIC ID 123',
        '1 has invalid APIC ID 100',
        '2 has invalid APIC ID 123',
      ].map((line) => `smpboot: CPU ${line}. Aborting bringup`),
    ],
  ])('%s', (kernel, lines) => {
    expect(text(kernel)).toEqual(lines);
  });
  test('once each without parallel bring-up', () => {
    expect(text('6.12', 'cpuhp.parallel=0')).toHaveLength(2);
  });
  test('once when onlined by hand; absent CPUs are told apart', () => {
    const list = [...cpus('0,0x100'), ...cpus('5', 'absent')];
    const { machine, enumeration, decision } = boot({ cpus: list });
    const refusal = (cpu: number) => refuseBringUp(machine.kernel, enumeration.cpus[cpu], decision);
    expect(refusal(1)).toBe('smpboot: CPU 1 has invalid APIC ID 100. Aborting bringup');
    expect(refusal(2)).toBe('smpboot: CPU 2 APIC ID 5 is not present. Aborting bringup');
    expect(refusal(0)).toBeNull();
  });
  test('nosmp says so', () => {
    expect(boot({ cmdline: 'nosmp' }).up.messages).toEqual(['smpboot: SMP disabled']);
  });
});

describe('why', () => {
  const why = (wanted: Wanted) =>
    boot(wanted).decision.because.map(({ text, path }) => `${path?.join('.')}: ${text}`);
  test.each<readonly [string, Wanted, readonly string[]]>([
    [
      'bare metal',
      {},
      [
        'remapping: there is no interrupt remapping',
        'platform: x2APIC is not offered without remapping on bare metal',
      ],
    ],
    [
      'guest without EXT',
      KVM,
      [
        'remapping: there is no interrupt remapping',
        'extDestId: the hypervisor offers no extended destination ID',
      ],
    ],
    [
      'old guest kernel',
      { ...EXT, kernel: '5.10' },
      [
        'remapping: there is no interrupt remapping',
        'kernel: Linux 5.10 does not use the extended destination ID that KVM offers',
      ],
    ],
    [
      'command line',
      { ...IR, cmdline: 'intremap=off' },
      [
        'cmdline: the command line switches interrupt remapping off',
        'platform: x2APIC is not offered without remapping on bare metal',
      ],
    ],
  ])('%s', (_name, wanted, chain) => {
    expect(why(wanted)).toEqual(chain);
  });
  test('there is always a reason, as a sentence', () => {
    for (const platform of PLATFORMS) {
      for (const kernel of ['4.19', '5.10', '6.1', '6.12', '7.2']) {
        for (const extra of [
          {},
          IR,
          IR_XAPIC,
          { extDestId: true },
          { cmdline: 'nopv' },
          { cmdline: 'noapic' },
        ]) {
          const chain = why({ platform, kernel, ...extra });
          expect(chain.length).toBeGreaterThan(0);
          for (const line of chain) expect(line).not.toContain('undefined');
        }
      }
    }
  });
});
