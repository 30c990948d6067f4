/** A raw description → a complete `Machine`: validated, every default filled in, every range expanded. */

import { FIRST_X2APIC_ID } from './apic-ids.ts';
import { type Cmdline, parseCmdline } from './cmdline.ts';
import { suggestion } from './did-you-mean.ts';
import { type EventWork, eventWork, tooMuchWork } from './event-work.ts';
import { type Kernel, kernelProfile, NEWEST_KERNEL } from './kernel.ts';
import { BUDGET, grouped, HPET_CHANNELS } from './limits.ts';
import { collectProblems, excerpt, type Locate, type Problems, type RawInput } from './locate.ts';
import type { FirmwareCpu, Given, Machine, Platform, Timers, X2apic } from './machine.ts';
import { normaliseCpus } from './normalise-cpus.ts';
import { inProbeOrder, normaliseDevices } from './normalise-devices.ts';
import { normaliseDomains } from './normalise-domains.ts';
import { normaliseEvents } from './normalise-events.ts';
import { normaliseExpect } from './normalise-expect.ts';
import { normaliseMemoryNodes } from './normalise-nodes.ts';
import { normaliseExtDestId, normaliseRemapping } from './normalise-remapping.ts';
import { normaliseTriage, type RuleNames } from './normalise-triage.ts';
import type { MachineInput } from './schema.ts';
import type { Budget } from './schema-budget.ts';
import { applySets } from './set.ts';
import { type ShareParts, shareNothing } from './share-parts.ts';
import { isOn } from './switch.ts';
import { validate } from './validate.ts';

/** Names that live on higher floors but may be written in a description. */
export interface KnownNames extends RuleNames {
  readonly policies: readonly string[];
}

/** `domains:` for at most `possible` CPUs. */
function shareDomains(
  { domains = {} }: MachineInput,
  possible: number,
  problems: Problems,
  share: ShareParts,
): Machine['domains'] {
  return share('domains', [domains, possible], problems, (found) =>
    normaliseDomains(domains, possible, found),
  );
}

/** `devices:` in the order of `probeOrder:`. */
function shareDevices(
  input: MachineInput,
  highestNode: number,
  problems: Problems,
  share: ShareParts,
): Machine['devices'] {
  const { devices = [], probeOrder = [] } = input;
  const budget = budgetOf(input);
  return share('devices', [devices, probeOrder, highestNode, budget], problems, (found) =>
    inProbeOrder(probeOrder, devices, normaliseDevices(devices, highestNode, budget, found), found),
  );
}

/** `memoryNodes:` beside these CPUs, which were shared. */
function shareMemoryNodes(
  { memoryNodes }: MachineInput,
  fromCpus: ReturnType<typeof normaliseCpus>,
  problems: Problems,
  share: ShareParts,
): Machine['memoryNodes'] {
  return share('memoryNodes', [memoryNodes ?? null, fromCpus], problems, (found) =>
    normaliseMemoryNodes(memoryNodes, fromCpus.cpus, found),
  );
}

/** `events:` of these CPUs, which were shared; of the devices they know the names alone. */
function shareEvents(
  { events = [] }: MachineInput,
  fromCpus: ReturnType<typeof normaliseCpus>,
  devices: Machine['devices'],
  problems: Problems,
  share: ShareParts,
): Machine['events'] {
  const names = devices.map(({ name }) => name);
  return share('events', [events, fromCpus, names], problems, (found) =>
    normaliseEvents(events, fromCpus.cpus, names, found),
  );
}

/** Work past the budget is refused before it is begun. */
function refuseTooMuchWork(work: EventWork, events: Machine['events'], problems: Problems): void {
  const refused = tooMuchWork(work, `${grouped(events.length)} events`);
  if (refused === undefined) return;
  problems.add(['events'], refused);
  problems.throwIfAny();
}

/**
 * Checks `value` and completes it. `source` is the file name ("-" for standard input).
 * Throws `InputError` with everything that is wrong: first against the schema, then across fields.
 * `share` may give CPUs, devices and events of another variant of the same description.
 */
