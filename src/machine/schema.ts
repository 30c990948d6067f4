/**
 * The schema of a machine description: which keys there are and what each may hold. The same
 * definitions check the input and become the published JSON Schema. What spans several keys is checked
 * in normalise.ts.
 */
import {
  apicId,
  choice,
  count,
  cpuList,
  either,
  type Holds,
  happens,
  int,
  list,
  matching,
  numberList,
  object,
  optional,
  PRINTABLE,
  required,
  text,
  toggle,
} from './fields.ts';
import { LIMITS, MAX_NODE } from './limits.ts';
import { INTERRUPT_KINDS, PLATFORMS, VPCI_PROTOCOLS } from './machine.ts';
import { MAY_HOLD } from './not-understood.ts';
import { budget } from './schema-budget.ts';
import { cpu, topology } from './schema-cpus.ts';
import { domains } from './schema-domains.ts';
import { expectation } from './schema-expect.ts';
import { extDestId, hpet, remapping, timers } from './schema-platform.ts';
import { triageKeys } from './schema-triage.ts';
import { jsonSchema } from './zod-fields.ts';

/** `notUnderstood:` of a description: one part of an input of another product that its reader did not understand. */
const notUnderstood = object(
  {
    part: required(text('the part as it is written'), 'The part as it is written.'),
    mayHold: optional(
      list(choice(MAY_HOLD), 'a list'),
      'What it could be about. Default: nothing that concerns CPUs and interrupts.',
    ),
    remedy: optional(text('what to do'), 'How to supply it.'),
    suppliedBy: optional(
      text('a dotted key of the description, such as kernel'),
      'Key that holds it: --set of it, or --kernel, supplies the part, which is then no longer named.',
    ),
  },
  'a mapping with part',
);

const kernelConfig = object(
  {
    nrCpus: optional(int(1, LIMITS.cpus), 'CONFIG_NR_CPUS.', 8192),
    x2apic: optional(toggle(), 'CONFIG_X86_X2APIC.', true),
    irqRemap: optional(toggle(), 'CONFIG_IRQ_REMAP.', true),
    ia32: optional(toggle(), 'CONFIG_IA32_EMULATION: vector 0x80 is taken.', true),
    bhyveGuest: optional(toggle(), 'CONFIG_BHYVE_GUEST.', false),
  },
  'a mapping of kernel configuration facts',
);

const firmware = object(
  {
    fadt: optional(
      matching(/^\d{1,2}(\.\d{1,2})?$/, 'a FADT revision in quotes such as "6.5"'),
      'Revision of the FADT (the ACPI version).',
      '6.5',
    ),
    onlineCapable: optional(toggle(), 'Absent CPUs carry the Online Capable flag.', true),
  },
  'a mapping with fadt, onlineCapable',
);

const device = object(
  {
    name: required(
      matching(PRINTABLE, 'a name of 1 to 200 printable characters'),
      'Name in the report; with `count` a number is added.',
    ),
    driver: required(text('the name of a driver'), 'Driver profile.'),
    count: optional(count(), 'That many devices: name0, name1, …'),
    queues: optional(int(1, 65_535), 'Queues the hardware offers. Default: by driver.'),
    vectors: optional(int(1, 2048), 'Size of the MSI-X table. Default: by driver.'),
    node: optional(int(0, MAX_NODE), 'NUMA node of the device.'),
    managed: optional(toggle(), 'Driver generic: interrupts are managed (spread) by the kernel.'),
    preVectors: optional(int(0, 2048), 'Driver generic: vectors before the spread ones.'),
    postVectors: optional(int(0, 2048), 'Driver generic: vectors after the spread ones.'),
    interrupts: optional(
      choice(INTERRUPT_KINDS),
      'Driver generic: a table of messages, up to 32 messages of one capability, or a pin of the IO-APIC.',
      'msi-x',
    ),
    remapped: optional(
      toggle(),
      'off: no IOMMU covers the device, so that its messages are not remapped though others are.',
      true,
    ),
    behind: optional(text('the name of a device'), 'The Intel VMD controller that it is behind.', ''),
  },
  'a mapping such as { name: nvme0, driver: nvme }',
);

const interrupt = {
  device: optional(text('the name of a device'), 'Device of the interrupt, with queue or vector.'),
  queue: optional(int(0, 65_535), 'Queue of the device.'),
  vector: optional(int(0, 2047), 'Index in the MSI-X table of the device.'),
  irq: optional(int(0, LIMITS.vectors * 2), 'Interrupt number, instead of device.'),
};

const event = object(
  {
    online: optional(cpuList(), 'Bring CPUs up.'),
    offline: optional(cpuList(), 'Take CPUs down.'),
    unplug: optional(cpuList(), 'Remove CPUs.'),
    plug: optional(
      object(
        {
          apicId: required(apicId(), 'APIC ID of the new CPU.'),
          node: optional(int(0, MAX_NODE), 'NUMA node of the new CPU; it may be one without CPUs so far.'),
        },
        'a mapping such as { apicId: 300, node: 1 }',
      ),
      'Plug a CPU in.',
    ),
    suspend: optional(happens(), 'Suspend: every CPU but the boot CPU is taken down.'),
    resume: optional(happens(), 'Resume: the CPUs that suspend took down come back.'),
    smt: optional(toggle(), 'Write to /sys/devices/system/cpu/smt/control.'),
    setAffinity: optional(
      object(
        { ...interrupt, cpus: required(cpuList(), 'The mask that is written.') },
        'a mapping such as { device: nvme0, vector: 0, cpus: "0-1" }',
      ),
      'The user writes /proc/irq/N/smp_affinity_list.',
    ),
    fire: optional(
      object(interrupt, 'a mapping such as { device: nvme0, vector: 0 }'),
      'The device raises an interrupt, which lets a deferred move happen.',
    ),
    reprobe: optional(
      text('the name of a device'),
      'The device is removed and set up again, by the CPUs of that moment.',
    ),
  },
  'a mapping such as { offline: 3 }',
);

