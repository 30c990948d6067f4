/** What stands in the interrupt's hardware entry: the message, or the table entry of the IOMMU. */
import type { Analysis } from '../../findings/analyze.ts';
import { MANAGED_IRQ_SHUTDOWN_VECTOR } from '../../linux/engine/vector-layout.ts';
import {
  amdGaIrte,
  cluster,
  composeMsi,
  type Destination,
  flat,
  hexRegister,
  intelIrte,
  physical,
} from '../../linux/model/msi-message.ts';
import type { DeviceRun, QueueRow } from '../../linux/sim/run.ts';
import type { Step } from './chain.ts';

function destinationOf({ apic, enumeration }: Analysis, cpu: number): Destination {
  const apicId = enumeration.cpus[cpu].apicId ?? 0;
  if (apic.mode === 'xapic-flat') return flat(cpu);
  return apic.mode === 'x2apic-cluster' ? cluster(apicId) : physical(apicId);
}

/** Text and function of an entry that sends `vector` to `cpu`. */
function entryFor(
  analysis: Analysis,
  { domain }: DeviceRun,
  cpu: number,
  vector: number,
): Pick<Step, 'text' | 'by'> {
  const { machine, apic } = analysis;
  const to = destinationOf(analysis, cpu);
  if (apic.remapping === 'none' || apic.hypervStub || domain === 'pci-msi-unremapped') {
    const x2apic = apic.mode.startsWith('x2apic');
    const message = composeMsi(machine.kernel, to, vector, { extDestId: apic.extDestId, x2apic });
    const { addressLo, addressHi, data, encodable } = message;
    const registers = `address ${hexRegister(addressHi)} ${hexRegister(addressLo)}, data ${hexRegister(data)}`;
    const cut = encodable ? '' : '; the destination does not fit, so the message goes astray';
    return { text: registers + cut, by: '__irq_msi_compose_msg' };
  }
  if (machine.remapping.vendor === 'amd') {
    const { low, high } = amdGaIrte(to, vector, apic.remapping === 'x2apic');
    const text = `the message holds a table index; table entry ${hexRegister(high, 16)} ${hexRegister(low, 16)}`;
    return { text, by: 'irq_remapping_prepare_irte (AMD)' };
  }
  const entry = intelIrte(to, vector, apic.remapping === 'x2apic');
  const text = `the message holds a table index; table entry ${hexRegister(entry, 16)}`;
  return { text, by: 'prepare_irte (Intel)' };
}

/** The entry of a queue's interrupt; [] where there is no message. */
export function hardwareSteps(analysis: Analysis, device: DeviceRun, queue: QueueRow): Step[] {
  const { machine, apic } = analysis;
  const isLine = machine.cmdline.noMsi || device.domain === 'ioapic';
  if (queue.state === 'not-allocated' || apic.mode === 'off' || isLine) return [];
  if (queue.state === 'started' && queue.effective !== null && queue.vector !== null) {
    if (machine.platform === 'hyperv') {
      const text = `virtual processor ${queue.effective}, vector ${queue.vector}: the host builds the message`;
      return [{ topic: 'message', text, by: 'hv_irq_unmask (pci-hyperv)' }];
    }
    return [{ topic: 'message', ...entryFor(analysis, device, queue.effective, queue.vector) }];
  }
  if (queue.stopped === 'shut-down') {
    const text = 'the MSI-X entry is all zero and masked';
    return [{ topic: 'message', text, by: 'msi_domain_deactivate' }];
  }
  const { text, by } = entryFor(analysis, device, queue.effective ?? 0, MANAGED_IRQ_SHUTDOWN_VECTOR);
  const parked = `parked on shutdown vector 0xef of CPU ${queue.effective}, masked: ${text}`;
  return [{ topic: 'message', text: parked, by: `vector_assign_managed_shutdown, ${by}` }];
}