export function normalise(
  value: unknown,
  source: string,
  locate: Locate,
  known: KnownNames,
  share: ShareParts = shareNothing,
): Machine {
  const input = validate({ value, locate }, source);
  const problems = collectProblems(source, locate);
  const { platform = 'bare-metal', policy = 'mainline' } = input;
  const kernel = normaliseKernel(input.kernel, problems);
  const cpuInput = [input.topology, input.cpus, input.smt, input.packageCpus];
  const fromCpus = share('cpus', cpuInput, problems, (found) => normaliseCpus(input, locate, found));
  const { cpus, cpuPath, bootIndex, smtShift, packageShift, shape } = fromCpus;
  const memoryNodes = shareMemoryNodes(input, fromCpus, problems, share);
  const highestNode = cpus.reduce((highest, { node }) => Math.max(highest, node), memoryNodes.at(-1) ?? 0);
  const budget = budgetOf(input);
  const devices = shareDevices(input, highestNode, problems, share);
  const events = shareEvents(input, fromCpus, devices, problems, share);
  const possible = cpus.length + events.filter(({ kind }) => kind === 'plug').length;
  const work = eventWork(events, possible, devices, budget);
  refuseTooMuchWork(work, events, problems);
  const domains = shareDomains(input, possible, problems, share);
  const cmdline = shareCmdline(input.cmdline ?? '', problems, share);
  const expect = normaliseExpect(input, devices, known.rules, problems);
  const triage = normaliseTriage(input, devices, known, { source, locate }, problems);
  checkPolicy(policy, known.policies, problems);
  problems.throwIfAny();
  const { extDestId, extDestHonoured } = normaliseExtDestId(input.extDestId ?? 'off');
  return {
    name: input.name ?? '',
    source,
    kernel,
    kernelConfig: normaliseKernelConfig(input.kernelConfig ?? {}),
    platform,
    cmdline,
    kdump: normaliseKdump(input, cmdline, problems, share),
    cpus,
    cpuPath,
    bootIndex,
    smtShift,
    packageShift,
    memoryNodes,
    shape,
    x2apic: normaliseX2apic(input.x2apic ?? 'auto', cpus),
    remapping: normaliseRemapping(input.remapping ?? 'off'),
    extDestId,
    extDestHonoured,
    vpciProtocol: input.vpciProtocol ?? '1.4',
    domains,
    broadcastQuirk: isOn(input.broadcastQuirk, false),
    hypervEnlightenments: isOn(input.hypervEnlightenments, false),
    hpet: normaliseHpet(input.hpet ?? 'on'),
    timers: normaliseTimers(input.timers ?? {}, platform),
    legacyIrqs: isOn(input.legacyIrqs, true),
    guestOs: input.guestOs === undefined || /linux/i.test(input.guestOs) ? null : input.guestOs,
    notUnderstood: shareNotUnderstood(input, problems, share),
    firmware: normaliseFirmware(input.firmware ?? {}),
    devices,
    policy,
    events,
    eventWork: work,
    expect,
    triage,
    locate,
    given: givenBy({ value, locate }, source, known),
  };
}

/** The description of a file ("-" for standard input) as what machines are made from; it need not be valid itself. */
export function givenBy(raw: RawInput, source: string, known: KnownNames): Given {
  return {
    description: raw.value as Given['description'],
    vary(changes, share) {
      const { value, locate } = applySets(raw, changes);
      return normalise(value, source, locate, known, share);
    },
  };
}

function budgetOf({ budget: { vectors = BUDGET.vectors, work = BUDGET.work } = {} }: MachineInput): Budget {
  return { vectors, work };
}

function normaliseKernelConfig(input: NonNullable<MachineInput['kernelConfig']>): Machine['kernelConfig'] {
  return {
    nrCpus: input.nrCpus ?? 8192,
    x2apic: isOn(input.x2apic, true),
    irqRemap: isOn(input.irqRemap, true),
    ia32: isOn(input.ia32, true),
    bhyveGuest: isOn(input.bhyveGuest, false),
  };
}

