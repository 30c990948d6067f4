/**
 * A KubeVirt domain → the QEMU machine that its libvirt XML asks for. KubeVirt writes no IOMMU and no I/O
 * APIC; beyond 255 possible vCPUs libvirt decides (docs/model/importing.md#kubevirt).
 */

import type { Location } from '../../machine/locate.ts';
import type { Refusal } from '../../machine/machine.ts';
import { MAX_WITHOUT_EIM, NEEDS_EIM, ONLY_Q35, SPLITS_IRQCHIP } from '../libvirt/rules.ts';
import { type Notes, takeNotes } from '../notes.ts';
import { describeQemu, type Fact, NO_FACTS, type QemuDevice, type QemuMachine } from '../qemu/machine.ts';
import type { ReadResult } from '../reader.ts';
import type { Stack } from '../stack.ts';
import { versionOf } from '../stack.ts';
import type { SourceValue } from '../text/source-value.ts';
import { stackVersion } from '../version.ts';
import { type Cpus, possible, readCpus, requested } from './cpus.ts';
import { readDevices } from './devices.ts';
import { fullName, type Guest } from './guest.ts';
import { guestOs } from './guest-os.ts';
import { accountForKeys } from './keys.ts';
import { shippedBy } from './ships.ts';

/** Applies KubeVirt's defaults, libvirt's checks and QEMU's rules. Throws InputError for a wrong object. */
export function describeGuest(guest: Guest, stack: Stack): ReadResult {
  const kubevirt = versionOf(stack, 'kubevirt');
  const ships = shippedBy(kubevirt.version);
  const libvirt = stackVersion(stack.libvirt, ships.libvirt);
  const notes = takeNotes(`KubeVirt ${kubevirt.text}`);
  const checks = takeNotes(`libvirt ${libvirt.text}`);
  const versions = { ...stack, qemu: stack.qemu ?? ships.qemu, libvirt: libvirt.text };
  if (stack.libvirt === undefined || stack.qemu === undefined) {
    notes.assume(`it ships libvirt ${versions.libvirt} and QEMU ${versions.qemu}`);
  }
  refuseOtherArchitectures(guest);
  const cpus = readCpus(guest, notes);
  const machine = machineOf(guest, cpus, notes);
  accountForKeys(guest, notes);
  const completed = checkVcpus({ ...machine, unread: notes.unread }, cpus, libvirt.version, checks);
  const assumptions = [...notes.assumptions, ...checks.assumptions];
  const refusals: Refusal[] = [...notes.refusals, ...checks.refusals];
  return describeQemu(completed, versions, { assumptions, refusals });
}

function refuseOtherArchitectures({ spec }: Guest): void {
  const architecture = spec.get('architecture');
  if (!architecture || architecture.value === '' || architecture.text() === 'amd64') return;
  throw architecture.fail(`architecture: ${architecture.text()}: only x86 machines are simulated`);
}

function machineOf(guest: Guest, cpus: Cpus, notes: Notes): QemuMachine {
  const { object, domain } = guest;
  const { devices, netdevs } = readDevices(guest, requested(cpus), notes);
  const plugged = cpus.cores * cpus.threads;
  const { at } = cpus;
  const socketsAt = at.maxSockets ?? at.sockets;
  return {
    ...NO_FACTS,
    name: nameOf(object),
    type: textFact(
      domain.get('machine', 'type') ??
        guest.preference?.get('spec', 'machine', 'preferredMachineType') ??
        guest.cluster?.get('architectureConfiguration', 'amd64', 'machineType') ??
        guest.cluster?.get('machineType'),
    ) ?? { value: 'q35', at: undefined },
    accel: { value: 'kvm', at: undefined },
    smp: {
      // libvirt starts QEMU with the vCPUs that cannot be unplugged: those of the first socket.
      cpus: { value: plugged, at: at.cores ?? at.threads },
      maxcpus: { value: possible(cpus), at: socketsAt },
      sockets: { value: cpus.maxSockets, at: socketsAt },
      cores: { value: cpus.cores, at: at.cores },
      threads: { value: cpus.threads, at: at.threads },
    },
    smpAt: socketsAt,
    hotPlugged: {
      value: Array.from({ length: requested(cpus) - plugged }, (_, index) => plugged + index),
      at: at.sockets,
    },
    cpuFlags: cpuFlags(domain),
    hvVendor: textFact(domain.get('features', 'hyperv', 'vendorid', 'vendorid')),
    hpet: switchOf(
      domain.get('clock', 'timer', 'hpet') ??
        guest.preference?.get('spec', 'clock', 'preferredTimer', 'hpet'),
      'present',
    ),
    acpi: switchOf(domain.get('features', 'acpi'), 'enabled') ?? { value: true, at: undefined },
    cmdline: textFact(domain.get('firmware', 'kernelBoot', 'kernelArgs')),
    devices,
    netdevs,
    remarks: remarksOf(domain),
    guestOs: guestOs(guest),
    ...(domain.get('launchSecurity', 'tdx') && {
      // libvirt gives a TDX guest the split interrupt chip.
      irqchip: { value: 'split' as const, at: domain.get('launchSecurity', 'tdx')?.place },
    }),
  };
}

