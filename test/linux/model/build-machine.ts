/** Makes a Machine directly, without a reader, for the tests of the model floor. */
import { parseCpuList } from '../../../src/lib/cpumask.ts';
import { parseCmdline } from '../../../src/machine/cmdline.ts';
import { kernelProfile } from '../../../src/machine/kernel.ts';
import type { FirmwareCpu, Machine, Remapping, X2apic } from '../../../src/machine/machine.ts';

/** What a test wants to say; everything else is an ordinary default. */
export interface Wanted
  extends Partial<
    Omit<Machine, 'kernel' | 'kernelConfig' | 'cmdline' | 'x2apic' | 'remapping' | 'hpet' | 'firmware'>
  > {
  readonly kernel?: string;
  readonly kernelConfig?: Partial<Machine['kernelConfig']>;
  readonly cmdline?: string;
  readonly x2apic?: Partial<X2apic>;
  readonly remapping?: Partial<Remapping>;
  readonly hpet?: Partial<Machine['hpet']>;
  readonly firmware?: Partial<Machine['firmware']>;
}

/** CPUs of one state from a list of APIC IDs such as "0-3,0x100". */
export function cpus(list: string, state: FirmwareCpu['state'] = 'online', node = 0): FirmwareCpu[] {
  return parseCpuList(list).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => ({ apicId: first + i, node, state })),
  );
}

/** Hot-plug slots whose APIC ID nobody knows. */
export function slots(count: number, node = 0): FirmwareCpu[] {
  return Array.from({ length: count }, () => ({ apicId: null, node, state: 'absent' }));
}

export function buildMachine(wanted: Wanted): Machine {
  const list = wanted.cpus ?? cpus('0-3');
  const high = list.some((cpu) => (cpu.apicId ?? 0) >= 255);
  return {
    name: 'test',
    source: 'test.yaml',
    platform: 'bare-metal',
    bootIndex: list.findIndex((cpu) => cpu.state === 'online'),
    smtShift: 0,
    packageShift: null,
    memoryNodes: [],
    shape: null,
    extDestId: false,
    extDestHonoured: true,
    vpciProtocol: '1.4',
    domains: {},
    broadcastQuirk: false,
    hypervEnlightenments: false,
    timers: { kvmclock: false, tscDeadline: true, knownFrequency: true, arat: true },
    legacyIrqs: true,
    guestOs: null,
    notUnderstood: [],
    kdump: null,
    devices: [],
    policy: 'mainline',
    events: [],
    eventWork: { work: 0, budget: 1 },
    expect: undefined,
    locate: () => undefined,
    ...wanted,
    cpus: list,
    kernel: kernelProfile(wanted.kernel ?? '6.12.117'),
    kernelConfig: {
      nrCpus: 8192,
      x2apic: true,
      irqRemap: true,
      ia32: true,
      bhyveGuest: false,
      ...wanted.kernelConfig,
    },
    cmdline: parseCmdline(wanted.cmdline ?? ''),
    x2apic: { supported: true, firmware: high, locked: false, setting: 'auto', ...wanted.x2apic },
    remapping: {
      enabled: false,
      eim: true,
      optOut: false,
      vendor: 'intel',
      ioapics: true,
      mixedXt: false,
      ...wanted.remapping,
    },
    hpet: { present: true, msi: false, channels: 32, ...wanted.hpet },
    firmware: { fadt: 605, onlineCapable: true, ...wanted.firmware },
  };
}
