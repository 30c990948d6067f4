/**
 * What libvirt itself adds to a machine, or refuses, before QEMU sees it (import.md 2): IOMMUs on q35 only, more
 * than 255 vCPUs with extended interrupt mode only.
 */
import type { Assumption, Refusal } from '../../machine/machine.ts';
import { type Notes, takeNotes } from '../notes.ts';
import type { Fact, QemuDevice, QemuMachine } from '../qemu/facts.ts';
import { machineType, maxCpus } from '../qemu/machine-type.ts';
import type { Stack } from '../reader.ts';
import { versionOf } from '../stack.ts';
import type { Version } from '../version.ts';

export interface CompletedByLibvirt {
  readonly machine: QemuMachine;
  readonly assumptions: readonly Assumption[];
  readonly refusals: readonly Refusal[];
}

/** libvirt's notes, with the version that counts. */
export function libvirtNotes(stack: Stack): Notes {
  return takeNotes(`libvirt ${versionOf(stack, 'libvirt').text}`);
}

/** More vCPUs than this need 32-bit interrupt destinations. */
export const MAX_WITHOUT_EIM = 255;

/** First versions: adds an IOMMU with EIM by itself; also splits the interrupt chip; takes AMD with XT. */
const ADDS_IOMMU: Version = 10_010;
export const SPLITS_IRQCHIP: Version = 11_000;
/** The AMD IOMMU counts for more than 255 vCPUs. */
export const TAKES_AMD: Version = 12_002;
/** `xtsup` of the AMD IOMMU is known at all. */
export const KNOWS_XTSUP: Version = 11_005;
/**
 * QEMU's (split) interrupt chip alone is enough for more than 255 vCPUs: measured with 12.8; the first version lies
 * between 12.2 and it.
 */
export const TAKES_SPLIT: Version = 12_008;

const PREFIX = 'unsupported configuration: ';
export const ONLY_Q35 = `${PREFIX}more than 255 vCPUs are only supported on q35-based machine types`;
export const NEEDS_EIM = `${PREFIX}more than 255 vCPUs require extended interrupt mode enabled on the iommu device`;

/** Models by device, as libvirt writes them. */
const MODELS: Readonly<Record<string, string>> = { 'intel-iommu': 'intel', 'amd-iommu': 'amd' };

/**
 * Completes a machine as libvirt (version `stack.libvirt`) does when a domain is defined. `max` is the number of
 * possible vCPUs; what was noted before, in `notes`, comes first.
 */
export function completeByLibvirt(
  machine: QemuMachine,
  max: number,
  stack: Stack,
  notes: Notes = libvirtNotes(stack),
): CompletedByLibvirt {
  const { version } = versionOf(stack, 'libvirt');
  const qemu = versionOf(stack, 'qemu');
  const type = machineType(machine.type?.value ?? 'pc', qemu.text, qemu.version);
  const { iommu } = machine;
  const isQ35 = type.family === 'q35';
  const model = iommu && MODELS[iommu.driver];
  if (model && !isQ35) {
    notes.fail(`${PREFIX}IOMMU device: '${model}' is only supported with Q35 machines`, iommu?.at, {
      fix: ["<type machine='q35'>"],
    });
  }
  const limit = maxCpus(type);
  const vcpuAt = machine.smp.maxcpus?.at ?? machine.smpAt;
  if (max > limit) {
    const message = `${PREFIX}Maximum CPUs greater than specified machine type limit ${limit}`;
    notes.fail(message, vcpuAt, { cause: [`${max} vCPUs on ${type.name}`] });
  }
  let completed = machine;
  if (max > MAX_WITHOUT_EIM) {
    if (!isQ35) notes.fail(ONLY_Q35, vcpuAt, { fix: ["<type machine='q35'>"] });
    else completed = withEim(machine, version, notes);
  }
  completed = withSplit(completed, version, notes);
  return { machine: completed, assumptions: notes.assumptions, refusals: notes.refusals };
}

const ON: Fact<string> = { value: 'on', at: undefined };

function withEim(machine: QemuMachine, version: Version, notes: Notes): QemuMachine {
  const { iommu } = machine;
  const amd = iommu?.driver === 'amd-iommu';
  const key = amd ? 'xtsup' : 'eim';
  if (
    iommu &&
    MODELS[iommu.driver] &&
    iommu.props.get(key)?.value === 'on' &&
    (!amd || version >= TAKES_AMD)
  ) {
    return machine;
  }
  const since = amd ? TAKES_AMD : ADDS_IOMMU;
  const refusesItself =
    iommu?.props.get(key)?.value === 'off' || iommu?.props.get('intremap')?.value === 'off';
  if (version < since || refusesItself || (iommu && !MODELS[iommu.driver])) {
    notes.fail(NEEDS_EIM, iommu?.at ?? machine.smp.maxcpus?.at, {
      cause: ['it is the IOMMU of the guest that is meant, not that of the host'],
      fix: [
        "<iommu model='intel'><driver intremap='on' eim='on'/></iommu> with <ioapic driver='qemu'/>",
        '255 vCPUs at most (maximum, not current)',
      ],
    });
    return machine;
  }
  const what = iommu ? `completes ${iommu.driver} with` : 'adds intel-iommu with';
  notes.assume(`${what} intremap=on,${key}=on for more than 255 vCPUs`, ['remapping']);
  const bare: QemuDevice = iommu ?? {
    driver: 'intel-iommu',
    id: 'iommu0',
    props: new Map(),
    at: undefined,
    option: undefined,
  };
  const props = new Map([['intremap', ON] as const, [key, ON] as const, ...bare.props]);
  return { ...machine, iommu: { ...bare, props } };
}

/** Interrupt remapping needs the interrupt chip split, unless the domain says where it is. */
function withSplit(machine: QemuMachine, version: Version, notes: Notes): QemuMachine {
  const remaps = machine.iommu?.props.get('intremap')?.value === 'on';
  if (!remaps || machine.irqchip || machine.accel?.value !== 'kvm' || version < SPLITS_IRQCHIP)
    return machine;
  notes.assume("interrupt remapping brings <ioapic driver='qemu'/>: kernel-irqchip=split", ['extDestId']);
  return { ...machine, irqchip: { value: 'split', at: undefined } };
}
