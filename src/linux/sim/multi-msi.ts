/** Devices that send several messages of one MSI capability (docs/model/domains-and-destinations.md#multi-msi). */
import type { DeviceSpec } from '../../machine/machine.ts';
import type { DriverPlan } from '../drivers/driver.ts';
import { deviceDomain, takesMultiMsi } from '../model/irqdomain.ts';
import type { System } from './system.ts';

/** A plan for a device whose capability sends one message only. */
function withOneMessage(plan: DriverPlan): DriverPlan {
  return { ...plan, tableSize: 1, attempts: plan.attempts.map((attempt) => ({ ...attempt, minvec: 1 })) };
}

/** The plan as far as the device's domain can carry it out. */
export function planIn({ machine, delivery }: System, plan: DriverPlan, spec: DeviceSpec): DriverPlan {
  const isCut =
    spec.interrupts === 'msi' && !takesMultiMsi(machine, delivery, deviceDomain(machine, delivery, spec));
  return isCut ? withOneMessage(plan) : plan;
}