function shareNotUnderstood(
  { notUnderstood = [] }: MachineInput,
  problems: Problems,
  share: ShareParts,
): Machine['notUnderstood'] {
  return share('notUnderstood', [notUnderstood], problems, () =>
    notUnderstood.map(({ part, mayHold = [], remedy, suppliedBy }) => ({
      part,
      mayHold,
      remedy,
      suppliedBy,
    })),
  );
}

function normaliseKernel(text: string | undefined, problems: Problems): Kernel {
  try {
    return kernelProfile(text ?? NEWEST_KERNEL);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.add(['kernel'], error.message);
    return kernelProfile(NEWEST_KERNEL);
  }
}

function checkPolicy(policy: string, known: readonly string[], problems: Problems): void {
  if (known.some((name) => name.toLowerCase() === policy.toLowerCase())) return;
  problems.add(['policy'], `unknown policy ${excerpt(policy)}${suggestion(policy, known, 'policies')}`);
}

function normaliseX2apic(setting: X2apic['setting'], cpus: readonly FirmwareCpu[]): X2apic {
  const needed = cpus.some(({ apicId }) => apicId !== null && apicId >= FIRST_X2APIC_ID);
  return {
    supported: setting !== 'unsupported',
    firmware: setting === 'auto' ? needed : setting === 'enabled' || setting === 'locked',
    locked: setting === 'locked',
    setting,
  };
}

function normaliseHpet(input: NonNullable<MachineInput['hpet']>): Machine['hpet'] {
  const written = typeof input === 'object' ? input : { present: input };
  const present = isOn(written.present, true);
  return {
    present,
    msi: present && isOn(written.msi, false),
    channels: written.channels ?? HPET_CHANNELS.most,
  };
}

/** Platforms whose hypervisor tells the TSC frequency (docs/model/hotplug.md#timers-and-hpet). */
const TELLS_TSC_FREQUENCY: readonly Platform[] = ['kvm', 'hyperv', 'vmware', 'acrn', 'jailhouse'];

/** Every CPU of the last decade has the TSC-deadline timer; QEMU's TCG does not offer it. */
function normaliseTimers(input: NonNullable<MachineInput['timers']>, platform: Platform): Timers {
  const kvmclock = isOn(input.kvmclock, platform === 'kvm');
  // On KVM it is kvm-clock that tells the frequency (kvm_get_tsc_khz()).
  const told = TELLS_TSC_FREQUENCY.includes(platform) && (platform !== 'kvm' || kvmclock);
  return {
    kvmclock,
    tscDeadline: isOn(input.tscDeadline, platform !== 'tcg'),
    knownFrequency: isOn(input.knownFrequency, told),
    arat: isOn(input.arat, true),
  };
}

/** What the kdump service of the large distributions adds. */
const KDUMP_APPEND = 'irqpoll nr_cpus=1 reset_devices';

const shareCmdline = (text: string, problems: Problems, share: ShareParts): Cmdline =>
  share('cmdline', [text], problems, () => parseCmdline(text));

/** The crash kernel inherits the command line; kdump puts its own parameters behind it. */
function normaliseKdump(
  { cmdline = '', kdumpBase = cmdline, kdump }: MachineInput,
  ofKernel: Cmdline,
  problems: Problems,
  share: ShareParts,
): Cmdline | null {
  if (kdump === undefined && !ofKernel.crashkernel) return null;
  return shareCmdline(`${kdumpBase} ${kdump ?? KDUMP_APPEND}`, problems, share);
}

function normaliseFirmware(input: NonNullable<MachineInput['firmware']>): Machine['firmware'] {
  return { fadt: fadtRevision(input.fadt ?? '6.5'), onlineCapable: isOn(input.onlineCapable, true) };
}

/** "6.5" → 605. */
function fadtRevision(text: string): number {
  const dot = text.indexOf('.');
  return dot < 0 ? Number(text) * 100 : Number(text.slice(0, dot)) * 100 + Number(text.slice(dot + 1));
}
