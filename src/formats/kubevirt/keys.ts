/** Accounts for the keys of a KubeVirt domain (1.9): used, without bearing on CPUs and interrupts, or named. */
import type { MayHold } from '../../machine/machine.ts';
import type { Notes } from '../notes.ts';
import type { SourceValue } from '../text/source-value.ts';
import { isMapping } from '../text/values.ts';
import type { Guest } from './guest.ts';

const words = (text: string): readonly string[] => text.split(/\s+/);

/** Keys of a part of the domain, and what others may hold. */
interface Part {
  readonly path: readonly string[];
  readonly keys: readonly string[];
  readonly mayHold: readonly MayHold[];
}

const PARTS: readonly Part[] = [
  {
    path: [],
    keys: words(
      `cpu devices clock features machine firmware memory resources ioThreads ioThreadsPolicy chassis launchSecurity
      rebootPolicy`,
    ),
    mayHold: ['CPUs', 'devices', 'the machine type', 'the irqchip'],
  },
  {
    path: ['cpu'],
    keys: words(
      'cores sockets threads maxSockets model features dedicatedCpuPlacement isolateEmulatorThread numa realtime',
    ),
    mayHold: ['CPUs'],
  },
  {
    path: ['devices'],
    keys: words(
      `disks interfaces filesystems gpus hostDevices rng inputs watchdog tpm sound video panicDevices
      autoattachPodInterface autoattachGraphicsDevice autoattachSerialConsole autoattachMemBalloon
      autoattachInputDevice autoattachVSOCK blockMultiQueue networkInterfaceMultiqueue useVirtioTransitional
      disableHotplug clientPassthrough downwardMetrics logSerialConsole`,
    ),
    mayHold: ['devices'],
  },
  {
    path: ['features'],
    keys: words('acpi apic hyperv hypervPassthrough kvm pvspinlock smm'),
    mayHold: ['the irqchip', 'CPUs'],
  },
  { path: ['machine'], keys: ['type'], mayHold: ['the machine type'] },
  { path: ['clock'], keys: words('timer utc timezone'), mayHold: [] },
  { path: ['clock', 'timer'], keys: words('hpet kvm pit rtc hyperv'), mayHold: [] },
  { path: ['firmware'], keys: words('bootloader uuid serial kernelBoot acpi'), mayHold: ['the kernel'] },
];

/** Names the keys of a guest's domain that are not known. */
export function accountForKeys({ domain }: Guest, notes: Notes): void {
  for (const { path, keys, mayHold } of PARTS) {
    const part: SourceValue | undefined = path.length === 0 ? domain : domain.get(...path);
    if (!part || !isMapping(part.value)) continue;
    for (const key of part.keys()) {
      const value = part.get(key);
      if (value && !keys.includes(key)) {
        notes.notUnderstood(`${['domain', ...path, key].join('.')}`, value.place, mayHold);
      }
    }
  }
}