/** A machine description as written. */
export const inputSchema = object(
  {
    $schema: optional(text('a URL'), 'The JSON Schema, for editors.'),
    name: optional(text('a name in text'), 'Name of the machine.'),
    kernel: optional(
      text('a kernel release in quotes such as "6.12" or "6.12.41"', 100),
      'Linux release to model. Default: the newest.',
    ),
    kernelConfig: optional(kernelConfig, 'CONFIG_ facts that matter.'),
    platform: optional(choice(PLATFORMS), 'What the kernel runs on.', 'bare-metal'),
    cmdline: optional(text('kernel parameters in text', 65_536), 'Kernel command line.', ''),
    kdump: optional(
      text('kernel parameters in text', 65_536),
      'What kdump adds to the command line of the crash kernel. Default with crashkernel=: ' +
        '"irqpoll nr_cpus=1 reset_devices".',
    ),
    kdumpBase: optional(
      text('kernel parameters in text', 65_536),
      'What stands before kdump in the command line of the crash kernel. Default: all of cmdline.',
    ),
    topology: optional(topology, 'CPUs by topology; APIC IDs follow from field widths.'),
    cpus: optional(list(cpu, 'a list of CPUs'), 'CPUs one by one, in firmware (MADT) order.'),
    smt: optional(int(1, 1024), 'With `cpus`: threads per core.', 1),
    packageCpus: optional(
      int(1, LIMITS.cpus),
      'With `cpus`: APIC IDs that a package has room for. Kernels from 6.9 ask which package an absent CPU is in.',
    ),
    memoryNodes: optional(
      numberList('a NUMA node or a list such as "2-3"'),
      'NUMA nodes with memory and no CPUs. Default: none.',
    ),
    x2apic: optional(
      choice(['auto', 'unsupported', 'supported', 'enabled', 'locked']),
      'auto: firmware turned it on if an APIC ID is 255 or above; supported: firmware hands over in xAPIC; ' +
        'enabled: by firmware; locked: enabled and cannot be turned off.',
      'auto',
    ),
    remapping: optional(
      either(
        [toggle(), remapping],
        'on, off, or a mapping with enabled, eim, optOut, vendor, ioapics, mixedXt',
      ),
      'Interrupt remapping; on means with 32-bit destinations.',
      'off',
    ),
    extDestId: optional(
      either([toggle(), extDestId], 'on, off, or a mapping with offered, honoured'),
      'The 15-bit extended destination ID; on means offered and honoured.',
      'off',
    ),
    vpciProtocol: optional(
      choice(VPCI_PROTOCOLS),
      "Protocol of Hyper-V's virtual PCI bus; below 1.2 it interrupts virtual processors 0 to 63 only.",
      '1.4',
    ),
    domains: optional(
      domains,
      'What interrupt domains reach, where that is less (or more) than messages can carry.',
    ),
    broadcastQuirk: optional(
      toggle(),
      "KVM's x2APIC broadcast quirk is left on: a message to APIC ID 255 goes to every CPU.",
      false,
    ),
    hypervEnlightenments: optional(toggle(), 'KVM offers interfaces of Hyper-V beside its own.', false),
    hpet: optional(
      either([toggle(), hpet], 'on, off, or a mapping with present, msi, channels'),
      'The HPET timer; on means without MSI.',
      'on',
    ),
    timers: optional(timers, 'What can replace the HPET.'),
    legacyIrqs: optional(toggle(), 'off: no PIC / IO-APIC legacy interrupts.', true),
    guestOs: optional(
      text('the name of an operating system'),
      'The operating system that runs here.',
      'Linux',
    ),
    notUnderstood: optional(
      list(notUnderstood, 'a list of parts'),
      'Parts of a configuration of another product that irqsim did not understand; irqsim import writes them.',
    ),
    firmware: optional(firmware, 'Decides whether absent CPUs count.'),
    devices: optional(list(device, 'a list of devices'), 'Devices, in probe order.'),
    probeOrder: optional(
      list(text('the name of a device'), 'a list of devices by name'),
      'Devices that are probed in another order than listed: these first, of an entry with `count` all, then the others.',
    ),
    policy: optional(
      text('the name of a policy'),
      'What the kernel does about unreachable CPUs.',
      'mainline',
    ),
    events: optional(list(event, 'a list of events'), 'What happens after boot, in order.'),
    budget: optional(budget, 'Raises what an analysis may cost.'),
    expect: optional(expectation, 'Assertions; a false one is an error finding.'),
    ...triageKeys,
  },
  'a mapping',
);

export type MachineInput = Holds<typeof inputSchema>;
export type CpuInput = Holds<typeof cpu>;
export type TopologyInput = Holds<typeof topology>;
export type DeviceInput = Holds<typeof device>;
export type EventInput = Holds<typeof event>;
export type ExpectInput = Holds<typeof expectation>;
export type CpuListInput = Holds<ReturnType<typeof cpuList>>;
export type ToggleInput = Holds<ReturnType<typeof toggle>>;
export type NumberListInput = Holds<ReturnType<typeof numberList>>;

/** The schema as JSON Schema (draft 2020-12), for editors and other programs. */
export function machineJsonSchema(): object {
  return {
    $id: 'urn:irqsim:machine:1',
    title: 'irqsim machine description',
    description: 'An x86 machine or guest, for irqsim: CPUs, interrupt hardware, devices and events.',
    ...jsonSchema(inputSchema),
  };
}
