/** Which remapping the kernel takes, what it logs, and where the reason stands: docs/model/apic-mode.md. */
import { describe, expect, test } from 'vitest';
import type { Handover } from '../../../src/linux/model/handover.ts';
import { detectHypervisor } from '../../../src/linux/model/hypervisor.ts';
import { irqRemappingPrepare } from '../../../src/linux/model/remapping.ts';
import { buildMachine, type Wanted } from './build-machine.ts';

function prepared(wanted: Wanted, x2apicSupported = true) {
  const machine = buildMachine(wanted);
  return irqRemappingPrepare(machine, { x2apicSupported } as Handover, detectHypervisor(machine));
}

const INTEL: Wanted = { remapping: { enabled: true, vendor: 'intel' } };
const AMD: Wanted = { remapping: { enabled: true, vendor: 'amd' } };
const HYPERV: Wanted = { platform: 'hyperv' };

const X2APIC_MODE = [
  'DMAR-IR: Queued invalidation will be enabled to support x2apic and Intr-remapping.',
  'DMAR-IR: Enabled IRQ remapping in x2apic mode',
];
const XAPIC_MODE = 'DMAR-IR: Enabled IRQ remapping in xapic mode';
const OPT_OUT = [
  'DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit.',
  "DMAR-IR: Use 'intremap=no_x2apic_optout' to override the BIOS setting.",
];

describe('none', () => {
  test.each<[string, Wanted, string, readonly string[], readonly string[]]>([
    ['there is none', {}, 'there is no interrupt remapping', ['remapping'], []],
    [
      'the kernel is built without',
      { ...INTEL, kernelConfig: { irqRemap: false } },
      'the kernel is built without interrupt remapping (CONFIG_IRQ_REMAP)',
      ['kernelConfig', 'irqRemap'],
      [],
    ],
    [
      'switched off',
      { ...INTEL, cmdline: 'intremap=off' },
      'the command line switches interrupt remapping off',
      ['cmdline'],
      [],
    ],
    [
      "AMD's is off with the IOMMU",
      { ...AMD, cmdline: 'amd_iommu=off' },
      'amd_iommu=off also switches interrupt remapping off',
      ['cmdline'],
      [],
    ],
    [
      'amd_iommu=off where there is none',
      { remapping: { enabled: false, vendor: 'amd' }, cmdline: 'amd_iommu=off' },
      'there is no interrupt remapping',
      ['remapping'],
      [],
    ],
    ...(['intel', 'amd'] as const).map(
      (vendor): [string, Wanted, string, readonly string[], readonly string[]] => [
        `a stray IO-APIC, ${vendor}`,
        { remapping: { enabled: true, vendor, ioapics: false } },
        'the tables put an IO-APIC under no IOMMU, so the kernel does not enable interrupt remapping',
        ['remapping', 'ioapics'],
        [
          vendor === 'intel'
            ? 'DMAR-IR: Not enabling interrupt remapping'
            : 'AMD-Vi: Disabling interrupt remapping',
        ],
      ],
    ),
  ])('%s', (_, wanted, text, path, messages) => {
    expect(prepared(wanted)).toEqual({ mode: 'none', stub: false, because: { text, path }, messages });
  });
});

describe('Intel', () => {
  const eimOff: Wanted = { remapping: { enabled: true, eim: false } };
  const optOut: Wanted = { remapping: { enabled: true, optOut: true } };

  test.each<[string, Wanted, boolean, string, readonly string[], readonly string[]]>([
    ['x2APIC mode', INTEL, true, 'x2apic', ['remapping'], X2APIC_MODE],
    ['no x2APIC', INTEL, false, 'xapic', ['x2apic'], [XAPIC_MODE]],
    [
      'no EIM',
      eimOff,
      true,
      'xapic',
      ['remapping', 'eim'],
      ['DMAR-IR: dmar0 does not support EIM', XAPIC_MODE],
    ],
    ['no EIM, no x2APIC', eimOff, false, 'xapic', ['x2apic'], [XAPIC_MODE]],
    ['opted out', optOut, true, 'xapic', ['remapping', 'optOut'], [...OPT_OUT, XAPIC_MODE]],
    ['opted out, no x2APIC', optOut, false, 'xapic', ['x2apic'], [XAPIC_MODE]],
    [
      'opted out, overridden',
      { ...optOut, cmdline: 'intremap=no_x2apic_optout' },
      true,
      'x2apic',
      ['remapping'],
      X2APIC_MODE,
    ],
    // The command line of AMD's driver means nothing to Intel's.
    ['amd_iommu=off', { ...INTEL, cmdline: 'amd_iommu=off' }, true, 'x2apic', ['remapping'], X2APIC_MODE],
  ])('%s', (_, wanted, x2apic, mode, path, messages) => {
    expect(prepared(wanted, x2apic)).toMatchObject({ mode, stub: false, because: { path }, messages });
  });
});

test('AMD: the mode follows XT', () => {
  expect(prepared(AMD)).toMatchObject({ mode: 'x2apic', stub: false, messages: [] });
  expect(prepared({ remapping: { enabled: true, vendor: 'amd', eim: false } })).toMatchObject({
    mode: 'xapic',
    stub: false,
    because: { path: ['remapping', 'eim'] },
    messages: [],
  });
});

describe("Hyper-V's stub", () => {
  test('stands in, in the mode of the APIC', () => {
    const because = { path: ['platform'] };
    expect(prepared(HYPERV)).toMatchObject({ mode: 'x2apic', stub: true, because, messages: [] });
    expect(prepared(HYPERV, false)).toMatchObject({ mode: 'xapic', stub: true, because });
  });

  test('not where the kernel has none, or the extended destination ID', () => {
    expect(prepared({ ...HYPERV, kernel: '4.19' })).toMatchObject({ mode: 'none', stub: false });
    expect(prepared({ ...HYPERV, extDestId: true })).toMatchObject({ mode: 'none', stub: false });
    expect(prepared({ ...HYPERV, extDestId: true, kernel: '5.10' })).toMatchObject({ stub: true });
    expect(prepared({ platform: 'kvm' })).toMatchObject({ mode: 'none', stub: false });
    expect(prepared({ ...HYPERV, cmdline: 'nopv' })).toMatchObject({ stub: false });
  });
});
