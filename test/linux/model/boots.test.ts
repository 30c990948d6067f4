/**
 * Real boots: 43 kernels booted in QEMU, from the MADT and SRAT they saw to the masks, the APIC IDs and every
 * log line that the model predicts, in order.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bringUpCpus } from '../../../src/linux/model/bringup.ts';
import { earlyBoot } from '../../../src/linux/model/early-boot.ts';
import type { Platform } from '../../../src/machine/machine.ts';
import { buildMachine } from './build-machine.ts';

interface Boot {
  readonly name: string;
  readonly kernel: string;
  readonly platform: Platform;
  readonly cmdline: string;
  readonly fakeExt: boolean;
  readonly threads: number;
  readonly iommu: { readonly eim: boolean } | null;
  readonly firmwareX2apic: boolean;
  readonly fadt: number;
  /** APIC ID, flags, entry type, node. */
  readonly madt: readonly (readonly [number, number, number, number])[];
  readonly possible: string;
  readonly present: string;
  readonly online: string;
  readonly apicIds: readonly (readonly [number, number])[];
  readonly log: readonly string[];
}

const boots = gunzipSync(readFileSync(new URL('../../golden/boot-enumeration.ndjson.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Boot);

function machineOf(boot: Boot) {
  return buildMachine({
    kernel: boot.kernel,
    platform: boot.platform,
    cmdline: boot.cmdline,
    cpus: boot.madt.map(([apicId, flags, , node]) => ({
      apicId,
      node,
      state: flags & 1 ? 'online' : 'absent',
    })),
    smtShift: Math.ceil(Math.log2(boot.threads)),
    extDestId: boot.fakeExt,
    x2apic: { firmware: boot.firmwareX2apic },
    remapping: { enabled: boot.iommu !== null, eim: boot.iommu?.eim ?? false },
    firmware: { fadt: boot.fadt, onlineCapable: false },
  });
}

describe.each(boots.map((boot) => [boot.name, boot] as const))('%s', (_name, boot) => {
  const booted = () => {
    const machine = machineOf(boot);
    const { enumeration, apic: decision } = earlyBoot(machine);
    return { enumeration, decision, up: bringUpCpus(machine, enumeration, decision) };
  };

  test('masks', () => {
    const { enumeration, up } = booted();
    expect(enumeration.possible.toString()).toBe(boot.possible);
    expect(enumeration.present.toString()).toBe(boot.present);
    expect(up.online.toString()).toBe(boot.online);
  });
  test('APIC IDs', () => {
    const { enumeration } = booted();
    expect(boot.apicIds.map(([cpu]) => [cpu, enumeration.cpus[cpu].apicId])).toEqual(boot.apicIds);
  });
  test('kernel log', () => {
    const { enumeration, decision, up } = booted();
    const log = [...enumeration.messages, ...decision.messages, ...up.messages, ...enumeration.scanMessages];
    expect(log).toEqual(boot.log);
  });
  test('entry types follow the APIC ID', () => {
    for (const [apicId, , type] of boot.madt) expect(type).toBe(apicId < 255 ? 0 : 9);
  });
});