function nameOf(object: SourceValue): Fact<string> | undefined {
  const name = object.get('metadata', 'name') ?? object.get('metadata', 'generateName');
  const full = fullName(name?.value, object.get('metadata', 'namespace')?.value);
  return full === undefined ? undefined : { value: full, at: name?.place };
}

const textFact = (value: SourceValue | undefined): Fact<string> | undefined =>
  value && { value: value.text(), at: value.place };

/** `{}` switches a feature on, `{ enabled: false }` off. */
function switchOf(feature: SourceValue | undefined, key: string): Fact<boolean> | undefined {
  if (!feature) return undefined;
  const written = feature.get(key);
  return { value: written?.isOn() ?? true, at: (written ?? feature).place };
}

/** CPU features by policy; features.kvm.hidden hides KVM. */
function cpuFlags(domain: SourceValue): Map<string, Fact<boolean>> {
  const flags = new Map<string, Fact<boolean>>();
  for (const feature of domain.get('cpu', 'features')?.list() ?? []) {
    const name = feature.get('name')?.text();
    const policy = feature.get('policy')?.text() ?? 'require';
    if (name === undefined || policy === 'optional') continue;
    flags.set(name.replaceAll('_', '-'), {
      value: policy !== 'disable' && policy !== 'forbid',
      at: feature.place,
    });
  }
  const passthrough = domain.get('features', 'hypervPassthrough', 'enabled');
  if (passthrough?.isOn()) flags.set('hv-passthrough', { value: true, at: passthrough.place });
  const hyperv = domain.get('features', 'hyperv');
  for (const key of hyperv?.keys() ?? []) {
    const feature = hyperv?.get(key);
    if (feature && key !== 'vendorid')
      flags.set(`hv-${key}`, { value: feature.get('enabled')?.isOn() ?? true, at: feature.place });
  }
  const hidden = domain.get('features', 'kvm', 'hidden');
  if (hidden?.isOn()) flags.set('kvm', { value: false, at: hidden.place });
  return flags;
}

function remarksOf(domain: SourceValue): string[] {
  return domain.get('cpu', 'numa', 'guestMappingPassthrough')
    ? [
        'numa.guestMappingPassthrough takes the nodes of the host, which are not known here: one node is taken',
      ]
    : [];
}

/** libvirt's checks for more than 255 vCPUs, and the IOMMU that newer versions add. */
function checkVcpus(machine: QemuMachine, cpus: Cpus, libvirt: number, notes: Notes): QemuMachine {
  const count = possible(cpus);
  if (count <= MAX_WITHOUT_EIM) return machine;
  const at = cpus.at.maxSockets ?? cpus.at.sockets;
  const because = cpus.byRatio
    ? [`KubeVirt makes four times the ${cpus.sockets} sockets possible, so that ${count} vCPUs count here`]
    : [`${count} vCPUs are possible`];
  const fewer = `in the domain: cpu.maxSockets: ${Math.max(cpus.sockets, Math.floor(MAX_WITHOUT_EIM / (cpus.cores * cpus.threads)))}`;
  if (!/^(q35|pc-q35)/.test(machine.type?.value ?? '')) {
    notes.fail(ONLY_Q35, machine.type?.at ?? at, { cause: because, fix: [fewer, 'machine.type: q35'] });
    return machine;
  }
  // The IOMMU that libvirt adds works only with the split interrupt chip.
  if (libvirt < SPLITS_IRQCHIP) {
    notes.fail(NEEDS_EIM, at, {
      cause: [...because, 'the IOMMU of the guest is meant, not that of the host; KubeVirt writes none'],
      fix: [
        ...(requested(cpus) <= MAX_WITHOUT_EIM ? [fewer] : []),
        'a KubeVirt with libvirt 11.0 or newer, which adds the IOMMU by itself',
      ],
    });
    return machine;
  }
  notes.assume(
    'more than 255 vCPUs: an intel IOMMU with intremap and eim is added, with kernel-irqchip=split',
    ['remapping'],
  );
  return { ...machine, iommu: addedIommu(), irqchip: { value: 'split', at: undefined } };
}

function addedIommu(): QemuDevice<'intel-iommu'> {
  const on = { value: 'on', at: undefined as Location | undefined };
  return {
    driver: 'intel-iommu',
    id: 'iommu0',
    at: undefined,
    props: new Map([
      ['intremap', on],
      ['eim', on],
    ]),
    option: undefined,
  };
}
