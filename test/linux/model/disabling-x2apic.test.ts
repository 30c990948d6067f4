/** Where x2APIC has to go off and cannot (docs/model/apic-mode.md#disabling-x2apic), and the driver of xAPIC. */
import { describe, expect, test } from 'vitest';
import { refuseBringUp } from '../../../src/linux/model/apic.ts';
import { bringUpCpus } from '../../../src/linux/model/bringup.ts';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import { NO_LIMIT } from '../../../src/machine/apic-ids.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import { buildMachine, cpus, type Wanted } from './build-machine.ts';

const SAID = "x2apic: IRQ remapping doesn't support X2APIC mode";
const ON = { firmware: true } as const;
const LOCKED = { firmware: true, locked: true } as const;

test.each<[string, Wanted, object, string[]]>([
  ['was off', { cpus: cpus('0-1'), x2apic: { firmware: false } }, { limit: 254, fatal: null }, [SAID]],
  ['goes off', { cpus: cpus('0-1'), x2apic: ON }, { limit: 254, fatal: null }, [SAID, 'x2apic disabled']],
  [
    'boot CPU 254',
    { cpus: cpus('0xfe,1'), x2apic: ON },
    { limit: 254, fatal: null },
    [SAID, 'x2apic disabled'],
  ],
  [
    'boot CPU 255',
    { cpus: cpus('0xff,1'), x2apic: ON },
    {
      limit: 254,
      extDestId: false,
      fatal: {
        message: 'Cannot disable x2apic, id: 000000ff',
        why: 'the boot CPU itself has APIC ID 255, which does not exist in xAPIC mode',
      },
    },
    [SAID, 'Cannot disable x2apic, id: 000000ff'],
  ],
  [
    'locked, known and kept',
    { cpus: cpus('0-1'), x2apic: LOCKED, kernel: '6.12' },
    {
      limit: NO_LIMIT,
      extDestId: false,
      fatal: {
        message: 'Cannot disable locked x2apic, id: 00000000',
        why: 'x2APIC is locked and stays on without a limit, then the kernel hits a BUG in setup_IO_APIC',
      },
    },
    [SAID, 'Cannot disable locked x2apic, id: 00000000'],
  ],
  [
    'locked, known',
    { cpus: cpus('0-1'), x2apic: LOCKED, kernel: '6.1' },
    {
      limit: 254,
      extDestId: false,
      fatal: {
        message: 'page fault in native_apic_mem_read',
        why: 'x2APIC is locked and stays on, but the kernel goes on as if it were off',
      },
    },
    [SAID],
  ],
  [
    'locked, unknown',
    { cpus: cpus('0-1'), x2apic: LOCKED, kernel: '5.10' },
    {
      limit: 254,
      extDestId: false,
      fatal: {
        message: 'general protection fault in __x2apic_disable',
        why: 'x2APIC is locked and this kernel does not know of the lock',
      },
    },
    [SAID],
  ],
])('%s', (_, wanted, decided, messages) => {
  const { apic } = earlyBoot(buildMachine(wanted));
  expect(apic).toMatchObject(decided);
  expect(apic.messages.filter((line) => !line.includes('APIC routing'))).toEqual(messages);
});

test('the driver of xAPIC: flat up to 8 CPUs where the kernel has it, but on Jailhouse', () => {
  const mode = (wanted: Wanted) =>
    earlyBoot(buildMachine({ x2apic: { firmware: false }, ...wanted })).apic.mode;
  expect(mode({ kernel: '6.1', cpus: cpus('0-7') })).toBe('xapic-flat');
  expect(mode({ kernel: '6.1', cpus: cpus('0-8') })).toBe('xapic-physical');
  expect(mode({ kernel: '6.12', cpus: cpus('0-7') })).toBe('xapic-physical');
  expect(mode({ kernel: '6.1', cpus: cpus('0-7'), platform: 'jailhouse' })).toBe('xapic-physical');
});

describe('bringing up', () => {
  const at = (cpu: number, apicId: number | null, present = true) =>
    ({ cpu, apicId, present }) as Parameters<typeof refuseBringUp>[1];

  test.each<[string, ReturnType<typeof at>, string | null]>([
    ['6.12', at(0, 300), null],
    ['6.12', at(1, 255), null],
    ['6.12', at(1, 256), 'smpboot: CPU 1 has invalid APIC ID 100. Aborting bringup'],
    ['6.12', at(1, null), 'smpboot: CPU 1 has invalid APIC ID ffff. Aborting bringup'],
    ['6.12', at(1, 5, false), 'smpboot: CPU 1 APIC ID 5 is not present. Aborting bringup'],
    ['6.6', at(1, 256), 'smpboot: native_kick_ap: bad cpu 1'],
    ['6.6', at(1, null), 'smpboot: native_kick_ap: bad cpu 1'],
    ['6.1', at(2, 256), 'smpboot: native_cpu_up: bad cpu 2'],
  ])('%s %j', (kernel, cpu, message) => {
    expect(refuseBringUp(kernelProfile(kernel), cpu, { limit: 255 })).toBe(message);
  });

  test('nobody but the boot CPU under nosmp, which is said where there is a local APIC', () => {
    const up = (cmdline: string) => {
      const machine = buildMachine({ cmdline });
      const { enumeration, apic } = earlyBoot(machine);
      const { online, messages, refused, sentBack } = bringUpCpus(machine, enumeration, apic);
      return { online: String(online), messages, refused, sentBack };
    };
    expect(up('nosmp')).toEqual({
      online: '0',
      messages: ['smpboot: SMP disabled'],
      refused: [],
      sentBack: [],
    });
    expect(up('nosmp nolapic')).toMatchObject({ online: '0', messages: [], refused: [] });
  });
});
