/** Messages as users paste them, and the table behind the answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain, knownTemplates } from '../../../src/findings/explain/explain.ts';
import { MESSAGES } from '../../../src/findings/explain/messages/index.ts';
import { findRule, RULE_NAMES, RULES } from '../../../src/findings/rules/index.ts';
import { answerText } from '../../../src/report/document/answer.ts';
import { explanationDocument, explanationObjects } from '../../../src/report/explanation.ts';
import { cpuClock } from '../../budget.ts';

/** Name of the best message; a rule with a more specific wording may stand before it. */
function best(asked: string): string | undefined {
  const found = explain(asked).answers.find((answer) => answer.kind === 'message');
  return found?.kind === 'message' ? found.entry.name : undefined;
}

/** Real lines → the entry that explains them. */
const LINES: readonly (readonly [line: string, name: string])[] = [
  // Kernel, x2APIC and remapping
  ["x2apic: IRQ remapping doesn't support X2APIC mode", 'remapping-without-x2apic'],
  ['ACPI: x2apic entry ignored', 'x2apic-entry-ignored'],
  ['x2apic: enabled by BIOS, switching to x2apic ops', 'x2apic-enabled-by-bios'],
  ['x2apic enabled', 'x2apic-enabled'],
  ['x2apic already enabled.', 'x2apic-disabled'],
  ['x2apic disabled', 'x2apic-disabled'],
  ['Not enabling interrupt remapping due to skipped IO-APIC setup', 'ioapic-setup-skipped'],
  [
    "BIOS has enabled x2apic but kernel doesn't support x2apic, please disable x2apic in BIOS.",
    'kernel-lacks-x2apic',
  ],
  ['Kernel does not support x2APIC, please recompile with CONFIG_X86_X2APIC.', 'kernel-lacks-x2apic'],
  ['Disabling APIC, expect reduced performance and functionality.', 'kernel-lacks-x2apic'],
  ['Cannot disable x2apic, id: 00000123', 'cannot-disable-x2apic'],
  ['Cannot disable locked x2apic, id: 00000000', 'cannot-disable-locked-x2apic'],
  ['kernel BUG at arch/x86/kernel/apic/io_apic.c:2379!', 'bug-in-setup-io-apic'],
  ['Apicid: 00000100, cannot enforce nox2apic', 'cannot-enforce-nox2apic'],
  ["APIC locked in x2apic mode, can't disable", 'nox2apic-locked'],
  ['x2apic lock mismatch between BSP and AP.', 'x2apic-lock-mismatch'],
  ['x2apic: re-enabled by firmware during resume. Disabling', 'x2apic-reenabled-on-resume'],
  ['APIC: Switched APIC routing to: physical x2apic', 'apic-routing'],
  ['Setting APIC routing to cluster x2apic.', 'apic-routing'],
  [
    'This system BIOS has enabled interrupt remapping on a chipset that contains an erratum making that',
    'remapping-erratum',
  ],
  ['ioapic 2 has no mapping iommu, interrupt remapping will be disabled', 'remapping-not-enabled'],
  ['DMAR-IR: Not enabling interrupt remapping', 'remapping-not-enabled'],
  ['DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit.', 'x2apic-opt-out'],
  ["DMAR-IR: Use 'intremap=no_x2apic_optout' to override the BIOS setting.", 'x2apic-opt-out'],
  ['DMAR-IR: dmar0 does not support EIM', 'iommu-without-eim'],
  ['Failed to setup irq remapping for dmar1', 'remapping-setup-failed'],
  [
    'DMAR-IR: Queued invalidation will be enabled to support x2apic and Intr-remapping.',
    'remapping-in-x2apic-mode',
  ],
  ['DMAR-IR: Enabled IRQ remapping in x2apic mode', 'remapping-in-x2apic-mode'],
  ['DMAR-IR: Enabled IRQ remapping in xapic mode', 'remapping-in-xapic-mode'],
  ['Failed to enable irq remapping. You are vulnerable to irq-injection attacks.', 'remapping-enable-failed'],
  ['AMD-Vi: [Firmware Bug]: : IOAPIC[129] not in IVRS table', 'ioapic-not-in-ivrs'],
  ['AMD-Vi: Disabling interrupt remapping', 'amd-remapping-disabled'],
  ['No southbridge IOAPIC found', 'amd-remapping-disabled'],
  ['DRHD fed90000: EIM not supported by DRHD, ecap f050da', 'drhd-without-eim'],
  // Kernel, enumeration and bring-up
  ['smpboot: CPU 259 has invalid APIC ID 103. Aborting bringup', 'invalid-apic-id'],
  ['smpboot: native_cpu_up: bad cpu 4', 'invalid-apic-id'],
  ['smpboot: native_kick_ap: bad cpu 4', 'invalid-apic-id'],
  ['smpboot: CPU 9 APIC ID 5 is not present. Aborting bringup', 'apic-id-not-present'],
  ['smpboot: SMP disabled', 'smp-disabled'],
  ['CPU topo: APIC ID 8001 exceeds kernel limit of: 7fff', 'apic-id-exceeds-kernel-limit'],
  ['ACPI: skipped apicid that is too big', 'apic-id-exceeds-kernel-limit'],
  ['CPU topo: CPU limit of 4 reached. Ignoring further CPUs', 'cpu-limit-reached'],
  ['CPU topo: 256 possible CPUs exceed the limit of 4', 'possible-cpus-exceed-limit'],
  ['CPU topo: Limiting to 4 possible CPUs', 'possible-cpus-limited'],
  ['CPU topo: Allowing 6 present CPUs plus 506 hotplug CPUs', 'cpus-allowed'],
  ['smpboot: Allowing 512 CPUs, 506 hotplug CPUs', 'cpus-allowed-legacy'],
  ['CPU topo: Rejected CPUs 256', 'cpus-rejected'],
  ['CPU topo: Enumerated BSP APIC 0 is not marked in APICBASE MSR', 'crash-kernel-one-cpu'],
  ['CPU topo: Assuming crash kernel. Limiting to one CPU to prevent machine INIT', 'crash-kernel-one-cpu'],
  ['CPU topo: Crash kernel detected. Disabling real BSP to prevent machine INIT', 'crash-kernel-real-bsp'],
  ['CPU topo: Boot CPU APIC ID not the first enumerated APIC ID: 2 != 0', 'boot-cpu-not-first'],
  ['CPU topo: [Firmware Bug]: APIC enumeration order not specification compliant', 'boot-cpu-not-first'],
  ['APIC: Disabling requested cpu. Processor 0/0x0 ignored.', 'requested-apic-disabled'],
  ['APIC: NR_CPUS/possible_cpus limit of 4 reached. Processor 4/0x5 ignored.', 'nr-cpus-limit-reached'],
  [
    'APIC: NR_CPUS/possible_cpus limit of 4 reached. Processor 4/0x5 and the rest are ignored.',
    'nr-cpus-limit-reached',
  ],
  [
    'APIC: NR_CPUS/possible_cpus limit of 1 almost reached. Keeping one slot for boot cpu.  Processor 0/0x0 ignored.',
    'nr-cpus-slot-for-boot-cpu',
  ],
  ['smpboot: 512 Processors exceeds NR_CPUS limit of 64', 'processors-exceed-limit'],
  ['smpboot: 8 Processors exceeds max_cpus limit of 1', 'processors-exceed-limit'],
  ['ACPI: Unable to map lapic to logical cpu number', 'unable-to-map-lapic'],
  ['Failed to get unique processor _UID (0xff)', 'processor-uid-not-unique'],
  ['Entry not well-defined, consider updating BIOS', 'processor-entry-not-well-defined'],
  // Kernel, vectors
  ['irq 77: Affinity broken due to vector space exhaustion.', 'affinity-broken-no-vectors'],
  ['Managed startup for irq 30, but no CPU', 'managed-startup-no-cpu'],
  ['Managed startup irq 30, no vector available', 'managed-startup-no-vector'],
  ['CPU 31 has 116 vectors, 85 available. Cannot disable CPU', 'cpu-cannot-be-disabled'],
  ['Reserved vectors 120 > available 80. IRQ request may fail', 'reserved-vectors-exceed'],
  ['Interrupt reservation exceeds available resources', 'reservation-exceeds'],
  [
    'Eff. affinity 3 of IRQ 40 contains only offline CPUs after offlining CPU 3',
    'effective-affinity-offline',
  ],
  ['IRQ44: set affinity failed(-22).', 'set-affinity-failed'],
  ['hpet: 8 channels of 5 reserved for per-cpu timers', 'hpet-per-cpu-timers'],
  ['HPET dysfunctional in PC10. Force disabled.', 'hpet-pc10'],
  // QEMU
  [
    'qemu-system-x86_64: Invalid CPU topology: CPU topology parameters must be greater than zero',
    'qemu-smp-zero',
  ],
  [
    'Invalid CPU topology: product of the hierarchy must match maxcpus: sockets (3) * dies (1) * modules (1) * cores (1) * threads (1) != maxcpus (4)',
    'qemu-smp-product',
  ],
  [
    'Invalid CPU topology: product of the hierarchy must match maxcpus: sockets (3) * dies (1) * cores (1) * threads (1) != maxcpus (4)',
    'qemu-smp-product',
  ],
  [
    'Invalid CPU topology: maxcpus must be equal to or greater than smp: sockets (1) * dies (1) * cores (4) * threads (1) == maxcpus (4) < smp_cpus (8)',
    'qemu-smp-maxcpus-below-cpus',
  ],
  ["clusters > 1 not supported by this machine's CPU topology", 'qemu-smp-level-unsupported'],
  ["clusters not supported by this machine's CPU topology", 'qemu-smp-level-unsupported'],
  [
    "Invalid SMP CPUs 5000. The max CPUs supported by machine 'pc-q35-10.0' is 4096",
    'qemu-smp-machine-limit',
  ],
  [
    'current -smp configuration requires Extended Interrupt Mode enabled. You can add an IOMMU using: -device intel-iommu,intremap=on,eim=on',
    'qemu-needs-eim',
  ],
  ['current -smp configuration requires kernel irqchip support.', 'qemu-needs-x2apic-api'],
  ['current -smp configuration requires kernel irqchip and X2APIC API support.', 'qemu-needs-x2apic-api'],
  ['KVM does not support userspace APIC', 'qemu-no-userspace-apic'],
  ['APIC ID 256 requires x2APIC feature in CPU', 'qemu-apic-id-requires-x2apic'],
  [
    "Interrupt Remapping cannot work with kernel-irqchip=on, please use 'split|off'.",
    'qemu-remapping-needs-split',
  ],
  ['eim=on cannot be selected without intremap=on', 'qemu-eim-needs-intremap'],
  ['eim=on requires support on the KVM side(X2APIC_API, first shipped in v4.7)', 'qemu-eim-needs-x2apic-api'],
  ['eim=on requires accel=kvm,kernel-irqchip=split', 'qemu-eim-needs-split'],
  ['AMD IOMMU with x2APIC configuration requires xtsup=on', 'qemu-xtsup-required'],
  ["Property 'amd-iommu.xtsup' not found", 'qemu-no-xtsup'],
  [
    "-device intel-iommu: Parameter 'driver' expects a dynamic sysbus device type for the machine",
    'qemu-iommu-needs-q35',
  ],
  [
    'warning: Number of SMP cpus requested (4) exceeds the recommended cpus supported by KVM (2)',
    'qemu-recommended-cpus',
  ],
  [
    'warning: Number of hotpluggable cpus requested (8) exceeds the recommended cpus supported by KVM (2)',
    'qemu-recommended-cpus',
  ],
  [
    'Number of SMP cpus requested (9000) exceeds the maximum cpus supported by KVM (4096)',
    'qemu-maximum-cpus',
  ],
  ['CPU[1] with APIC ID 1 exists', 'qemu-apic-id-exists'],
  ['Invalid CPU socket-id: 2 must be in range 0:1', 'qemu-cpu-place-out-of-range'],
  ['qemu: max_cpus is too large. APIC ID of last CPU is 380', 'qemu-apic-id-too-large'],
  // libvirt and user space
  [
    'unsupported configuration: more than 255 vCPUs are only supported on q35-based machine types',
    'libvirt-needs-q35',
  ],
  [
    'error: unsupported configuration: more than 255 vCPUs require extended interrupt mode enabled on the iommu device',
    'libvirt-needs-eim',
  ],
  ['Maximum CPUs greater than specified machine type limit 255', 'libvirt-machine-limit'],
  ["CPU topology doesn't match maximum vcpu count", 'libvirt-topology-mismatch'],
  ['vCPUs count must be a multiple of the vCPU hotplug granularity (4)', 'libvirt-hotplug-granularity'],
  [
    "Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not starting from 0 are not allowed",
    'libvirt-numa-cell-ranges',
  ],
  ["IOMMU device: 'intel' is only supported with Q35 machines", 'libvirt-iommu-needs-q35'],
  ['nvme nvme0: Connect command failed, errno: -18', 'nvme-connect-exdev'],
  ['errno -18', 'nvme-connect-exdev'],
  ['-bash: echo: write error: No space left on device', 'smp-affinity-no-space'],
  ['bash: /proc/irq/30/smp_affinity: Input/output error', 'smp-affinity-io-error'],
];

