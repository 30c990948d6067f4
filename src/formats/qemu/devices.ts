/** The devices of a machine, with queues and vectors worked out. */
import { isKeyOf, lookup } from '../../lib/lookup.ts';
import { grouped, LIMITS } from '../../machine/limits.ts';
import { excerpt } from '../../machine/locate.ts';
import type { DescriptionBuilder } from '../description-builder.ts';
import { withModels } from './default-devices.ts';
import {
  DEVICE_MODELS,
  type DeviceContext,
  type DeviceModel,
  HOST_DEVICES,
  MAX_VECTORS,
  plainDriver,
} from './device-models.ts';
import type { Fact, QemuDevice, QemuMachine } from './facts.ts';
import { hasNoVectors, isOnMmio, LEFT_OUT } from './known-devices.ts';
import { checkSlots } from './pci-slots.ts';
import { inProbeOrder } from './probe-order.ts';
import { deviceMessage, errorAt, isOn, numberFact, switchValue, wholeNumber } from './props.ts';
import { bypassOf, nodeOf } from './root-bus.ts';

/** Adds the devices whose interrupts matter to a description; others have no MSI-X, or none that is known. */
export function describeDevices(
  machine: QemuMachine,
  context: DeviceContext,
  sheet: DescriptionBuilder,
): void {
  if (machine.devices.length > LIMITS.devices) {
    const message = `${grouped(machine.devices.length)} devices; the limit is ${grouped(LIMITS.devices)} devices`;
    throw errorAt(machine.devices[0].at, message);
  }
  refuseWithoutBus(machine, context, sheet);
  const counts = new Map<string, number>();
  const named = withModels(machine, context.type, (text) => sheet.assume(text)).map((device) => {
    const driver = plainDriver(device.driver);
    const number = counts.get(driver) ?? 0;
    counts.set(driver, number + 1);
    return { device, driver, name: device.id ?? `${driver.replace(/-pci$/, '')}${number}` };
  });
  checkSlots(named, context.type, machine, sheet);
  for (const { device, driver, name } of inProbeOrder(named, context.type)) {
    const model: DeviceModel | undefined = lookup(DEVICE_MODELS, driver);
    if (model) describeDevice(device, { name, model, driver }, machine, context, sheet);
    else accountFor(device, { driver, name, outside: outsideText(device, machine, context) }, sheet);
  }
}

/** A microvm has no PCI bus unless it is asked for (measured on 7.2). */
function refuseWithoutBus(
  { devices, pcie }: QemuMachine,
  { type }: DeviceContext,
  sheet: DescriptionBuilder,
) {
  if (type.family === 'q35' || type.family === 'i440fx') {
    // Buses of virtio-mmio are a microvm's (measured on 7.2).
    const device = devices.find(({ driver, option }) => option !== undefined && isOnMmio(driver));
    const message = `No 'virtio-bus' bus found for device '${device?.driver}'`;
    if (device)
      sheet.fail(deviceMessage(device, message), device.at, {
        fix: [`${device.driver.replace(/-device$/, '-pci')}`],
      });
  }
  if (type.family !== 'microvm' || isOn(pcie)) return;
  for (const device of devices) {
    if (device.option === undefined || lookup(DEVICE_MODELS, plainDriver(device.driver)) === undefined)
      continue;
    const message = `No 'PCI' bus found for device '${device.driver}'`;
    sheet.fail(deviceMessage(device, message), device.at, {
      fix: ['-machine pcie=on', 'devices of virtio-mmio'],
    });
  }
}

/** What to add about a device that is left out: its interrupts would not be remapped. Empty: they would, or none are. */
function outsideText(device: QemuDevice, machine: QemuMachine, { remaps }: DeviceContext): string {
  const isOutside = remaps && bypassOf(device, machine)?.value === true;
  return isOutside ? '; it is outside the IOMMU (bypass_iommu), so its interrupts are not remapped' : '';
}

/** A device that is not listed is known to matter to nobody, or named. */
function accountFor(
  device: QemuDevice,
  { driver, name, outside }: { driver: string; name: string; outside: string },
  sheet: DescriptionBuilder,
): void {
  if (hasNoVectors(driver) || /[$%]/.test(driver)) return;
  if (HOST_DEVICES.includes(driver)) {
    sheet.assume(
      `devices: unknown queues: ${name} (${driver}) is a device of the host and left out${outside}`,
    );
  } else if (isKeyOf(LEFT_OUT, driver)) {
    const which = outside === '' ? driver : `${name} (${driver})`;
    sheet.assume(`devices: ${which} is left out (${LEFT_OUT[driver]})${outside}`);
  } else if (isOnMmio(driver)) {
    sheet.assume(`devices: ${name} (${driver}) is on virtio-mmio: one line interrupt; it is left out`);
  } else {
    sheet.notUnderstood(`-device ${excerpt(driver)}`, device.at, ['devices']);
  }
}

interface Named {
  readonly name: string;
  readonly driver: string;
  readonly model: DeviceModel;
}

