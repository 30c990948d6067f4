/** Accounts for the keys of a KubeVirt object (1.9): used, without bearing on CPUs and interrupts, or named. */
import { lookup } from '../../lib/lookup.ts';
import { excerpt } from '../../machine/locate.ts';
import type { MayHold } from '../../machine/not-understood.ts';
import { ELSEWHERE, type KnownKeys, keysOf, nameUnknown } from '../known-keys.ts';
import type { Notes } from '../notes.ts';
import { isKnownFlag } from '../qemu/known-cpu-flags.ts';
import type { SourceValue } from '../text/source-value.ts';
import type { Guest } from './guest.ts';
import { IDLE_KEYS } from './idle-keys.ts';

const DEVICES: readonly MayHold[] = ['devices'];
const ANY: readonly MayHold[] = ['CPUs', 'devices', 'the machine type', 'the irqchip'];

const DISK = keysOf(
  'name serial bootOrder io cache tag shareable dedicatedIOThread errorPolicy blockSize changedBlockTracking',
  DEVICES,
  {
    disk: keysOf('bus readonly pciAddress', DEVICES),
    lun: keysOf('bus readonly reservation', DEVICES),
    cdrom: keysOf('bus readonly tray', DEVICES),
  },
);

const HOST_DEVICE = keysOf('name deviceName tag claimName requestName virtualGPUOptions', DEVICES);

const DOMAIN: KnownKeys = keysOf('memory resources ioThreads ioThreadsPolicy chassis rebootPolicy', ANY, {
  cpu: keysOf(
    'cores sockets threads maxSockets model dedicatedCpuPlacement isolateEmulatorThread realtime',
    ['CPUs'],
    { features: keysOf('name policy', ['CPUs']), numa: keysOf('guestMappingPassthrough', ['CPUs']) },
  ),
  devices: keysOf(
    `rng watchdog tpm panicDevices autoattachPodInterface autoattachGraphicsDevice autoattachSerialConsole
      autoattachMemBalloon autoattachInputDevice autoattachVSOCK blockMultiQueue networkInterfaceMultiqueue
      useVirtioTransitional disableHotplug clientPassthrough downwardMetrics logSerialConsole`,
    DEVICES,
    {
      disks: DISK,
      interfaces: keysOf(
        `name model macAddress bootOrder pciAddress ports dhcpOptions tag acpiIndex state binding bridge masquerade slirp
          macvtap passt passtBinding sriov`,
        DEVICES,
      ),
      filesystems: keysOf('name virtiofs', DEVICES),
      gpus: HOST_DEVICE,
      hostDevices: HOST_DEVICE,
      inputs: keysOf('name bus type', DEVICES),
      sound: keysOf('name model', DEVICES),
      video: keysOf('type', DEVICES),
    },
  ),
  features: keysOf('acpi apic hypervPassthrough pvspinlock smm', ['the irqchip', 'CPUs'], {
    kvm: keysOf('hidden', ['CPUs']),
    hyperv: keysOf(
      `relaxed vapic spinlocks vpindex runtime synic synictimer reset vendorid frequencies reenlightenment tlbflush ipi
        evmcs`,
      ['CPUs'],
    ),
  }),
  machine: keysOf('type', ['the machine type']),
  clock: keysOf('utc timezone', [], { timer: keysOf('hpet kvm pit rtc hyperv', []) }),
  firmware: keysOf('bootloader uuid serial acpi', ['the kernel'], {
    kernelBoot: keysOf('container kernelArgs', ['the kernel']),
  }),
  launchSecurity: keysOf('sev snp tdx', ['the irqchip']),
});

/** The spec of an instance, beside its domain. */
const SPEC = keysOf(
  `accessCredentials affinity architecture dnsConfig dnsPolicy evictionStrategy hostname livenessProbe networks
  nodeSelector priorityClassName readinessProbe resourceClaims schedulerName startStrategy subdomain
  terminationGracePeriodSeconds tolerations topologySpreadConstraints utilityVolumes volumes`,
  ['CPUs', 'devices'],
  { domain: ELSEWHERE },
);

const TEMPLATE = keysOf('metadata', ['CPUs', 'devices'], { spec: ELSEWHERE });

/** The spec of a machine or a set, beside its template. */
const OWNER = keysOf(
  `running runStrategy instancetype preference dataVolumeTemplates updateVolumesStrategy replicas selector paused`,
  ['CPUs', 'devices'],
  { template: TEMPLATE },
);

/** The spec of a pool, beside its machine. */
const POOL = keysOf(
  `replicas selector paused nameGeneration maxUnavailable autohealing scaleInStrategy updateStrategy`,
  ['CPUs', 'devices'],
  { virtualMachineTemplate: keysOf('metadata', ['CPUs', 'devices'], { spec: OWNER }) },
);

/** By kind: what holds the spec of an instance. */
const OWNERS = {
  VirtualMachine: OWNER,
  VirtualMachineInstanceReplicaSet: OWNER,
  VirtualMachinePool: POOL,
} as const satisfies Readonly<Record<string, KnownKeys>>;

/** What of an instancetype is read, or has no bearing. */
const INSTANCETYPE = keysOf('memory ioThreads ioThreadsPolicy annotations nodeSelector schedulerName', ANY, {
  cpu: keysOf('guest model dedicatedCPUPlacement isolateEmulatorThread realtime maxSockets', ['CPUs']),
});

