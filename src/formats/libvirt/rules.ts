/**
 * What libvirt itself adds to a machine, or refuses, before QEMU sees it (docs/model/importing.md#libvirt):
 * IOMMUs on q35 only, more than 255 vCPUs with extended interrupt mode only.
 */
import type { Assumption, Refusal } from '../../machine/machine.ts';
import { type Notes, takeNotes } from '../notes.ts';
import type { Fact, IommuDriver, QemuDevice, QemuMachine } from '../qemu/facts.ts';
import { isUnsupported, machineType, maxCpus, qemuFor } from '../qemu/machine-type.ts';
import type { Stack } from '../stack.ts';
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

/** First versions: adds an IOMMU with EIM by itself; also splits the interrupt chip. */
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
const NEEDS_EIM_OR_SPLIT = `${PREFIX}more than 255 vCPUs require either IOAPIC in QEMU or an iommu device with EIM or XTSup mode enabled`;
const INTREMAP_NEEDS_SPLIT = `${PREFIX}IOMMU interrupt remapping requires split I/O APIC (ioapic driver='qemu')`;
const EIM_NEEDS_INTREMAP = `${PREFIX}IOMMU eim requires interrupt remapping to be enabled`;

/** Models by device, as libvirt writes them. */
const MODELS: Readonly<Partial<Record<IommuDriver, 'intel' | 'amd' | 'virtio'>>> = {
  'intel-iommu': 'intel',
  'amd-iommu': 'amd',
  'virtio-iommu-pci': 'virtio',
};

/** What carries destinations of 32 bits, by model. */
const WIDE = { intel: 'eim', amd: 'xtsup' } as const;

/** A machine under completion, with what libvirt goes by. */
interface Job {
  readonly machine: QemuMachine;
  readonly version: Version;
  /** Possible vCPUs. */
  readonly max: number;
  readonly notes: Notes;
}

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
  const qemu = qemuFor(stack, machine.type?.value);
  const type = machineType(machine.type?.value ?? 'pc', qemu.text, qemu.version);
  if (machine.type && isUnsupported(type, qemu.version)) {
    const message = `${PREFIX}Emulator '/usr/bin/qemu-system-x86_64' does not support machine type '${machine.type.value}'`;
    notes.fail(message, machine.type.at, { cause: [`QEMU ${qemu.text} has no such machine type`] });
  }
  const isQ35 = type.family === 'q35';
  const many = max > MAX_WITHOUT_EIM;
  let job: Job = { machine, version, max, notes };
  if (many && isQ35) job = withEim(job);
  job = withSplit(job, isQ35);
  refuseIommu(job, isQ35);
  const limit = maxCpus(type).most;
  const vcpuAt = machine.smp.maxcpus?.at ?? machine.smpAt;
  if (max > limit) {
    const message = `${PREFIX}Maximum CPUs greater than specified machine type limit ${limit}`;
    notes.fail(message, vcpuAt, { cause: [`${max} vCPUs on ${type.name}`] });
  }
  if (many && !isQ35) notes.fail(ONLY_Q35, vcpuAt, { fix: ["<type machine='q35'>"] });
  if (many && isQ35) refuseMany(job);
  return { machine: job.machine, assumptions: notes.assumptions, refusals: notes.refusals };
}

const ON: Fact<string> = { value: 'on', at: undefined };

const isOn = (iommu: QemuDevice | undefined, key: string): boolean => iommu?.props.get(key)?.value === 'on';