describe('pasted messages', () => {
  test.each(LINES)('%s', (line, name) => {
    expect(best(line)).toBe(name);
    for (const prefix of ['[    0.612345] ', 'Nov 22 10:00:00 host kernel: ', '<6>', '<4>[    3.36] [T1] ']) {
      expect(best(prefix + line), prefix).toBe(name);
    }
    expect(best(`${line.toUpperCase()} and some text behind it`), 'upper case').toBe(name);
    expect(best(`one line\n${line}\r\nanother line`), 'among others').toBe(name);
  });

  test('without the name that a program puts before it', () => {
    expect(best('CPU 259 has invalid APIC ID 1fA. Aborting bringup')).toBe('invalid-apic-id');
    expect(best('IRQ remapping doesn’t support X2APIC mode')).toBe('remapping-without-x2apic');
  });

  test('a part of a message is enough', () => {
    expect(
      explain('…extended interrupt mode…').answers.map((one) => one.kind === 'message' && one.entry.name),
    ).toEqual(expect.arrayContaining(['libvirt-needs-eim', 'qemu-needs-eim']));
  });

  test('the longest template wins', () => {
    const { answers } = explain('CPU topo: CPU limit of 4 reached. Ignoring further CPUs; x2apic disabled');
    expect(answers.map((one) => one.kind === 'message' && one.entry.name)).toEqual([
      'cpu-limit-reached',
      'x2apic-disabled',
    ]);
  });

  test('rules with the same message are listed with the entry', () => {
    const [answer] = explain('smpboot: CPU 4 has invalid APIC ID 100. Aborting bringup').answers;
    expect(answer.kind === 'message' && answer.rules.map((rule) => rule.name)).toContain(
      'apic-id-above-limit',
    );
  });

  test('every message of every rule finds that rule', () => {
    for (const rule of RULES) {
      for (const message of rule.messages) {
        const { answers } = explain(`[ 1.0] ${message.replaceAll('{}', '17')}`);
        const named = answers.flatMap((one) => (one.kind === 'rule' ? [one.rule] : one.rules));
        expect(
          named.map(({ name }) => name),
          message,
        ).toContain(rule.name);
      }
    }
  });

  test('nothing known: the nearest templates', () => {
    const { answers, nearest } = explain('processor has no vectors available, cannot disable');
    expect(answers).toEqual([]);
    expect(nearest[0]).toContain('Cannot disable CPU');
    expect(explain('hello world')).toEqual({ answers: [], nearest: [] });
    expect(explain('x2apic-opt-uot').nearest).toEqual(['x2apic-opt-out']);
  });
});

