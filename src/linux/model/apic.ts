/**
 * The APIC mode and the highest APIC ID that the kernel accepts. Mirrors enable_IR_x2apic() and
 * try_to_enable_x2apic() of arch/x86/kernel/apic/apic.c, written as the procedure of
 * docs/model/apic-mode.md#the-decision.
 */
import { BAD_APICID, EXT_DEST_MAX_ID, MSI_MAX_ID, NO_LIMIT, XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import type { Kernel } from '../../machine/kernel.ts';
import type { Machine } from '../../machine/machine.ts';
import { bringsUpInParallel, type Enumeration, type KernelCpu } from './enumerate.ts';
import {
  type ApicDriver,
  bootApicId,
  type Fatal,
  type Handover,
  hex8,
  type Reason,
  routingMessage,
} from './handover.ts';
import { detectHypervisor, type Hypervisor } from './hypervisor.ts';
import { type IrqRemapping, irqRemappingPrepare } from './remapping.ts';

export type { Fatal, Reason } from './handover.ts';

export type ApicMode = 'xapic-flat' | 'xapic-physical' | 'x2apic-physical' | 'x2apic-cluster' | 'off';

export interface ApicDecision {
  readonly mode: ApicMode;
  /** Highest APIC ID that may come online (`apic->max_apic_id`); NO_LIMIT if there is none. */
  readonly limit: number;
  readonly remapping: 'none' | 'xapic' | 'x2apic';
  /** The remapping is Hyper-V's stub: IO-APIC interrupts only. */
  readonly hypervStub: boolean;
  /** The kernel uses the 15-bit extended destination ID. */
  readonly extDestId: boolean;
  /** The hypervisor lets x2APIC be used without remapping. */
  readonly hypervisorX2apic: boolean;
  /** IO-APICs are set up; not with `noapic`, `nosmp` or `maxcpus=0`. */
  readonly ioApic: boolean;
  /** CPUs are kicked in parallel, so a refusal at boot is printed twice. */
  readonly parallelBringUp: boolean;
  /** Shortest chain of reasons for mode and limit. */
  readonly because: readonly Reason[];
  readonly messages: readonly string[];
  readonly fatal: Fatal | null;
}

/** Up to this many possible CPUs older kernels use flat logical destinations. */
const FLAT_CPUS = 8;

const MODES: Readonly<Record<ApicDriver, ApicMode>> = {
  flat: 'xapic-flat',
  'physical flat': 'xapic-physical',
  'cluster x2apic': 'x2apic-cluster',
  'physical x2apic': 'x2apic-physical',
};

/** What the steps of the decision share. */
interface Context {
  readonly machine: Machine;
  readonly enumeration: Enumeration;
  readonly start: Handover;
  readonly hypervisor: Hypervisor;
  readonly ir: IrqRemapping;
}

type Outcome = Pick<ApicDecision, 'limit' | 'extDestId' | 'because' | 'messages' | 'fatal'> & {
  readonly driver: ApicDriver;
};

/** Never fails; a kernel that dies while it decides says so in `fatal`. */
export function decideApic(machine: Machine, start: Handover, enumeration: Enumeration): ApicDecision {
  const hypervisor = detectHypervisor(machine);
  const { cmdline } = machine;
  const ioApic = start.apicEnabled && !cmdline.noapic && cmdline.maxCpus !== 0;
  const ir = ioApic ? irqRemappingPrepare(machine, start, hypervisor) : NO_REMAPPING;
  const { mode: remapping, stub: hypervStub } = ir;
  const { x2apicAvailable: hypervisorX2apic } = hypervisor;
  const parallelBringUp = bringsUpInParallel(machine);
  const common = { remapping, hypervStub, hypervisorX2apic, ioApic, parallelBringUp };
  if (!start.apicEnabled || start.fatal) {
    const because = start.because ? [start.because] : [];
    const limit = bootApicId(machine);
    return { ...common, mode: 'off', limit, extDestId: false, because, messages: [], fatal: start.fatal };
  }
  const context = { machine, enumeration, start, hypervisor, ir };
  const outcome = ioApic ? enableIrX2apic(context) : skipIoApicSetup(context);
  const { driver, limit, extDestId, because, fatal } = outcome;
  const switched = driver === start.driver || fatal ? [] : [routingMessage(machine, driver)];
  const messages = [...ir.messages, ...outcome.messages, ...switched];
  return {
    remapping,
    hypervStub,
    hypervisorX2apic,
    ioApic,
    parallelBringUp,
    limit,
    extDestId,
    because,
    fatal,
    mode: MODES[driver],
    messages,
  };
}

const NO_REMAPPING: IrqRemapping = {
  mode: 'none',
  stub: false,
  because: { text: 'interrupt remapping is skipped with the IO-APIC set-up', path: ['cmdline'] },
  messages: [],
};

/**
 * Step 2 of docs/model/apic-mode.md#the-decision: without IO-APICs nothing is decided; the mode stays as
 * firmware left it, without a limit.
 */
function skipIoApicSetup({ machine, enumeration, start }: Context): Outcome {
  const text = start.x2apicOn
    ? 'the command line skips the IO-APIC set-up, so x2APIC stays on without remapping and without a limit'
    : 'the command line skips the IO-APIC set-up, so interrupt remapping stays off and the APIC in xAPIC mode';
  return {
    driver: start.x2apicOn ? start.driver : xapicDriver(machine, enumeration),
    limit: start.x2apicOn ? NO_LIMIT : XAPIC_MAX_ID,
    extDestId: false,
    because: [{ text, path: ['cmdline'] }],
    messages: ['Not enabling interrupt remapping due to skipped IO-APIC setup'],
    fatal: null,
  };
}

/** try_to_enable_x2apic(): rows 5 to 9. */
function enableIrX2apic(context: Context): Outcome {
  const { machine, start, ir, hypervisor } = context;
  const messages = start.x2apicOn ? [] : ['x2apic enabled'];
  const x2apic = (
    driver: ApicDriver,
    limit: number,
    because: readonly Reason[],
    extDestId = false,
  ): Outcome => ({
    driver,
    limit,
    extDestId,
    because,
    messages,
    fatal: null,
  });
  if (start.because) return inXapic(context, [start.because], []);
  if (ir.mode === 'x2apic') {
    const physical = ir.stub || machine.cmdline.x2apicPhys;
    const driver = physical ? 'physical x2apic' : 'cluster x2apic';
    return x2apic(driver, NO_LIMIT, [ir.because]);
  }
  const tooHigh = presentIdTooHigh(context);
  if (!hypervisor.x2apicAvailable || tooHigh) return disableX2apic(context, tooHigh ?? hypervisor.because);
  const driver = 'physical x2apic';
  if (!machine.kernel.has('guest-apic-limit')) {
    const text = `Linux ${machine.kernel.text} sets no limit in a guest whose plugged CPUs all have APIC IDs up to 255`;
    return x2apic(driver, NO_LIMIT, [ir.because, { text, path: ['kernel'] }]);
  }
  if (hypervisor.because) return x2apic(driver, MSI_MAX_ID, [ir.because, hypervisor.because]);
  const text = 'the hypervisor offers the extended destination ID, 15 bits wide';
  return x2apic(driver, EXT_DEST_MAX_ID, [ir.because, { text, path: ['extDestId'] }], true);
}

/**
 * Before 26573a97746c one plugged CPU above 255 made a guest give x2APIC up altogether
 * (docs/model/apic-mode.md#changes-by-release).
 */
function presentIdTooHigh({ machine, enumeration, hypervisor }: Context): Reason | null {
  if (!hypervisor.x2apicAvailable || machine.kernel.has('guest-apic-limit')) return null;
  const highest = enumeration.cpus.reduce(
    (max, cpu) => (cpu.present && cpu.apicId !== null ? Math.max(max, cpu.apicId) : max),
    0,
  );
  if (highest <= MSI_MAX_ID) return null;
  const text = `a plugged CPU has APIC ID ${highest}, and Linux ${machine.kernel.text} then uses no x2APIC without remapping`;
  return { text, path: ['kernel'] };
}

/** Step 7, and x2apic_disable() (docs/model/apic-mode.md#disabling-x2apic). */
function disableX2apic(context: Context, why: Reason | null): Outcome {
  const { machine, start, ir } = context;
  const because = why ? [ir.because, why] : [ir.because];
  const messages = ["x2apic: IRQ remapping doesn't support X2APIC mode"];
  if (!start.x2apicOn) return inXapic(context, because, messages);
  const fatal = cannotDisable(machine);
  if (!fatal) return inXapic(context, because, [...messages, 'x2apic disabled']);
  const keptOn = machine.x2apic.locked && machine.kernel.has('x2apic-lock-kept');
  const said = fatal.message.startsWith('Cannot disable') ? [...messages, fatal.message] : messages;
  return {
    driver: start.driver,
    limit: keptOn ? NO_LIMIT : XAPIC_MAX_ID,
    extDestId: false,
    because,
    messages: said,
    fatal,
  };
}

/** Why x2APIC cannot be switched off although it has to be; null if it can. */
function cannotDisable(machine: Machine): Fatal | null {
  const id = bootApicId(machine);
  if (id > XAPIC_MAX_ID) {
    return {
      message: `Cannot disable x2apic, id: ${hex8(id)}`,
      why: `the boot CPU itself has APIC ID ${id}, which does not exist in xAPIC mode`,
    };
  }
  if (!machine.x2apic.locked) return null;
  if (machine.kernel.has('x2apic-lock-kept')) {
    return {
      message: `Cannot disable locked x2apic, id: ${hex8(id)}`,
      why: 'x2APIC is locked and stays on without a limit, then the kernel hits a BUG in setup_IO_APIC',
    };
  }
  return machine.kernel.has('x2apic-lock-known')
    ? {
        message: 'page fault in native_apic_mem_read',
        why: 'x2APIC is locked and stays on, but the kernel goes on as if it were off',
      }
    : {
        message: 'general protection fault in __x2apic_disable',
        why: 'x2APIC is locked and this kernel does not know of the lock',
      };
}

function inXapic(context: Context, because: readonly Reason[], messages: readonly string[]): Outcome {
  const driver = xapicDriver(context.machine, context.enumeration);
  return { driver, limit: XAPIC_MAX_ID, extDestId: false, because, messages, fatal: null };
}

function xapicDriver(machine: Machine, enumeration: Enumeration): ApicDriver {
  const flat = machine.kernel.has('flat-apic') && enumeration.nrCpuIds <= FLAT_CPUS;
  return flat && machine.platform !== 'jailhouse' ? 'flat' : 'physical flat';
}

/**
 * Tries to bring a CPU up: null if it comes online, else the log line of the refusal (EINVAL). Mirrors
 * native_kick_ap(), native_cpu_up() (<= 6.4).
 */
export function refuseBringUp(
  kernel: Kernel,
  { cpu, apicId, present }: KernelCpu,
  { limit }: Pick<ApicDecision, 'limit'>,
): string | null {
  if (cpu === 0) return null;
  const reachable = apicId !== null && apicId <= limit;
  if (reachable && present) return null;
  if (!kernel.has('kick-ap')) return `smpboot: native_cpu_up: bad cpu ${cpu}`;
  if (!kernel.has('topology-fixed-at-boot')) return `smpboot: native_kick_ap: bad cpu ${cpu}`;
  const id = (apicId ?? BAD_APICID).toString(16);
  return reachable
    ? `smpboot: CPU ${cpu} APIC ID ${id} is not present. Aborting bringup`
    : `smpboot: CPU ${cpu} has invalid APIC ID ${id}. Aborting bringup`;
}