/** Adds an IOMMU for more than 255 vCPUs, or completes one; what is written stays. */
function withEim(job: Job): Job {
  const { machine, version, notes } = job;
  const { iommu } = machine;
  const model = iommu ? MODELS[iommu.driver] : 'intel';
  if (model === undefined || model === 'virtio') return job;
  const key = WIDE[model];
  if (version < (model === 'amd' ? TAKES_AMD : ADDS_IOMMU)) return job;
  const isOff = (['intremap', key] as const).some((one) => iommu?.props.get(one)?.value === 'off');
  const missing = (['intremap', key] as const).filter((one) => !iommu?.props.has(one));
  if (missing.length === 0 || isOff) return job;
  const what = iommu ? `completes ${iommu.driver} with` : 'adds intel-iommu with';
  notes.assume(`${what} ${missing.map((one) => `${one}=on`).join(',')} for more than 255 vCPUs`, [
    'remapping',
  ]);
  const bare: QemuDevice<IommuDriver> = iommu ?? {
    driver: 'intel-iommu',
    id: 'iommu0',
    props: new Map(),
    at: undefined,
    option: undefined,
  };
  const props = new Map([...missing.map((one) => [one, ON] as const), ...bare.props]);
  return { ...job, machine: { ...machine, iommu: { ...bare, props } } };
}

/** Interrupt remapping, and many vCPUs, need the interrupt chip split, unless the domain says where it is. */
function withSplit(job: Job, isQ35: boolean): Job {
  const { machine, version, max, notes } = job;
  if (machine.irqchip || machine.accel?.value !== 'kvm' || version < SPLITS_IRQCHIP) return job;
  const remaps = isOn(machine.iommu, 'intremap');
  if (!remaps && !(version >= TAKES_SPLIT && isQ35 && max > MAX_WITHOUT_EIM)) return job;
  const why = remaps ? 'interrupt remapping brings' : 'more than 255 vCPUs bring';
  notes.assume(`${why} <ioapic driver='qemu'/>: kernel-irqchip=split`, ['extDestId']);
  return { ...job, machine: { ...machine, irqchip: { value: 'split', at: undefined } } };
}

/** The machines that an IOMMU needs, as libvirt names them. */
const MACHINES = { intel: 'Q35 machines', amd: 'Q35 machines', virtio: 'Q35 and ARM Virt machines' } as const;

function refuseIommu({ machine, notes }: Job, isQ35: boolean): void {
  const { iommu, irqchip, accel } = machine;
  const model = iommu && MODELS[iommu.driver];
  if (!iommu || !model) return;
  if (!isQ35) {
    const message = `${PREFIX}IOMMU device: '${model}' is only supported with ${MACHINES[model]}`;
    notes.fail(message, iommu.at, { fix: ["<type machine='q35'>"] });
  }
  if (model === 'virtio' && machine.acpi?.value === false) {
    notes.fail(`${PREFIX}IOMMU device: 'virtio' requires ACPI`, iommu.at, {
      fix: ['<features><acpi/></features>'],
    });
  }
  const intremap = iommu.props.get('intremap');
  if (isOn(iommu, 'intremap') && accel?.value === 'kvm' && irqchip?.value !== 'split') {
    notes.fail(INTREMAP_NEEDS_SPLIT, intremap?.at ?? iommu.at, { fix: ["<ioapic driver='qemu'/>"] });
  }
  if (model === 'intel' && isOn(iommu, 'eim') && !isOn(iommu, 'intremap')) {
    notes.fail(EIM_NEEDS_INTREMAP, iommu.props.get('eim')?.at ?? iommu.at, {
      fix: ["<driver intremap='on' eim='on'/>"],
    });
  }
}

/** More than 255 vCPUs need EIM or XT; newer versions take the split interrupt chip for it. */
function refuseMany({ machine, version, notes }: Job): void {
  const { iommu, irqchip } = machine;
  const model = iommu && MODELS[iommu.driver];
  const isWide = model !== undefined && model !== 'virtio' && isOn(iommu, WIDE[model]);
  if (isWide && (model !== 'amd' || version >= TAKES_AMD)) return;
  const suffices = version >= TAKES_SPLIT;
  if (suffices && irqchip?.value === 'split') return;
  notes.fail(suffices ? NEEDS_EIM_OR_SPLIT : NEEDS_EIM, iommu?.at ?? machine.smp.maxcpus?.at, {
    cause: ['it is the IOMMU of the guest that is meant, not that of the host'],
    fix: [
      "<iommu model='intel'><driver intremap='on' eim='on'/></iommu> with <ioapic driver='qemu'/>",
      '255 vCPUs at most (maximum, not current)',
    ],
  });
}