describe('the table', () => {
  test('names are unique', () => {
    const names = MESSAGES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(MESSAGES)('$name says everything', (entry) => {
    for (const text of [entry.printedBy, entry.meaning, entry.why, entry.check, entry.change]) {
      expect(text.length).toBeGreaterThan(3);
    }
    for (const rule of entry.rules) expect(findRule(rule)?.name, `rule ${rule}`).toBe(rule);
    expect(best(entry.name)).toBe(entry.name);
  });

  test.each(MESSAGES.flatMap(({ name, templates }) => templates.map((text) => [text, name] as const)))(
    '%s finds itself',
    (text, name) => {
      const { answers } = explain(text.replaceAll('{}', '42'));
      expect(answers.map((one) => one.kind === 'message' && one.entry.name)).toContain(name);
    },
  );

  test('every rule is explained by its name and aliases', () => {
    for (const name of RULE_NAMES) expect(explain(name).answers[0].kind).toBe('rule');
  });

  test('known templates have letters and a name', () => {
    for (const { template, name } of knownTemplates()) {
      expect(template.replaceAll('{}', '').replace(/[^a-z]/gi, '').length, template).toBeGreaterThan(4);
      expect(name).not.toBe('');
    }
  });
});

describe('time', () => {
  const within = (text: string) => {
    const cpuSeconds = cpuClock();
    explain(text);
    return cpuSeconds();
  };

  test.each([
    ['cpu has ', 130_000],
    ['irq 1: set affinity failed(', 40_000],
    ['sockets (1) * dies (', 50_000],
    ['a', 1_000_000],
    [' .', 500_000],
    ['cpu 1 has\n', 100_000],
    ['not supported by \n', 60_000],
    ['{}', 500_000],
  ])('%j again and again is answered in little CPU time', (text, times) => {
    expect(within(text.repeat(times))).toBeLessThan(5);
    expect(within(`${text.repeat(times)}x`)).toBeLessThan(5);
  });

  test('any text is answered', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        const { answers, nearest } = explain(text);
        return answers.length <= 8 && nearest.length <= 3;
      }),
    );
  });
});