/** What of a preference is read, or has no bearing; Windows guests are known by its name. */
const PREFERENCE = keysOf(
  `annotations requirements volumes firmware preferredSubdomain preferredTerminationGracePeriodSeconds preferredArchitecture
  preferSpreadSocketToCoreRatio`,
  ANY,
  {
    cpu: keysOf('preferredCPUTopology', ['CPUs'], { spreadOptions: keysOf('ratio across', ['CPUs']) }),
    machine: keysOf('preferredMachineType', ['the machine type']),
    clock: keysOf('preferredClockOffset', [], { preferredTimer: keysOf('hpet kvm pit rtc hyperv', []) }),
    features: keysOf('preferredAcpi preferredApic preferredPvspinlock preferredSmm preferredHyperv', [
      'CPUs',
      'the irqchip',
    ]),
    devices: keysOf(
      `preferredDiskBus preferredInterfaceModel preferredNetworkInterfaceMultiQueue preferredBlockMultiQueue preferredRng
      preferredCdromBus preferredLunBus preferredDiskBlockSize preferredDiskCache preferredDiskIO
      preferredDiskDedicatedIoThread preferredDisableHotplug preferredInputBus preferredInputType preferredInterfaceMasquerade
      preferredTPM preferredUseVirtioTransitional preferredVirtualGPUOptions preferredAutoattachGraphicsDevice
      preferredAutoattachInputDevice preferredAutoattachMemBalloon preferredAutoattachPodInterface
      preferredAutoattachSerialConsole`,
      DEVICES,
    ),
  },
);

/** Names the keys of a guest that are not known. */
export function accountForKeys(guest: Guest, notes: Notes): void {
  const { domain, object, instancetype, preference } = guest;
  nameUnknown(domain, DOMAIN, notes, { path: ['domain'], idle: IDLE_KEYS });
  nameUnknown(guest.spec, SPEC, notes, { path: ['spec'], idle: IDLE_KEYS });
  const owner = lookup(OWNERS, object.get('kind')?.text());
  if (owner) nameUnknown(object.get('spec'), owner, notes, { path: ['spec'], idle: IDLE_KEYS });
  nameUnknown(instancetype?.get('spec'), INSTANCETYPE, notes, {
    path: ['instancetype', 'spec'],
    idle: IDLE_KEYS,
  });
  nameUnknown(preference?.get('spec'), PREFERENCE, notes, { path: ['preference', 'spec'], idle: IDLE_KEYS });
  nameMissingPreference(guest, notes);
  nameHooks(guest, notes);
  for (const feature of domain.get('cpu', 'features')?.list() ?? []) {
    const name = feature.get('name');
    const isOff = /^(?:disable|forbid)$/.test(String(feature.get('policy')?.value));
    if (name && !isKnownFlag(name.text().replaceAll('_', '-'), isOff))
      notes.notUnderstood(`the CPU feature ${excerpt(name.text())}`, name.place, ['CPUs']);
  }
  for (const { path, values, mayHold } of VALUES) {
    for (const value of valuesAt(domain, path)) {
      if (typeof value.value !== 'string' || values.test(value.value)) continue;
      notes.notUnderstood(`${path.join('.')}: ${excerpt(value.value)}`, value.place, mayHold);
    }
  }
}

/** Containers that KubeVirt hands the domain to, and that may change anything in it before libvirt has it. */
const HOOKS = 'hooks.kubevirt.io/hookSidecars';

function nameHooks({ metadata }: Guest, notes: Notes): void {
  const hooks = metadata?.get('annotations', HOOKS);
  if (hooks) notes.notUnderstood(`the annotation ${HOOKS}`, hooks.place, ANY);
}

/** A preference that is not among the objects may choose buses, models and multi-queue. */
function nameMissingPreference({ named, preference }: Guest, notes: Notes): void {
  if (!named || preference) return;
  const name = excerpt(String(named.get('name')?.value ?? ''));
  const remedy = 'put the preference into the same input, as kubectl get prints it';
  notes.notUnderstood(`the preference ${name}`, named.place, DEVICES, remedy);
}

/** Values that are known, where another one may change the machine; lists are looked through. */
const VALUES: readonly { path: readonly string[]; values: RegExp; mayHold: readonly MayHold[] }[] = [
  {
    path: ['devices', 'video', 'type'],
    values: /^(?:vga|virtio|bochs|cirrus|ramfb|none)$/,
    mayHold: DEVICES,
  },
  { path: ['devices', 'inputs', 'bus'], values: /^(?:virtio|usb)$/, mayHold: DEVICES },
  { path: ['devices', 'inputs', 'type'], values: /^tablet$/, mayHold: DEVICES },
  { path: ['devices', 'sound', 'model'], values: /^(?:ich9|ac97)$/, mayHold: DEVICES },
  {
    path: ['cpu', 'features', 'policy'],
    values: /^(?:force|require|optional|disable|forbid)$/,
    mayHold: ['CPUs'],
  },
];

function valuesAt(
  value: SourceValue | undefined,
  [first, ...rest]: readonly string[],
): readonly SourceValue[] {
  const all = !value ? [] : Array.isArray(value.value) ? value.list() : [value];
  return first === undefined ? all : all.flatMap((one) => valuesAt(one.get(first), rest));
}
