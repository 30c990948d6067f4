/** Firmware: how it hands the machine over, which CPU it starts on, what its tables say of absent CPUs. */
import { endsInQemu } from '../../formats/formats.ts';
import { XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import { COSTS } from './parts/costs.ts';
import { cpuList } from './parts/cpu-list.ts';
import { OUT_OF_REACH } from './parts/out-of-reach.ts';
import type { Context, Draft, Remedy } from './remedy.ts';

const ABOUT_X2APIC = 'x2APIC';

/** Firmware switches x2APIC on before it starts the kernel. */
function turnX2apicOn({ analysis: { machine } }: Context): Draft[] {
  const { supported, firmware } = machine.x2apic;
  if (firmware) return [];
  if (machine.platform === 'bare-metal') {
    if (!supported) return [];
    return [
      {
        about: ABOUT_X2APIC,
        title: 'let firmware hand over in x2APIC mode',
        intents: [{ kind: 'x2apic', setting: 'enabled' }],
        cost: COSTS.firmware,
        wording: { firmware: ['set the local APIC mode to x2APIC'] },
      },
    ];
  }
  if (machine.x2apic.setting === 'auto') return [];
  return [
    {
      about: ABOUT_X2APIC,
      title: supported
        ? 'use a guest firmware that starts in x2APIC mode when an APIC ID needs it'
        : 'offer x2APIC to the guest',
      intents: [{ kind: 'x2apic', setting: 'auto' }],
      cost: supported ? COSTS.firmwareUpdate : COSTS.hypervisor,
      wording: supported
        ? {
            firmware: ['one that starts in x2APIC mode when an APIC ID needs it (QEMU: SeaBIOS and OVMF do)'],
          }
        : {
            QEMU: ['-cpu ...,x2apic=on'],
            libvirt: ["<cpu><feature policy='require' name='x2apic'/></cpu>"],
            KubeVirt: ['domain.cpu.features: [{ name: x2apic, policy: require }]'],
            hypervisor: ['offer x2APIC in CPUID'],
          },
    },
  ];
}

/** A machine without need for x2APIC is handed over in xAPIC mode, the mode it goes on in. */
function leaveX2apicOff({ analysis: { machine, apic } }: Context): Draft[] {
  if (machine.x2apic.setting !== 'enabled' || !apic.mode.startsWith('xapic')) return [];
  return [
    {
      about: ABOUT_X2APIC,
      title: 'let firmware hand over in xAPIC mode',
      intents: [{ kind: 'x2apic', setting: 'supported' }],
      cost: COSTS.firmware,
      wording: { firmware: ['set the local APIC mode to xAPIC'] },
    },
  ];
}

/** The machine starts on a CPU that every interrupt can name. */
function bootLow({ analysis: { machine }, description }: Context): Draft[] {
  const { cpus, bootIndex } = machine;
  const low = [...cpus.keys()].find((index) => {
    const { apicId, state } = cpus[index];
    return state === 'online' && apicId !== null && apicId <= XAPIC_MAX_ID;
  });
  const id = cpus[bootIndex].apicId ?? 0;
  if (low === undefined || id <= XAPIC_MAX_ID || !Array.isArray(description.cpus)) return [];
  const where = machine.platform === 'bare-metal' ? 'firmware' : 'hypervisor';
  return [
    {
      about: 'boot CPU',
      title: `start the machine on the CPU with APIC ID ${cpus[low].apicId} instead of ${id}`,
      intents: [{ kind: 'value', path: ['cpus'], value: cpuList(machine, () => true, low) }],
      cost: COSTS.firmware,
      wording: { [where]: [`boot on a CPU with an APIC ID below 255, e.g. ${cpus[low].apicId}`] },
    },
  ];
}

/** Absent CPUs are marked as hot-pluggable, which QEMU never does. */
function markSlots({ analysis: { machine, enumeration }, format }: Context): Draft[] {
  if (machine.platform === 'tcg' || endsInQemu(format)) return [];
  const lost = enumeration.ignored.filter(
    ({ present, why }) => !present && (why === 'not-online-capable' || why === 'needs-hypervisor'),
  );
  if (lost.length === 0) return [];
  const old = machine.firmware.fadt < 603;
  const { cpus, bootIndex } = machine;
  const alike = cpus.map(({ onlineCapable: _, ...cpu }) => cpu);
  return [
    {
      about: 'firmware tables',
      title: 'let firmware mark its hot-plug slots as Online Capable',
      intents: [
        ...(old ? [{ kind: 'value', path: ['firmware', 'fadt'], value: '6.3' } as const] : []),
        { kind: 'value', path: ['firmware', 'onlineCapable'], value: true },
        ...(cpus.some(({ onlineCapable }) => onlineCapable === false)
          ? [
              {
                kind: 'value',
                path: ['cpus'],
                value: cpuList({ cpus: alike }, () => true, bootIndex),
              } as const,
            ]
          : []),
      ],
      cost: COSTS.firmwareUpdate,
      wording: {
        firmware: [
          `a version that sets Online Capable (bit 1 of the flags) in the MADT entries of the slots${old ? ', with a FADT of 6.3 or newer' : ''}`,
        ],
      },
    },
  ];
}

/** Firmware whose tables list each CPU once, in entries of one kind. */
function tidyTables({ analysis: { machine, enumeration }, description, format }: Context): Draft[] {
  const { cpus, bootIndex } = machine;
  const shadowed = enumeration.ignored.some(({ why }) => why === 'shadowed');
  const again = (index: number): boolean => cpus[index].duplicate === true;
  if (!Array.isArray(description.cpus) || endsInQemu(format) || !(shadowed || cpus.some((_, n) => again(n))))
    return [];
  const plain = cpus.map(({ x2apicEntry: _, ...cpu }) => cpu);
  return [
    {
      about: 'firmware tables',
      title: 'let firmware list each CPU once, in entries of one kind',
      intents: [
        {
          kind: 'value',
          path: ['cpus'],
          value: cpuList({ cpus: plain }, (index) => !again(index), bootIndex),
        },
      ],
      cost: COSTS.firmwareUpdate,
      wording: { firmware: ['a version whose MADT lists each CPU once, in entries of one kind'] },
    },
  ];
}

/** The tables of the IOMMUs say what the kernel asks of them. */
function tidyIommuTables({ analysis: { machine }, format }: Context): Draft[] {
  const { enabled, ioapics, mixedXt, vendor } = machine.remapping;
  if (!enabled || endsInQemu(format)) return [];
  const draft = (key: string, value: boolean, title: string, text: string): Draft => ({
    about: 'firmware tables',
    title,
    intents: [{ kind: 'value', path: ['remapping', key], value }],
    cost: COSTS.firmwareUpdate,
    wording: { firmware: [text] },
  });
  const table = vendor === 'intel' ? 'DMAR' : 'IVRS';
  const whole = `a version whose ${table} table names every IO-APIC`;
  return [
    ...(ioapics ? [] : [draft('ioapics', true, 'let firmware put every IO-APIC under an IOMMU', whole)]),
    ...(mixedXt
      ? [draft('mixedXt', false, 'let firmware offer XT on every IOMMU', 'XT (x2APIC) on for every IOMMU')]
      : []),
  ];
}

export const firmware: Remedy = {
  name: 'firmware',
  title: 'what firmware decides',
  cures: [
    ...OUT_OF_REACH,
    'firmware-in-xapic-mode',
    'resume-turns-x2apic-on',
    'slots-not-online-capable',
    'slots-need-hypervisor',
    'duplicate-apic-ids',
    'x2apic-entries-ignored',
    'ioapic-without-iommu',
    'mixed-xt',
  ],
  changes: (context) => [
    ...turnX2apicOn(context),
    ...leaveX2apicOff(context),
    ...bootLow(context),
    ...markSlots(context),
    ...tidyTables(context),
    ...tidyIommuTables(context),
  ],
};