describe('lines that people paste', () => {
  test.each([
    ['kernel: do_IRQ: 11.55 No irq handler for vector', 'no-irq-handler'],
    ['[Tue Mar  3 10:11:12 2026] __common_interrupt: 7.36 No irq handler for vector', 'no-irq-handler'],
    ['(XEN) [2026-01-02 10:00:00] No irq handler for vector e9 (IRQ -2147483648)', 'xen-no-irq-handler'],
    [
      'host irqbalance[99]: Cannot change IRQ 77 affinity: Operation not permitted',
      'cannot-change-affinity-io-error',
    ],
    ['nvme nvme3: 64/0/2 default/read/poll queues', 'queue-types'],
    ['nvme nvme2: failed to connect queue: 9 ret=-18', 'nvme-connect-queue-failed'],
    ['Error taking CPU127 down: -28', 'cpu-down-no-space'],
    ['Error taking CPU127 down: -16', 'cpu-down-failed'],
    ['CPU 7 UP state 55/cpu:online failed (-22)', 'cpu-up-failed'],
    [
      'DMAR: [INTR-REMAP] Request device [00:1f.0] fault index 0x1c [fault reason 0x22] Present field in the IRTE entry is clear',
      'intr-remap-fault',
    ],
    [
      'mlx5_core 0000:d8:00.1: mlx5_irq_alloc:300:(pid 9): Failed to request irq. err = -28',
      'driver-no-vectors',
    ],
    ['isolcpus: Skipped unknown flag managed-irq', 'isolcpus-unknown-flag'],
    ['smp: Brought up 8 nodes, 254 CPUs', 'smp-brought-up'],
    ['WARNING: CPU: 44 PID: 1200 at kernel/irq/matrix.c:278 irq_matrix_assign+0x10/0x20', 'warn-matrix'],
  ])('%s', (line, name) => {
    const [first] = explain(line).answers;
    expect(first.kind === 'message' ? first.entry.name : first.rule.name).toBe(name);
  });

  test('a line that a mail program broke is one line', () => {
    const broken =
      '> [    1.2] DMAR: [INTR-REMAP] Request device [00:1f.0] fault index 0x0\n> [fault reason 0x25] Blocked a compatibility format\n> interrupt request';
    const names = explain(broken).answers.map((one) =>
      one.kind === 'message' ? one.entry.name : one.rule.name,
    );
    expect(names).toContain('intr-remap-fault');
    expect(names).toContain('intr-remap-compatibility');
  });

  test('the kernel line "x2apic enabled" says nothing of remapping', () => {
    const names = explain('[    0.6] x2apic enabled').answers.map((one) =>
      one.kind === 'message' ? one.entry.name : one.rule.name,
    );
    expect(names).toEqual(['x2apic-enabled']);
  });
});

