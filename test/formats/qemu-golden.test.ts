/** The QEMU reader against what QEMU 10.0.2 and 7.2.22 did (test/golden/import-*.json.gz, apicids.json.gz). */
import { describe, expect, test } from 'vitest';
import { qemu } from '../../src/formats/qemu/reader.ts';
import { parseCpuList } from '../../src/lib/cpumask.ts';
import { golden, type Imported, importOne } from './qemu-import.ts';

const PROGRAM = 'qemu-system-x86_64';

function run(args: string, version = '10.0.2'): Promise<Imported> {
  return importOne(qemu, `${PROGRAM} ${args}`, { qemu: version });
}

function ids(text: number[] | string): number[] {
  if (typeof text !== 'string') return text;
  return parseCpuList(text).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

describe('-smp → APIC IDs and present CPUs', () => {
  interface Row {
    source: string;
    machine: string;
    cpu: string | null;
    smp: string;
    present: number;
    apic_ids: number[] | string;
    topology: Record<string, number>;
  }
  const { rows } = golden<{ rows: Row[] }>('apicids');
  test.each(rows.map((row) => [row.source.slice(0, 12), row.machine, row.smp, row] as const))(
    '%s %s -smp %s',
    async (_source, _machine, _smp, row) => {
      const type = row.machine.startsWith('(') ? 'q35' : row.machine;
      const version = /QEMU (\d+\.\d+\.\d+)/.exec(row.source)?.[1] ?? '10.0.2';
      const { machine, refusals } = await run(
        `-accel kvm -machine ${type} -cpu ${row.cpu ?? 'qemu64'} -smp ${row.smp}`,
        version,
      );
      expect(refusals).toEqual([]);
      expect(machine.cpus.map(({ apicId }) => apicId)).toEqual(ids(row.apic_ids));
      const present = machine.cpus.filter(({ state }) => state === 'online');
      expect(present.length).toBe(row.present);
      expect(machine.cpus.slice(0, row.present)).toEqual(present);
    },
  );
});

describe('extended destination ID', () => {
  interface Row {
    qemu: string;
    machine: string;
    cpu: string;
    'kvm-msi-ext-dest-id': boolean;
    x2apic: boolean;
  }
  const rows = golden<Row[]>('import-ext-dest-matrix');
  test.each(rows.map((row) => [row.qemu, row.machine, row.cpu, row] as const))(
    '%s -machine %s -cpu %s',
    async (version, type, cpu, row) => {
      const { machine } = await run(`-accel kvm -machine ${type} -cpu ${cpu}`, version);
      expect(machine.extDestId).toBe(row['kvm-msi-ext-dest-id']);
      expect(machine.x2apic.supported).toBe(row.x2apic);
    },
  );
});

describe('IOMMU', () => {
  interface Row {
    qemu: string;
    accel: string;
    kernel_irqchip: string | null;
    device: string;
    error?: string;
    dmar_flags?: number;
    ivrs?: string;
  }
  const rows = golden<Row[]>('import-iommu-matrix');
  test.each(rows.map((row) => [row.qemu, row.accel, row.kernel_irqchip, row.device, row] as const))(
    '%s %s irqchip=%s %s',
    async (version, accel, irqchip, device, row) => {
      const chip = irqchip ? `,kernel-irqchip=${irqchip}` : '';
      const { machine, refusals } = await run(
        `-accel ${accel} -machine q35${chip} -device ${device}`,
        version,
      );
      const errors = refusals.map(({ message }) => `${PROGRAM}: ${message}`);
      expect(errors).toEqual(row.error ? [row.error] : []);
      if (row.error) return;
      if (row.dmar_flags !== undefined) expect(machine.remapping.enabled).toBe((row.dmar_flags & 1) === 1);
      // The IOAPIC entry of the IVRS is there with remapping only; byte 48 + 16 + 6 … holds XTSup.
      if (row.ivrs) {
        expect(machine.remapping.enabled).toBe(row.ivrs.slice(100, 104) === '3400');
        expect(machine.remapping.eim).toBe(device.includes('xtsup=on'));
      }
      if (device === 'virtio-iommu-pci') expect(machine.remapping.enabled).toBe(false);
    },
  );
});

describe('queues and vectors by default', () => {
  const rows = golden<(Record<string, number> & { case: string; args: string })[]>('import-queue-defaults');
  const names: Record<string, string> = { 'virtio-net0': 'n', 'virtio-blk0': 'b' };
  test.each(rows.map((row) => [row.case, row] as const))('%s', async (_name, row) => {
    const { machine } = await run(row.args);
    const device = (name: string) => machine.devices.find((one) => (names[one.name] ?? one.name) === name);
    const seen = {
      'blk.num-queues': device('b')?.queues,
      'blk.vectors': device('b')?.vectors,
      'scsi.num_queues': device('s')?.queues,
      'scsi.vectors': device('s')?.vectors,
      'net.vectors': device('n')?.vectors,
      'nvme.max_ioqpairs': device('nv')?.queues,
      'nvme.msix_qsize': device('nv')?.vectors,
      'rng.vectors': device('r')?.vectors ?? 0,
      'balloon.vectors': device('ba')?.vectors ?? 0,
      'serial.vectors': device('se')?.vectors,
    };
    for (const [key, value] of Object.entries(seen))
      if (key in row) expect([key, value]).toEqual([key, row[key]]);
  });
});

describe('NUMA and cold plug', () => {
  interface Row {
    case: string;
    args: string;
    exit: number;
    srat?: Record<string, number> | null;
    madt?: [number, number][] | null;
    msg: string[];
  }
  test.each(golden<Row[]>('import-numa').map((row) => [row.case, row] as const))('%s', async (_name, row) => {
    const { machine, refusals } = await run(`-machine q35 -cpu qemu64 ${row.args}`);
    expect(refusals.map(({ message }) => `${PROGRAM}: ${message}`)).toEqual(row.msg);
    expect(refusals.some(({ level }) => level === 'error')).toBe(row.exit !== 0);
    if (row.exit !== 0) return;
    if (row.srat) {
      const nodes = machine.cpus.map(({ apicId, node }) => [String(apicId), node]);
      expect(Object.fromEntries(nodes)).toEqual(row.srat);
    } else expect(machine.cpus.every(({ node }) => node === 0)).toBe(true);
    if (!row.madt) return;
    const madt = machine.cpus.map(({ apicId, state }) => [apicId, state === 'online' ? 1 : 0]);
    expect(madt).toEqual(row.madt);
  });
});

describe('what QEMU says', () => {
  interface Row {
    qemu: string;
    args: string;
    exit: number;
    messages: string[];
    madt_entries: number | null;
    x2apic_entries: number | null;
    tables: string[];
  }
  const rows = golden<Row[]>('import-qemu-errors');
  test.each(rows.map((row) => [row.qemu, row.args, row] as const))('%s %s', async (version, args, row) => {
    const { machine, refusals } = await run(args, version);
    const said = refusals.flatMap(({ message, fix }) => [message, ...fix]);
    // The source line of an abort differs with every build; what stands in `fix` is a hint or advice.
    const expected = row.messages.filter((message) => !message.startsWith('Unexpected error in'));
    for (const message of expected) expect(said).toContain(message);
    const hints = expected.filter((message) => message.startsWith('Try ')).length;
    expect(refusals.length).toBe(expected.length - hints);
    expect(refusals.some(({ level }) => level === 'error')).toBe(row.exit !== 0);
    if (row.exit !== 0) return;
    expect(machine.cpus.length).toBe(row.madt_entries);
    expect(machine.cpus.filter(({ apicId }) => (apicId ?? 0) >= 255).length).toBe(row.x2apic_entries);
    expect(machine.hpet.present).toBe(row.tables.includes('HPET'));
    expect(machine.hpet.msi).toBe(args.includes('hpet.msi=on'));
  });
});