function describeDevice(
  device: QemuDevice,
  { name, driver, model }: Named,
  machine: QemuMachine,
  context: DeviceContext,
  sheet: DescriptionBuilder,
): void {
  const written =
    model.driver === 'virtio-net' ? queuePairs(device, machine, sheet) : writtenQueues(device, model);
  const standard = model.queues?.(context);
  const queues = Math.min(written?.value ?? standard?.count ?? 0, model.maxQueues ?? MAX_VECTORS);
  if (written && model.tooMany && written.value > (model.maxQueues ?? MAX_VECTORS))
    sheet.fail(deviceMessage(device, model.tooMany(written.value)), written.at);
  const vectors = numberFact(device.props, model.vectorKey);
  const full = tableSize(device, model, vectors ?? given(model.vectors(queues, context)), sheet);
  const table = model.taken?.(full, numberFact(device.props, 'max_ports')?.value ?? MAX_PORTS) ?? full;
  if (table === 0) {
    if (standard) sheet.assume(`devices: ${name} (${driver}) has no MSI-X vectors and is left out`);
    return;
  }
  const bypass = context.remaps ? bypassOf(device, machine) : undefined;
  const node = nodeOf(device, machine);
  const hasCpus = node !== undefined && context.nodes.has(node.value);
  if (node && !hasCpus)
    sheet.assume(`devices: the node ${node.value} of ${name} has no CPUs, and is left out`);
  const path = sheet.device(
    {
      name,
      driver: model.driver,
      queues: standard ? queues : undefined,
      vectors: table,
      node: hasCpus ? node.value : undefined,
      remapped: bypass?.value === true ? false : undefined,
    },
    device.at,
    { queues: written?.at, vectors: vectors?.at, node: node?.at, remapped: bypass?.at },
  );
  if (written || standard?.because === undefined) return;
  sheet.assume(`${driver} without ${model.queueKey}= has ${standard.because}`, [...path, 'queues']);
}

const given = (value: number): Fact<number> => ({ value, at: undefined });

/** Vectors of a device: QEMU makes none where more are written than a table holds (measured on 7.2). */
function tableSize(
  device: QemuDevice,
  { vectorKey, driver }: DeviceModel,
  { value, at }: Fact<number>,
  sheet: DescriptionBuilder,
): number {
  if (driver === 'nvme') {
    const isTable = value >= 1 && value <= MAX_VECTORS;
    if (!isTable) sheet.fail(deviceMessage(device, `${vectorKey} must be between 1 and ${MAX_VECTORS}`), at);
    return Math.min(value, MAX_VECTORS);
  }
  if (value <= MAX_VECTORS || at === undefined) return Math.min(value, MAX_VECTORS);
  sheet.warn(deviceMessage(device, `warning: unable to init msix vectors to ${value}`), at, {
    cause: ['the device has no MSI-X then: one line interrupt serves all of its queues'],
    fix: [`${vectorKey}=${MAX_VECTORS} or less`],
  });
  return 0;
}

/** Ports of virtio-serial where nobody says. */
const MAX_PORTS = 31;

function writtenQueues(device: QemuDevice, { queueKey, oldQueueKey }: DeviceModel): Fact<number> | undefined {
  const old = oldQueueKey === undefined ? undefined : numberFact(device.props, oldQueueKey);
  if (old && old.value > 1) return { value: old.value - 1, at: old.at };
  const fact = queueKey === undefined ? undefined : numberFact(device.props, queueKey);
  // The property's own default is "auto", written as the largest number.
  if (!fact || fact.value === 65_535) return undefined;
  if (fact.value === 0) throw errorAt(fact.at, `${queueKey}=0: a device needs at least one queue`);
  return fact;
}

/** Queue pairs of the host end; the guest has them only with mq=on. */
function queuePairs(
  device: QemuDevice,
  { netdevs }: QemuMachine,
  sheet: DescriptionBuilder,
): Fact<number> | undefined {
  const mq = device.props.get('mq');
  const name = device.props.get('netdev');
  const netdev = netdevs.get(name?.value ?? '');
  if (!mq || !switchValue(mq, 'mq')) return undefined;
  if (!netdev) {
    if (name) nameMissing(name, device, sheet);
    return undefined;
  }
  const queues = netdev.get('queues');
  if (queues) return { value: Math.max(1, wholeNumber(queues, 'queues')), at: queues.at };
  const fds = netdev.get('fds') ?? netdev.get('vhostfds');
  return fds && { value: fds.value.split(':').length, at: fds.at };
}

/** A network device whose other end, which has the queues, is not there. */
function nameMissing({ value, at }: Fact<string>, { driver }: QemuDevice, sheet: DescriptionBuilder): void {
  if (/[$%`]/.test(value)) return;
  const part = `${excerpt(`netdev=${value}`)} of -device ${driver}: no -netdev has this ID`;
  sheet.notUnderstood(part, at, ['devices'], `write -netdev …,id=${excerpt(value)},queues=N`);
}