describe('an entry says what it means, whether it matters, how to check and what to change', () => {
  test.each(MESSAGES.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    for (const text of [entry.meaning, entry.why, entry.check, entry.change, entry.printedBy])
      expect(text.trim()).not.toBe('');
    expect(entry.matters).toMatch(/^(?:Yes|No|Only|Seldom)\b.{10,}\.$/);
    // A healthy boot's line matters to nobody, whatever follows.
    expect(/^No(?::| by itself)/.test(entry.matters), entry.matters).toBe(
      entry.routine === true && !/^No where|^No in/.test(entry.matters),
    );
  });

  test('in text, Markdown and JSON, of messages and of rules', async () => {
    const [entry] = MESSAGES;
    const { answers } = explain(entry.name);
    expect(explanationObjects(answers)).toMatchObject([{ matters: entry.matters }]);
    expect(explanationObjects(explain('apic-id-above-limit').answers)).toMatchObject([
      { matters: expect.stringMatching(/^Yes/) },
    ]);
    for (const format of ['text', 'markdown'] as const) {
      const style = { width: Number.POSITIVE_INFINITY, colour: 0 } as const;
      const text = (question: string) => {
        const document = () => explanationDocument(explain(question).answers);
        return answerText({ json: () => [], document }, format, style);
      };
      expect(await text(entry.name)).toContain(entry.matters);
      expect(await text('apic-id-above-limit')).toMatch(/Matters: Yes/);
    }
  });
});
