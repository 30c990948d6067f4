/**
 * How the kernel takes the local APIC over from firmware, before it reads a single CPU entry: x2APIC on or
 * off, `nox2apic`, a kernel built without x2APIC. Mirrors setup_nox2apic() and check_x2apic() of
 * arch/x86/kernel/apic/apic.c and the first choice of an APIC driver.
 */
import { XAPIC_MAX_ID } from '../../machine/apic-ids.ts';
import type { Machine, Path } from '../../machine/machine.ts';

/** The APIC drivers, by the names that the kernel prints. */
export type ApicDriver = 'flat' | 'physical flat' | 'cluster x2apic' | 'physical x2apic';

/** One link of a chain of reasons: a sentence, and the value of the description that decides it. */
export interface Reason {
  readonly text: string;
  readonly path?: Path;
}

/** The kernel does not survive: what it says last, and why. */
export interface Fatal {
  readonly message: string;
  readonly why: string;
}

export interface Handover {
  /** False: the kernel runs on one CPU, without a local APIC and without MSI. */
  readonly apicEnabled: boolean;
  /** The kernel may switch x2APIC on: CPUID, configuration and `nox2apic` allow it. */
  readonly x2apicSupported: boolean;
  /** x2APIC is on while the CPU entries are read, so APIC IDs of 255 and above are taken. */
  readonly x2apicOn: boolean;
  /** Why the APIC is off or x2APIC is not supported; null when neither. */
  readonly because: Reason | null;
  /** Driver in place while the CPU entries are read. */
  readonly driver: ApicDriver;
  readonly messages: readonly string[];
  readonly fatal: Fatal | null;
}

/** APIC ID of the CPU that the kernel starts on. */
export function bootApicId(machine: Machine): number {
  return machine.cpus[machine.bootIndex].apicId ?? 0;
}

/** "0000012c", as `%08x` prints an APIC ID. */
export function hex8(apicId: number): string {
  return apicId.toString(16).padStart(8, '0');
}

/** The command line switches the local APIC off: `nolapic`, and `disableapic` where the kernel knows it. */
export function apicDisabled({ cmdline, kernel }: Machine): boolean {
  return cmdline.nolapic || (cmdline.disableapic && kernel.has('disableapic'));
}

/** Never fails; what kills the kernel is in `fatal`. */
export function handOver(machine: Machine): Handover {
  if (apicDisabled(machine)) {
    const parameter = machine.cmdline.nolapic ? 'nolapic' : 'disableapic';
    return withoutApic({
      text: `${parameter} on the command line switches the local APIC off`,
      path: ['cmdline'],
    });
  }
  if (!machine.kernelConfig.x2apic) return withoutX2apicSupport(machine);
  if (machine.cmdline.nox2apic) return setupNox2apic(machine);
  return checkX2apic(machine, []);
}

/** check_x2apic(): stays in the mode in which firmware handed over. */
function checkX2apic(machine: Machine, early: readonly string[]): Handover {
  if (!machine.x2apic.firmware) {
    const { supported } = machine.x2apic;
    const because = supported ? null : { text: 'the CPU offers no x2APIC', path: ['x2apic'] };
    return inXapicMode(machine, early, because, supported);
  }
  const driver = machine.cmdline.x2apicPhys ? 'physical x2apic' : 'cluster x2apic';
  const chosen = machine.kernel.has('apic-routing-prefix')
    ? routingMessage(machine, driver)
    : `Setting APIC routing to ${driver}.`;
  return {
    apicEnabled: true,
    x2apicSupported: true,
    x2apicOn: true,
    because: null,
    driver,
    messages: [...early, 'x2apic: enabled by BIOS, switching to x2apic ops', chosen],
    fatal: null,
  };
}

/** setup_nox2apic(), an early parameter: it acts before anything else looks at the APIC. */
function setupNox2apic(machine: Machine): Handover {
  const because = { text: 'nox2apic on the command line forbids x2APIC', path: ['cmdline'] };
  const off = (messages: string[]) => inXapicMode(machine, messages, because);
  if (!machine.x2apic.firmware) return off([]);

  const id = bootApicId(machine);
  if (id > XAPIC_MAX_ID) return checkX2apic(machine, [`Apicid: ${hex8(id)}, cannot enforce nox2apic`]);
  if (!machine.x2apic.locked) return off(['x2apic already enabled.', 'x2apic disabled']);
  if (machine.kernel.has('x2apic-lock-known')) {
    return checkX2apic(machine, ["APIC locked in x2apic mode, can't disable"]);
  }
  return {
    ...off(['x2apic already enabled.']),
    fatal: {
      message: 'general protection fault in __x2apic_disable',
      why: 'x2APIC is locked, this kernel does not know of the lock, and nox2apic makes it try to switch x2APIC off',
    },
  };
}

/** CONFIG_X86_X2APIC=n. */
function withoutX2apicSupport(machine: Machine): Handover {
  const because: Reason = {
    text: 'the kernel is built without x2APIC support (CONFIG_X86_X2APIC)',
    path: ['kernelConfig', 'x2apic'],
  };
  if (!machine.x2apic.firmware) return inXapicMode(machine, [], because);
  if (machine.kernel.has('x2apic-needs-config-survives')) {
    return {
      ...withoutApic(because),
      messages: [
        'Kernel does not support x2APIC, please recompile with CONFIG_X86_X2APIC.',
        'Disabling APIC, expect reduced performance and functionality.',
      ],
    };
  }
  return {
    ...withoutApic(because),
    fatal: {
      message: "BIOS has enabled x2apic but kernel doesn't support x2apic, please disable x2apic in BIOS.",
      why: 'firmware switched x2APIC on and this kernel cannot use an APIC in that mode',
    },
  };
}

function withoutApic(because: Reason): Handover {
  return {
    apicEnabled: false,
    x2apicSupported: false,
    x2apicOn: false,
    because,
    driver: 'flat',
    messages: [],
    fatal: null,
  };
}

function inXapicMode(
  machine: Machine,
  messages: readonly string[],
  because: Reason | null,
  x2apicSupported = false,
): Handover {
  return {
    apicEnabled: true,
    x2apicSupported,
    x2apicOn: false,
    because,
    driver: machine.kernel.has('flat-apic') ? 'flat' : 'physical flat',
    messages,
    fatal: null,
  };
}

/** The kernel's line when it changes to another APIC driver. */
export function routingMessage(machine: Machine, driver: ApicDriver): string {
  return machine.kernel.has('apic-routing-prefix')
    ? `APIC: Switched APIC routing to: ${driver}`
    : `Switched APIC routing to ${driver}.`;
}
